/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How findings are collected while rules run; rules themselves add to them by rules/rule.h. */
#ifndef SC_RULES_FINDINGS_H
#define SC_RULES_FINDINGS_H

#include "rules/rule.h"

/* Those of a domain, NULL: of a host; NULL without memory. */
struct sc_findings *sc_findings_new(const struct sc_domain *domain);
/* What they live in. */
struct sc_arena *sc_findings_memory(struct sc_findings *out);
/* How the domain would be started, in their memory. */
void sc_findings_set_launch(struct sc_findings *out, const struct sc_launch *launch);
/* Around the run of a rule. perhaps: it may not apply to this version, and what it finds is a doubt. */
void sc_findings_begin(struct sc_findings *out, bool perhaps);
/* Says how many findings of the rule are not listed, at the place of the first. */
void sc_findings_end(struct sc_findings *out);
/*
 * Of what keeps a VM from starting only what is found in others too, by rule and place, or holds whatever the host is; what is of another
 * class stays.
 */
void sc_findings_keep_common(struct sc_findings *findings, const struct sc_findings *others);
/* True when memory was short. */
bool sc_findings_failed(const struct sc_findings *out);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How findings are collected while rules run; rules themselves add to them with the calls of rules/rule.h. */
#ifndef SC_RULES_FINDINGS_H
#define SC_RULES_FINDINGS_H

#include "rules/rule.h"

/* An empty list for domain, NULL: for the host; free it with sc_findings_free(). NULL when memory is short. */
struct sc_findings *sc_findings_new(const struct sc_domain *domain);
/* The arena that the findings are allocated in; it lives as long as they do. */
struct sc_arena *sc_findings_memory(struct sc_findings *out);
/* Sets how the domain would be started; launch is allocated in the arena of out. */
void sc_findings_set_launch(struct sc_findings *out, const struct sc_launch *launch);
/* The finding is listed without its fix. */
void sc_findings_drop_fix(struct sc_findings *out, size_t index);
/* The host was assumed, not examined: fixes of what follows from facts about it have to be confirmed. */
void sc_findings_assume(struct sc_findings *out);
/* Call before each rule. perhaps: the rule may not apply to this version, and what it finds is a doubt. */
void sc_findings_begin(struct sc_findings *out, bool perhaps);
/* Call after each rule. Adds how many of its findings are not listed, at the place of the first of them. */
void sc_findings_end(struct sc_findings *out);
/*
 * Keeps, of the findings of class start, those that others has too (same rule and place) or that are true on every host (SC_ALWAYS); those
 * of other classes are all kept.
 */
void sc_findings_keep_common(struct sc_findings *findings, const struct sc_findings *others);
/* True when memory was short while findings were added. */
bool sc_findings_failed(const struct sc_findings *out);

#endif

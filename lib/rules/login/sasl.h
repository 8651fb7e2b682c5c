/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the rules about SASL directories share. */
#ifndef SC_RULES_SASL_H
#define SC_RULES_SASL_H

#include "model/sasl.h"
#include "rules/rule.h"

/* The directory that a run is about. */
struct sc_sasl_scope {
	const struct sc_sasl_fact *fact; /* never NULL */
	const struct sc_host *host;
	bool tls, plain; /* channels that clients have; a Unix socket is plain */
	bool own;        /* it is the VM's own: fixes name the VM */
};

/*
 * The directory that counts for the console of in->domain where SASL authenticates there, for the host where spice_sasl is on, or the one
 * that is asked about. False: none, it is not known, or the host's own result tells of it.
 */
bool sc_sasl_scope_of(const struct sc_rule_input *in, struct sc_sasl_scope *scope);

/*
 * The guard that ends QEMU before anybody gets in: of the domain's own SASL directory, whose file QEMU can't read by the fact; NULL: there
 * is none, or QEMU starts.
 */
const struct sc_guard *sc_sasl_guard_ends(const struct sc_rule_input *in, const struct sc_sasl_fact *fact);

/* The fix of the finding added last, with --vm TARGET where the directory is the VM's own; format as for sc_find_fix(). */
void sc_sasl_fix(const struct sc_sasl_scope *scope, struct sc_findings *out, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The fix for a file that QEMU's account can't read: 'sasl set' where that is at fault, else an ACL for what is in the way. */
void sc_sasl_fix_closed(const struct sc_sasl_scope *scope, const char *closed, const char *file, struct sc_findings *out);

#endif

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
	bool tls, plain; /* the channels that clients have; a Unix socket is plain */
	bool own;        /* it is the VM's own: fixes name the VM */
};

/*
 * Sets *scope to the SASL directory in effect: that of the console of in->domain where SASL authenticates there, that of the host where
 * spice_sasl is on, or the one that in asks about. False: there is none, it is not known, or the host's own result reports it.
 */
bool sc_sasl_scope_of(const struct sc_rule_input *in, struct sc_sasl_scope *scope);

/*
 * The guard that ends QEMU before anybody can log in: the guard of the domain's own SASL directory, whose file QEMU can't read according to
 * fact; NULL: there is none, or QEMU starts.
 */
const struct sc_guard *sc_sasl_guard_ends(const struct sc_rule_input *in, const struct sc_sasl_fact *fact);

/* Sets the fix of the finding that was added last, with --vm TARGET where the directory is the VM's own; format as for sc_find_fix(). */
void sc_sasl_fix(const struct sc_sasl_scope *scope, struct sc_findings *out, const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * Sets the fix for a file that QEMU's account can't read: 'sasl set' where the file itself is closed, else an ACL for closed, the directory
 * on the way.
 */
void sc_sasl_fix_closed(const struct sc_sasl_scope *scope, const char *closed, const char *file, struct sc_findings *out);

#endif

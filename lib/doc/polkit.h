/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What files of polkit grant for one action: rules (JavaScript), local authorities of older versions (.pkla), and declarations (.policy).
 * Rules are programs: the accounts that a rule names are reported, not what it computes. A rule whose condition can't be read is reported
 * as such.
 */
#ifndef SC_DOC_POLKIT_H
#define SC_DOC_POLKIT_H

#include <stdbool.h>
#include <stddef.h>

enum sc_polkit_grant { SC_GRANT_ALL, SC_GRANT_GROUP, SC_GRANT_USER, SC_GRANT_CONDITION };

/* Receives a grant. name: the group or user, len bytes, not NUL-terminated; else NULL. line: that of the rule, 1-based. */
typedef void (*sc_polkit_fn)(void *opaque, enum sc_polkit_grant grant, const char *name, size_t len, unsigned line);

/* Reports what a .rules file grants without an administrator's password: results YES and AUTH_SELF. */
void sc_polkit_read_rules(const char *text, const char *action, sc_polkit_fn fn, void *opaque);

/* The same for a .pkla file (pklocalauthority(8)). */
void sc_polkit_read_pkla(const char *text, const char *action, sc_polkit_fn fn, void *opaque);

/* The same for the defaults of the action, in the .policy file that declares it. */
void sc_polkit_read_action(const char *text, const char *action, sc_polkit_fn fn, void *opaque);

#endif

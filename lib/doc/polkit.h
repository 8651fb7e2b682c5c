/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What files of polkit grant for one action: rules (JavaScript), authorities of old (.pkla), declarations (.policy). Rules are programs:
 * what is told is which accounts a rule names, not what it computes; a rule whose condition can't be read is told as such.
 */
#ifndef SC_DOC_POLKIT_H
#define SC_DOC_POLKIT_H

#include <stdbool.h>
#include <stddef.h>

enum sc_polkit_grant { SC_GRANT_ALL, SC_GRANT_GROUP, SC_GRANT_USER, SC_GRANT_CONDITION };

/* A grant: name (len bytes, not terminated) of the group or user, NULL for others; line, 1-based, of the rule. */
typedef void (*sc_polkit_fn)(void *opaque, enum sc_polkit_grant grant, const char *name, size_t len, unsigned line);

/* Tells what a .rules file grants without an administrator's password: a result of YES or AUTH_SELF. */
void sc_polkit_read_rules(const char *text, const char *action, sc_polkit_fn fn, void *opaque);

/* The same of a .pkla file (pklocalauthority(8)). */
void sc_polkit_read_pkla(const char *text, const char *action, sc_polkit_fn fn, void *opaque);

/* The same of the action's own defaults, in the .policy file that declares it. */
void sc_polkit_read_action(const char *text, const char *action, sc_polkit_fn fn, void *opaque);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* File rules in a profile or abstraction of AppArmor (apparmor.d(5)). */
#ifndef SC_DOC_APPARMOR_H
#define SC_DOC_APPARMOR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Returns true when a rule of the text grants all of perms ("r", "rw") on the path to every account. Rules with variables, owner rules and
 * deny rules are ignored. include (can be NULL) is called with the name in each include: "abstractions/base", "local/…".
 */
bool sc_apparmor_grants(const char *text, const char *path, const char *perms, void (*include)(void *opaque, const char *name, size_t len),
			void *opaque);

#endif

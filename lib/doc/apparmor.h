/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about files in a profile or abstraction of AppArmor (apparmor.d(5)). */
#ifndef SC_DOC_APPARMOR_H
#define SC_DOC_APPARMOR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * True when a rule of the text grants all of perms ("r", "rw") on the path to every account. Rules with variables, for owners, and those
 * that deny are passed over. include (may be NULL) is called with the word of each include: "abstractions/base", "local/…".
 */
bool sc_apparmor_grants(const char *text, const char *path, const char *perms, void (*include)(void *opaque, const char *name, size_t len),
			void *opaque);

#endif

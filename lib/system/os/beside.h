/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directory of the file that contains this code: libspicecfg.so, or the program that the static library is linked into. */
#ifndef SC_SYSTEM_BESIDE_H
#define SC_SYSTEM_BESIDE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Writes the absolute path of that file's directory, without a trailing slash. Never derived from argv[0] or a relative search path: the
 * caller chooses those, and they would be resolved in the working directory. Returns false if the directory can't be determined.
 */
bool sc_beside_dir(char *dir, size_t size);

/*
 * Whether code may be loaded from the directory, which becomes a path without symbolic links: true if it and the directories above it,
 * except those above the program, belong to root, to the effective user or to the owner of this code's file, and nobody else may write to
 * them. For a program in /tmp/a/b, for example, another account's /tmp/lib is not trusted, nor what a link in it leads to, which could
 * change between this call and the load.
 */
bool sc_beside_trusted(char dir[PATH_MAX]);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the file lies that holds this code: libspicecfg.so, or the program that the static library is part of. */
#ifndef SC_SYSTEM_BESIDE_H
#define SC_SYSTEM_BESIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Writes the absolute path of that file's directory, without a slash at its end. Never from argv[0] or a relative search path, which are
 * the caller's: those would be looked up in the working directory. False where it can't be known.
 */
bool sc_beside_dir(char *dir, size_t size);

/*
 * Whether code may be loaded from the directory: it belongs to root, to the effective user or to the owner of this code's file, and others
 * may not write to it. Somebody else's /tmp/lib beside a program in /tmp may not.
 */
bool sc_beside_trusted(const char *dir);

#endif

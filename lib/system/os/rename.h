/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Temporary names, and renames that never lose a file, even on file systems without renameat2(). All names are in one directory; the
 * renames return 0, or -1 with errno. */
#ifndef SC_SYSTEM_RENAME_H
#define SC_SYSTEM_RENAME_H

#include <stdbool.h>
#include <stdint.h>

enum { SC_TEMP_NAME = 160 };

#define SC_TEMP_SUFFIX ".spicecfg-tmp"
#define SC_ASIDE_SUFFIX ".spicecfg-old"

/* A hash of a name, the same each time. */
uint64_t sc_name_sum(const char *name);

/* A name for the temp file that becomes `name`: different each time, recognised by sweep.h, and never too long. */
void sc_temp_name(const char *name, char temp[SC_TEMP_NAME]);
/* A third name, for sc_rename_exchange(), derived from that of the temp file. */
void sc_aside_name(const char *temp, char aside[SC_TEMP_NAME]);
/* True if a temp or third name was derived from name, by this release or an earlier one. */
bool sc_temp_is_of(const char *temp, const char *name);

/* Renames from to to, which must not exist (EEXIST). */
int sc_rename_move(int dir, const char *from, const char *to);

/* Exchanges the names of two files atomically; ENOSYS: the file system can't do it. */
int sc_rename_swap(int dir, const char *a, const char *b);

/* The same, in several steps where the file system can't do it at once; the caller holds the lock. aside is a free third name for those
 * steps. */
int sc_rename_exchange(int dir, const char *fresh, const char *name, const char *aside);

#endif

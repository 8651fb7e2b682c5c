/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Temporary names, and renames that lose nothing, on file systems that know no such thing too. All names are in one directory; 0, or -1
 * with errno. */
#ifndef SC_SYSTEM_RENAME_H
#define SC_SYSTEM_RENAME_H

#include <stdbool.h>
#include <stdint.h>

enum { SC_TEMP_NAME = 160 };

#define SC_TEMP_SUFFIX ".spicecfg-tmp"
#define SC_ASIDE_SUFFIX ".spicecfg-old"

/* A number of a name: the same each time. */
uint64_t sc_name_sum(const char *name);

/* The name of what becomes `name`: another one each time, which sweep.h finds again, and never too long. */
void sc_temp_name(const char *name, char temp[SC_TEMP_NAME]);
/* A third name, for sc_rename_exchange(), from that of the temp file. */
void sc_aside_name(const char *temp, char aside[SC_TEMP_NAME]);
/* True when a temp or third name was made of name, in this release or an earlier one. */
bool sc_temp_is_of(const char *temp, const char *name);

/* from becomes to, which must not be there (EEXIST). */
int sc_rename_move(int dir, const char *from, const char *to);

/* The two files exchange their names at once; ENOSYS: the file system can't do it. */
int sc_rename_swap(int dir, const char *a, const char *b);

/* The same, in steps where it has to be; the caller holds the lock. aside is a free third name, used where the file system can't do it. */
int sc_rename_exchange(int dir, const char *fresh, const char *name, const char *aside);

#endif

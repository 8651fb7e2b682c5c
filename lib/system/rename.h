/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Temporary names, and renames that lose nothing, on file systems that know no such thing too. All names are in one directory; 0, or -1
 * with errno. */
#ifndef SC_SYSTEM_RENAME_H
#define SC_SYSTEM_RENAME_H

enum { SC_TEMP_NAME = 160 };

/* The name of what becomes `name`: the same each time, so that what a crash left behind is found again, and never too long. */
void sc_temp_name(const char *name, char temp[SC_TEMP_NAME]);
/* A third name, for sc_rename_exchange(). */
void sc_aside_name(const char *name, char aside[SC_TEMP_NAME]);

/* from becomes to, which must not be there (EEXIST). */
int sc_rename_move(int dir, const char *from, const char *to);

/* The two files exchange their names; the caller holds the lock. aside is a free third name, used where the file system can't do it. */
int sc_rename_exchange(int dir, const char *fresh, const char *name, const char *aside);

#endif

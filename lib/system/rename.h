/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Renames that lose nothing, on file systems that know no such thing too. All names are in one directory; 0, or -1 with errno. */
#ifndef SC_SYSTEM_RENAME_H
#define SC_SYSTEM_RENAME_H

/* from becomes to, which must not be there (EEXIST). */
int sc_rename_move(int dir, const char *from, const char *to);

/* The two files exchange their names; the caller holds the lock. aside is a free third name, used where the file system can't do it. */
int sc_rename_exchange(int dir, const char *fresh, const char *name, const char *aside);

#endif

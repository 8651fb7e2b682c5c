/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* INI files of our own (policy, .spicecfg.conf): iniparser behind the guard of doc/ini.h. */
#ifndef SC_SYSTEM_INI_H
#define SC_SYSTEM_INI_H

#include "doc/ini.h"

enum { SC_INI_SIZE_MAX = 64 * 1024 }; /* iniparser searches a section line by line: its time grows with the square */

/*
 * Scans the bytes, lets iniparser read the same bytes, and refuses (SPICECFG_INPUT with the line) where the two differ: out holds what both
 * say. name is for messages. Strings live in memory.
 */
SPICECFG_CHECKED enum spicecfg_status sc_ini_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
						   struct sc_arena *memory, struct sc_ini *out);

#endif

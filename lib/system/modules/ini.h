/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* spicecfg's own INI files (policy, .spicecfg.conf), read by the scanner of doc/ini.h and by iniparser, through the module "ini". */
#ifndef SC_SYSTEM_MODULES_INI_H
#define SC_SYSTEM_MODULES_INI_H

#include "doc/ini.h"

enum { SC_INI_SIZE_MAX = 64 * 1024 }; /* iniparser searches its keys one by one: its time is quadratic */

struct sc_module_ini {
	/* Has iniparser parse the bytes. SPICECFG_INPUT, with the line, where it reads another value than the scan. */
	enum spicecfg_status (*verify)(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, const struct sc_ini *ini);
};

/*
 * Scans the bytes, has iniparser parse the same bytes, and fails (SPICECFG_INPUT with the line) where the two differ: out contains what
 * both agree on. name is used in messages. The strings are allocated in memory.
 */
SPICECFG_CHECKED enum spicecfg_status sc_ini_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
						   struct sc_arena *memory, struct sc_ini *out);

/* The second part of it: for a caller that looks at what was scanned before, since iniparser takes its time with many keys. */
SPICECFG_CHECKED enum spicecfg_status sc_ini_verify(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
						    const struct sc_ini *ini);

#endif

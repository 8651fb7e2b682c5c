/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and directories of the host as they are when a plan is made. */
#ifndef SC_SYSTEM_FOUND_H
#define SC_SYSTEM_FOUND_H

#include "plan/files.h"

/*
 * Reads a file below the root. A missing file is not an error and is recorded as missing; other failures are SPICECFG_INPUT. found->path is
 * the file that a symbolic link leads to; links made by accounts other than root and the caller are refused.
 */
SPICECFG_CHECKED enum spicecfg_status sc_found_read(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *path,
						    struct sc_found *found);

/* The directories above path, outermost first, ending with its parent; terminated by an entry whose path is NULL. */
SPICECFG_CHECKED enum spicecfg_status sc_found_parents(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *path,
						       struct sc_found **dirs);

#endif

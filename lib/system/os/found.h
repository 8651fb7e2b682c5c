/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and directories of the host, as a plan finds them. */
#ifndef SC_SYSTEM_FOUND_H
#define SC_SYSTEM_FOUND_H

#include "plan/files.h"

/*
 * A file below the root with its contents; a missing one is found so, other failures are SPICECFG_INPUT. found->path is the file that a
 * symbolic link leads to; links of other accounts than root and the caller's are refused.
 */
SPICECFG_CHECKED enum spicecfg_status sc_found_read(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *path,
						    struct sc_found *found);

/* The directories above path, outermost first, up to its parent; ends with a path of NULL. */
SPICECFG_CHECKED enum spicecfg_status sc_found_parents(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *path,
						       struct sc_found **dirs);

#endif

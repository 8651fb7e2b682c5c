/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where files are written. On the running host a symbolic link at the end or in the middle of a path is followed only if root or the caller
 * made it. Below a root (--root) links stay inside the tree, whoever made them, and the path of the root itself is checked like any path of
 * the host.
 */
#ifndef SC_SYSTEM_PLACE_H
#define SC_SYSTEM_PLACE_H

#include <limits.h>

#include "base/ctx.h"

/*
 * Refuses a path that leads through a link of another account: SPICECFG_INPUT with the link and its owner. path is a host path or, if
 * outside, a path of the user, which may be relative. It need not exist.
 */
SPICECFG_CHECKED enum spicecfg_status sc_place_check(struct spicecfg_ctx *ctx, const char *path, bool outside);

/*
 * The real path of a file of the user, with links resolved; the file itself may be new. SPICECFG_INPUT if sc_place_check() refuses the path
 * or something other than a regular file is there; the status unreachable if its directory is missing or can't be searched.
 */
SPICECFG_CHECKED enum spicecfg_status sc_place_file(struct spicecfg_ctx *ctx, const char *path, enum spicecfg_status unreachable,
						    char real[PATH_MAX]);

/* Opens the directory that contains path, for changes in it; *name points to the last component of path. SPICECFG_SYSTEM with the reason if
 * it can't. */
SPICECFG_CHECKED enum spicecfg_status sc_place_open(struct spicecfg_ctx *ctx, const char *path, bool outside, const char **name, int *fd);

/* Like sc_place_open(), but with O_PATH; if the directory is missing, opens the nearest existing one above it. */
SPICECFG_CHECKED enum spicecfg_status sc_place_above(struct spicecfg_ctx *ctx, const char *path, bool outside, int *fd);

/*
 * SPICECFG_USAGE if the file that option (its name with dashes) would replace is a device or a FIFO, or if its name refers to something
 * already open (/dev/stdout, /proc/...). Nothing is opened. fix: what to do instead, a string literal.
 */
SPICECFG_CHECKED enum spicecfg_status sc_place_refuse_device(struct spicecfg_ctx *ctx, const char *file, const char *fix,
							     const char *option);

/*
 * SPICECFG_INPUT if file, whose path without links is real, exists and belongs to another account (system/os/trust.h). For files that an
 * option replaces: the new file keeps the owner of the old one, who may have put it there to read or change what is written.
 */
SPICECFG_CHECKED enum spicecfg_status sc_place_refuse_foreign(struct spicecfg_ctx *ctx, const char *file, const char *real);

#endif

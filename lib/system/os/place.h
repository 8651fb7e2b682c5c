/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where something is written. On the running host a symbolic link is followed, at the end or in the middle of a path, only when root or the
 * caller made it; below a root (--root) links stay inside the tree, whoever made them, and the root itself is judged as a path of the host.
 */
#ifndef SC_SYSTEM_PLACE_H
#define SC_SYSTEM_PLACE_H

#include <limits.h>

#include "base/ctx.h"

/*
 * Refuses a path that leads through a link of another account: SPICECFG_INPUT with the link and its owner. A host path, or (outside) one of
 * the user, which may be relative. Not everything has to exist.
 */
SPICECFG_CHECKED enum spicecfg_status sc_place_check(struct spicecfg_ctx *ctx, const char *path, bool outside);

/*
 * The real path of a file of the user: links resolved, a new name behind its directory. SPICECFG_INPUT where sc_place_check() refuses or
 * something else than a regular file stands there; unreachable where its directory is missing or can't be searched.
 */
SPICECFG_CHECKED enum spicecfg_status sc_place_file(struct spicecfg_ctx *ctx, const char *path, enum spicecfg_status unreachable,
						    char real[PATH_MAX]);

/* Opens the directory that path is in, for changes in it; *name points to its last part. SPICECFG_SYSTEM with the reason. */
SPICECFG_CHECKED enum spicecfg_status sc_place_open(struct spicecfg_ctx *ctx, const char *path, bool outside, const char **name, int *fd);

/* As sc_place_open(), with O_PATH, and the nearest directory above that exists where that one is missing. */
SPICECFG_CHECKED enum spicecfg_status sc_place_above(struct spicecfg_ctx *ctx, const char *path, bool outside, int *fd);

/*
 * SPICECFG_USAGE where a file that option (its name with dashes) puts in place would take that of a device or a FIFO, or where the name is
 * one for what is open already (/dev/stdout, /proc/...). Nothing is opened. fix: what to do instead, a literal.
 */
SPICECFG_CHECKED enum spicecfg_status sc_place_refuse_device(struct spicecfg_ctx *ctx, const char *file, const char *fix,
							     const char *option);

/*
 * SPICECFG_INPUT where file, whose path without links is real, is there and is another account's (system/os/trust.h). For what an option
 * puts in place: the new file keeps the owner of the old one, who may have put that there to read, or to change, what is written.
 */
SPICECFG_CHECKED enum spicecfg_status sc_place_refuse_foreign(struct spicecfg_ctx *ctx, const char *file, const char *real);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How everything that gathers facts accesses the host's files. A missing file is not an error. One that exists but can't be read, for
 * whatever reason, is recorded in the context (base/unread.h), and `check` reports it as not-readable. No gatherer reads in another way
 * (tests/lint/let_go). Lack of memory and an interrupt are recorded too, and end the verb: sc_settle() (base/ctx.h).
 */
#ifndef SC_SYSTEM_LOOK_H
#define SC_SYSTEM_LOOK_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/ctx.h"
#include "system/os/seen.h"

enum sc_look { SC_LOOK_MISSING, SC_LOOK_OK, SC_LOOK_UNREAD };

/* Reads a regular file of at most max bytes. */
enum sc_look sc_look_read(const struct spicecfg_ctx *ctx, const char *path, size_t max, struct sc_buf *out);

/* The names in a directory, sorted, NULL-terminated, in arena. NULL: it is missing, is not a directory, or can't be read. */
char **sc_look_list(const struct spicecfg_ctx *ctx, const char *dir, struct sc_arena *arena);

/* Looks at a path (system/os/seen.h); the result is to be closed, and empty unless SC_LOOK_OK is returned. */
enum sc_look sc_look_see(const struct spicecfg_ctx *ctx, const char *path, bool follow, struct sc_seen *out);

/* lstat. */
enum sc_look sc_look_stat(const struct spicecfg_ctx *ctx, const char *path, struct stat *st);

/* True when something has that name. */
bool sc_look_exists(const struct spicecfg_ctx *ctx, const char *path);

/* Opens what no plan changes: returns a descriptor, or -1 with errno if it is missing or can't be opened. */
int sc_look_open(const struct spicecfg_ctx *ctx, const char *path, int flags);

/* Records the failure to read something in another way. path: of a file, or words for what has no path. */
void sc_look_failed(const struct spicecfg_ctx *ctx, const char *path, const char *why);

/* Records the context's error, if any, as the reason why path (NULL: the error's file) is unread, and clears it, unless it ends the verb.
 */
void sc_look_error(struct spicecfg_ctx *ctx, const char *path);

#endif

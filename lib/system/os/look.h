/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The road of everything that gathers facts to the host's files. What is missing is missing; what is present and can't be read, for
 * whatever reason, is kept in the context (base/unread.h), and `check` reports it as not-readable. No gatherer reads on another road
 * (tests/lint/let_go). Lack of memory and an interrupt are kept too, and end the verb: sc_settle() (base/ctx.h).
 */
#ifndef SC_SYSTEM_LOOK_H
#define SC_SYSTEM_LOOK_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/ctx.h"

enum sc_look { SC_LOOK_MISSING, SC_LOOK_OK, SC_LOOK_UNREAD };

/* Reads a regular file of at most max bytes. */
enum sc_look sc_look_read(const struct spicecfg_ctx *ctx, const char *path, size_t max, struct sc_buf *out);

/* Names in a directory, sorted, NULL-terminated, in arena. NULL: it is missing, not a directory, or can't be read. */
char **sc_look_list(const struct spicecfg_ctx *ctx, const char *dir, struct sc_arena *arena);

/* lstat. */
enum sc_look sc_look_stat(const struct spicecfg_ctx *ctx, const char *path, struct stat *st);

/* The same with a descriptor: -1 with errno where it is missing or can't be opened. */
int sc_look_open(const struct spicecfg_ctx *ctx, const char *path, int flags);

/* What was read in another way and can't be had; path: of a file, or words for what has none. */
void sc_look_failed(const struct spicecfg_ctx *ctx, const char *path, const char *why);

/* The context's error, if any, is kept as a reason for path (NULL: the error's file), and cleared, unless it ends the verb. */
void sc_look_error(struct spicecfg_ctx *ctx, const char *path);

#endif

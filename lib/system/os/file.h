/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of the host: every path is walked below the context's root without leaving it, writes are atomic. */
#ifndef SC_SYSTEM_FILE_H
#define SC_SYSTEM_FILE_H

#include <limits.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/ctx.h"

/* A file as it was when read: what a commit compares. */
struct sc_file_id {
	bool exists;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime, ctime;
};

/* The path with the context's root before it (for messages and libraries that open by name); free() it, NULL when memory is short. */
char *sc_file_path(const struct spicecfg_ctx *ctx, const char *path);

/*
 * Opens a host path (absolute) below the context's root. Symlinks in the way are resolved inside the root and never outside of it.
 * Returns the descriptor, or -1 with errno.
 */
int sc_file_open(const struct spicecfg_ctx *ctx, const char *path, int flags);

/*
 * Opens a regular file for reading: host path, or (outside) a path of the user, which may also be a pipe or terminal if it lies in /dev or
 * /proc. Anything else is not opened at all, as to open a device may do something and a FIFO waits. Fills st. Returns the descriptor, which
 * does not block, or -1 with errno: EISDIR, EINVAL (another type).
 */
int sc_file_open_regular(const struct spicecfg_ctx *ctx, const char *path, bool outside, struct stat *st);

/*
 * Reads a regular file of at most max bytes: host path, or (outside) a path of the user. Missing: SPICECFG_INPUT, unless id is given and
 * optional: then id->exists is false and SPICECFG_OK. id may be NULL. Wrong type, too large, no permission: SPICECFG_INPUT.
 */
SPICECFG_CHECKED enum spicecfg_status sc_file_read(struct spicecfg_ctx *ctx, const char *path, bool outside, bool optional, size_t max,
						   struct sc_buf *out, struct sc_file_id *id);

/* The same for a stream that is open: stdin. name is for messages. */
SPICECFG_CHECKED enum spicecfg_status sc_file_read_stream(struct spicecfg_ctx *ctx, const char *name, int fd, size_t max,
							  struct sc_buf *out);

/* lstat below the root: 0, or -1 with errno. */
int sc_file_stat(const struct spicecfg_ctx *ctx, const char *path, struct stat *st);

/* The path that a descriptor really has, without the root; false, with errno, when it can't be told (no /proc). */
bool sc_file_real(const struct spicecfg_ctx *ctx, int fd, char path[PATH_MAX]);

/* Names in a directory below the root, sorted, NULL-terminated, in arena; NULL with errno when it can't be read. */
char **sc_file_list(const struct spicecfg_ctx *ctx, const char *dir, struct sc_arena *arena);
/* The same of a directory that is open; closes it. errno is ENOMEM where memory was short. */
char **sc_file_list_of(int fd, struct sc_arena *arena);

#endif

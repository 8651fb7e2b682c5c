/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of the host: every path is resolved below the context's root and never leaves it. */
#ifndef SC_SYSTEM_FILE_H
#define SC_SYSTEM_FILE_H

#include <limits.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/ctx.h"

/* Identifies a file as it was when read; a commit compares it. */
struct sc_file_id {
	bool exists;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime, ctime;
};

/* The path prefixed with the context's root, for messages and libraries that open files by name. free() it; NULL if memory is short. */
char *sc_file_path(const struct spicecfg_ctx *ctx, const char *path);

/*
 * Opens a host path (absolute) below the context's root. Symlinks are resolved inside the root and never lead out of it.
 * Returns the descriptor, or -1 with errno.
 */
int sc_file_open(const struct spicecfg_ctx *ctx, const char *path, int flags);

/*
 * Opens a regular file for reading: a host path or, if outside, a path of the user, which may also be a pipe or terminal in /dev or /proc.
 * Anything else is never opened, because opening a device may have side effects and opening a FIFO blocks. Fills st. Returns a non-blocking
 * descriptor, or -1 with errno (EISDIR: a directory, EINVAL: another type).
 */
int sc_file_open_regular(const struct spicecfg_ctx *ctx, const char *path, bool outside, struct stat *st);

/*
 * Reads a regular file of at most max bytes: a host path or, if outside, a path of the user. A missing file is SPICECFG_INPUT; if optional
 * is set and id is not NULL, it is SPICECFG_OK with id->exists false. id may be NULL. Wrong type, too large, no permission: SPICECFG_INPUT.
 */
SPICECFG_CHECKED enum spicecfg_status sc_file_read(struct spicecfg_ctx *ctx, const char *path, bool outside, bool optional, size_t max,
						   struct sc_buf *out, struct sc_file_id *id);

/* The message of a file that is larger than max bytes (%zu). */
#define SC_FILE_TOO_LARGE "larger than %zu bytes"

/* Records that path could not be read, for the reason why that errno has. Returns SPICECFG_INPUT. */
enum spicecfg_status sc_file_fail(struct spicecfg_ctx *ctx, const char *path, const char *why);

/* The same for a stream that is already open, such as stdin. name is used in messages. */
SPICECFG_CHECKED enum spicecfg_status sc_file_read_stream(struct spicecfg_ctx *ctx, const char *name, int fd, size_t max,
							  struct sc_buf *out);

/* lstat() below the root. Returns 0, or -1 with errno. */
int sc_file_stat(const struct spicecfg_ctx *ctx, const char *path, struct stat *st);

/* True when something has that name below the root (a link too). The second is also true where that can't be determined. */
bool sc_file_exists(const struct spicecfg_ctx *ctx, const char *path);
bool sc_file_may_exist(const struct spicecfg_ctx *ctx, const char *path);

/* The real path of an open file, without the root. Returns false with errno if it can't be determined (no /proc). */
bool sc_file_real(const struct spicecfg_ctx *ctx, int fd, char path[PATH_MAX]);

/* The names in a directory below the root, sorted, NULL-terminated, in arena; NULL with errno if it can't be read. */
char **sc_file_list(const struct spicecfg_ctx *ctx, const char *dir, struct sc_arena *arena);
/* The same for an open directory, which is closed. errno is ENOMEM if memory was short. */
char **sc_file_list_of(int fd, struct sc_arena *arena);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and directories of the host as they are when a plan is made. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/text.h"
#include "system/os/file.h"
#include "system/os/found.h"
#include "system/os/place.h"
#include "system/os/seen.h"

enum { FILE_MAX = 64 * 1024 * 1024 };

static enum spicecfg_status fail(struct spicecfg_ctx *ctx, const char *path)
{
	return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){.file = path}, errno == EACCES ? "Run it as root." : NULL,
			  "can't be examined: %s", strerror(errno));
}

/*
 * If the path itself is a symbolic link, the file that it leads to is read and replaced, and the link stays. Links of another account,
 * which could lead root anywhere, have been refused already.
 */
static enum spicecfg_status follow(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char **path, struct stat *st)
{
	char real[PATH_MAX];
	struct sc_seen seen;
	const struct sc_where where = {.file = *path};

	int missing = sc_see(ctx, *path, false, true, &seen);
	if (missing && errno == ENOENT)
		return sc_fail_at(ctx, SPICECFG_INPUT, where, "Remove it, or create what it points to.", "is a dangling symbolic link");
	if (missing)
		return fail(ctx, *path);
	*st = seen.st;
	bool known = sc_seen_real(ctx, &seen, real);
	enum spicecfg_status status = known ? SPICECFG_OK : fail(ctx, *path);
	sc_seen_close(&seen);
	*path = known ? sc_arena_strdup(memory, real) : NULL;
	return status ? status : *path ? SPICECFG_OK : sc_fail_memory(ctx);
}

static enum spicecfg_status look(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *path, struct sc_found *found,
				 struct stat *st)
{
	enum spicecfg_status status = sc_place_check(ctx, path, false);

	*found = (struct sc_found){.path = sc_arena_strdup(memory, path)};
	if (!found->path)
		return sc_fail_memory(ctx);
	if (status)
		return status;
	if (sc_file_stat(ctx, path, st) != 0)
		return errno == ENOENT || errno == ENOTDIR ? SPICECFG_OK : fail(ctx, path);
	if (S_ISLNK(st->st_mode))
		status = follow(ctx, memory, &found->path, st);
	if (status)
		return status;
	found->exists = true;
	found->uid = st->st_uid;
	found->gid = st->st_gid;
	found->mode = st->st_mode & 07777;
	return SPICECFG_OK;
}

enum spicecfg_status sc_found_read(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *path, struct sc_found *found)
{
	struct stat st;
	SC_BUF bytes = SC_BUF_INIT;
	enum spicecfg_status status = look(ctx, memory, path, found, &st);

	/* the read refuses what is not a regular file */
	if (!status && found->exists)
		status = sc_file_read(ctx, found->path, false, false, FILE_MAX, &bytes, NULL);
	if (status || !found->exists)
		return status;
	found->data = sc_arena_strndup(memory, sc_buf_text(&bytes), bytes.len);
	found->len = bytes.len;
	return found->data ? SPICECFG_OK : sc_fail_memory(ctx);
}

enum spicecfg_status sc_found_parents(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *path, struct sc_found **dirs)
{
	size_t count = 0;
	enum spicecfg_status status = SPICECFG_OK;
	struct stat st;
	SC_BUF normal = SC_BUF_INIT;

	/* "a//b" and "a/" don't name another directory; ".." is kept as it is */
	if (sc_path_normal(path, &normal))
		path = sc_buf_text(&normal);
	for (const char *c = path; *c; c++)
		count += *c == '/';
	*dirs = sc_arena_alloc(memory, (count + 1) * sizeof(**dirs));
	if (!*dirs || normal.failed)
		return sc_fail_memory(ctx);
	struct sc_found *dir = *dirs;
	for (const char *slash = *path ? strchr(path + 1, '/') : NULL; !status && slash; slash = strchr(slash + 1, '/')) {
		const char *part = sc_arena_strndup(memory, path, (size_t)(slash - path));

		status = part ? look(ctx, memory, part, dir++, &st) : sc_fail_memory(ctx);
	}
	return status;
}

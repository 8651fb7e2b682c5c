/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads of the host, which see what the plan on the context's stage will change. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/grow.h"
#include "system/os/file.h"
#include "system/os/seen.h"

static void identify(const struct stat *st, struct sc_file_id *id)
{
	*id = (struct sc_file_id){true, st->st_dev, st->st_ino, st->st_size, st->st_mtim, st->st_ctim};
}

/* Why it can't be opened, in errno. */
static enum spicecfg_status fail_open(struct spicecfg_ctx *ctx, const char *path, bool optional)
{
	if (errno == ENOENT && optional)
		return SPICECFG_OK;
	if (errno == EISDIR || errno == EINVAL)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){.file = path}, "Name a regular file.",
				  errno == EISDIR ? "is a directory" : "is not a regular file");
	return sc_file_fail(ctx, path, strerror(errno));
}

static enum spicecfg_status read_staged(struct spicecfg_ctx *ctx, const char *path, const struct sc_staged *staged, size_t max,
					struct sc_buf *out)
{
	if (staged->len > max)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){.file = path}, "Name another file.", SC_FILE_TOO_LARGE, max);
	sc_buf_add(out, staged->bytes, staged->len);
	return out->failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}

enum spicecfg_status sc_file_read(struct spicecfg_ctx *ctx, const char *path, bool outside, bool optional, size_t max, struct sc_buf *out,
				  struct sc_file_id *id)
{
	const struct sc_staged *staged = sc_staged_of(ctx, path, outside, true);
	struct stat st;

	if (id)
		*id = (struct sc_file_id){.exists = staged && staged->mode};
	if (staged && S_ISREG(staged->mode))
		return read_staged(ctx, path, staged, max, out);
	errno = ENOENT;
	int fd = staged && !staged->mode ? -1 : sc_file_open_regular(ctx, path, outside, &st);
	if (fd < 0)
		return fail_open(ctx, path, optional);
	if (!S_ISREG(st.st_mode))
		(void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	if (id)
		identify(&st, id);
	enum spicecfg_status status = sc_file_read_stream(ctx, path, fd, max, out);
	close(fd);
	return status;
}

int sc_file_stat(const struct spicecfg_ctx *ctx, const char *path, struct stat *st)
{
	struct sc_seen seen;

	if (sc_see(ctx, path, false, false, &seen) < 0)
		return -1;
	*st = seen.st;
	sc_seen_close(&seen);
	return 0;
}

bool sc_file_exists(const struct spicecfg_ctx *ctx, const char *path)
{
	struct stat st;

	return sc_file_stat(ctx, path, &st) == 0;
}

bool sc_file_may_exist(const struct spicecfg_ctx *ctx, const char *path)
{
	return sc_file_exists(ctx, path) || (errno != ENOENT && errno != ENOTDIR);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

/* Puts the stage's names into a sorted list of those of the file system. */
static char **merge_staged(const struct spicecfg_ctx *ctx, const char *dir, char **names, struct sc_arena *arena)
{
	const struct sc_staged *staged;
	size_t n = 0;

	while (names[n])
		n++;
	for (size_t i = 0; (staged = sc_stage_get(ctx->stage, i)); i++) {
		const char *name = staged->outside ? NULL : sc_staged_in(staged, dir);
		size_t at = 0;

		while (name && at < n && strcmp(names[at], name) != 0)
			at++;
		if (!name || (at < n) == (staged->mode != 0))
			continue;
		if (at < n) {
			memmove(&names[at], &names[at + 1], (n-- - at) * sizeof(*names));
			continue;
		}
		names = sc_arena_grow(arena, names, n + 1, sizeof(*names));
		if (!names || !(names[n++] = sc_arena_strdup(arena, name)))
			return no_memory();
		names[n] = NULL;
	}
	qsort(names, n, sizeof(*names), by_name);
	return names;
}

char **sc_file_list(const struct spicecfg_ctx *ctx, const char *path, struct sc_arena *arena)
{
	char real[PATH_MAX];
	bool apart;
	const struct sc_staged *staged = sc_staged_of(ctx, path, false, true);
	int fd = sc_file_open(ctx, path, O_RDONLY | O_DIRECTORY);
	char **names = fd >= 0 ? sc_file_list_of(fd, arena) : NULL;

	if (fd < 0 && errno == ENOENT && staged && S_ISDIR(staged->mode))
		names = sc_arena_grow(arena, NULL, 0, sizeof(*names));
	if (!names || !ctx->stage)
		return names;
	return sc_stage_path(ctx, path, false, true, real, &apart) < 0 ? names : merge_staged(ctx, real, names, arena);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/grow.h"
#include "base/why.h"
#include "system/os/file_root.h"

char *sc_file_path(const struct spicecfg_ctx *ctx, const char *path)
{
	char *full;

	return asprintf(&full, "%s%s", ctx->root ? ctx->root : "", path) < 0 ? NULL : full;
}

int sc_file_open(const struct spicecfg_ctx *ctx, const char *path, int flags)
{
	if (!ctx->root)
		return open(path, flags | O_CLOEXEC);
	int root = open(ctx->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -1;
	/* The kernel resolves links as a chroot would: a link in an image can't lead out of it. */
	struct open_how how = {.flags = (unsigned long long)(unsigned)(flags | O_CLOEXEC),
			       .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
	int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	/* EAGAIN: something was renamed meanwhile, so the kernel can't tell where a ".." leads */
	if (fd < 0 && (errno == ENOSYS || errno == EAGAIN))
		fd = sc_file_open_in_root(root, path, flags);
	int saved = errno;
	close(root);
	errno = saved;
	return fd;
}

enum spicecfg_status sc_file_fail(struct spicecfg_ctx *ctx, const char *path, const char *why)
{
	return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){.file = path}, sc_why_read(errno), "%s", why);
}

/* One read into out; *n: bytes, 0 at the end. */
static enum spicecfg_status read_some(struct spicecfg_ctx *ctx, const char *path, int fd, char *chunk, size_t size, ssize_t *n)
{
	while ((*n = read(fd, chunk, size)) < 0 && errno == EINTR)
		if (sc_interrupted(ctx))
			return sc_fail(ctx, SPICECFG_INTERRUPTED, NULL, "interrupted; nothing was changed");
	return *n < 0 ? sc_file_fail(ctx, path, strerror(errno)) : SPICECFG_OK;
}

static enum spicecfg_status read_fd(struct spicecfg_ctx *ctx, const char *path, int fd, size_t max, struct sc_buf *out)
{
	enum spicecfg_status status;
	char chunk[32 * 1024];
	size_t most = 0;
	ssize_t n;

	while (!(status = read_some(ctx, path, fd, chunk, sizeof(chunk), &n)) && n > 0) {
		most = (size_t)n > most ? (size_t)n : most;
		sc_buf_add(out, chunk, (size_t)n);
		if (out->len > max) {
			status =
			    sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){.file = path}, "Name another file.", SC_FILE_TOO_LARGE, max);
			break;
		}
	}
	explicit_bzero(chunk, most);
	if (status)
		return status;
	if (!out->data)
		sc_buf_add(out, "", 0);
	return out->failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}

enum spicecfg_status sc_file_read_stream(struct spicecfg_ctx *ctx, const char *name, int fd, size_t max, struct sc_buf *out)
{
	return read_fd(ctx, name, fd, max, out);
}

/* Pipes and terminals are read only where the user names them as such or the shell makes them of <(…), never in place of a file. */
static bool is_stream(const char *path, mode_t mode)
{
	return (S_ISFIFO(mode) || S_ISCHR(mode)) && (strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0);
}

int sc_file_open_regular(const struct spicecfg_ctx *ctx, const char *path, bool outside, struct stat *st)
{
	const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int seen = outside ? open(path, O_PATH | O_CLOEXEC) : sc_file_open(ctx, path, O_PATH), fd = -1;
	char link[32];

	if (seen < 0)
		return -1;
	if (fstat(seen, st) == 0) {
		errno = S_ISDIR(st->st_mode) ? EISDIR : EINVAL;
		if (S_ISREG(st->st_mode) || (outside && is_stream(path, st->st_mode))) {
			snprintf(link, sizeof(link), "/proc/self/fd/%d", seen);
			fd = open(link, flags);
			if (fd < 0 && errno == ENOENT) /* no /proc */
				fd = outside ? open(path, flags) : sc_file_open(ctx, path, flags);
		}
	}
	int saved = errno;
	close(seen);
	errno = saved;
	return fd;
}

bool sc_file_real(const struct spicecfg_ctx *ctx, int fd, char path[PATH_MAX])
{
	char link[32], full[PATH_MAX], root[PATH_MAX] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t len = readlink(link, full, sizeof(full) - 1);
	if (len < 0 || (ctx->root && !realpath(ctx->root, root)))
		return false;
	full[len] = '\0';
	size_t skip = strcmp(root, "/") == 0 ? 0 : strlen(root);
	if (strncmp(full, root, skip) != 0) {
		errno = EXDEV;
		return false;
	}
	snprintf(path, PATH_MAX, "%s", full + skip);
	return true;
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

static char **collect(DIR *dir, struct sc_arena *arena)
{
	struct dirent *entry;
	size_t count = 0;
	char **names = NULL;

	/* NULL is the end or an error; only errno distinguishes them */
	while ((errno = 0, entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		names = sc_arena_grow(arena, names, count, sizeof(*names));
		if (!names || !(names[count++] = sc_arena_strdup(arena, entry->d_name)))
			return no_memory();
	}
	if (errno)
		return NULL;
	names = sc_arena_grow(arena, names, count, sizeof(*names));
	if (!names)
		return no_memory();
	names[count] = NULL;
	qsort(names, count, sizeof(*names), by_name);
	return names;
}

char **sc_file_list_of(int fd, struct sc_arena *arena)
{
	DIR *dir = fdopendir(fd);

	if (!dir) {
		int saved = errno;

		close(fd);
		errno = saved;
		return NULL;
	}
	char **names = collect(dir, arena);
	int saved = errno;
	closedir(dir);
	errno = saved;
	return names;
}

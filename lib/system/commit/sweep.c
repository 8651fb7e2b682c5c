/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/sweep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/grow.h"
#include "base/text.h"
#include "system/os/rename.h"

struct id {
	dev_t dev;
	ino_t ino;
};

struct swept {
	size_t n;
	struct id *dirs;
};

static void swept_free(void *opaque)
{
	struct swept *swept = opaque;

	free(swept->dirs);
	free(swept);
}

static bool was_swept(const struct spicecfg_ctx *ctx, const struct stat *dir)
{
	const struct swept *swept = ctx->swept;

	for (size_t i = 0; swept && i < swept->n; i++)
		if (swept->dirs[i].ino == dir->st_ino && swept->dirs[i].dev == dir->st_dev)
			return true;
	return false;
}

/* If memory is short, the directory is swept again next time. */
static void remember(struct spicecfg_ctx *ctx, const struct stat *dir)
{
	if (!ctx->swept && (ctx->swept = calloc(1, sizeof(struct swept))))
		ctx->swept_free = swept_free;
	struct swept *swept = ctx->swept;
	struct id *more = swept ? sc_grow(swept->dirs, swept->n, sizeof(*more)) : NULL;

	if (!more)
		return;
	more[swept->n++] = (struct id){dir->st_dev, dir->st_ino};
	swept->dirs = more;
}

static bool is_temp(const char *name)
{
	return *name == '.' && (sc_text_ends(name + 1, SC_TEMP_SUFFIX) || sc_text_ends(name + 1, SC_ASIDE_SUFFIX));
}

static DIR *list(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *out = fd < 0 ? NULL : fdopendir(fd);

	if (!out && fd >= 0)
		close(fd);
	return out;
}

/* The file that a temp file was made for; false: it does not exist. */
static bool find_target(int dir, const char *temp, struct stat *st)
{
	DIR *names = list(dir);
	bool found = false;

	for (const struct dirent *entry; names && !found && (entry = readdir(names));)
		found = !is_temp(entry->d_name) && sc_temp_is_of(temp, entry->d_name) &&
			fstatat(dir, entry->d_name, st, AT_SYMLINK_NOFOLLOW) == 0;
	if (names)
		closedir(names);
	return found;
}

bool sc_sweep_hold(int fd)
{
	struct stat st;

	/* a file system without flock() is not swept either */
	return (flock(fd, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK) && fstat(fd, &st) == 0 && st.st_nlink > 0;
}

/* An open descriptor of it, locked, which shows that no living process uses it; -1: must not be touched. */
static int claim(struct spicecfg_ctx *ctx, int dir, const char *name, const char *shown)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (fd < 0 && errno != ENOENT)
		sc_log(ctx, SPICECFG_LOG_INFO, "%s/%s: may be left over from a killed spicecfg, but can't be opened: %s", shown, name,
		       strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static void sweep_one(struct spicecfg_ctx *ctx, int dir, const struct stat *parent, const char *name, const char *shown)
{
	struct stat st, target = {.st_uid = parent->st_uid};

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
		return;
	bool has_target = find_target(dir, name, &target);
	if (st.st_uid != 0 && st.st_uid != geteuid() && st.st_uid != parent->st_uid && st.st_uid != target.st_uid)
		return;
	int fd = claim(ctx, dir, name, shown);
	if (fd < 0)
		return;
	if (sc_text_ends(name, SC_ASIDE_SUFFIX) && !has_target)
		sc_log(ctx, SPICECFG_LOG_WARNING,
		       "%s/%s: left over from a killed spicecfg, and may be all that is left of the original file: rename it to the "
		       "original name",
		       shown, name);
	else if (unlinkat(dir, name, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0) == 0)
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s/%s: removed; left over from a killed spicecfg%s", shown, name,
		       S_ISDIR(st.st_mode) ? "" : ", and it may have contained an old password");
	else if (S_ISREG(st.st_mode))
		sc_log(ctx, SPICECFG_LOG_WARNING,
		       "%s/%s: can't be removed: %s; left over from a killed spicecfg, and may contain an old password", shown, name,
		       strerror(errno));
	close(fd);
}

bool sc_sweep_wanted(const struct spicecfg_ctx *ctx, int dir)
{
	struct stat st;
	bool found = false;

	if (fstat(dir, &st) < 0 || was_swept(ctx, &st))
		return false;
	DIR *names = list(dir);
	for (const struct dirent *entry; names && !found && (entry = readdir(names));)
		found = is_temp(entry->d_name);
	if (names)
		closedir(names);
	return found;
}

void sc_sweep(struct spicecfg_ctx *ctx, int dir, const char *shown)
{
	struct stat st;

	if (fstat(dir, &st) < 0 || was_swept(ctx, &st))
		return;
	remember(ctx, &st);
	DIR *names = list(dir);
	for (const struct dirent *entry; names && (entry = readdir(names));)
		if (is_temp(entry->d_name))
			sweep_one(ctx, dir, &st, entry->d_name, shown);
	if (names)
		closedir(names);
}

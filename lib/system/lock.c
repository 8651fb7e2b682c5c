/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "system/clock.h"

#define LOCK_DIR "/run/spicecfg"
#define LOCK_FILE LOCK_DIR "/lock"

static enum spicecfg_status wait_for(struct spicecfg_ctx *ctx, const char *what, int fd)
{
	const struct timespec pause = {0, 10 * 1000 * 1000};
	int64_t end = sc_clock_ms() + ctx->lock_wait_ms;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "%s can't be locked: %s", what, strerror(errno));
		if (sc_interrupted(ctx))
			return sc_fail(ctx, SPICECFG_INTERRUPTED, NULL, "interrupted");
		if (sc_clock_ms() >= end)
			return sc_fail(ctx, SPICECFG_SYSTEM, "Try again, or wait longer with --wait-lock.",
				       "another spicecfg is at work (lock on %s)", what);
		nanosleep(&pause, NULL);
	}
	return SPICECFG_OK;
}

static enum spicecfg_status lock_opened(struct spicecfg_ctx *ctx, const char *what, int opened, int *fd)
{
	if (opened < 0)
		return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "the lock on %s can't be opened: %s", what, strerror(errno));
	enum spicecfg_status status = wait_for(ctx, what, opened);
	if (status)
		close(opened);
	else
		*fd = opened;
	return status;
}

struct place {
	const char *dir;
	int fd, error;
	struct stat st;
};

static int by_inode(const void *a, const void *b)
{
	const struct stat *x = &((const struct place *)a)->st, *y = &((const struct place *)b)->st;

	if (x->st_dev != y->st_dev)
		return x->st_dev < y->st_dev ? -1 : 1;
	return x->st_ino == y->st_ino ? 0 : x->st_ino < y->st_ino ? -1 : 1;
}

static void open_places(struct place *places, const char *const *dirs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		places[i] = (struct place){.dir = dirs[i], .fd = open(dirs[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
		places[i].error = errno;
		if (places[i].fd >= 0)
			(void)fstat(places[i].fd, &places[i].st);
	}
	if (n)
		qsort(places, n, sizeof(*places), by_inode);
}

enum spicecfg_status sc_lock_dirs(struct spicecfg_ctx *ctx, const char *const *dirs, size_t n, int *fds)
{
	struct place *places = calloc(n + 1, sizeof(*places));
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; i < n; i++)
		fds[i] = -1;
	if (!places)
		return sc_fail_memory(ctx);
	open_places(places, dirs, n);
	for (size_t i = 0; i < n; i++) {
		/* a second lock on the same folder would wait for the first one */
		if (i && places[i].fd >= 0 && by_inode(&places[i - 1], &places[i]) == 0) {
			close(places[i].fd);
			continue;
		}
		errno = places[i].error;
		if (status)
			fds[i] = places[i].fd;
		else
			status = lock_opened(ctx, places[i].dir, places[i].fd, &fds[i]);
	}
	free(places);
	if (status)
		sc_lock_release(fds, n);
	return status;
}

void sc_lock_release(int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
}

enum spicecfg_status sc_lock_host(struct spicecfg_ctx *ctx, int *fd)
{
	*fd = -1;
	if (ctx->root)
		return sc_lock_dirs(ctx, (const char *const *)&ctx->root, 1, fd);
	if (geteuid() == 0) {
		if (mkdir(LOCK_DIR, 0755) < 0 && errno != EEXIST)
			return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "%s can't be made: %s", LOCK_DIR, strerror(errno));
		return lock_opened(ctx, LOCK_FILE, open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), fd);
	}
	const char *dir = secure_getenv("XDG_RUNTIME_DIR");
	if (!dir || *dir != '/' || access(dir, R_OK | X_OK) < 0)
		dir = secure_getenv("HOME");
	dir = dir && *dir == '/' ? dir : "/";
	return sc_lock_dirs(ctx, &dir, 1, fd);
}

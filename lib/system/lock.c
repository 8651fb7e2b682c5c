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

#define LOCK_DIR "/run/spicecfg"
#define LOCK_FILE LOCK_DIR "/lock"

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum spicecfg_status wait_for(struct spicecfg_ctx *ctx, const char *what, int fd)
{
	const struct timespec pause = {0, 10 * 1000 * 1000};
	int64_t end = now_ms() + ctx->lock_wait_ms;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "%s can't be locked: %s", what, strerror(errno));
		if (sc_interrupted(ctx))
			return sc_fail(ctx, SPICECFG_INTERRUPTED, NULL, "interrupted");
		if (now_ms() >= end)
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

enum spicecfg_status sc_lock_dir(struct spicecfg_ctx *ctx, const char *dir, int *fd)
{
	*fd = -1;
	return lock_opened(ctx, dir, open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd);
}

enum spicecfg_status sc_lock_host(struct spicecfg_ctx *ctx, int *fd)
{
	*fd = -1;
	if (ctx->root)
		return sc_lock_dir(ctx, ctx->root, fd);
	if (geteuid() == 0) {
		if (mkdir(LOCK_DIR, 0755) < 0 && errno != EEXIST)
			return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "%s can't be made: %s", LOCK_DIR, strerror(errno));
		return lock_opened(ctx, LOCK_FILE, open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), fd);
	}
	const char *dir = secure_getenv("XDG_RUNTIME_DIR");
	if (!dir || *dir != '/' || access(dir, R_OK | X_OK) < 0)
		dir = secure_getenv("HOME");
	return sc_lock_dir(ctx, dir && *dir == '/' ? dir : "/", fd);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/os/clock.h"
#include "system/os/file.h"

#define PWD_LOCK ".pwd.lock"

/* What groupadd and similar tools check besides the lock; on some systems vigr takes only these. */
static const char *const files[] = {"group.lock", "gshadow.lock"};
enum { N_FILES = sizeof(files) / sizeof(files[0]) };

struct sc_accounts_held {
	unsigned n;
	int dir; /* /etc */
	int fd;  /* of .pwd.lock */
	unsigned n_files;
};

/* lckpwdf(3) itself can only lock the host's file, and its timeout uses SIGALRM. */
static int try_lock(struct sc_accounts_held *held)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(held->fd, F_OFD_SETLK, &lock);
}

/* A process that was killed leaves its lock file behind; the shadow tools take over such a file, and so do we. */
static bool is_stale(int dir, const char *name)
{
	char text[32] = "";
	struct stat st;
	bool file = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
	int fd = file ? openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	long pid = n > 0 ? strtol(text, NULL, 10) : 0;
	return pid > 0 && kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

static int try_file(int dir, const char *name)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%ld", (long)getpid());
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 && errno == EEXIST && is_stale(dir, name)) {
		(void)unlinkat(dir, name, 0);
		fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	}
	if (fd < 0)
		return -1;
	/* with its NUL, as the shadow tools write it */
	bool written = write(fd, text, (size_t)len + 1) == len + 1;
	close(fd);
	if (!written)
		(void)unlinkat(dir, name, 0);
	return written ? 0 : -1;
}

/* The lock first: once it is held, only programs that don't know it can hold the files. *busy: the name of what another process holds. */
static int try_all(struct sc_accounts_held *held, const char **busy)
{
	*busy = PWD_LOCK;
	if (!held->n && try_lock(held) < 0)
		return -1;
	held->n = 1;
	while (held->n_files < N_FILES) {
		*busy = files[held->n_files];
		if (try_file(held->dir, *busy) < 0)
			return -1;
		held->n_files++;
	}
	return 0;
}

static bool is_busy(void)
{
	return errno == EAGAIN || errno == EACCES || errno == EEXIST || errno == EINTR;
}

static enum spicecfg_status wait_for(struct spicecfg_ctx *ctx, struct sc_accounts_held *held)
{
	int64_t end = sc_clock_ms() + ctx->lock_wait_ms;
	enum spicecfg_status status = SPICECFG_OK;
	const char *busy;

	while (!status && try_all(held, &busy) < 0)
		status = is_busy() ? sc_clock_wait(ctx, end, "another program is changing the accounts (lock on /etc/%s)", busy)
				   : sc_fail(ctx, SPICECFG_SYSTEM, NULL, "the lock on /etc/%s can't be taken: %s", busy, strerror(errno));
	return status;
}

static void release(struct sc_accounts_held *held)
{
	while (held->n_files > 0)
		(void)unlinkat(held->dir, files[--held->n_files], 0);
	if (held->fd >= 0)
		close(held->fd);
	if (held->dir >= 0)
		close(held->dir);
	free(held);
}

/* Opening a FIFO would block, and opening a device may have side effects. */
static int open_lock(int dir)
{
	struct stat st;

	if (fstatat(dir, PWD_LOCK, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	return openat(dir, PWD_LOCK, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
}

enum spicecfg_status sc_accounts_lock(struct spicecfg_ctx *ctx)
{
	struct sc_accounts_held *held = ctx->accounts;

	if (held) {
		held->n++;
		return SPICECFG_OK;
	}
	held = calloc(1, sizeof(*held));
	if (!held)
		return sc_fail_memory(ctx);
	held->dir = sc_file_open(ctx, "/etc", O_RDONLY | O_DIRECTORY);
	held->fd = held->dir < 0 ? -1 : open_lock(held->dir);
	enum spicecfg_status status = held->fd >= 0 ? wait_for(ctx, held)
						    : sc_fail(ctx, SPICECFG_SYSTEM, errno == EACCES ? "Run it as root." : NULL,
							      "/etc/" PWD_LOCK " can't be opened: %s",
							      errno == EINVAL ? "it is not a regular file" : strerror(errno));
	if (status)
		release(held);
	else
		ctx->accounts = held;
	return status;
}

void sc_accounts_unlock(struct spicecfg_ctx *ctx)
{
	struct sc_accounts_held *held = ctx->accounts;

	if (!held || --held->n > 0)
		return;
	release(held);
	ctx->accounts = NULL;
}

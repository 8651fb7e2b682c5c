/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/os/clock.h"
#include "system/os/lock_place.h"
#include "system/os/rename.h"

#define OLD_LOCK "lock"

struct held {
	char name[SC_LOCK_NAME]; /* "": not a lock file of ours: only close it */
	int fd;
};

struct sc_locks {
	int place; /* -1: none */
	size_t n;
	struct held held[];
};

bool sc_lock_key_dir(struct sc_lock_key *key, int dir, const char *what)
{
	struct stat st;

	*key = (struct sc_lock_key){.what = what, .dir = dir};
	if (fstat(dir, &st) < 0)
		return false;
	snprintf(key->name, sizeof(key->name), "dir-%jx-%jx", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return true;
}

void sc_lock_key_definition(struct sc_lock_key *key, const char *uri, const char *uuid, const char *what)
{
	*key = (struct sc_lock_key){.what = what, .dir = -1};
	snprintf(key->name, sizeof(key->name), "vm-%016" PRIx64 "-%016" PRIx64, sc_name_sum(uri), sc_name_sum(uuid));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct sc_lock_key *)a)->name, ((const struct sc_lock_key *)b)->name);
}

/* Waits briefly; not SPICECFG_OK: give up. pid: the holder, 0: unknown. */
static enum spicecfg_status wait_more(struct spicecfg_ctx *ctx, const char *what, long pid, int64_t end)
{
	char who[48] = "";

	if (pid > 0)
		snprintf(who, sizeof(who), " (process %ld)", pid);
	return sc_clock_wait(ctx, end, "another spicecfg%s is working on %s", who, what);
}

static long read_pid(int fd)
{
	char text[24] = "";

	return pread(fd, text, sizeof(text) - 1, 0) > 0 ? strtol(text, NULL, 10) : 0;
}

static void write_pid(int fd)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	/* without it only a message lacks the pid */
	if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)len, 0) != len)
		return;
}

/* The holder of a lock removes its file: make sure that the locked file still has that name. */
static bool is_current(int place, const char *name, int fd)
{
	struct stat ours, now;

	return fstat(fd, &ours) == 0 && fstatat(place, name, &now, AT_SYMLINK_NOFOLLOW) == 0 && ours.st_ino == now.st_ino &&
	       ours.st_dev == now.st_dev;
}

static enum spicecfg_status lock_file(struct spicecfg_ctx *ctx, int place, const char *name, const char *what, int64_t end, int *out)
{
	for (;;) {
		long pid = 0;
		int fd = openat(place, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);

		if (fd < 0)
			return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "the lock on %s can't be opened: %s", what, strerror(errno));
		bool got = flock(fd, LOCK_EX | LOCK_NB) == 0;
		if (got && is_current(place, name, fd)) {
			write_pid(fd);
			*out = fd;
			return SPICECFG_OK;
		}
		int error = got ? EWOULDBLOCK : errno;
		if (!got)
			pid = read_pid(fd);
		close(fd);
		if (error != EWOULDBLOCK && error != EINTR)
			return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "%s can't be locked: %s", what, strerror(error));
		enum spicecfg_status status = got ? SPICECFG_OK : wait_more(ctx, what, pid, end);
		if (status)
			return status;
	}
}

/* For an account without a lock directory of its own; never for root. */
static enum spicecfg_status lock_directory(struct spicecfg_ctx *ctx, const struct sc_lock_key *key, int64_t end, int *out)
{
	int fd = key->dir < 0 ? -1 : openat(key->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum spicecfg_status status = SPICECFG_OK;

	while (fd >= 0 && !status && flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		status = wait_more(ctx, key->what, 0, end);
	*out = fd;
	return status;
}

static enum spicecfg_status take_one(struct spicecfg_ctx *ctx, struct sc_locks *locks, const struct sc_lock_key *key, int64_t end)
{
	struct held *held = &locks->held[locks->n];

	*held = (struct held){.fd = -1};
	enum spicecfg_status status = locks->place < 0 ? lock_directory(ctx, key, end, &held->fd)
						       : lock_file(ctx, locks->place, key->name, key->what, end, &held->fd);
	if (!status && locks->place >= 0)
		memcpy(held->name, key->name, sizeof(held->name));
	locks->n += held->fd >= 0;
	return status;
}

static enum spicecfg_status take_old(struct spicecfg_ctx *ctx, struct sc_locks *locks, int64_t end)
{
	int parent = sc_lock_place_old();

	if (parent < 0)
		return SPICECFG_OK;
	struct held *held = &locks->held[locks->n];
	*held = (struct held){.fd = -1};
	enum spicecfg_status status = lock_file(ctx, parent, OLD_LOCK, "this host", end, &held->fd);
	locks->n += !status;
	close(parent);
	return status;
}

enum spicecfg_status sc_locks_take(struct spicecfg_ctx *ctx, struct sc_lock_key *keys, size_t n, bool host, struct sc_locks **out)
{
	struct sc_locks *locks = calloc(1, sizeof(*locks) + (n + 1) * sizeof(*locks->held));
	int64_t end = sc_clock_ms() + ctx->lock_wait_ms;

	*out = NULL;
	if (!locks)
		return sc_fail_memory(ctx);
	enum spicecfg_status status = sc_lock_place(ctx, &locks->place);
	if (n)
		qsort(keys, n, sizeof(*keys), by_name);
	if (!status && host)
		status = take_old(ctx, locks, end);
	for (size_t i = 0; i < n && !status; i++)
		if (!i || by_name(&keys[i - 1], &keys[i]) != 0)
			status = take_one(ctx, locks, &keys[i], end);
	if (status)
		sc_locks_release(locks);
	else
		*out = locks;
	return status;
}

void sc_locks_release(struct sc_locks *locks)
{
	if (!locks)
		return;
	while (locks->n) {
		struct held *held = &locks->held[--locks->n];

		if (*held->name)
			(void)unlinkat(locks->place, held->name, 0);
		close(held->fd);
	}
	if (locks->place >= 0)
		close(locks->place);
	free(locks);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/lock_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Returns fd if the directory is ours and nobody else may write to it; otherwise closes fd and returns -1. */
static int only_ours(int fd)
{
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & 022))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

/* Opens the directory name in at, and closes at; creates it if missing, whatever the umask is. */
static int enter(int at, const char *name, mode_t mode)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	bool made = false;

	if (at < 0)
		return -1;
	int fd = openat(at, name, flags);
	if (fd < 0 && errno == ENOENT) {
		made = mkdirat(at, name, mode) == 0;
		fd = made || errno == EEXIST ? openat(at, name, flags) : -1;
	}
	int error = errno;
	close(at);
	errno = error;
	if (made && fd >= 0)
		(void)fchmod(fd, mode);
	return only_ours(fd);
}

static int open_dir(const char *path)
{
	return path && *path == '/' ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

int sc_lock_place_old(void)
{
	return geteuid() == 0 ? enter(open_dir("/run"), "spicecfg", 0755) : -1;
}

static int open_users(void)
{
	int fd = enter(only_ours(open_dir(secure_getenv("XDG_RUNTIME_DIR"))), "spicecfg", 0700);

	if (fd < 0)
		fd = enter(only_ours(open_dir(secure_getenv("XDG_STATE_HOME"))), "spicecfg", 0700);
	if (fd < 0) {
		fd = enter(only_ours(open_dir(secure_getenv("HOME"))), ".local", 0700);
		fd = enter(enter(fd, "state", 0700), "spicecfg", 0700);
	}
	return enter(fd, "locks", 0700);
}

enum spicecfg_status sc_lock_place(struct spicecfg_ctx *ctx, int *fd)
{
	*fd = geteuid() == 0 ? enter(sc_lock_place_old(), "locks", 0700) : -1;
	/* root of a user namespace may not write to /run */
	if (*fd < 0)
		*fd = open_users();
	if (*fd >= 0 || geteuid() != 0)
		return SPICECFG_OK;
	return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "the lock directory /run/spicecfg/locks can't be created: %s", strerror(errno));
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/own_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_quietly(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

int sc_own_dir_open(const char *path)
{
	if (path && *path == '/')
		return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	errno = ENOENT;
	return -1;
}

int sc_own_dir_enter(int at, const char *name, mode_t mode, bool durable)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

	if (at < 0)
		return -1;
	int fd = openat(at, name, flags);
	/* another process may make it at the same time */
	if (fd < 0 && errno == ENOENT && mode && (mkdirat(at, name, mode) == 0 || errno == EEXIST)) {
		fd = openat(at, name, flags);
		if (fd >= 0 && (fchmod(fd, mode) < 0 || (durable && fsync(at) < 0))) {
			close_quietly(fd);
			fd = -1;
		}
	}
	close_quietly(at);
	return fd;
}

int sc_own_dir_check(int fd)
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

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/helper.h"

int sc_tempdir_make(struct sc_tempdir *dir)
{
	/* /run and /dev/shm are memory: passwords do not reach a disk. */
	static const char *const places[] = {"/run", "/dev/shm", "/tmp"};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(dir->path, sizeof(dir->path), "%s/spicecfg-XXXXXX", places[i]);
		if (mkdtemp(dir->path))
			return 0;
	}
	dir->path[0] = '\0';
	return -1;
}

static void wipe_file(int at, const char *name)
{
	static const char zeros[4096];
	struct stat st;
	int fd = openat(at, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		for (off_t done = 0; done < st.st_size; done += (off_t)sizeof(zeros))
			if (pwrite(fd, zeros, sizeof(zeros), done) < 0)
				break;
	if (fd >= 0)
		close(fd);
	unlinkat(at, name, 0);
}

void sc_tempdir_remove(struct sc_tempdir *dir)
{
	DIR *list = dir->path[0] ? opendir(dir->path) : NULL;

	for (struct dirent *entry; list && (entry = readdir(list));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			wipe_file(dirfd(list), entry->d_name);
	if (list)
		closedir(list);
	if (dir->path[0])
		rmdir(dir->path);
	dir->path[0] = '\0';
}

static int open_in(const struct sc_tempdir *dir, const char *name, int flags)
{
	char path[sizeof(dir->path) + 64];

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir->path, name) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

bool sc_tempdir_write(const struct sc_tempdir *dir, const char *name, const void *data, size_t len)
{
	int fd = open_in(dir, name, O_WRONLY | O_CREAT | O_TRUNC);
	size_t done = 0;

	while (fd >= 0 && done < len) {
		ssize_t n = write(fd, (const char *)data + done, len - done);

		if (n < 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	return fd >= 0 && close(fd) == 0 && done == len;
}

bool sc_tempdir_read(const struct sc_tempdir *dir, const char *name, struct sc_buf *out)
{
	int fd = open_in(dir, name, O_RDONLY);
	char chunk[4096];
	ssize_t n = -1;

	if (fd < 0)
		return false;
	while ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			sc_buf_add(out, chunk, (size_t)n);
	explicit_bzero(chunk, sizeof(chunk));
	close(fd);
	return n == 0 && !out->failed;
}

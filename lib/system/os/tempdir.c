/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "system/os/file.h"
#include "system/os/helper.h"

#define PREFIX "spicecfg-secret-"

enum { YOUNG_SECONDS = 2 };

static void wipe_file(int at, const char *name)
{
	static const char zeros[4096];
	struct stat st;
	/* what is not a file, or has another name, is not ours: it may be part of the tree */
	bool ours = fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1;
	int fd = ours ? openat(at, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;

	for (off_t done = 0; fd >= 0 && done < st.st_size; done += (off_t)sizeof(zeros))
		if (pwrite(fd, zeros, sizeof(zeros), done) < 0)
			break;
	if (fd >= 0)
		close(fd);
	unlinkat(at, name, 0);
}

/* Counts the files in the open directory; with wipe removes each. */
static size_t count(int dir, bool wipe)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	size_t n = 0;

	if (!list && fd >= 0)
		close(fd);
	for (const struct dirent *entry; list && (entry = readdir(list));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		n++;
		if (wipe)
			wipe_file(dir, entry->d_name);
	}
	if (list)
		closedir(list);
	return n;
}

/* A directory of ours whose lock nobody holds: its process was killed. A new one without files may not have been locked yet. */
static bool is_left_behind(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == geteuid() && (time(NULL) - st.st_ctime > YOUNG_SECONDS || count(fd, false)) &&
	       flock(fd, LOCK_EX | LOCK_NB) == 0;
}

/* ctx NULL: nothing is logged. */
static void sweep(struct spicecfg_ctx *ctx, const char *place, const char *shown)
{
	DIR *list = opendir(place);

	for (const struct dirent *entry; list && (entry = readdir(list));) {
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0 || strlen(entry->d_name) != strlen(PREFIX "XXXXXX"))
			continue;
		int fd = openat(dirfd(list), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 && is_left_behind(fd)) {
			bool held = count(fd, true) > 0;
			if (unlinkat(dirfd(list), entry->d_name, AT_REMOVEDIR) != 0 && ctx)
				sc_log(ctx, SPICECFG_LOG_WARNING,
				       "%s/%s: can't be removed: %s; a killed spicecfg left it, and it may contain passwords", shown,
				       entry->d_name, strerror(errno));
			else if (held && ctx)
				sc_log(ctx, SPICECFG_LOG_WARNING,
				       "%s/%s: removed; a killed spicecfg left it, and it may have contained passwords", shown,
				       entry->d_name);
		}
		if (fd >= 0)
			close(fd);
	}
	if (list)
		closedir(list);
}

/* Creates it in the directory place, after sweeping that. */
static int make(struct spicecfg_ctx *ctx, struct sc_tempdir *dir, const char *place, const char *shown)
{
	sweep(ctx, place, shown);
	snprintf(dir->path, sizeof(dir->path), "%s/" PREFIX "XXXXXX", place);
	dir->lock = mkdtemp(dir->path) ? open(dir->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (dir->lock >= 0 && flock(dir->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	int saved = errno;
	sc_tempdir_remove(dir);
	errno = saved;
	return -1;
}

static int make_on_host(struct spicecfg_ctx *ctx, struct sc_tempdir *dir)
{
	/* /run and /dev/shm are in memory: passwords don't reach a disk. */
	static const char *const places[] = {"/run", "/dev/shm", "/tmp"};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (make(ctx, dir, places[i], places[i]) == 0)
			return 0;
	return -1;
}

void sc_tempdir_sweep(struct spicecfg_ctx *ctx)
{
	sweep(ctx, "/run", "/run");
	sweep(ctx, "/dev/shm", "/dev/shm");
}

int sc_tempdir_make(struct sc_tempdir *dir)
{
	return make_on_host(NULL, dir);
}

int sc_tempdir_make_in(struct spicecfg_ctx *ctx, struct sc_tempdir *dir)
{
	return make_on_host(ctx, dir);
}

void sc_tempdir_remove(struct sc_tempdir *dir)
{
	if (dir->path[0] && dir->lock >= 0) {
		(void)count(dir->lock, true);
		close(dir->lock);
	}
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

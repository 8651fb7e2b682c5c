/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/file_root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 };

struct walk {
	int root;
	bool follow_last;
	int links;
	char done[PATH_MAX]; /* resolved: "etc/libvirt", no link in it; "" is the root */
	char left[PATH_MAX]; /* still to go */
};

static void drop_last(char *done)
{
	char *slash = strrchr(done, '/');

	*(slash ? slash : done) = '\0';
}

/* Takes the first component off left; false when there is none. */
static bool next(struct walk *walk, char name[NAME_MAX + 1])
{
	const char *p = walk->left + strspn(walk->left, "/");
	size_t len = strcspn(p, "/");

	if (!len || len > NAME_MAX)
		return false;
	memcpy(name, p, len);
	name[len] = '\0';
	memmove(walk->left, p + len, strlen(p + len) + 1);
	return true;
}

static int follow(struct walk *walk, const char *link)
{
	char target[PATH_MAX], rest[PATH_MAX];
	ssize_t len = readlinkat(walk->root, link, target, sizeof(target) - 1);

	if (len < 0)
		return -1;
	target[len] = '\0';
	snprintf(rest, sizeof(rest), "%s", walk->left);
	int total = snprintf(walk->left, sizeof(walk->left), "%s/%s", target, rest);
	if (++walk->links > LINKS_MAX || total < 0 || (size_t)total >= sizeof(walk->left)) {
		errno = ELOOP;
		return -1;
	}
	if (target[0] == '/')
		walk->done[0] = '\0';
	return 0;
}

static int step(struct walk *walk, const char *name)
{
	char here[PATH_MAX];
	struct stat st;
	bool last = !walk->left[strspn(walk->left, "/")];

	if (strcmp(name, ".") == 0)
		return 0;
	if (strcmp(name, "..") == 0) {
		drop_last(walk->done);
		return 0;
	}
	int len = snprintf(here, sizeof(here), "%s%s%s", walk->done, *walk->done ? "/" : "", name);
	if (len < 0 || (size_t)len >= sizeof(here)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (fstatat(walk->root, here, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode) && (!last || walk->follow_last))
		return follow(walk, here);
	memcpy(walk->done, here, (size_t)len + 1);
	return 0;
}

/* Opens what was resolved, following nothing. */
static int open_done(const struct walk *walk, int flags)
{
	const char *p = walk->done;
	int at = dup(walk->root);

	while (at >= 0) {
		char name[NAME_MAX + 1];
		size_t len = strcspn(p, "/");
		bool last = !p[len];

		snprintf(name, sizeof(name), "%.*s", (int)len, len ? p : ".");
		int fd =
		    openat(at, len ? name : ".", last ? flags | O_NOFOLLOW | O_CLOEXEC : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
		int saved = errno;
		close(at);
		errno = saved;
		if (last)
			return fd;
		at = fd;
		p += len + 1;
	}
	return -1;
}

int sc_file_open_in_root(int root, const char *path, int flags)
{
	struct walk walk = {.root = root, .follow_last = !(flags & O_NOFOLLOW)};
	char name[NAME_MAX + 1];

	if (strlen(path) >= sizeof(walk.left)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(walk.left, path, strlen(path) + 1);
	while (next(&walk, name))
		if (step(&walk, name) < 0)
			return -1;
	return open_done(&walk, flags);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/file_root.h"

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
	struct sc_resolved *judged; /* links are followed depending on their owners; NULL: all are followed */
	int links;
	char done[PATH_MAX]; /* resolved: "etc/libvirt", no link in it; "" is the root */
	char left[PATH_MAX]; /* still to be resolved */
};

static void drop_last(char *done)
{
	char *slash = strrchr(done, '/');

	*(slash ? slash : done) = '\0';
}

/* Removes the first component from left; false if there is none, or it is longer than a name can be: it stays then. */
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

static bool is_ours(uid_t uid)
{
	return uid == 0 || uid == geteuid();
}

/* With fs.protected_hardlinks off anybody can give another name to a link of root. */
static bool is_trusted(const struct walk *walk, const struct stat *link)
{
	struct stat dir;

	if (!is_ours(link->st_uid))
		return false;
	if (link->st_nlink == 1)
		return true;
	return fstatat(walk->root, *walk->done ? walk->done : ".", &dir, AT_SYMLINK_NOFOLLOW) == 0 && is_ours(dir.st_uid) &&
	       !(dir.st_mode & 022);
}

static int judge(struct walk *walk, const char *here, const struct stat *link)
{
	struct sc_resolved *out = walk->judged;

	if (!out || out->all || is_trusted(walk, link))
		return 0;
	out->foreign = true;
	out->owner = link->st_uid;
	snprintf(out->link, sizeof(out->link), "%s", here);
	errno = ELOOP;
	return -1;
}

/* After a missing component nothing can be examined; false: nothing was missing. */
static bool is_missing(struct walk *walk, int looked)
{
	if (!walk->judged || (looked == 0 && !walk->judged->missing))
		return false;
	if (!walk->judged->missing)
		walk->judged->exists = strlen(walk->done);
	return walk->judged->missing = true;
}

static int step(struct walk *walk, const char *name)
{
	char here[PATH_MAX];
	struct stat st;
	bool last = !walk->left[strspn(walk->left, "/")];

	if (strcmp(name, ".") == 0)
		return 0;
	if (strcmp(name, "..") == 0) {
		if (walk->judged && walk->judged->missing) {
			errno = ENOENT;
			return -1;
		}
		drop_last(walk->done);
		return 0;
	}
	int len = snprintf(here, sizeof(here), "%s%s%s", walk->done, *walk->done ? "/" : "", name);
	if (len < 0 || (size_t)len >= sizeof(here)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	int looked = fstatat(walk->root, here, &st, AT_SYMLINK_NOFOLLOW);
	if (walk->judged && looked < 0 && errno != ENOENT)
		return -1;
	if (!is_missing(walk, looked) && looked == 0 && S_ISLNK(st.st_mode) && (!last || walk->follow_last))
		return judge(walk, here, &st) < 0 ? -1 : follow(walk, here);
	memcpy(walk->done, here, (size_t)len + 1);
	return 0;
}

int sc_file_open_resolved(int root, const char *path, size_t total, int flags)
{
	const char *p = path, *end = path + total;
	int at = dup(root);

	while (at >= 0) {
		char name[NAME_MAX + 1];
		const char *slash = memchr(p, '/', (size_t)(end - p));
		size_t len = (size_t)((slash ? slash : end) - p);
		bool last = !slash;

		snprintf(name, sizeof(name), "%.*s", (int)len, p);
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

static int resolve(struct walk *walk, const char *path)
{
	char name[NAME_MAX + 1];

	if (strlen(path) >= sizeof(walk->left)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(walk->left, path, strlen(path) + 1);
	while (next(walk, name))
		if (step(walk, name) < 0)
			return -1;
	if (walk->left[strspn(walk->left, "/")]) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

int sc_file_open_in_root(int root, const char *path, int flags)
{
	struct walk walk = {.root = root, .follow_last = !(flags & O_NOFOLLOW)};

	if (resolve(&walk, path) < 0)
		return -1;
	return sc_file_open_resolved(root, walk.done, strlen(walk.done), flags);
}

int sc_file_resolve(int root, const char *path, bool follow_last, struct sc_resolved *out)
{
	struct walk walk = {.root = root, .follow_last = follow_last, .judged = out};

	out->missing = out->foreign = false;
	if (resolve(&walk, path) < 0)
		return -1;
	memcpy(out->path, walk.done, sizeof(out->path));
	if (!out->missing)
		out->exists = strlen(out->path);
	return 0;
}

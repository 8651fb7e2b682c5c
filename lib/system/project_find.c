/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which project file counts, and whether the one who wrote it may decide what a check says. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/file.h"
#include "system/ini.h"
#include "system/project.h"

enum { MAX_DEPTH = 40, ROOM = 16 * 1024 };

/* The caller and root; and who called sudo, whom only root can believe that. As git does it. */
static bool is_trusted(uid_t uid)
{
	const char *sudo = getenv("SUDO_UID");
	char *end;

	if (uid == 0 || uid == getuid())
		return true;
	if (geteuid() != 0 || !sudo || *sudo < '0' || *sudo > '9')
		return false;
	unsigned long caller = strtoul(sudo, &end, 10);
	return !*end && caller == uid;
}

/* With a umask of 002 everything is writable for the group: for one that the owner has alone that says nothing. */
static bool is_private_group(uid_t uid, gid_t gid)
{
	char room[ROOM];
	struct passwd user, *found_user = NULL;
	struct group group, *found_group = NULL;

	if (getpwuid_r(uid, &user, room, sizeof(room), &found_user) != 0 || !found_user || user.pw_gid != gid)
		return false;
	char *name = strdup(user.pw_name);
	bool only = name && getgrgid_r(gid, &group, room, sizeof(room), &found_group) == 0 && found_group;
	for (char **member = only ? group.gr_mem : NULL; member && *member; member++)
		only &= strcmp(*member, name) == 0;
	free(name);
	return only;
}

/* Why a file of others is left alone; NULL: it counts. */
static const char *distrust(struct sc_arena *memory, const struct stat *st)
{
	const char *why = NULL;

	if (!S_ISREG(st->st_mode))
		why = sc_arena_strdup(memory, "it is not a regular file");
	else if (!is_trusted(st->st_uid))
		why = sc_arena_printf(memory, "it belongs to another account (uid %lu)", (unsigned long)st->st_uid);
	else if (st->st_mode & S_IWOTH)
		why = sc_arena_printf(memory, "everybody may write to it (mode %04o)", st->st_mode & 07777U);
	else if (st->st_mode & S_IWGRP && st->st_gid != 0 && !is_private_group(st->st_uid, st->st_gid))
		why = sc_arena_printf(memory, "group %lu may write to it (mode %04o)", (unsigned long)st->st_gid, st->st_mode & 07777U);
	else
		return NULL;
	return why ? why : "memory is short";
}

/* How many directories stand above the working directory. */
static int directories_above(void)
{
	char *cwd = getcwd(NULL, 0);
	int count = 0;

	for (const char *c = cwd; c && *c; c++)
		count += *c == '/' && c[1];
	free(cwd);
	return count < MAX_DEPTH ? count : MAX_DEPTH - 1;
}

/* The way up to the directory that holds a .git of somebody trusted: 0, or how often "../"; -1: there is none. */
static int repository_depth(void)
{
	char path[3 * MAX_DEPTH + 8] = "";
	int above = directories_above();
	struct stat st;

	for (int depth = 0; depth <= above; depth++) {
		size_t len = 3 * (size_t)depth;

		memcpy(path + len, ".git", 5);
		if (lstat(path, &st) == 0 && is_trusted(st.st_uid))
			return depth;
		memcpy(path + len, "../", 4);
	}
	return -1;
}

static const char *search(struct sc_arena *memory)
{
	char path[3 * MAX_DEPTH + 32] = "";
	struct stat st;

	if (lstat(SC_PROJECT_FILE, &st) == 0)
		return SC_PROJECT_FILE;
	int top = repository_depth();
	for (int depth = 1; depth <= top; depth++) {
		memcpy(path + 3 * (size_t)(depth - 1), "../" SC_PROJECT_FILE, sizeof("../" SC_PROJECT_FILE));
		if (lstat(path, &st) == 0)
			return sc_arena_strdup(memory, path);
	}
	return NULL;
}

static enum spicecfg_status fail_open(struct spicecfg_ctx *ctx, const char *file, const char *why)
{
	return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){.file = file}, "Give a regular file that can be read.", "%s", why);
}

/* What is looked at first is opened without a touch: a device may do something when it is opened, a FIFO waits. */
static bool is_regular(const char *file, struct stat *st)
{
	int fd = open(file, O_PATH | O_CLOEXEC);
	bool regular = fd >= 0 && fstat(fd, st) == 0 && S_ISREG(st->st_mode);

	if (fd >= 0)
		close(fd);
	return regular;
}

enum spicecfg_status sc_project_find(struct spicecfg_ctx *ctx, const char *file, struct sc_arena *memory, struct sc_buf *bytes,
				     struct sc_project *out)
{
	struct stat st, link;

	out->file = file ? file : search(memory);
	if (!out->file)
		return SPICECFG_OK;
	bool regular = is_regular(out->file, &st);
	if (!file && lstat(out->file, &link) == 0) {
		/* A link is its owner's word for the file. */
		out->ignored = S_ISLNK(link.st_mode) && !is_trusted(link.st_uid) ? "it is a link of another account"
			       : S_ISLNK(link.st_mode) && !regular               ? "it is a link to no regular file"
			       : regular || !S_ISLNK(link.st_mode)               ? distrust(memory, regular ? &st : &link)
										 : NULL;
		if (out->ignored)
			return SPICECFG_OK;
	}
	int fd = regular ? open(out->file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
	if (fd < 0)
		return fail_open(ctx, out->file, regular || access(out->file, F_OK) != 0 ? strerror(errno) : "is not a regular file");
	enum spicecfg_status status;
	/* The one that was looked at, or another by now. */
	if (fstat(fd, &link) != 0 || !S_ISREG(link.st_mode) || link.st_dev != st.st_dev || link.st_ino != st.st_ino)
		status = fail_open(ctx, out->file, "changed while it was opened");
	else
		status = sc_file_read_stream(ctx, out->file, fd, SC_INI_SIZE_MAX, bytes);
	close(fd);
	return status;
}

bool sc_project_may_read(const char *path)
{
	struct stat st;

	/* One that is missing is told by who reads it. */
	return is_regular(path, &st) || access(path, F_OK) != 0;
}

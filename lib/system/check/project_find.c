/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which project file is used, and whether its author may decide what a check reports. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/check/project.h"
#include "system/modules/ini.h"
#include "system/os/file.h"
#include "system/os/trust.h"

enum { MAX_DEPTH = 40 };

/* The number of directories above the working directory. */
static int directories_above(void)
{
	char *cwd = getcwd(NULL, 0);
	int count = 0;

	for (const char *c = cwd; c && *c; c++)
		count += *c == '/' && c[1];
	free(cwd);
	return count < MAX_DEPTH ? count : MAX_DEPTH - 1;
}

/* The number of "../" up to the directory with a .git of a trusted owner; -1: none. */
static int repository_depth(void)
{
	char path[3 * MAX_DEPTH + 8] = "";
	int above = directories_above();
	struct stat st;

	for (int depth = 0; depth <= above; depth++) {
		size_t len = 3 * (size_t)depth;

		memcpy(path + len, ".git", 5);
		if (lstat(path, &st) == 0 && sc_trust_owner(st.st_uid))
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

/* Opened with O_PATH to be examined first: opening a device may have effects, opening a FIFO may block. */
static int look(const char *file, int flags, struct stat *st)
{
	int fd = open(file, O_PATH | O_CLOEXEC | flags);

	if (fd >= 0 && fstat(fd, st) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The target of an open link, even if the link's name was replaced meanwhile. */
static int look_behind(int link, const char *file, struct stat *st)
{
	const char *slash = strrchr(file, '/');
	char target[PATH_MAX], path[PATH_MAX];
	ssize_t len = readlinkat(link, "", target, sizeof(target) - 1);

	if (len <= 0)
		return -1;
	target[len] = '\0';
	int dir = *target != '/' && slash ? (int)(slash - file) + 1 : 0;
	return (size_t)snprintf(path, sizeof(path), "%.*s%s", dir, file, target) < sizeof(path) ? look(path, 0, st) : -1;
}

/* An open descriptor of a file that was found and is trusted; else -1 with out->ignored or errno set. */
static int look_at_found(struct sc_arena *memory, struct sc_project *out, struct stat *st)
{
	int fd = look(out->file, O_NOFOLLOW, st);

	if (fd >= 0 && S_ISLNK(st->st_mode)) {
		/* The owner of a link vouches for its target. */
		bool trusted = sc_trust_owner(st->st_uid);
		int behind = trusted ? look_behind(fd, out->file, st) : -1;

		if (!trusted)
			out->ignored = "it is a link owned by another account";
		else if (behind < 0 || !S_ISREG(st->st_mode))
			out->ignored = "it is a link to something other than a regular file";
		close(fd);
		fd = behind;
	}
	if (fd >= 0 && !out->ignored)
		out->ignored = sc_trust_why_not(memory, fd, st);
	if (fd < 0 || !out->ignored)
		return fd;
	close(fd);
	return -1;
}

static enum spicecfg_status read_it(struct spicecfg_ctx *ctx, const char *file, const struct stat *seen, struct sc_buf *bytes)
{
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	enum spicecfg_status status;
	struct stat st;

	if (fd < 0)
		return fail_open(ctx, file, strerror(errno));
	/* It may have been replaced since it was examined. */
	if (fstat(fd, &st) != 0 || st.st_dev != seen->st_dev || st.st_ino != seen->st_ino)
		status = fail_open(ctx, file, "changed while it was opened");
	else
		status = sc_file_read_stream(ctx, file, fd, SC_INI_SIZE_MAX, bytes);
	close(fd);
	return status;
}

enum spicecfg_status sc_project_find(struct spicecfg_ctx *ctx, const char *file, struct sc_arena *memory, struct sc_buf *bytes,
				     struct sc_project *out)
{
	struct stat st;

	out->file = file ? file : search(memory);
	if (!out->file)
		return SPICECFG_OK;
	int fd = file ? look(file, 0, &st) : look_at_found(memory, out, &st);
	if (out->ignored)
		return SPICECFG_OK;
	if (fd < 0)
		return fail_open(ctx, out->file, strerror(errno));
	/* held open, so that its inode number is not reused meanwhile */
	enum spicecfg_status status =
	    S_ISREG(st.st_mode) ? read_it(ctx, out->file, &st, bytes) : fail_open(ctx, out->file, "is not a regular file");
	close(fd);
	return status;
}

enum spicecfg_status sc_project_find_host(struct spicecfg_ctx *ctx, struct sc_arena *memory, struct sc_buf *bytes, struct sc_project *out)
{
	struct stat st;
	int fd = sc_file_open_regular(ctx, SC_HOST_SETTINGS, false, &st);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return SPICECFG_OK;
	const char *why = fd < 0 ? strerror(errno) : sc_trust_why_not(memory, fd, &st);
	char *path = sc_file_path(ctx, SC_HOST_SETTINGS);
	out->file = path ? sc_arena_strdup(memory, path) : NULL;
	free(path);
	if (why)
		out->ignored = sc_arena_strdup(memory, why);
	bool whole = out->file && !why == !out->ignored;
	enum spicecfg_status status = !whole ? sc_fail_memory(ctx) : SPICECFG_OK;
	if (whole && !why)
		status = sc_file_read_stream(ctx, out->file, fd, SC_INI_SIZE_MAX, bytes);
	if (fd >= 0)
		close(fd);
	return status;
}

const char *sc_project_refusal(struct sc_arena *memory, const char *path, bool found)
{
	const char *why = NULL;
	struct stat st;
	int fd = look(path, 0, &st);

	/* A missing file is reported when it is read. */
	if (fd < 0)
		return access(path, F_OK) != 0 ? NULL : "can't be examined";
	if (!S_ISREG(st.st_mode))
		why = "is not a regular file";
	else if (found && (why = sc_trust_why_not(memory, fd, &st)))
		why = sc_arena_printf(memory, "is not trusted: %s", why);
	close(fd);
	return why;
}

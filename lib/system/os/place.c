/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/why.h"
#include "system/os/file.h"
#include "system/os/file_root.h"
#include "system/os/trust.h"

static int open_top(void)
{
	return open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* The path from the top of the host. */
static int from_top(const char *path, char full[PATH_MAX])
{
	size_t at = 0;

	if (*path != '/') {
		if (!getcwd(full, PATH_MAX))
			return -1;
		at = strlen(full);
	}
	if ((size_t)snprintf(full + at, PATH_MAX - at, "%s%s", at ? "/" : "", path) < PATH_MAX - at)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

static int resolve(const char *path, bool follow_last, struct sc_resolved *out)
{
	char full[PATH_MAX];
	int top = from_top(path, full) < 0 ? -1 : open_top();

	out->foreign = out->all = false;
	if (top < 0)
		return -1;
	int result = sc_file_resolve(top, full, follow_last, out), saved = errno;
	close(top);
	errno = saved;
	return result;
}

static enum spicecfg_status fail(struct spicecfg_ctx *ctx, enum spicecfg_status status, const char *path, const struct sc_resolved *why)
{
	const struct sc_where where = {.file = path};

	if (why && why->foreign)
		return sc_fail_at(ctx, status, where, "Name the real path, or replace the link with the file itself.",
				  "/%s is a symbolic link of another account (%u), which is not followed", why->link, (unsigned)why->owner);
	if (errno == ENOENT)
		return sc_fail_at(ctx, status, where, "Check the path.", "the directory can't be opened: %s", strerror(errno));
	return sc_fail_at(ctx, status, where, sc_why_write(errno), "the directory can't be opened: %s", strerror(errno));
}

/* The path of the host that is to be checked: with a root it is the root's own. */
static const char *judged(const struct spicecfg_ctx *ctx, const char *path, bool outside)
{
	return ctx->root && !outside ? ctx->root : path;
}

enum spicecfg_status sc_place_check(struct spicecfg_ctx *ctx, const char *path, bool outside)
{
	struct sc_resolved to;

	/* other failures are reported when it is opened */
	if (resolve(judged(ctx, path, outside), true, &to) < 0 && to.foreign)
		return fail(ctx, SPICECFG_INPUT, path, &to);
	return SPICECFG_OK;
}

enum spicecfg_status sc_place_refuse_device(struct spicecfg_ctx *ctx, const char *file, const char *fix, const char *option)
{
	struct stat st;
	bool open_already = strncmp(file, "/dev/fd/", 8) == 0 || strncmp(file, "/dev/std", 8) == 0 || strncmp(file, "/proc/", 6) == 0;

	if (!open_already && (stat(file, &st) != 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return SPICECFG_OK;
	return sc_fail(ctx, SPICECFG_USAGE, fix, "%s replaces a file, and '%s' is not a regular file", option, file);
}

enum spicecfg_status sc_place_refuse_foreign(struct spicecfg_ctx *ctx, const char *file, const char *real)
{
	struct stat st;

	if (lstat(real, &st) != 0 || sc_trust_owner(st.st_uid))
		return SPICECFG_OK;
	return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){.file = file}, "Name another file, or remove this one first.",
			  "belongs to another account (%u), which would own what is written", (unsigned)st.st_uid);
}

enum spicecfg_status sc_place_file(struct spicecfg_ctx *ctx, const char *path, enum spicecfg_status unreachable, char real[PATH_MAX])
{
	const struct sc_where where = {.file = path};
	struct sc_resolved to;
	struct stat st;

	if (resolve(path, true, &to) < 0)
		return to.foreign ? fail(ctx, SPICECFG_INPUT, path, &to)
				  : sc_fail_at(ctx, unreachable, where, sc_why_read(errno), "can't be reached: %s", strerror(errno));
	const char *slash = strrchr(to.path, '/');
	if (to.missing && to.exists != (slash ? (size_t)(slash - to.path) : 0)) {
		errno = ENOENT;
		return fail(ctx, unreachable, path, NULL);
	}
	if ((size_t)snprintf(real, PATH_MAX, "/%s", to.path) >= PATH_MAX)
		return sc_fail_at(ctx, SPICECFG_INPUT, where, sc_why_write(ENAMETOOLONG), "%s", strerror(ENAMETOOLONG));
	if (!to.missing && lstat(real, &st) == 0 && !S_ISREG(st.st_mode))
		return sc_fail_at(ctx, SPICECFG_INPUT, where, "Name a regular file.",
				  S_ISDIR(st.st_mode) ? "is a directory" : "is not a regular file");
	return SPICECFG_OK;
}

/* The parent of path, and its last part. */
static int split(const char *path, char parent[PATH_MAX], const char **name)
{
	const char *slash = strrchr(path, '/');
	int len = !slash ? 1 : slash == path ? 1 : (int)(slash - path);

	*name = slash ? slash + 1 : path;
	if (len >= PATH_MAX || strlen(*name) > NAME_MAX || !**name) {
		errno = !**name ? EISDIR : ENAMETOOLONG;
		return -1;
	}
	snprintf(parent, PATH_MAX, "%.*s", len, slash ? path : ".");
	return 0;
}

/* -1: the path contains a symbolic link, whose owner has to be judged, or does not exist, or the kernel is too old. */
static int open_without_links(const char *path, int flags)
{
	struct open_how how = {.flags = (unsigned long long)(unsigned)flags, .resolve = RESOLVE_NO_SYMLINKS};

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

static int open_host(const char *path, bool above, int flags, struct sc_resolved *to)
{
	int plain = open_without_links(path, flags);

	if (plain >= 0)
		return plain;
	if (resolve(path, true, to) < 0)
		return -1;
	if (to->missing && !above) {
		errno = ENOENT;
		return -1;
	}
	int top = open_top();
	if (top < 0)
		return -1;
	int fd = sc_file_open_resolved(top, to->path, to->exists, flags), saved = errno;
	close(top);
	errno = saved;
	return fd;
}

static int open_tree(const struct spicecfg_ctx *ctx, char *path, bool above, int flags)
{
	int fd;

	while ((fd = sc_file_open(ctx, *path ? path : "/", flags)) < 0 && above && errno == ENOENT && *path)
		*strrchr(path, '/') = '\0';
	return fd;
}

static enum spicecfg_status open_dir(struct spicecfg_ctx *ctx, const char *path, bool outside, bool above, int *fd)
{
	int flags = O_DIRECTORY | O_CLOEXEC | (above ? O_PATH : O_RDONLY);
	char parent[PATH_MAX];
	const char *name;
	struct sc_resolved to;

	to.foreign = false;
	*fd = -1;
	if (split(path, parent, &name) < 0)
		return fail(ctx, SPICECFG_SYSTEM, path, NULL);
	if (!ctx->root || outside)
		*fd = open_host(parent, above, flags, &to);
	else if (resolve(ctx->root, true, &to) == 0)
		*fd = open_tree(ctx, parent, above, flags);
	return *fd < 0 ? fail(ctx, SPICECFG_SYSTEM, path, &to) : SPICECFG_OK;
}

enum spicecfg_status sc_place_open(struct spicecfg_ctx *ctx, const char *path, bool outside, const char **name, int *fd)
{
	const char *slash = strrchr(path, '/');

	*name = slash ? slash + 1 : path;
	return open_dir(ctx, path, outside, false, fd);
}

enum spicecfg_status sc_place_above(struct spicecfg_ctx *ctx, const char *path, bool outside, int *fd)
{
	return open_dir(ctx, path, outside, true, fd);
}

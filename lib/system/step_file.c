/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file is replaced by exchanging it with a finished temp file: at every moment the old or the new file is in place, and the old one is
 * kept until the commit ends. New files are renamed into place without replacing, removed ones are renamed away.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "system/commit.h"
#include "system/place.h"
#include "system/rename.h"

struct run {
	int dir; /* the parent */
	char name[NAME_MAX + 1];
	char temp[SC_TEMP_NAME];
	char aside[SC_TEMP_NAME]; /* the old file for a moment, where names can't be exchanged */
	bool has_temp, applied;
	struct stat old; /* st_nlink 0: did not exist */
};

static enum spicecfg_status fail_errno(struct spicecfg_ctx *ctx, const struct sc_step *step, const char *what)
{
	const char *mend = errno == EACCES || errno == EPERM ? "Run it as a user who may write there." : NULL;

	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, mend, "%s: %s", what, strerror(errno));
}

/* What should stand at the path now; NULL: nothing. */
static const char *expected(const struct sc_step *step, size_t *len)
{
	*len = step->redirected ? step->there_len : step->old_len;
	return step->redirected ? step->there : step->old;
}

static bool existed(const struct sc_step *step)
{
	size_t len;

	return expected(step, &len) != NULL;
}

static enum spicecfg_status open_parent(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run)
{
	const char *name;
	enum spicecfg_status status = sc_place_open(ctx, step->path, step->outside, &name, &run->dir);

	if (status)
		return status;
	snprintf(run->name, sizeof(run->name), "%s", name);
	sc_temp_name(run->name, run->temp);
	sc_aside_name(run->name, run->aside);
	return SPICECFG_OK;
}

static bool same_bytes(int fd, const char *bytes, size_t len)
{
	char chunk[16 * 1024];
	size_t done = 0;
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0) {
		if ((size_t)n > len - done || memcmp(bytes + done, chunk, (size_t)n) != 0)
			break;
		done += (size_t)n;
	}
	explicit_bzero(chunk, sizeof(chunk));
	return n == 0 && done == len;
}

/* The old file as the plan knows it? *fd is open on it (-1: there is none, and there should be none). */
static enum spicecfg_status verify_old(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run, int *fd, bool *stale)
{
	size_t len;
	const char *bytes = expected(step, &len);

	/* looked at first: to open a device may do something */
	if (fstatat(run->dir, run->name, &run->old, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(run->old.st_mode))
		return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, "Put the file itself in its place.",
				  S_ISLNK(run->old.st_mode) ? "is a symbolic link, which is not written through" : "is not a regular file");
	*fd = openat(run->dir, run->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0 && errno != ENOENT)
		return fail_errno(ctx, step, "can't be opened");
	bool same = *fd < 0 ? !bytes : bytes && fstat(*fd, &run->old) == 0 && S_ISREG(run->old.st_mode) && same_bytes(*fd, bytes, len);
	if (same)
		return SPICECFG_OK;
	*stale = true;
	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, "Try again.",
			  "somebody else changed the file meanwhile");
}

static enum spicecfg_status copy_xattrs(struct spicecfg_ctx *ctx, struct sc_step *step, int from, int to)
{
	char names[16 * 1024], value[64 * 1024];

	/* The folder's default ACL came with the new file; the old one may have none, and its readers stay who they were. */
	if (fremovexattr(to, "system.posix_acl_access") < 0 && errno != ENODATA && errno != ENOTSUP)
		return fail_errno(ctx, step, "an inherited ACL can't be removed");
	ssize_t len = flistxattr(from, names, sizeof(names));
	if (len < 0)
		return errno == ENOTSUP ? SPICECFG_OK : fail_errno(ctx, step, "the extended attributes can't be read");
	for (const char *name = names; name < names + len; name += strlen(name) + 1) {
		ssize_t size = fgetxattr(from, name, value, sizeof(value));

		if (size < 0 || fsetxattr(to, name, value, (size_t)size, 0) < 0) {
			/* The kernel writes labels by itself; an unprivileged user may not, and need not. */
			if (strncmp(name, "security.", 9) == 0 || strncmp(name, "trusted.", 8) == 0)
				continue;
			return fail_errno(ctx, step, "an extended attribute or ACL can't be kept");
		}
	}
	return SPICECFG_OK;
}

static enum spicecfg_status set_owner(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run, int old, int fd)
{
	const struct sc_want *want = &step->want;
	bool replaces = old >= 0;
	uid_t uid = want->owner ? want->uid : replaces ? run->old.st_uid : (uid_t)-1;
	gid_t gid = want->group ? want->gid : replaces ? run->old.st_gid : (gid_t)-1;
	mode_t bits = want->mode ? want->bits : replaces ? run->old.st_mode & 07777 : 0644;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail_errno(ctx, step, "can't be looked at");
	if (((uid != (uid_t)-1 && uid != st.st_uid) || (gid != (gid_t)-1 && gid != st.st_gid)) && fchown(fd, uid, gid) < 0)
		return fail_errno(ctx, step, "its owner and group can't be kept");
	enum spicecfg_status status = replaces ? copy_xattrs(ctx, step, old, fd) : SPICECFG_OK;
	if (!status && (want->mode || !replaces || bits != (st.st_mode & 07777)) && fchmod(fd, bits) < 0)
		status = fail_errno(ctx, step, "its mode can't be set");
	return status;
}

static enum spicecfg_status write_bytes(struct spicecfg_ctx *ctx, struct sc_step *step, int fd)
{
	for (size_t done = 0; done < step->new_len;) {
		ssize_t n = write(fd, step->new + done, step->new_len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(ctx, step, "can't be written");
		done += (size_t)n;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status write_temp(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run, int old)
{
	int fd = openat(run->dir, run->temp, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail_errno(ctx, step, "a new version can't be written beside it");
	run->has_temp = true;
	enum spicecfg_status status = write_bytes(ctx, step, fd);
	if (!status)
		status = set_owner(ctx, step, run, old, fd);
	if (!status && fsync(fd) < 0)
		status = fail_errno(ctx, step, "can't be written");
	close(fd);
	return status;
}

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	struct run *run = calloc(1, sizeof(*run));
	int old = -1;

	if (!run)
		return sc_fail_memory(ctx);
	run->dir = -1;
	step->run = run;
	enum spicecfg_status status = open_parent(ctx, step, run);
	if (!status)
		status = verify_old(ctx, step, run, &old, stale);
	/* The lock is ours: a temp file of that name is what a crash left behind. */
	if (!status)
		(void)unlinkat(run->dir, run->temp, 0);
	/* without the file itself this may be all that is left of it */
	if (!status && existed(step))
		(void)unlinkat(run->dir, run->aside, 0);
	if (!status && step->new)
		status = write_temp(ctx, step, run, old);
	if (old >= 0)
		close(old);
	return status;
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;
	struct stat st;
	int result;

	if (!existed(step))
		result = sc_rename_move(run->dir, run->temp, run->name);
	else if (!step->new)
		result = sc_rename_move(run->dir, run->name, run->temp);
	else
		result = sc_rename_exchange(run->dir, run->temp, run->name, run->aside);
	if (result < 0)
		return fail_errno(ctx, step, "the new version can't be put in place");
	if (step->new &&existed(step) && run->old.st_nlink > 1)
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s: the file has other names (hard links), which keep the old version", step->path);
	run->applied = true;
	run->has_temp = existed(step);
	if (!existed(step))
		return SPICECFG_OK;
	/* What was swapped out must be what was read: an editor may have written since. */
	if (fstatat(run->dir, run->temp, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_ino == run->old.st_ino && st.st_dev == run->old.st_dev &&
	    st.st_size == run->old.st_size && st.st_mtim.tv_sec == run->old.st_mtim.tv_sec &&
	    st.st_mtim.tv_nsec == run->old.st_mtim.tv_nsec)
		return SPICECFG_OK;
	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, "Try again.",
			  "somebody else changed the file meanwhile");
}

static void undo(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;
	int result;

	if (!run->applied)
		return;
	if (!existed(step))
		result = unlinkat(run->dir, run->name, 0);
	else if (!step->new)
		result = sc_rename_move(run->dir, run->temp, run->name);
	else
		result = sc_rename_exchange(run->dir, run->temp, run->name, run->aside);
	if (result < 0)
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s: the old version can't be put back: %s; it is in %s beside it", step->path,
		       strerror(errno), run->temp);
	run->applied = result < 0;
	if (!step->new &&result == 0)
		run->has_temp = false;
	if (result < 0)
		run->has_temp = false;
}

static void finish(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	if (!run)
		return;
	/* at once: the old version may hold what was to go */
	if (run->has_temp)
		(void)unlinkat(run->dir, run->temp, 0);
	if (run->applied && run->dir >= 0 && fsync(run->dir) < 0)
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s: the directory can't be synced: %s", step->path, strerror(errno));
	if (run->dir >= 0)
		close(run->dir);
	free(run);
	step->run = NULL;
}

const struct sc_step_ops sc_step_file_ops = {prepare, apply, undo, finish};

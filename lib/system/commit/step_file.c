/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file is replaced by exchanging it with a finished temp file: at every moment either the old or the new file is in place, and the old
 * one is kept until the commit ends. A new file is renamed into place without replacing another, a removed one is renamed away.
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

#include "base/why.h"
#include "doc/mask.h"
#include "system/commit/step_ops.h"
#include "system/commit/sweep.h"
#include "system/os/place.h"
#include "system/os/rename.h"

struct run {
	int dir; /* the parent */
	char name[NAME_MAX + 1];
	char temp[SC_TEMP_NAME];
	char aside[SC_TEMP_NAME]; /* the old file for a moment, if names can't be exchanged */
	int fd, temp_fd;          /* the old and the new file; -1: none */
	bool has_temp, applied;
	bool touched;         /* names in the directory changed */
	bool keeps_temp;      /* the temp name now belongs to another process's version, or the old one: it stays */
	struct stat old, new; /* old.st_nlink 0: did not exist */
};

static enum spicecfg_status fail_errno(struct spicecfg_ctx *ctx, const struct sc_step *step, const char *what)
{
	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, sc_why_write(errno), "%s: %s", what,
			  strerror(errno));
}

/* The expected contents of path; NULL: it should not exist. */
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

static void set_names(const struct sc_step *step, struct run *run)
{
	const char *slash = strrchr(step->path, '/');

	snprintf(run->name, sizeof(run->name), "%s", slash ? slash + 1 : step->path);
	sc_temp_name(run->name, run->temp);
	sc_aside_name(run->temp, run->aside);
}

/* may_miss: a directory that the plan makes is not there yet. */
static enum spicecfg_status open_parent(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run, bool may_miss)
{
	const char *name;
	enum spicecfg_status status = sc_place_open(ctx, step->path, step->outside, &name, &run->dir);

	if (!status || !may_miss || existed(step) || errno != ENOENT)
		return status;
	sc_let_go(ctx);
	return SPICECFG_OK;
}

static bool same_bytes(int fd, const char *bytes, size_t len)
{
	char chunk[16 * 1024];
	size_t done = 0, most = 0;
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0) {
		most = (size_t)n > most ? (size_t)n : most;
		if ((size_t)n > len - done || memcmp(bytes + done, chunk, (size_t)n) != 0)
			break;
		done += (size_t)n;
	}
	explicit_bzero(chunk, most);
	return n == 0 && done == len;
}

/* Verifies that the old file is as the plan read it. *fd is open on it; -1: it does not exist, as expected. */
static enum spicecfg_status verify_old(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run, int *fd, bool *stale)
{
	size_t len;
	const char *bytes = expected(step, &len);

	/* examined first: opening a device may have effects */
	if (fstatat(run->dir, run->name, &run->old, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(run->old.st_mode))
		return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, "Replace it with the file itself.",
				  S_ISLNK(run->old.st_mode) ? "is a symbolic link, through which nothing is written"
							    : "is not a regular file");
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

/* The new file inherited the directory's default ACL, but the plan or the old file decides who can read it. */
static enum spicecfg_status drop_inherited(struct spicecfg_ctx *ctx, struct sc_step *step, int fd)
{
	if (fremovexattr(fd, "system.posix_acl_access") < 0 && errno != ENODATA && errno != ENOTSUP)
		return fail_errno(ctx, step, "an inherited ACL can't be removed");
	return SPICECFG_OK;
}

static enum spicecfg_status copy_xattrs(struct spicecfg_ctx *ctx, struct sc_step *step, int from, int to)
{
	char names[16 * 1024], value[64 * 1024];
	ssize_t len = flistxattr(from, names, sizeof(names));
	if (len < 0)
		return errno == ENOTSUP ? SPICECFG_OK : fail_errno(ctx, step, "the extended attributes can't be read");
	for (const char *name = names; name < names + len; name += strlen(name) + 1) {
		ssize_t size = fgetxattr(from, name, value, sizeof(value));

		if (size < 0 || fsetxattr(to, name, value, (size_t)size, 0) < 0) {
			/* The kernel sets labels by itself; an unprivileged user can't, and need not. */
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
		return fail_errno(ctx, step, "can't be examined");
	if (((uid != (uid_t)-1 && uid != st.st_uid) || (gid != (gid_t)-1 && gid != st.st_gid)) && fchown(fd, uid, gid) < 0)
		return fail_errno(ctx, step, "its owner and group can't be kept");
	enum spicecfg_status status = drop_inherited(ctx, step, fd);
	if (!status && replaces)
		status = copy_xattrs(ctx, step, old, fd);
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

/* Makes a new file that no other process uses; -1 with errno. */
static int make_temp(struct run *run)
{
	for (int tries = 0; tries < 100; tries++) {
		int fd = openat(run->dir, run->temp, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

		if (fd < 0 && errno != EEXIST)
			return -1;
		if (fd >= 0 && sc_sweep_hold(fd))
			return fd;
		if (fd >= 0)
			close(fd);
		sc_temp_name(run->name, run->temp);
		sc_aside_name(run->temp, run->aside);
	}
	errno = EEXIST;
	return -1;
}

/* The descriptor stays open until the commit ends: its lock shows that this process is alive. */
static enum spicecfg_status write_temp(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run)
{
	run->temp_fd = make_temp(run);
	if (run->temp_fd < 0)
		return fail_errno(ctx, step, "a new version can't be written beside it");
	run->has_temp = run->touched = true;
	enum spicecfg_status status = write_bytes(ctx, step, run->temp_fd);
	if (!status)
		status = set_owner(ctx, step, run, run->fd, run->temp_fd);
	if (!status && (fsync(run->temp_fd) < 0 || fstat(run->temp_fd, &run->new) < 0))
		status = fail_errno(ctx, step, "can't be written");
	return status;
}

static enum spicecfg_status look(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return sc_fail_memory(ctx);
	run->dir = run->fd = run->temp_fd = -1;
	step->run = run;
	set_names(step, run);
	enum spicecfg_status status = open_parent(ctx, step, run, true);
	if (!status && run->dir >= 0)
		status = verify_old(ctx, step, run, &run->fd, stale);
	if (!status && run->fd >= 0)
		(void)sc_sweep_hold(run->fd);
	return status;
}

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	enum spicecfg_status status = step->run ? SPICECFG_OK : look(ctx, step, stale);
	struct run *run = step->run;

	/* the plan has made the directory meanwhile */
	if (!status && run->dir < 0)
		status = open_parent(ctx, step, run, false);
	if (!status && run->fd < 0)
		status = verify_old(ctx, step, run, &run->fd, stale);
	if (!status && step->new)
		status = write_temp(ctx, step, run);
	return status;
}

/* What set_owner() will do, as far as it is known; (uid_t)-1: not known. */
static void describe_new(const struct sc_step *step, const struct sc_tx_state *before, struct sc_tx_state *after)
{
	const struct sc_want *want = &step->want;
	const struct sc_attributes *old = before->exists ? &before->attributes : NULL;

	after->exists = step->new != NULL;
	if (!after->exists)
		return;
	after->attributes.uid = want->owner ? want->uid : old ? old->uid : (uid_t)-1;
	after->attributes.gid = want->group ? want->gid : old ? old->gid : (gid_t)-1;
	after->attributes.mode = S_IFREG | (want->mode ? want->bits : old ? old->mode & 07777 : 0644);
	after->len = step->new_len;
	sc_sha256(step->new, step->new_len, after->digest);
}

static enum spicecfg_status describe(struct spicecfg_ctx *ctx, struct sc_step *step, struct sc_arena *memory, struct sc_tx_step *tx,
				     const char **image)
{
	struct run *run = step->run;

	tx->temp = run->temp;
	*image = run->fd >= 0 ? expected(step, &tx->before.len) : NULL;
	tx->before.exists = *image != NULL;
	if (*image && sc_attributes_read(run->fd, memory, &tx->before.attributes) < 0)
		return fail_errno(ctx, step, "its attributes can't be read");
	if (*image)
		sc_sha256(*image, tx->before.len, tx->before.digest);
	describe_new(step, &tx->before, &tx->after);
	return SPICECFG_OK;
}

static bool is_inode(const struct run *run, const char *name, const struct stat *want)
{
	struct stat st;

	return fstatat(run->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_ino == want->st_ino && st.st_dev == want->st_dev;
}

/* Whether the old version, under its present name, is still what the plan was made from. */
static bool is_old(const struct sc_step *step, struct run *run, const char *name)
{
	size_t len;
	const char *bytes = expected(step, &len);
	struct stat st;

	if (!is_inode(run, name, &run->old))
		return false;
	if (run->fd < 0)
		run->fd = openat(run->dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	return run->fd >= 0 && fstat(run->fd, &st) == 0 && st.st_size == run->old.st_size && st.st_mtim.tv_sec == run->old.st_mtim.tv_sec &&
	       st.st_mtim.tv_nsec == run->old.st_mtim.tv_nsec && lseek(run->fd, 0, SEEK_SET) == 0 && same_bytes(run->fd, bytes, len);
}

static void close_files(struct run *run)
{
	int *const open[] = {&run->fd, &run->temp_fd};

	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++) {
		if (*open[i] >= 0)
			close(*open[i]);
		*open[i] = -1;
	}
}

/* NFS and FUSE keep an open file that loses its name under a hidden name: none is open while names change in steps. */
static int exchange(struct run *run)
{
	if (sc_rename_swap(run->dir, run->temp, run->name) == 0)
		return 0;
	if (errno != ENOSYS)
		return -1;
	close_files(run);
	return sc_rename_exchange(run->dir, run->temp, run->name, run->aside);
}

static enum spicecfg_status fail_changed(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	step->stale = true;
	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, "Try again.",
			  "somebody else changed the file meanwhile");
}

static int put_in_place(const struct sc_step *step, struct run *run)
{
	if (!existed(step))
		return sc_rename_move(run->dir, run->temp, run->name);
	if (!step->new)
		return sc_rename_move(run->dir, run->name, run->temp);
	return exchange(run);
}

/* Whether the old version contains something that is masked when it is shown. */
static bool held_secret(const struct sc_step *step)
{
	SC_BUF shown = SC_BUF_INIT;
	size_t len;
	const char *old = expected(step, &len);

	if (step->secret)
		return true;
	if (step->xml)
		sc_mask_xml(old, len, &shown);
	else
		sc_mask_text(old, len, &shown);
	return shown.failed || shown.len != len || memcmp(sc_buf_text(&shown), old, len) != 0;
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	/* processes that share no lock collide here: most changes are noticed before the exchange, the rest right after it */
	if (existed(step) && !is_old(step, run, run->name))
		return fail_changed(ctx, step);
	if (put_in_place(step, run) < 0)
		return errno == EEXIST && !existed(step) ? fail_changed(ctx, step)
							 : fail_errno(ctx, step, "the new version can't be put in place");
	if (step->new &&existed(step) && run->old.st_nlink > 1)
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s: the file has other names (hard links), which keep the old version%s", step->path,
		       held_secret(step) ? " and the secrets in it" : "");
	run->applied = run->touched = true;
	run->has_temp = existed(step);
	/* The version that was swapped out must be the one that was read. */
	return !existed(step) || is_old(step, run, run->temp) ? SPICECFG_OK : fail_changed(ctx, step);
}

static void say_kept(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run, const char *why)
{
	run->keeps_temp = true;
	step->unrestored = true;
	sc_log(ctx, SPICECFG_LOG_WARNING, "%s: the version before this change can't be restored: %s; it is in %s in the same directory",
	       step->path, why, run->temp);
}

/*
 * Another process changed the new version before the rollback: its version stays, and the old one is kept under a name that is never swept.
 */
static void keep_other(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run)
{
	char kept[SC_TEMP_NAME];

	if (existed(step) && step->new) {
		int len = snprintf(kept, sizeof(kept), "%s", run->temp + 1);

		memcpy(kept + (size_t)len - strlen("tmp"), "bak", strlen("bak"));
		if (sc_rename_move(run->dir, run->temp, kept) == 0)
			memcpy(run->temp, kept, sizeof(kept));
		say_kept(ctx, step, run, "somebody else has changed the file");
	}
}

static void undo(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;
	int result;

	if (!run->applied)
		return;
	run->applied = false;
	if (step->new && !is_inode(run, run->name, &run->new)) {
		step->stale = false;
		keep_other(ctx, step, run);
		return;
	}
	if (!existed(step))
		result = unlinkat(run->dir, run->name, 0);
	else if (!step->new)
		result = sc_rename_move(run->dir, run->temp, run->name);
	else
		result = exchange(run);
	if (result < 0 && existed(step)) {
		say_kept(ctx, step, run, strerror(errno));
	} else if (result < 0) {
		step->unrestored = true;
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s: can't be removed again: %s", step->path, strerror(errno));
	} else if (step->new &&existed(step) && !is_inode(run, run->temp, &run->new) && exchange(run) == 0) {
		/* the name may exist again because another process was faster than the exchange */
		keep_other(ctx, step, run);
	}
	if (result == 0 && !step->new)
		run->has_temp = false;
}

/* At once: the old version may contain what was to be removed. */
static void remove_temp(struct spicecfg_ctx *ctx, struct sc_step *step, const struct run *run)
{
	if (unlinkat(run->dir, run->temp, 0) == 0 || errno == ENOENT)
		return;
	step->left = true;
	sc_log(ctx, SPICECFG_LOG_WARNING,
	       "%s: %s in the same directory can't be removed: %s; remove it, since it may contain an old password", step->path, run->temp,
	       strerror(errno));
}

static int sync_dir(struct sc_step *step, struct sc_synced *synced)
{
	const struct run *run = step->run;

	return run && run->dir >= 0 && run->touched ? sc_sync_dir(synced, run->dir) : 0;
}

/* Only what this commit has written: others may have changed the file since. */
static enum spicecfg_status verify(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	const struct run *run = step->run;

	if (!step->new || run->temp_fd < 0 || (lseek(run->temp_fd, 0, SEEK_SET) == 0 && same_bytes(run->temp_fd, step->new, step->new_len)))
		return SPICECFG_OK;
	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, NULL, "contains something else than was written");
}

static enum sc_discarded discard(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	if (!run)
		return SC_DISCARDED_NOTHING;
	close_files(run);
	if (!run->has_temp || run->keeps_temp)
		return SC_DISCARDED_NOTHING;
	remove_temp(ctx, step, run);
	run->has_temp = false;
	return existed(step) && held_secret(step) ? SC_DISCARDED_SECRETS : SC_DISCARDED_NAMES;
}

static void finish(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	if (!run)
		return;
	(void)discard(ctx, step);
	if (run->dir >= 0)
		close(run->dir);
	free(run);
	step->run = NULL;
}

const struct sc_step_ops sc_step_file_ops = {look, describe, prepare, apply, sync_dir, verify, NULL, undo, discard, finish};

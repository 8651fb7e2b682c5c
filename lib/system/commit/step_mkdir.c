/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes a directory, or sets its owner and mode. Its parents must exist: they are steps of their own. The directory is made while the
 * commit prepares, so that files of the same plan can be prepared in it: under a temporary name, and renamed once its owner, mode and ACLs
 * are set and those of its parent's default ACL are removed. Even if the program is killed, an existing directory is complete, since the
 * next plan leaves an existing one as it is.
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
#include "system/commit/step_ops.h"
#include "system/commit/sweep.h"
#include "system/os/acl.h"
#include "system/os/acl_fd.h"
#include "system/os/place.h"
#include "system/os/rename.h"

struct run {
	int parent;
	char name[NAME_MAX + 1];
	char temp[SC_TEMP_NAME];
	bool made, changed, applied;
	int fd; /* of the directory, once it is there; -1: not yet */
	struct stat old;
};

static enum spicecfg_status fail_errno(struct spicecfg_ctx *ctx, const struct sc_step *step, const char *what)
{
	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, sc_why_write(errno), "%s: %s", what,
			  strerror(errno));
}

/* Like sc_acl_open(), for reading: a hostile owner of a directory on the path may put a link there between plan and commit. */
static int open_real(const struct spicecfg_ctx *ctx, const char *path)
{
	int place = sc_acl_open(ctx, path);
	int fd = place < 0 ? -1 : openat(place, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int saved = errno;

	if (place >= 0)
		close(place);
	errno = saved;
	return fd;
}

static enum spicecfg_status open_parent(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(step->path, '/'), *name;

	if (!slash || slash - step->path >= PATH_MAX || strlen(slash + 1) > NAME_MAX)
		return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, NULL, "is not a usable path of a directory");
	snprintf(run->name, sizeof(run->name), "%s", slash + 1);
	if (!*run->temp)
		sc_temp_name(run->name, run->temp);
	if (!step->no_links)
		return sc_place_open(ctx, step->path, step->outside, &name, &run->parent);
	snprintf(parent, sizeof(parent), "%.*s", slash == step->path ? 1 : (int)(slash - step->path), step->path);
	run->parent = open_real(ctx, parent);
	return run->parent < 0 ? fail_errno(ctx, step, "its parent can't be opened") : SPICECFG_OK;
}

static enum spicecfg_status set_owner(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run, int fd)
{
	const struct sc_want *want = &step->want;
	uid_t uid = want->owner ? want->uid : (uid_t)-1;
	gid_t gid = want->group ? want->gid : (gid_t)-1;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail_errno(ctx, step, "can't be examined");
	run->old = st;
	if ((want->owner && st.st_uid != uid) || (want->group && st.st_gid != gid)) {
		if (fchown(fd, uid, gid) < 0)
			return fail_errno(ctx, step, "its owner and group can't be set");
		run->changed = true;
	}
	mode_t bits = want->mode ? want->bits : 0755;
	if ((want->mode || run->made) && (st.st_mode & 07777) != bits) {
		if (fchmod(fd, bits) < 0)
			return fail_errno(ctx, step, "its mode can't be set");
		run->changed = true;
	}
	return SPICECFG_OK;
}

/*
 * Removes what the directory inherited from the parent's default ACL. Only root can access it meanwhile: its name is new and its mode is
 * 0700.
 */
static enum spicecfg_status clear_acls(struct spicecfg_ctx *ctx, struct sc_step *step, int fd)
{
	static const char *const attributes[] = {"system.posix_acl_default", "system.posix_acl_access"};

	for (size_t i = 0; i < 2; i++)
		if (fremovexattr(fd, attributes[i]) < 0 && errno != ENODATA && errno != ENOTSUP)
			return fail_errno(ctx, step, "an inherited ACL can't be removed");
	/* with the ACL, the mode's group bits were its mask */
	return fchmod(fd, 0700) < 0 ? fail_errno(ctx, step, "its mode can't be set") : SPICECFG_OK;
}

static enum spicecfg_status set_acls(struct spicecfg_ctx *ctx, struct sc_step *step, int fd)
{
	const struct sc_acl_wanted *wanted = step->acl;

	if (!wanted || !wanted->access.n)
		return SPICECFG_OK;
	if ((wanted->standing.n && sc_acl_fd_write(fd, true, &wanted->standing) < 0) || sc_acl_fd_write(fd, false, &wanted->access) < 0)
		return fail_errno(ctx, step, errno == ENOTSUP ? "the file system has no ACLs" : "its ACL can't be set");
	return SPICECFG_OK;
}

static enum spicecfg_status finish_fresh(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run, const char *temp)
{
	int fd = openat(run->parent, temp, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	enum spicecfg_status status = fd < 0 || !sc_sweep_hold(fd) ? fail_errno(ctx, step, "can't be opened") : clear_acls(ctx, step, fd);

	if (!status)
		status = set_owner(ctx, step, run, fd);
	if (!status)
		status = set_acls(ctx, step, fd);
	if (fd >= 0)
		close(fd);
	return status;
}

static enum spicecfg_status make(struct spicecfg_ctx *ctx, struct sc_step *step, struct run *run)
{
	const char *temp = run->temp;

	if (mkdirat(run->parent, temp, 0700) < 0)
		return fail_errno(ctx, step, "can't be created");
	run->made = true;
	enum spicecfg_status status = finish_fresh(ctx, step, run, temp);
	if (!status && sc_rename_move(run->parent, temp, run->name) < 0 && errno != EEXIST)
		status = fail_errno(ctx, step, "can't be put in place");
	else if (!status && faccessat(run->parent, temp, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return SPICECFG_OK;
	/* another process was faster, or it failed */
	(void)unlinkat(run->parent, temp, AT_REMOVEDIR);
	run->made = run->changed = false;
	return status;
}

static enum spicecfg_status look(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return sc_fail_memory(ctx);
	run->parent = run->fd = -1;
	step->run = run;
	enum spicecfg_status status = open_parent(ctx, step, run);
	if (status && errno == ENOENT) {
		/* the plan makes it */
		sc_let_go(ctx);
		return SPICECFG_OK;
	}
	if (status || !step->acl || faccessat(run->parent, run->name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return status;
	/* a directory of somebody else, whose owner and ACLs were not checked */
	*stale = true;
	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, "Try again.", "somebody else created it meanwhile");
}

static int open_it(const struct run *run)
{
	return run->parent < 0 ? -1 : openat(run->parent, run->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static enum spicecfg_status describe(struct spicecfg_ctx *ctx, struct sc_step *step, struct sc_arena *memory, struct sc_tx_step *tx,
				     const char **image)
{
	const struct sc_want *want = &step->want;
	struct run *run = step->run;
	int fd = open_it(run);
	bool read = fd < 0 || sc_attributes_read(fd, memory, &tx->before.attributes) == 0;

	*image = NULL;
	tx->before.exists = fd >= 0;
	if (fd >= 0)
		close(fd);
	if (!read)
		return fail_errno(ctx, step, "its attributes can't be read");
	tx->temp = tx->before.exists ? NULL : run->temp;
	tx->after = (struct sc_tx_state){.exists = true};
	tx->after.attributes.uid = want->owner ? want->uid : tx->before.exists ? tx->before.attributes.uid : (uid_t)-1;
	tx->after.attributes.gid = want->group ? want->gid : tx->before.exists ? tx->before.attributes.gid : (gid_t)-1;
	tx->after.attributes.mode = S_IFDIR | (want->mode ? want->bits : tx->before.exists ? tx->before.attributes.mode & 07777 : 0755);
	return SPICECFG_OK;
}

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	enum spicecfg_status status = step->run ? SPICECFG_OK : look(ctx, step, stale);
	struct run *run = step->run;

	if (!status && run->parent < 0)
		status = open_parent(ctx, step, run);
	if (!status && faccessat(run->parent, run->name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		status = make(ctx, step, run);
	if (status || run->made || !step->acl)
		return status;
	*stale = true;
	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, "Try again.", "somebody else created it meanwhile");
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	run->fd = open_it(run);
	if (run->fd < 0)
		return fail_errno(ctx, step, "is not a real directory");
	enum spicecfg_status status = set_owner(ctx, step, run, run->fd);
	run->applied = true;
	return status;
}

static int sync_dirs(struct sc_step *step, struct sc_synced *synced)
{
	const struct run *run = step->run;

	if (!run || (run->fd >= 0 && sc_sync_dir(synced, run->fd) < 0))
		return run ? -1 : 0;
	return run->parent >= 0 && run->made ? sc_sync_dir(synced, run->parent) : 0;
}

static void undo(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	run->applied = false;
	if (run->made || !run->changed)
		return;
	step->unrestored =
	    run->fd < 0 || fchown(run->fd, run->old.st_uid, run->old.st_gid) < 0 || fchmod(run->fd, run->old.st_mode & 07777) < 0;
	if (step->unrestored)
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s: owner and mode can't be restored: %s", step->path, strerror(errno));
}

/* Only now: later steps have removed their temp files from it. */
static enum sc_discarded discard(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	if (!run)
		return SC_DISCARDED_NOTHING;
	if (run->fd >= 0)
		close(run->fd);
	run->fd = -1;
	if (!run->made || run->applied)
		return SC_DISCARDED_NOTHING;
	step->left = unlinkat(run->parent, run->name, AT_REMOVEDIR) < 0 && errno != ENOENT;
	if (step->left)
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s: can't be removed again: %s", step->path, strerror(errno));
	return SC_DISCARDED_NAMES;
}

static void finish(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	if (!run)
		return;
	(void)discard(ctx, step);
	if (run->parent >= 0)
		close(run->parent);
	free(run);
	step->run = NULL;
}

const struct sc_step_ops sc_step_mkdir_ops = {look, describe, prepare, apply, sync_dirs, NULL, NULL, undo, discard, finish};

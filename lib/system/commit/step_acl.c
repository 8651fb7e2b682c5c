/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets the ACLs of a directory or a live socket; the old ones are kept until the commit ends. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/commit/commit.h"
#include "system/os/acl.h"
#include "system/os/acl_fd.h"

struct run {
	int fd; /* O_PATH */
	bool access_changed, standing_changed;
	struct sc_acl access, standing;
};

static enum spicecfg_status fail_errno(struct spicecfg_ctx *ctx, const struct sc_step *step, const char *what)
{
	const char *fix = NULL;

	if (errno == EPERM || errno == EACCES)
		fix = "Run it as root.";
	else if (errno == ENOTSUP)
		fix = "The file system has no ACLs: mount it with them, or use another one.";
	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, fix, "%s: %s", what, strerror(errno));
}

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	const struct sc_acl_wanted *wanted = step->acl;
	struct run *run = calloc(1, sizeof(*run));
	struct sc_acl_state now;

	if (!run)
		return sc_fail_memory(ctx);
	run->fd = -1;
	step->run = run;
	if (!wanted->known || wanted->socket)
		return SPICECFG_OK;
	enum spicecfg_status status = sc_acl_look(ctx, step->path, &now);
	if (status)
		return status;
	if (now.exists && sc_acl_equal(&now.access, &wanted->old_access) && sc_acl_equal(&now.standing, &wanted->old_standing))
		return SPICECFG_OK;
	*stale = true;
	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, "Try again.",
			  "somebody else changed the ACL meanwhile");
}

/* Opened late, since a step of the same plan may make the directory. *missing: a socket that disappeared with its VM. */
static enum spicecfg_status open_it(struct spicecfg_ctx *ctx, const struct sc_step *step, struct run *run, bool *missing)
{
	const struct sc_acl_wanted *wanted = step->acl;
	struct stat st;

	*missing = false;
	run->fd = sc_acl_open(ctx, step->path);
	if (run->fd < 0 && wanted->socket && errno == ENOENT) {
		*missing = true;
		return SPICECFG_OK;
	}
	if (run->fd < 0)
		return fail_errno(ctx, step, "can't be opened without following a link");
	if (fstat(run->fd, &st) < 0)
		return fail_errno(ctx, step, "can't be examined");
	if (wanted->socket ? !S_ISSOCK(st.st_mode) : !S_ISDIR(st.st_mode))
		return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, NULL, "is not a %s",
				  wanted->socket ? "socket" : "directory");
	if (sc_acl_fd_read(run->fd, false, &run->access) < 0 || (!wanted->socket && sc_acl_fd_read(run->fd, true, &run->standing) < 0))
		return fail_errno(ctx, step, "its ACL can't be read");
	return SPICECFG_OK;
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	const struct sc_acl_wanted *wanted = step->acl;
	struct run *run = step->run;
	bool missing;
	enum spicecfg_status status = open_it(ctx, step, run, &missing);

	if (status || missing)
		return status;
	/* the default ACL first, so that a socket that QEMU makes in between inherits it */
	if (!wanted->socket && !sc_acl_equal(&run->standing, &wanted->standing)) {
		run->standing_changed = true;
		if (sc_acl_fd_write(run->fd, true, &wanted->standing) < 0)
			return fail_errno(ctx, step, "its default ACL can't be set");
	}
	if (!sc_acl_equal(&run->access, &wanted->access)) {
		run->access_changed = true;
		if (sc_acl_fd_write(run->fd, false, &wanted->access) < 0)
			return fail_errno(ctx, step, "its ACL can't be set");
	}
	return SPICECFG_OK;
}

static void undo(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	step->unrestored = (run->access_changed && sc_acl_fd_write(run->fd, false, &run->access) < 0) ||
			   (run->standing_changed && sc_acl_fd_write(run->fd, true, &run->standing) < 0);
	if (step->unrestored)
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s: its ACL can't be restored: %s", step->path, strerror(errno));
}

static void finish(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	const struct sc_acl_wanted *wanted = step->acl;
	struct run *run = step->run;

	(void)ctx;
	if (!run)
		return;
	if (run->fd >= 0) {
		/* an O_PATH descriptor can't be synced */
		int dir = wanted->socket ? -1 : openat(run->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (dir >= 0) {
			(void)fsync(dir);
			close(dir);
		}
		close(run->fd);
	}
	free(run);
	step->run = NULL;
}

const struct sc_step_ops sc_step_acl_ops = {prepare, apply, undo, finish};

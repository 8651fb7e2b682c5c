/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets the ACLs of a directory or a live socket; the old ones are kept until the commit ends. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/grow.h"
#include "base/why.h"
#include "system/commit/step_ops.h"
#include "system/os/acl.h"
#include "system/os/acl_fd.h"

struct run {
	int fd; /* O_PATH */
	bool access_changed, standing_changed;
	struct sc_acl access, standing;
};

static enum spicecfg_status fail_errno(struct spicecfg_ctx *ctx, const struct sc_step *step, const char *what)
{
	return sc_fail_at(ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, sc_why_write(errno), "%s: %s", what,
			  strerror(errno));
}

static enum spicecfg_status look(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
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

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	return step->run ? SPICECFG_OK : look(ctx, step, stale);
}

/* The extended attribute that the kernel keeps of an ACL (linux/posix_acl_xattr.h): a version, and entries of tag, permissions and ID. */
static bool pack(struct sc_arena *memory, const struct sc_acl *acl, const char *name, struct sc_attributes *to)
{
	static const unsigned char tags[] = {[SC_ACL_OWNER] = 0x01, [SC_ACL_USER] = 0x02, [SC_ACL_OWNING_GROUP] = 0x04,
					     [SC_ACL_GROUP] = 0x08, [SC_ACL_MASK] = 0x10, [SC_ACL_OTHER] = 0x20};
	struct sc_xattr *xattrs = sc_arena_grow(memory, to->xattrs, to->n_xattrs, sizeof(*xattrs));
	unsigned char *bytes = sc_arena_alloc(memory, 4 + 8 * acl->n);

	if (!xattrs || !bytes)
		return false;
	bytes[0] = 2;
	for (size_t i = 0; i < acl->n; i++) {
		const struct sc_acl_entry *entry = &acl->entries[i];
		bool named = entry->tag == SC_ACL_USER || entry->tag == SC_ACL_GROUP;
		uint32_t id = named ? entry->id : UINT32_MAX;
		unsigned char *at = bytes + 4 + 8 * i;

		at[0] = tags[entry->tag];
		at[2] = (unsigned char)entry->perms;
		for (size_t k = 0; k < 4; k++)
			at[4 + k] = (unsigned char)(id >> 8 * k);
	}
	to->xattrs = xattrs;
	to->xattrs[to->n_xattrs++] = (struct sc_xattr){name, (const char *)bytes, 4 + 8 * acl->n};
	return true;
}

static enum spicecfg_status describe(struct spicecfg_ctx *ctx, struct sc_step *step, struct sc_arena *memory, struct sc_tx_step *tx,
				     const char **image)
{
	const struct sc_acl_wanted *wanted = step->acl;
	struct sc_attributes *after = &tx->after.attributes;
	int fd = sc_acl_open(ctx, step->path);
	bool read = fd < 0 || sc_attributes_read(fd, memory, &tx->before.attributes) == 0;

	*image = NULL;
	/* else the plan makes it, or it is a socket whose VM has ended */
	tx->before.exists = tx->after.exists = fd >= 0;
	if (fd >= 0)
		close(fd);
	if (!read)
		return fail_errno(ctx, step, "its ACL can't be read");
	*after = tx->before.attributes;
	after->xattrs = NULL;
	after->n_xattrs = 0;
	after->mode = (tx->before.attributes.mode & ~(mode_t)0777) | sc_acl_mode(&wanted->access);
	/* one that says no more than the mode is not kept by the kernel */
	if ((wanted->access.n > 3 && !pack(memory, &wanted->access, SC_XATTR_ACCESS, after)) ||
	    (wanted->standing.n && !pack(memory, &wanted->standing, SC_XATTR_STANDING, after)))
		return sc_fail_memory(ctx);
	return SPICECFG_OK;
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

/* A socket's ACL ends with its VM. */
static int sync_dir(struct sc_step *step, struct sc_synced *synced)
{
	const struct sc_acl_wanted *wanted = step->acl;
	const struct run *run = step->run;

	if (!run || run->fd < 0 || wanted->socket || !(run->access_changed || run->standing_changed))
		return 0;
	/* an O_PATH descriptor can't be synced */
	int dir = openat(run->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = dir < 0 ? -1 : sc_sync_dir(synced, dir), error = errno;
	if (dir >= 0)
		close(dir);
	errno = error;
	return result;
}

static void finish(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	(void)ctx;
	if (!run)
		return;
	if (run->fd >= 0)
		close(run->fd);
	free(run);
	step->run = NULL;
}

const struct sc_step_ops sc_step_acl_ops = {look, describe, prepare, apply, sync_dir, NULL, NULL, undo, NULL, finish};

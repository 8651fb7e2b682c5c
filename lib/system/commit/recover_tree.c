/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/recover_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "system/os/acl.h"
#include "system/os/file.h"

static enum sc_undone failed(struct sc_undo *undo, const struct sc_tx_step *step, const char *what)
{
	sc_log(undo->ctx, SPICECFG_LOG_WARNING, "%s: %s: %s", step->document, what, strerror(errno));
	return SC_UNDO_FAILED;
}

static bool is_either(const struct sc_attributes *now, const struct sc_tx_step *step, const char *name)
{
	return sc_attributes_same(now, &step->before.attributes, name) || sc_attributes_same(now, &step->after.attributes, name);
}

/* Another step of the transaction sets the mode of the same directory, which changes the mask of its ACL. */
static bool is_shared(const struct sc_undo *undo, const struct sc_tx_step *step)
{
	for (size_t i = 0; i < undo->tx->n_steps; i++) {
		const struct sc_tx_step *other = &undo->tx->steps[i];

		if (other != step && other->type == SC_STEP_MKDIR && other->path && strcmp(other->path, step->path) == 0)
			return true;
	}
	return false;
}

static bool is_ours(const struct sc_undo *undo, const struct sc_tx_step *step, const struct sc_attributes *now)
{
	const struct sc_attributes *before = &step->before.attributes, *after = &step->after.attributes;

	if (step->type == SC_STEP_ACL)
		return is_shared(undo, step) || (is_either(now, step, SC_XATTR_ACCESS) && is_either(now, step, SC_XATTR_STANDING));
	return (now->uid == before->uid || now->uid == after->uid) && (now->gid == before->gid || now->gid == after->gid) &&
	       (now->mode == before->mode || now->mode == after->mode);
}

static bool is_before(const struct sc_tx_step *step, const struct sc_attributes *now)
{
	const struct sc_attributes *before = &step->before.attributes;

	if (step->type == SC_STEP_ACL)
		return now->mode == before->mode && sc_attributes_same(now, before, SC_XATTR_ACCESS) &&
		       sc_attributes_same(now, before, SC_XATTR_STANDING);
	return sc_attributes_same_owner(now, before);
}

static int put_acl(const char *link, const struct sc_attributes *before, const char *name)
{
	const struct sc_xattr *acl = sc_attributes_find(before, name);

	if (acl)
		return setxattr(link, name, acl->value, acl->len, 0);
	return removexattr(link, name) == 0 || errno == ENODATA || errno == ENOTSUP ? 0 : -1;
}

static int restore(const struct sc_tx_step *step, int fd)
{
	const struct sc_attributes *before = &step->before.attributes;
	char link[32];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (step->type == SC_STEP_MKDIR && chown(link, before->uid, before->gid) < 0)
		return -1;
	if (step->type == SC_STEP_ACL &&
	    (put_acl(link, before, SC_XATTR_ACCESS) < 0 || (S_ISDIR(before->mode) && put_acl(link, before, SC_XATTR_STANDING) < 0)))
		return -1;
	return chmod(link, before->mode & 07777);
}

static int sync_it(const struct sc_attributes *now, int fd)
{
	if (!S_ISDIR(now->mode))
		return 0;
	int dir = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = dir < 0 ? -1 : fsync(dir), error = errno;

	if (dir >= 0)
		close(dir);
	errno = error;
	return result;
}

static int open_it(const struct sc_undo *undo, const struct sc_tx_step *step)
{
	if (step->no_links || step->type == SC_STEP_ACL)
		return sc_acl_open(undo->ctx, step->path);
	return step->outside ? open(step->path, O_PATH | O_CLOEXEC) : sc_file_open(undo->ctx, step->path, O_PATH);
}

enum sc_undone sc_undo_attributes(struct sc_undo *undo, size_t index)
{
	const struct sc_tx_step *step = &undo->tx->steps[index];
	struct sc_attributes now;

	/* the transaction makes it, or there was no such socket */
	if (!step->before.exists)
		return SC_UNDONE;
	int fd = open_it(undo, step);
	if (fd < 0 && errno == ENOENT)
		return S_ISSOCK(step->before.attributes.mode) ? SC_UNDONE : SC_UNDO_CONFLICT;
	if (fd < 0)
		return failed(undo, step, "can't be opened");
	enum sc_undone result = SC_UNDONE;
	if (sc_attributes_read(fd, undo->memory, &now) < 0)
		result = failed(undo, step, "its attributes can't be read");
	else if ((now.mode & S_IFMT) != (step->before.attributes.mode & S_IFMT) || !is_ours(undo, step, &now))
		result = SC_UNDO_CONFLICT;
	else if (!is_before(step, &now) && (restore(step, fd) < 0 || sync_it(&now, fd) < 0))
		result = failed(undo, step, "its owner, mode and ACL can't be restored");
	close(fd);
	return result;
}

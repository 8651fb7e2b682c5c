/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/acl.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "system/os/acl_fd.h"
#include "system/os/seen.h"

int sc_acl_open(const struct spicecfg_ctx *ctx, const char *path)
{
	int fd = open(ctx->root ? ctx->root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char part[NAME_MAX + 1];

	while (fd >= 0 && *(path += strspn(path, "/"))) {
		size_t len = strcspn(path, "/");
		bool last = !path[len + strspn(path + len, "/")];

		if (len > NAME_MAX || (len == 2 && memcmp(path, "..", 2) == 0)) {
			close(fd);
			errno = len > NAME_MAX ? ENAMETOOLONG : EINVAL;
			return -1;
		}
		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		path += len;
		/* O_PATH with O_NOFOLLOW would open a link itself: O_DIRECTORY refuses one in the middle, the check of the type one at the
		 * end */
		int next = openat(fd, part, O_PATH | O_NOFOLLOW | O_CLOEXEC | (last ? 0 : O_DIRECTORY));
		struct stat st;
		if (next < 0 && errno == ENOTDIR && fstatat(fd, part, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
			errno = ELOOP;
		if (next >= 0 && (fstat(next, &st) < 0 || S_ISLNK(st.st_mode))) {
			close(next);
			next = -1;
			errno = ELOOP;
		}
		int saved = errno;
		close(fd);
		errno = saved;
		fd = next;
	}
	return fd;
}

static enum spicecfg_status fail_look(struct spicecfg_ctx *ctx, const char *path)
{
	struct sc_where where = {.file = path};

	if (errno == ELOOP)
		return sc_fail_at(ctx, SPICECFG_INPUT, where, "Name the real path.",
				  "a part of the path is a symbolic link, which is not followed here");
	if (errno == EOVERFLOW)
		return sc_fail_at(ctx, SPICECFG_INPUT, where, "Give access to a group instead of single users.",
				  "its ACL has more than %d entries", SC_ACL_ENTRIES_MAX);
	return sc_fail_at(ctx, SPICECFG_INPUT, where, errno == EACCES ? "Run it as root." : NULL, "can't be examined: %s", strerror(errno));
}

enum spicecfg_status sc_acl_look(struct spicecfg_ctx *ctx, const char *path, struct sc_acl_state *out)
{
	enum spicecfg_status status = SPICECFG_OK;
	struct stat st;

	*out = (struct sc_acl_state){.exists = false};
	int fd = sc_acl_open(ctx, path);
	if (fd < 0 && errno != ENOENT)
		return fail_look(ctx, path);
	const struct sc_staged *staged = sc_staged_of(ctx, path, false, true);
	if (staged)
		*out = (struct sc_acl_state){staged->mode != 0, staged->uid, staged->gid, staged->mode, staged->access, staged->standing};
	if (staged && fd >= 0)
		close(fd);
	if (staged || fd < 0)
		return SPICECFG_OK;
	if (fstat(fd, &st) < 0 || sc_acl_fd_read(fd, false, &out->access) < 0 ||
	    (S_ISDIR(st.st_mode) && sc_acl_fd_read(fd, true, &out->standing) < 0)) {
		status = fail_look(ctx, path);
	} else {
		out->exists = true;
		out->uid = st.st_uid;
		out->gid = st.st_gid;
		out->mode = st.st_mode;
	}
	close(fd);
	return status;
}

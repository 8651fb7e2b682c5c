/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/seen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "system/os/acl_fd.h"
#include "system/os/file.h"
#include "system/os/file_root.h"

/* Makes a path that is below the root a host path. */
static bool enter_root(const struct spicecfg_ctx *ctx, char path[PATH_MAX])
{
	char root[PATH_MAX];
	size_t len = realpath(ctx->root, root) ? strlen(root) : 0;

	if (len < 2 || strncmp(path, root, len) != 0 || path[len] != '/')
		return false;
	memmove(path, path + len, strlen(path + len) + 1);
	return true;
}

int sc_stage_path(const struct spicecfg_ctx *ctx, const char *path, bool outside, bool follow, char real[PATH_MAX], bool *apart)
{
	struct sc_resolved to = {.all = true};
	char full[PATH_MAX];
	size_t at = 0;

	if (outside && *path != '/') {
		if (!getcwd(full, sizeof(full)))
			return -1;
		at = strlen(full);
	}
	if ((size_t)snprintf(full + at, sizeof(full) - at, "%s%s", at ? "/" : "", path) >= sizeof(full) - at) {
		errno = ENAMETOOLONG;
		return -1;
	}
	int root = open(ctx->root && !outside ? ctx->root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -1;
	int result = sc_file_resolve(root, full, follow, &to), saved = errno;
	close(root);
	errno = saved;
	if (result == 0 && (size_t)snprintf(real, PATH_MAX, "/%s", to.path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	/* without a root, paths of the user and of the host are one kind */
	*apart = result == 0 && outside && ctx->root && !enter_root(ctx, real);
	return result;
}

const struct sc_staged *sc_staged_of(const struct spicecfg_ctx *ctx, const char *path, bool outside, bool follow)
{
	char real[PATH_MAX];
	bool apart;

	if (!ctx->stage || sc_stage_path(ctx, path, outside, follow, real, &apart) < 0)
		return NULL;
	return sc_stage_find(ctx->stage, real, apart);
}

int sc_see(const struct spicecfg_ctx *ctx, const char *path, bool outside, bool follow, struct sc_seen *out)
{
	const int flags = O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW);

	*out = (struct sc_seen){.fd = -1, .staged = sc_staged_of(ctx, path, outside, follow)};
	if (out->staged && !out->staged->mode) {
		errno = ENOENT;
		return -1;
	}
	if (out->staged) {
		out->st.st_mode = out->staged->mode;
		out->st.st_uid = out->staged->uid;
		out->st.st_gid = out->staged->gid;
		out->st.st_nlink = 1;
		out->st.st_size = (off_t)out->staged->len;
		return 0;
	}
	out->fd = outside ? open(path, flags) : sc_file_open(ctx, path, flags);
	if (out->fd < 0 || fstat(out->fd, &out->st) == 0)
		return out->fd < 0 ? -1 : 0;
	int saved = errno;
	sc_seen_close(out);
	errno = saved;
	return -1;
}

void sc_seen_close(struct sc_seen *seen)
{
	if (seen->fd >= 0)
		close(seen->fd);
	seen->fd = -1;
}

int sc_seen_acl(const struct sc_seen *seen, bool standing, struct sc_acl *out)
{
	if (!seen->staged)
		return sc_acl_fd_read(seen->fd, standing, out);
	*out = standing ? seen->staged->standing : seen->staged->access;
	return 0;
}

bool sc_seen_real(const struct spicecfg_ctx *ctx, const struct sc_seen *seen, char path[PATH_MAX])
{
	if (!seen->staged)
		return sc_file_real(ctx, seen->fd, path);
	return snprintf(path, PATH_MAX, "%s", seen->staged->path) < PATH_MAX;
}

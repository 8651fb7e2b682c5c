/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A path of the host as it is or, while a plan is on the stage of the context, as it will be (stage/stage.h). */
#ifndef SC_SYSTEM_SEEN_H
#define SC_SYSTEM_SEEN_H

#include <limits.h>
#include <sys/stat.h>

#include "base/ctx.h"
#include "stage/stage.h"

struct sc_seen {
	int fd; /* opened with O_PATH; -1: it is only on the stage, or not seen */
	const struct sc_staged *staged;
	struct stat st; /* of a staged document: type, permissions, owner, group and size only */
};

/*
 * Looks at a host path or, if outside, at a path of the user. follow: a symbolic link at its end is followed. Returns 0, or -1 with errno;
 * then out->fd is -1. The result is to be closed.
 */
int sc_see(const struct spicecfg_ctx *ctx, const char *path, bool outside, bool follow, struct sc_seen *out);
void sc_seen_close(struct sc_seen *seen);

/* The access ACL or, if standing, the default ACL of a directory (n == 0: none). Returns 0, or -1 with errno as sc_acl_fd_read(). */
int sc_seen_acl(const struct sc_seen *seen, bool standing, struct sc_acl *out);

/* Its real path without the root, as sc_file_real(). */
bool sc_seen_real(const struct spicecfg_ctx *ctx, const struct sc_seen *seen, char path[PATH_MAX]);

/* The document on the stage that the path leads to; NULL: the file system decides. */
const struct sc_staged *sc_staged_of(const struct spicecfg_ctx *ctx, const char *path, bool outside, bool follow);

/*
 * The path without links, as the stage names it: what is missing at its end stays as it was given. A path of the user's that leads to
 * below the root is the host path that it leads to. apart: it is one of the user's that is not. Returns 0, or -1 with errno.
 */
int sc_stage_path(const struct spicecfg_ctx *ctx, const char *path, bool outside, bool follow, char real[PATH_MAX], bool *apart);

#endif

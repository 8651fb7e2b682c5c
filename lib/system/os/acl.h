/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ACLs of directories and sockets, through libacl. No part of a path may be a symlink: whoever can place one would choose what is opened.
 */
#ifndef SC_SYSTEM_ACL_H
#define SC_SYSTEM_ACL_H

#include <sys/stat.h>

#include "base/ctx.h"
#include "model/acl.h"

/* A file, directory or socket as it is. */
struct sc_acl_state {
	bool exists;
	uid_t uid;
	gid_t gid;
	mode_t mode; /* type and permission bits */
	struct sc_acl access;
	struct sc_acl standing; /* the default ACL of a directory; n == 0: none */
};

/*
 * Opens a host path (absolute, without "..") below the context's root with O_PATH. Returns the descriptor, or -1 with errno; ELOOP where a
 * part of it is a symlink.
 */
int sc_acl_open(const struct spicecfg_ctx *ctx, const char *path);

/* Reads the owner, mode and ACLs of a host path. A missing path is not an error (exists is false). SPICECFG_INPUT if a part of the path is
 * a symlink or it can't be read. */
SPICECFG_CHECKED enum spicecfg_status sc_acl_look(struct spicecfg_ctx *ctx, const char *path, struct sc_acl_state *out);

#endif

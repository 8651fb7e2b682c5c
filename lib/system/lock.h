/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Only one spicecfg changes a host, or a folder of files, at a time. */
#ifndef SC_SYSTEM_LOCK_H
#define SC_SYSTEM_LOCK_H

#include <stddef.h>

#include "base/ctx.h"

/*
 * Takes the host's lock: /run/spicecfg/lock as root, the user's runtime or home folder otherwise, the root directory with --root.
 * Waits as long as the context says, then SPICECFG_SYSTEM. *fd is the lock: close it.
 */
SPICECFG_CHECKED enum spicecfg_status sc_lock_host(struct spicecfg_ctx *ctx, int *fd);

/*
 * Takes the locks of n directories, in an order that is the same for everybody; one that is named twice is locked once. fds has room for
 * n: the locks, -1 where there is none. SPICECFG_OK, or none is held.
 */
SPICECFG_CHECKED enum spicecfg_status sc_lock_dirs(struct spicecfg_ctx *ctx, const char *const *dirs, size_t n, int *fds);

/* Ends the locks and sets them to -1. */
void sc_lock_release(int *fds, size_t n);

#endif

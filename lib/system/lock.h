/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Only one spicecfg changes a host, or a folder of files, at a time. */
#ifndef SC_SYSTEM_LOCK_H
#define SC_SYSTEM_LOCK_H

#include "base/ctx.h"

/*
 * Takes the host's lock: /run/spicecfg/lock as root, the user's runtime or home folder otherwise, the root directory with --root.
 * Waits as long as the context says, then SPICECFG_SYSTEM. *fd is the lock: close it.
 */
SPICECFG_CHECKED enum spicecfg_status sc_lock_host(struct spicecfg_ctx *ctx, int *fd);

/* Takes the lock of a directory (an open descriptor of it; what is locked is a second descriptor, returned in *fd). */
SPICECFG_CHECKED enum spicecfg_status sc_lock_dir(struct spicecfg_ctx *ctx, const char *dir, int *fd);

#endif

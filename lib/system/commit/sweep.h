/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Temp files of killed processes: they may hold an old password. A living one holds a shared flock on each of its own. */
#ifndef SC_SYSTEM_SWEEP_H
#define SC_SYSTEM_SWEEP_H

#include "base/ctx.h"

/*
 * Removes what killed processes left in the directory (any descriptor of it) and says so, once per context and directory; shown names it.
 * Only a file, or an empty directory, with the name of a temp file, that belongs to root, the caller, the owner of the directory or of the
 * file that it was for, and that nobody holds; anything else of such a name stays as it is. What can't be removed is a warning.
 */
void sc_sweep(struct spicecfg_ctx *ctx, int dir, const char *shown);

/* True when there is something to look at: so that a run that changes nothing takes no lock. */
bool sc_sweep_wanted(const struct spicecfg_ctx *ctx, int dir);

/* Marks a temp file as that of a living process. False: somebody took it for a dead one's, take another. */
bool sc_sweep_hold(int fd);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Temp files of killed processes, which may contain an old password. A living process holds a shared flock on each of its own. */
#ifndef SC_SYSTEM_SWEEP_H
#define SC_SYSTEM_SWEEP_H

#include "base/ctx.h"

/*
 * Removes leftovers of killed processes in the directory (any descriptor of it) and logs that, once per context and directory; shown is the
 * directory's name in messages. Removed are only files and empty directories with the name of a temp file that belong to root, the caller,
 * the owner of the directory or of the file that they were made for, and that no process has locked; anything else with such a name stays.
 * What can't be removed is logged as a warning.
 */
void sc_sweep(struct spicecfg_ctx *ctx, int dir, const char *shown);

/* Whether there may be leftovers, so that a run that changes nothing need not lock. */
bool sc_sweep_wanted(const struct spicecfg_ctx *ctx, int dir);

/* Marks a temp file as that of a living process. False: another process is already sweeping it; make another one. */
bool sc_sweep_hold(int fd);

#endif

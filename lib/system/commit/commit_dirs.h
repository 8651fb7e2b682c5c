/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directories and definitions that a plan changes: their locks, and leftovers of killed processes in them. */
#ifndef SC_SYSTEM_COMMIT_DIRS_H
#define SC_SYSTEM_COMMIT_DIRS_H

#include "plan/plan.h"
#include "system/os/lock.h"

struct sc_commit_dirs {
	struct sc_lock_key *keys;
	size_t n;
	struct sc_locks *locks;
};

/*
 * Opens the directories (instead of a missing one, the nearest existing one above), takes the locks and sweeps. For a plan without a
 * change, only directories with something to sweep are locked. SPICECFG_OK: call sc_commit_dirs_close() later; otherwise nothing is held.
 */
SPICECFG_CHECKED enum spicecfg_status sc_commit_dirs_open(struct spicecfg_plan *plan, struct sc_commit_dirs *dirs);
void sc_commit_dirs_close(struct sc_commit_dirs *dirs);

#endif

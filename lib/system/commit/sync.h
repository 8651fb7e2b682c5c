/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_SYNC_H
#define SC_SYSTEM_SYNC_H

#include "base/arena.h"

/* The directories that were synced since the last change in them. */
struct sc_synced {
	struct sc_arena *memory;
	struct sc_synced_id *ids;
	size_t n;
};

/* Syncs an open directory unless that was done already. Returns 0, or -1 with errno. */
int sc_sync_dir(struct sc_synced *synced, int fd);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Only one spicecfg changes the documents of a directory, or a definition, at a time. Locks are files that nobody else can open: of root in
 * /run/spicecfg/locks, of others in $XDG_RUNTIME_DIR/spicecfg/locks, or $XDG_STATE_HOME/spicecfg/locks ($HOME/.local/state). So nobody can
 * keep root waiting; two accounts that change one file are told apart by what the commit compares (step_file.c). Only an account with none
 * of those places locks the directories themselves.
 */
#ifndef SC_SYSTEM_LOCK_H
#define SC_SYSTEM_LOCK_H

#include <stddef.h>

#include "base/ctx.h"

enum { SC_LOCK_NAME = 96 };

struct sc_lock_key {
	char name[SC_LOCK_NAME]; /* of the lock's file: what is one thing has one name */
	const char *what;        /* for messages; outlives the locks */
	int dir;                 /* O_PATH on the directory that it is for; -1: none. The caller's. */
};

struct sc_locks;

/* The key of a directory: by device and inode, however it was named. False with errno. */
bool sc_lock_key_dir(struct sc_lock_key *key, int dir, const char *what);
/* The key of a definition at a URI. */
void sc_lock_key_definition(struct sc_lock_key *key, const char *uri, const char *uuid, const char *what);

/*
 * Takes n locks, in an order that is the same for everybody; a name that comes twice is locked once. With host, root takes
 * /run/spicecfg/lock first: that of releases before this one. Waits as long as the context says, then SPICECFG_SYSTEM. keys are sorted.
 */
SPICECFG_CHECKED enum spicecfg_status sc_locks_take(struct spicecfg_ctx *ctx, struct sc_lock_key *keys, size_t n, bool host,
						    struct sc_locks **out);

/* Ends them; NULL is fine. */
void sc_locks_release(struct sc_locks *locks);

#endif

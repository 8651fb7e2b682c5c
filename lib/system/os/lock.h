/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Only one spicecfg process changes the documents of a directory, or a definition, at a time. Locks are files that no other account can
 * open: root's are in /run/spicecfg/locks, those of other accounts in $XDG_RUNTIME_DIR/spicecfg/locks or $XDG_STATE_HOME/spicecfg/locks
 * ($HOME/.local/state). So no other account can keep root waiting; if two accounts change the same file, the comparison during the commit
 * detects it (step_file.c). An account that has none of those directories locks the document's directory itself.
 */
#ifndef SC_SYSTEM_LOCK_H
#define SC_SYSTEM_LOCK_H

#include <stddef.h>

#include "base/ctx.h"

enum { SC_LOCK_NAME = 96 };

struct sc_lock_key {
	char name[SC_LOCK_NAME]; /* of the lock file: the same object always has the same name */
	const char *what;        /* for messages; outlives the locks */
	int dir;                 /* O_PATH descriptor of the directory to lock, owned by the caller; -1: none */
};

struct sc_locks;

/* Makes the key of a directory from its device and inode, whatever path named it. Returns false with errno. */
bool sc_lock_key_dir(struct sc_lock_key *key, int dir, const char *what);
/* Makes the key of the definition with this UUID at a libvirt URI. */
void sc_lock_key_definition(struct sc_lock_key *key, const char *uri, const char *uuid, const char *what);

/*
 * Takes n locks, in an order that is the same for all processes; a duplicate name is locked once. If host is set, root first takes
 * /run/spicecfg/lock, the lock of earlier releases. Waits as long as the context allows, then fails with SPICECFG_SYSTEM. Sorts keys.
 */
SPICECFG_CHECKED enum spicecfg_status sc_locks_take(struct spicecfg_ctx *ctx, struct sc_lock_key *keys, size_t n, bool host,
						    struct sc_locks **out);

/* Releases the locks; NULL is allowed. */
void sc_locks_release(struct sc_locks *locks);

#endif

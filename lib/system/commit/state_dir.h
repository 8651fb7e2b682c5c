/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where transactions are kept: root's in /var/lib/spicecfg, those of other accounts in $XDG_STATE_HOME/spicecfg or ~/.local/state/spicecfg,
 * those of a tree in its own var/lib/spicecfg or, where it has no var/lib, in .spicecfg at its top. In it are tx (open transactions) and
 * history (committed ones).
 */
#ifndef SC_SYSTEM_STATE_DIR_H
#define SC_SYSTEM_STATE_DIR_H

#include "base/ctx.h"

struct sc_state {
	int dir, tx, history; /* descriptors of the directories; -1: it does not exist */
};

/* Its path, for messages; the memory is the context's error memory or static. */
const char *sc_state_name(const struct spicecfg_ctx *ctx);

/*
 * Opens the directory; with make, creates what is missing, durably. Without make, one that does not exist, or that this account can't read,
 * is no error: tx is -1. SPICECFG_SYSTEM if it can't be created, or does not belong to this account alone.
 */
SPICECFG_CHECKED enum spicecfg_status sc_state_open(struct spicecfg_ctx *ctx, bool make, struct sc_state *out);
void sc_state_close(struct sc_state *state);

/* Below a root: removes the directory where no transaction is left in it. The caller must not have tx locked. */
void sc_state_remove(const struct spicecfg_ctx *ctx);

#endif

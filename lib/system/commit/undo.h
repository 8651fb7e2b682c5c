/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_UNDO_H
#define SC_SYSTEM_UNDO_H

#include "system/commit/journal_plan.h"

/* A transaction that is undone. */
struct sc_undo {
	struct spicecfg_ctx *ctx;
	const struct sc_tx *tx;
	struct sc_arena *memory;
	int dir; /* of the transaction */
};

enum sc_undone {
	SC_UNDONE,
	SC_UNDO_WAITS,    /* a definition of another URI */
	SC_UNDO_CONFLICT, /* somebody else has changed it: it stays */
	SC_UNDO_FAILED,   /* logged */
};

#endif

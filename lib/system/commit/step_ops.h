/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A step type is a row of operations, which commit.c calls, the only place that changes the system. The stages of a commit: all steps look
 * at what is there; the journal is armed; all prepare (temp files written and synced), then are applied in order, synced and verified;
 * after a failure, the applied ones are undone in reverse order; at last what is no longer needed is discarded.
 */
#ifndef SC_SYSTEM_STEP_OPS_H
#define SC_SYSTEM_STEP_OPS_H

#include "plan/plan.h"
#include "system/commit/journal_plan.h"
#include "system/commit/sync.h"

/* What a step has removed: names that may come back after a crash, or those of files that may have contained a secret. */
enum sc_discarded { SC_DISCARDED_NOTHING, SC_DISCARDED_NAMES, SC_DISCARDED_SECRETS };

/* Those that may be NULL are marked: then there is nothing to do. */
struct sc_step_ops {
	/* Verifies that the old state is unchanged (else *stale = true and SPICECFG_SYSTEM). Changes nothing. NULL: prepare does that. */
	enum spicecfg_status (*look)(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale);
	/* What the journal needs: the state before and after. *image: the old contents, of tx->before.len bytes; NULL: none. Or NULL. */
	enum spicecfg_status (*describe)(struct spicecfg_ctx *ctx, struct sc_step *step, struct sc_arena *memory, struct sc_tx_step *tx,
					 const char **image);
	/* Prepares without a visible change; looks first if that was not done. */
	enum spicecfg_status (*prepare)(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale);
	/* Makes the change visible, quickly and atomically. */
	enum spicecfg_status (*apply)(struct spicecfg_ctx *ctx, struct sc_step *step);
	/* Makes names and attributes durable as they are now, after an apply, an undo or a discard. 0, or -1 with errno. Or NULL. */
	int (*sync)(struct sc_step *step, struct sc_synced *synced);
	/* Reads back what apply has written. Or NULL. */
	enum spicecfg_status (*verify)(struct spicecfg_ctx *ctx, struct sc_step *step);
	/* Digests of what there is after apply, where that may differ from what was asked for; NULL: not known. Or NULL. */
	const char *(*seen)(const struct sc_step *step);
	/* Restores the old state after an apply. If that fails, logs why and sets step->unrestored, as finish does. */
	void (*undo)(struct spicecfg_ctx *ctx, struct sc_step *step);
	/* Removes temp files after the commit or the undo. Or NULL. */
	enum sc_discarded (*discard)(struct spicecfg_ctx *ctx, struct sc_step *step);
	/* Frees step->run, and discards if that was not done. */
	void (*finish)(struct spicecfg_ctx *ctx, struct sc_step *step);
};

/* One file each: step_file.c, step_mkdir.c, step_acl.c, step_define.c, step_live.c, action.c */
extern const struct sc_step_ops sc_step_file_ops;
extern const struct sc_step_ops sc_step_mkdir_ops;
extern const struct sc_step_ops sc_step_acl_ops;
extern const struct sc_step_ops sc_step_define_ops;
extern const struct sc_step_ops sc_step_live_ops;
extern const struct sc_step_ops sc_step_action_ops;

#endif

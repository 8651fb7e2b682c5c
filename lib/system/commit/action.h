/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Actions that do not edit a document: one row each in action.c. */
#ifndef SC_SYSTEM_ACTION_H
#define SC_SYSTEM_ACTION_H

#include "plan/plan.h"
#include "system/commit/journal_plan.h"

struct sc_action_ops {
	const char *name;
	/*
	 * Prepares the action while the commit prepares its steps (commit.h); NULL: nothing to prepare. finish is called even if it fails.
	 */
	enum spicecfg_status (*prepare)(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run, bool *stale);
	/* What of the state before it the journal needs (its own row in journal_plan.h); false: memory is short. NULL: nothing. */
	bool (*describe)(struct spicecfg_ctx *ctx, const struct sc_action *action, struct sc_arena *memory, struct sc_tx_step *tx);
	/* Carries the action out; *run is its own data, for undo and finish. */
	enum spicecfg_status (*apply)(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run);
	/*
	 * Undoes the action; false: impossible; NULL: nothing to undo. Called after the documents of later steps were restored and before
	 * those of earlier ones.
	 */
	bool (*undo)(struct spicecfg_ctx *ctx, const struct sc_action *action, void *run);
	/* Called after everything else was undone (to start a daemon with the old file again); false: it failed; NULL: nothing to do. */
	bool (*undone)(struct spicecfg_ctx *ctx, const struct sc_action *action, void *run);
	void (*finish)(struct spicecfg_ctx *ctx, void *run); /* NULL: nothing to free */
};

/* One file each: action_group.c, service.c, daemon_restart.c */
extern const struct sc_action_ops sc_action_lock_accounts, sc_action_start_service, sc_action_restart_daemon;

/* NULL-terminated. */
extern const struct sc_action_ops *const sc_actions[];

#endif

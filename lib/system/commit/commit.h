/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The only place that changes the system. A step type is a row of operations: all steps are prepared (temp files written and synced, old
 * state kept), then applied in order; after a failure, the applied ones are undone in reverse order.
 */
#ifndef SC_SYSTEM_COMMIT_H
#define SC_SYSTEM_COMMIT_H

#include "plan/plan.h"

struct sc_step_ops {
	/* Verifies that the old state is unchanged (else *stale = true and SPICECFG_SYSTEM), and prepares without a visible change. */
	enum spicecfg_status (*prepare)(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale);
	/* Makes the change visible, quickly and atomically. */
	enum spicecfg_status (*apply)(struct spicecfg_ctx *ctx, struct sc_step *step);
	/* Restores the old state after an apply. If that fails, logs why and sets step->unrestored, as finish does. */
	void (*undo)(struct spicecfg_ctx *ctx, struct sc_step *step);
	/* Frees step->run and removes temp files, after the commit or the undo. */
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

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/action.h"

#include <stdlib.h>
#include <string.h>

#include "system/commit/step_ops.h"

const struct sc_action_ops *const sc_actions[] = {
    &sc_action_lock_accounts,
    &sc_action_start_service,
    &sc_action_restart_daemon,
    NULL,
};

struct run {
	const struct sc_action_ops *ops;
	void *own;
	bool started, undone;
};

/* Locks are taken before documents are compared. */
static enum spicecfg_status look(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	const struct sc_action *action = step->action;
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return sc_fail_memory(ctx);
	step->run = run;
	for (const struct sc_action_ops *const *row = sc_actions; *row; row++)
		if (strcmp((*row)->name, action->name) == 0)
			run->ops = *row;
	if (!run->ops)
		return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "there is no action '%s'", action->name);
	return run->ops->prepare ? run->ops->prepare(ctx, action, &run->own, stale) : SPICECFG_OK;
}

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	return step->run ? SPICECFG_OK : look(ctx, step, stale);
}

static enum spicecfg_status describe(struct spicecfg_ctx *ctx, struct sc_step *step, struct sc_arena *memory, struct sc_tx_step *tx,
				     const char **image)
{
	const struct run *run = step->run;

	(void)image;
	tx->action[0] = step->action->name;
	for (size_t i = 0; i < sizeof(step->action->arg) / sizeof(*step->action->arg); i++)
		tx->action[i + 1] = step->action->arg[i];
	if (run->ops->describe && !run->ops->describe(ctx, step->action, memory, tx))
		return sc_fail_memory(ctx);
	return SPICECFG_OK;
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	run->started = true;
	return run->ops->apply(ctx, step->action, &run->own);
}

static void undo(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	if (!run || !run->started)
		return;
	run->undone = true;
	if (run->ops->undo && !run->ops->undo(ctx, step->action, run->own))
		step->unrestored = true;
}

static void finish(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	struct run *run = step->run;

	if (!run)
		return;
	if (run->undone && run->ops->undone && !run->ops->undone(ctx, step->action, run->own))
		step->unrestored = true;
	if (run->ops && run->ops->finish)
		run->ops->finish(ctx, run->own);
	free(run);
	step->run = NULL;
}

const struct sc_step_ops sc_step_action_ops = {look, describe, prepare, apply, NULL, NULL, NULL, undo, NULL, finish};

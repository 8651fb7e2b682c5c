/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The transaction: lock, prepare all steps, apply all of them, or roll everything back. */
#include "system/commit/commit.h"

#include <stdlib.h>
#include <string.h>

#include "system/commit/commit_dirs.h"
#include "system/load/load.h"

static const struct sc_step_ops *const ops[SC_STEP_TYPES] = {
    [SC_STEP_MKDIR] = &sc_step_mkdir_ops,   [SC_STEP_FILE] = &sc_step_file_ops, [SC_STEP_ACL] = &sc_step_acl_ops,
    [SC_STEP_DEFINE] = &sc_step_define_ops, [SC_STEP_LIVE] = &sc_step_live_ops, [SC_STEP_ACTION] = &sc_step_action_ops,
};

static enum spicecfg_status check_interrupt(struct spicecfg_ctx *ctx)
{
	return sc_interrupted(ctx) ? sc_fail(ctx, SPICECFG_INTERRUPTED, NULL, "interrupted; nothing was changed") : SPICECFG_OK;
}

static enum spicecfg_status ask(struct spicecfg_plan *plan, enum spicecfg_stage stage)
{
	if (!plan->on_stage || plan->on_stage(plan->on_stage_data, stage))
		return SPICECFG_OK;
	/* An error that was already recorded stays. */
	(void)sc_fail(plan->ctx, SPICECFG_SYSTEM, NULL, "the commit was cancelled; nothing was changed");
	return plan->ctx->error.status;
}

void spicecfg_plan_set_stage_fn(struct spicecfg_plan *plan, spicecfg_stage_fn fn, void *opaque)
{
	plan->on_stage = fn;
	plan->on_stage_data = opaque;
}

/* Whatever the failure was, the error must name what could not be rolled back. */
static enum spicecfg_status name_unrestored(struct spicecfg_plan *plan, enum spicecfg_status status, bool *stale)
{
	const char **names = sc_arena_alloc(plan->memory, (plan->n_steps + 1) * sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; names && i < plan->n_steps; i++) {
		const struct sc_step *step = &plan->steps[i];

		if (step->unrestored)
			names[n++] = step->document ? step->document : step->path;
	}
	if (!n)
		return status;
	names[n] = NULL;
	*stale = false;
	return sc_fail_unrestored(plan->ctx, names);
}

static enum spicecfg_status carry_out(struct spicecfg_plan *plan, bool *stale)
{
	enum spicecfg_status status = SPICECFG_OK;
	size_t prepared = 0, applied = 0;

	for (; prepared < plan->n_steps && !status; prepared++) {
		struct sc_step *step = &plan->steps[prepared];

		if (!sc_step_is_idle(step))
			status = ops[step->type]->prepare(plan->ctx, step, stale);
	}
	if (!status)
		status = ask(plan, SPICECFG_STAGE_PREPARED);
	for (; applied < plan->n_steps && !status; applied++) {
		struct sc_step *step = &plan->steps[applied];

		status = check_interrupt(plan->ctx);
		if (!status && !sc_step_is_idle(step))
			status = ops[step->type]->apply(plan->ctx, step);
		*stale |= status && step->stale;
	}
	if (!status)
		status = ask(plan, SPICECFG_STAGE_APPLIED);
	/* The step that failed may have done part of its work: undo begins with it. */
	for (size_t i = applied; status && i-- > 0;)
		if (!sc_step_is_idle(&plan->steps[i]))
			ops[plan->steps[i].type]->undo(plan->ctx, &plan->steps[i]);
	for (size_t i = prepared; i-- > 0;)
		if (!sc_step_is_idle(&plan->steps[i]))
			ops[plan->steps[i].type]->finish(plan->ctx, &plan->steps[i]);
	return name_unrestored(plan, status, stale);
}

enum spicecfg_status spicecfg_plan_commit(struct spicecfg_plan *plan, const struct spicecfg_report *report, bool *stale)
{
	sc_ctx_enter(plan->ctx);

	struct sc_commit_dirs dirs;
	bool unused;

	if (!stale)
		stale = &unused;
	*stale = false;
	if (!report || report->plan != plan)
		return sc_fail(plan->ctx, SPICECFG_SYSTEM, NULL, "the plan was not checked before its commit");
	if (report->refused && !plan->ctx->force)
		return sc_fail(plan->ctx, SPICECFG_FINDINGS, "Fix the findings, or use --force.",
			       "the plan has findings that forbid its commit");
	enum spicecfg_status status = check_interrupt(plan->ctx);
	if (!status)
		status = sc_commit_dirs_open(plan, &dirs);
	if (status)
		return status;
	status = carry_out(plan, stale);
	sc_commit_dirs_close(&dirs);
	return status;
}

/* Reports what could not be read for the plan, once for all plans of a context. */
static enum spicecfg_status report_unread(struct spicecfg_plan *plan, struct spicecfg_report *report)
{
	enum spicecfg_status status = SPICECFG_OK;
	const struct sc_unread_row *row;

	while (!status && (row = sc_unread_next(plan->ctx->unread))) {
		const struct spicecfg_finding finding = {
		    .rule = "not-readable",
		    .level = SPICECFG_LEVEL_WARNING,
		    .cls = SPICECFG_CLASS_EFFECT,
		    .message = sc_arena_printf(report->memory, "%s was not checked: %s", row->path, row->why),
		    .path = "",
		    .file = row->path,
		};

		status = finding.message ? sc_report_add(report, &finding) : sc_fail_memory(plan->ctx);
	}
	return status;
}

/* The findings are about the end: of several calls, each document is judged beside what the others make of theirs. */
static enum spicecfg_status run_checks(struct spicecfg_plan *plan, struct spicecfg_report *report)
{
	enum spicecfg_status status = plan->n_calls > 1 ? sc_stage_open(plan) : SPICECFG_OK;

	for (size_t i = 0; i < plan->n_rows && !status; i++) {
		plan->now = plan->rows[i];
		status = plan->now->run(plan, report);
	}
	return sc_stage_close(plan, status);
}

enum spicecfg_status spicecfg_plan_check(struct spicecfg_plan *plan, struct spicecfg_report **out)
{
	sc_ctx_enter(plan->ctx);

	struct spicecfg_report *report = sc_report_new(plan->ctx);

	*out = NULL;
	if (!report)
		return SPICECFG_SYSTEM;
	report->plan = plan;
	enum spicecfg_status status = SPICECFG_OK;
	for (size_t i = 0; i < plan->n_found && !status; i++) {
		report->refused |= plan->found[i].refuse;
		status = sc_report_add(report, &plan->found[i].finding);
	}
	if (!status)
		status = run_checks(plan, report);
	if (!status)
		status = report_unread(plan, report);
	if (!status)
		status = sc_settle(plan->ctx);
	if (status) {
		spicecfg_report_free(report);
		return status;
	}
	*out = report;
	return report->refused ? SPICECFG_FINDINGS : SPICECFG_OK;
}

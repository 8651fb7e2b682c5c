/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The transaction: lock, look, arm the journal, prepare all steps, apply all of them, or roll everything back. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "system/commit/commit_dirs.h"
#include "system/commit/journal.h"
#include "system/commit/recover.h"
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

/* A failed fsync is never repeated: what it was about may be lost, and the next one would succeed. */
static bool sync_step(struct spicecfg_plan *plan, struct sc_step *step, struct sc_synced *synced)
{
	const struct sc_step_ops *row = ops[step->type];

	if (sc_step_is_idle(step) || !row->sync || row->sync(step, synced) == 0)
		return true;
	(void)sc_fail_at(plan->ctx, SPICECFG_SYSTEM, (struct sc_where){.file = step->path}, NULL, "its directory can't be synced: %s",
			 strerror(errno));
	return false;
}

static enum spicecfg_status sync_steps(struct spicecfg_plan *plan, size_t from, size_t to)
{
	struct sc_synced synced = {.memory = plan->memory};

	for (size_t i = from; i < to; i++)
		if (!sync_step(plan, &plan->steps[i], &synced))
			return SPICECFG_SYSTEM;
	return SPICECFG_OK;
}

typedef enum spicecfg_status (*stage_fn)(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale);

static enum spicecfg_status look(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	return ops[step->type]->look ? ops[step->type]->look(ctx, step, stale) : SPICECFG_OK;
}

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	return ops[step->type]->prepare(ctx, step, stale);
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	enum spicecfg_status status = check_interrupt(ctx);

	if (!status)
		status = ops[step->type]->apply(ctx, step);
	*stale |= status && step->stale;
	return status;
}

static enum spicecfg_status verify(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	enum spicecfg_status status = ops[step->type]->verify ? ops[step->type]->verify(ctx, step) : SPICECFG_OK;

	*stale |= status && step->stale;
	return status;
}

/* A stage of all steps; *done: how many were begun. */
static enum spicecfg_status each(struct spicecfg_plan *plan, stage_fn fn, bool *stale, size_t *done)
{
	enum spicecfg_status status = SPICECFG_OK;

	for (*done = 0; *done < plan->n_steps && !status; ++*done)
		if (!sc_step_is_idle(&plan->steps[*done]))
			status = fn(plan->ctx, &plan->steps[*done], stale);
	return status;
}

/* Documents are durable before anything that runs reads them. */
static enum spicecfg_status apply_all(struct spicecfg_plan *plan, bool *stale, size_t *applied)
{
	enum spicecfg_status status = SPICECFG_OK;
	size_t synced = 0;

	for (*applied = 0; *applied < plan->n_steps && !status; ++*applied) {
		struct sc_step *step = &plan->steps[*applied];

		if (sc_step_is_idle(step))
			continue;
		if (sc_step_runs(step)) {
			status = sync_steps(plan, synced, *applied);
			synced = *applied;
		}
		if (!status)
			status = apply(plan->ctx, step, stale);
	}
	return status ? status : sync_steps(plan, synced, plan->n_steps);
}

/* The step that failed may have done part of its work: undo begins with it. */
static void undo(struct spicecfg_plan *plan, size_t applied)
{
	struct sc_synced synced = {.memory = plan->memory};

	for (size_t i = applied; i-- > 0;)
		if (!sc_step_is_idle(&plan->steps[i]))
			ops[plan->steps[i].type]->undo(plan->ctx, &plan->steps[i]);
	for (size_t i = 0; i < applied; i++)
		if (!sync_step(plan, &plan->steps[i], &synced))
			plan->steps[i].unrestored = true;
}

/* Removes what was only needed until now. Where that has to be durable, because of a secret or because the journal names it, it is synced.
 */
static void discard(struct spicecfg_plan *plan, bool journaled)
{
	struct sc_synced synced = {.memory = plan->memory};
	enum sc_discarded *what = sc_arena_alloc(plan->memory, (plan->n_steps + 1) * sizeof(*what));

	for (size_t i = plan->n_steps; i-- > 0;) {
		struct sc_step *step = &plan->steps[i];
		enum sc_discarded one = SC_DISCARDED_NOTHING;

		if (!sc_step_is_idle(step) && ops[step->type]->discard)
			one = ops[step->type]->discard(plan->ctx, step);
		if (what)
			what[i] = one;
	}
	for (size_t i = 0; i < plan->n_steps; i++)
		if (what && what[i] >= (journaled ? SC_DISCARDED_NAMES : SC_DISCARDED_SECRETS) &&
		    !sync_step(plan, &plan->steps[i], &synced))
			sc_log(plan->ctx, SPICECFG_LOG_WARNING, "%s: its directory can't be synced", plan->steps[i].path);
	for (size_t i = plan->n_steps; i-- > 0;)
		if (!sc_step_is_idle(&plan->steps[i]))
			ops[plan->steps[i].type]->finish(plan->ctx, &plan->steps[i]);
}

static enum spicecfg_status carry_out(struct spicecfg_plan *plan, struct sc_journal *journal, bool *stale)
{
	size_t applied = 0, begun;
	enum spicecfg_status status = each(plan, look, stale, &begun);

	if (!status)
		status = sc_journal_arm(journal, ops);
	if (!status)
		status = each(plan, prepare, stale, &begun);
	if (!status)
		status = ask(plan, SPICECFG_STAGE_PREPARED);
	if (!status)
		status = apply_all(plan, stale, &applied);
	sc_journal_seen(journal, ops);
	if (!status)
		status = each(plan, verify, stale, &begun);
	if (!status)
		status = ask(plan, SPICECFG_STAGE_APPLIED);
	if (!status)
		status = sc_journal_commit(journal);
	if (status)
		undo(plan, applied);
	discard(plan, journal->armed);
	return name_unrestored(plan, status, stale);
}

/* With the documents locked. What a killed process left is recovered first, and the plan is made again. */
static enum spicecfg_status carry_out_alone(struct spicecfg_plan *plan, struct sc_journal *journal, bool *stale, bool *dead)
{
	struct sc_commit_dirs dirs;
	enum spicecfg_status status = sc_commit_dirs_open(plan, &dirs);

	if (status)
		return status;
	*dead = journal->state.tx >= 0 && sc_tx_any_dead(&journal->state);
	if (!*dead)
		status = carry_out(plan, journal, stale);
	sc_commit_dirs_close(&dirs);
	return status;
}

static enum spicecfg_status run(struct spicecfg_plan *plan, bool *stale)
{
	struct sc_journal journal;
	bool dead = false;
	enum spicecfg_status status = sc_journal_open(plan, &journal);

	if (status)
		return status;
	status = carry_out_alone(plan, &journal, stale, &dead);
	const struct spicecfg_error *error = spicecfg_ctx_error(plan->ctx);
	sc_journal_close(&journal, !status || !error || !error->unrestored);
	if (dead && !status)
		status = sc_recover(plan->ctx, NULL, NULL);
	if (!dead || status)
		return status;
	*stale = true;
	return sc_fail(plan->ctx, SPICECFG_SYSTEM, "Try again.", "what another spicecfg has left unfinished was undone first");
}

enum spicecfg_status spicecfg_plan_commit(struct spicecfg_plan *plan, const struct spicecfg_report *report, bool *stale)
{
	sc_ctx_enter(plan->ctx);

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
	return status ? status : run(plan, stale);
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

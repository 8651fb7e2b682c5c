/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/plan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "base/fix.h"
#include "base/grow.h"
#include "base/text.h"
#include "doc/diff.h"
#include "doc/mask.h"
#include "model/neighbours.h"
#include "rules/rule.h"

enum spicecfg_status sc_plan_new(struct spicecfg_ctx *ctx, struct spicecfg_plan **out)
{
	struct spicecfg_plan *plan = calloc(1, sizeof(*plan));

	*out = NULL;
	if (!plan || !(plan->memory = sc_arena_new())) {
		free(plan);
		return sc_fail_memory(ctx);
	}
	plan->ctx = ctx;
	*out = plan;
	return SPICECFG_OK;
}

enum spicecfg_status spicecfg_plan_new(struct spicecfg_ctx *ctx, struct spicecfg_plan **out)
{
	sc_ctx_enter(ctx);
	return sc_plan_new(ctx, out);
}

static void release(struct spicecfg_plan *plan)
{
	sc_findings_free(plan->before);
	sc_neighbours_free(plan->neighbours);
	sc_arena_free(plan->memory);
}

void spicecfg_plan_free(struct spicecfg_plan *plan)
{
	if (!plan)
		return;
	release(plan);
	free(plan);
}

enum spicecfg_status sc_plan_enter(struct spicecfg_plan *plan)
{
	sc_ctx_enter(plan->ctx);
	if (plan->filled)
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Commit it, then make another plan.",
			       "the plan already contains another change, and changes can't be combined");
	if (!plan->memory && !(plan->memory = sc_arena_new()))
		return sc_fail_memory(plan->ctx);
	plan->filled = true;
	return SPICECFG_OK;
}

enum spicecfg_status sc_plan_leave(struct spicecfg_plan *plan, enum spicecfg_status status)
{
	if (!status)
		return SPICECFG_OK;
	release(plan);
	*plan = (struct spicecfg_plan){.ctx = plan->ctx, .on_stage = plan->on_stage, .on_stage_data = plan->on_stage_data};
	return status;
}

static bool copy_text(struct sc_arena *memory, const char **text)
{
	if (!*text)
		return true;
	*text = sc_arena_strdup(memory, *text);
	return *text != NULL;
}

static bool copy_bytes(struct sc_arena *memory, const char **bytes, size_t len)
{
	if (!*bytes)
		return true;
	*bytes = sc_arena_strndup(memory, *bytes, len);
	return *bytes != NULL;
}

enum spicecfg_status sc_plan_step(struct spicecfg_plan *plan, const struct sc_step *step)
{
	struct sc_step *steps = sc_arena_grow(plan->memory, plan->steps, plan->n_steps, sizeof(*steps));
	struct sc_step copy = *step;

	if (!steps)
		return sc_fail_memory(plan->ctx);
	plan->steps = steps;
	if (!copy_text(plan->memory, &copy.document) || !copy_text(plan->memory, &copy.path) ||
	    !copy_bytes(plan->memory, &copy.old, copy.old_len) || !copy_bytes(plan->memory, &copy.new, copy.new_len) ||
	    !copy_text(plan->memory, &copy.old_shown) || !copy_text(plan->memory, &copy.new_shown))
		return sc_fail_memory(plan->ctx);
	plan->steps[plan->n_steps++] = copy;
	return SPICECFG_OK;
}

enum spicecfg_status sc_plan_watch(struct spicecfg_plan *plan, const char *path, bool outside)
{
	struct sc_watched *watched = sc_arena_grow(plan->memory, plan->watched, plan->n_watched, sizeof(*watched));
	struct sc_watched one = {path, outside};

	if (!watched)
		return sc_fail_memory(plan->ctx);
	plan->watched = watched;
	if (!copy_text(plan->memory, &one.path))
		return sc_fail_memory(plan->ctx);
	plan->watched[plan->n_watched++] = one;
	return SPICECFG_OK;
}

enum spicecfg_status sc_plan_change(struct spicecfg_plan *plan, const struct spicecfg_change *change)
{
	struct spicecfg_change *changes = sc_arena_grow(plan->memory, plan->changes, plan->n_changes, sizeof(*changes));
	struct spicecfg_change copy = *change;

	if (!changes)
		return sc_fail_memory(plan->ctx);
	plan->changes = changes;
	if (!copy_text(plan->memory, &copy.document) || !copy_text(plan->memory, &copy.path) || !copy_text(plan->memory, &copy.from) ||
	    !copy_text(plan->memory, &copy.to))
		return sc_fail_memory(plan->ctx);
	plan->changes[plan->n_changes++] = copy;
	return SPICECFG_OK;
}

enum spicecfg_status sc_plan_note(struct spicecfg_plan *plan, const char *format, ...)
{
	const struct spicecfg_fix **notes = sc_arena_grow(plan->memory, plan->notes, plan->n_notes, sizeof(*notes));
	va_list args;

	if (!notes)
		return sc_fail_memory(plan->ctx);
	plan->notes = notes;
	va_start(args, format);
	const struct spicecfg_fix *note = sc_fix_vprose(plan->memory, format, args);
	va_end(args);
	if (!note)
		return sc_fail_memory(plan->ctx);
	plan->notes[plan->n_notes++] = note;
	return SPICECFG_OK;
}

enum spicecfg_status sc_plan_find(struct spicecfg_plan *plan, const struct spicecfg_finding *finding, bool refuse)
{
	struct spicecfg_finding *found = sc_arena_grow(plan->memory, plan->found, plan->n_found, sizeof(*found));
	struct spicecfg_finding copy;

	if (!found || !sc_finding_copy(plan->memory, finding, &copy))
		return sc_fail_memory(plan->ctx);
	plan->found = found;
	plan->found[plan->n_found++] = copy;
	plan->found_refused = plan->found_refused || refuse;
	return SPICECFG_OK;
}

static bool same_bytes(const char *old, size_t old_len, const struct sc_step *step)
{
	if (!old || !step->new)
		return old == step->new;
	return old_len == step->new_len && memcmp(old, step->new, old_len) == 0;
}

static bool changes_from(const char *old, size_t old_len, const struct sc_step *step)
{
	if (step->type != SC_STEP_DEFINE && step->type != SC_STEP_FILE)
		return true;
	return !same_bytes(old, old_len, step) || step->want.owner || step->want.group || step->want.mode;
}

bool sc_step_changes(const struct sc_step *step)
{
	return changes_from(step->old, step->old_len, step);
}

bool sc_step_is_idle(const struct sc_step *step)
{
	return step->redirected ? !changes_from(step->there, step->there_len, step) : !sc_step_changes(step);
}

bool spicecfg_plan_changed(const struct spicecfg_plan *plan)
{
	for (size_t i = 0; i < plan->n_steps; i++)
		if (sc_step_changes(&plan->steps[i]))
			return true;
	return false;
}

const struct spicecfg_change *spicecfg_plan_change(const struct spicecfg_plan *plan, size_t index)
{
	return index < plan->n_changes ? &plan->changes[index] : NULL;
}

const struct spicecfg_fix *spicecfg_plan_note(const struct spicecfg_plan *plan, size_t index)
{
	return index < plan->n_notes ? plan->notes[index] : NULL;
}

static bool is_binary(const char *text, size_t len)
{
	return text && memchr(text, '\0', len);
}

static void diff_step(const struct sc_step *step, struct sc_buf *out)
{
	const char *name = step->document ? step->document : step->path;
	SC_BUF old_shown = SC_BUF_INIT;
	SC_BUF new_shown = SC_BUF_INIT;
	struct sc_diff diff = {
	    .name = name,
	    .old = step->old,
	    .old_len = step->old_len,
	    .new = step->new,
	    .new_len = step->new_len,
	    .old_shown = step->old_shown,
	    .new_shown = step->new_shown,
	};

	if (!step->secret && (is_binary(step->old, step->old_len) || is_binary(step->new, step->new_len))) {
		sc_buf_adds(out, "Binary contents of ");
		sc_text_add_line(name, out);
		sc_buf_adds(out, " change.\n");
		return;
	}
	/* masked only now: most diffs are never shown */
	if (!step->secret && !step->old_shown) {
		void (*mask)(const char *, size_t, struct sc_buf *) = step->xml ? sc_mask_xml : sc_mask_text;

		mask(step->old ? step->old : "", step->old_len, &old_shown);
		mask(step->new ? step->new : "", step->new_len, &new_shown);
		diff.old_shown = sc_buf_text(&old_shown);
		diff.new_shown = sc_buf_text(&new_shown);
	}
	if (old_shown.failed || new_shown.failed)
		out->failed = true;
	else if (step->secret) {
		sc_buf_adds(out, "Secret contents of ");
		sc_text_add_line(name, out);
		sc_buf_adds(out, !step->old ? " are created.\n" : !step->new ? " are removed.\n" : " change.\n");
	} else
		sc_diff(&diff, out);
}

enum spicecfg_status spicecfg_plan_diff(struct spicecfg_plan *plan, char **out)
{
	sc_ctx_enter(plan->ctx);

	SC_BUF text = SC_BUF_INIT;

	*out = NULL;
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct sc_step *step = &plan->steps[i];

		if ((step->type == SC_STEP_FILE || step->type == SC_STEP_DEFINE) && !same_bytes(step->old, step->old_len, step))
			diff_step(step, &text);
	}
	*out = sc_buf_steal(&text, NULL);
	return *out ? SPICECFG_OK : sc_fail_memory(plan->ctx);
}

enum spicecfg_status spicecfg_plan_output(struct spicecfg_plan *plan, const char **bytes, size_t *len)
{
	sc_ctx_enter(plan->ctx);

	const struct sc_step *only = NULL;

	*bytes = NULL;
	*len = 0;
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct sc_step *step = &plan->steps[i];

		if (step->type != SC_STEP_FILE && step->type != SC_STEP_DEFINE)
			continue;
		if (only)
			return sc_fail(plan->ctx, SPICECFG_USAGE, "Omit --output.", "more than one document changes: %s and %s",
				       only->document, step->document);
		only = step;
	}
	if (!only || !only->new)
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Omit --output.", "there is no document to write");
	*bytes = only->new;
	*len = only->new_len;
	return SPICECFG_OK;
}

struct spicecfg_report *sc_report_new(struct spicecfg_ctx *ctx)
{
	struct spicecfg_report *report = calloc(1, sizeof(*report));

	if (!report || !(report->memory = sc_arena_new())) {
		free(report);
		(void)sc_fail_memory(ctx);
		return NULL;
	}
	report->ctx = ctx;
	return report;
}

enum spicecfg_status sc_report_add(struct spicecfg_report *report, const struct spicecfg_finding *finding)
{
	struct spicecfg_finding *findings = sc_arena_grow(report->memory, report->findings, report->n_findings, sizeof(*findings));
	struct spicecfg_finding copy;

	if (!findings)
		return sc_fail_memory(report->ctx);
	report->findings = findings;
	if (!sc_finding_copy(report->memory, finding, &copy))
		return sc_fail_memory(report->ctx);
	report->findings[report->n_findings++] = copy;
	return SPICECFG_OK;
}

void spicecfg_report_free(struct spicecfg_report *report)
{
	if (!report)
		return;
	sc_arena_free(report->memory);
	free(report);
}

const struct spicecfg_finding *spicecfg_report_finding(const struct spicecfg_report *report, size_t index)
{
	return index < report->n_findings ? &report->findings[index] : NULL;
}

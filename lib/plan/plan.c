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
#include "model/libvirt.h"
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

struct sc_owned {
	struct sc_owned *next;
	void *object;
	void (*free_fn)(void *);
};

void spicecfg_plan_free(struct spicecfg_plan *plan)
{
	if (!plan)
		return;
	for (const struct sc_owned *owned = plan->owned; owned; owned = owned->next)
		owned->free_fn(owned->object);
	sc_arena_free(plan->memory);
	free(plan);
}

enum spicecfg_status sc_plan_own(struct spicecfg_plan *plan, void *object, void (*free_fn)(void *))
{
	struct sc_owned *owned = sc_arena_alloc(plan->memory, sizeof(*owned));

	if (!owned) {
		free_fn(object);
		return sc_fail_memory(plan->ctx);
	}
	*owned = (struct sc_owned){plan->owned, object, free_fn};
	plan->owned = owned;
	return SPICECFG_OK;
}

static bool copy_text(struct sc_arena *memory, const char **text)
{
	if (!*text)
		return true;
	*text = sc_arena_strdup(memory, *text);
	return *text != NULL;
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

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool has_note(const struct spicecfg_plan *plan, const struct spicecfg_fix *note)
{
	for (size_t i = 0; i < plan->n_notes; i++)
		if (sc_fix_equal(plan->notes[i].note, note))
			return true;
	return false;
}

enum spicecfg_status sc_plan_note(struct spicecfg_plan *plan, const char *format, ...)
{
	struct sc_noted *notes = sc_arena_grow(plan->memory, plan->notes, plan->n_notes, sizeof(*notes));
	va_list args;

	if (!notes)
		return sc_fail_memory(plan->ctx);
	plan->notes = notes;
	va_start(args, format);
	const struct spicecfg_fix *note = sc_fix_vprose(plan->memory, format, args);
	va_end(args);
	if (!note)
		return sc_fail_memory(plan->ctx);
	if (!has_note(plan, note))
		plan->notes[plan->n_notes++] = (struct sc_noted){note, NULL};
	return SPICECFG_OK;
}

struct sc_plan_row *sc_plan_row_of(struct spicecfg_plan *plan, const char *document)
{
	document = sc_plan_name(plan, document);
	for (size_t i = 0; i < plan->n_rows; i++)
		if (same_text(plan->rows[i]->document, document))
			return plan->now = plan->rows[i];
	struct sc_plan_row **rows = sc_arena_grow(plan->memory, plan->rows, plan->n_rows, sizeof(struct sc_plan_row *));
	struct sc_plan_row *check = rows ? sc_arena_alloc(plan->memory, sizeof(*check)) : NULL;

	if (rows)
		plan->rows = rows;
	if (!check || !(check->document = sc_arena_strdup(plan->memory, document))) {
		(void)sc_fail_memory(plan->ctx);
		return NULL;
	}
	plan->rows[plan->n_rows++] = check;
	return plan->now = check;
}

/* The plan before a call, and the elements of its arrays, which the call changes in place. */
struct before {
	struct spicecfg_plan plan;
	struct sc_arena *memory; /* holds this */
	void *steps, *watched, *changes, *found, *notes, *rows;
	struct sc_plan_row *contents; /* of the rows */
};

static bool copy_array(struct sc_arena *memory, void **out, const void *items, size_t bytes)
{
	*out = sc_arena_alloc(memory, bytes + 1);
	if (*out && bytes)
		memcpy(*out, items, bytes);
	return *out != NULL;
}

static bool copy_all(struct before *before)
{
	const struct spicecfg_plan *plan = &before->plan;
	struct sc_arena *memory = before->memory;

	/* the array of aliases only grows */
	if (!copy_array(memory, &before->steps, plan->steps, plan->n_steps * sizeof(*plan->steps)) ||
	    !copy_array(memory, &before->watched, plan->watched, plan->n_watched * sizeof(*plan->watched)) ||
	    !copy_array(memory, &before->changes, plan->changes, plan->n_changes * sizeof(*plan->changes)) ||
	    !copy_array(memory, &before->found, plan->found, plan->n_found * sizeof(*plan->found)) ||
	    !copy_array(memory, &before->notes, plan->notes, plan->n_notes * sizeof(*plan->notes)) ||
	    !copy_array(memory, &before->rows, plan->rows, plan->n_rows * sizeof(struct sc_plan_row *)))
		return false;
	before->contents = sc_arena_alloc(memory, plan->n_rows * sizeof(*before->contents) + 1);
	for (size_t i = 0; before->contents && i < plan->n_rows; i++)
		before->contents[i] = *plan->rows[i];
	return before->contents != NULL;
}

static void put_back(void *items, const void *from, size_t bytes)
{
	if (bytes)
		memcpy(items, from, bytes);
}

static void put_all_back(const struct before *before)
{
	const struct spicecfg_plan *plan = &before->plan;

	put_back(plan->steps, before->steps, plan->n_steps * sizeof(*plan->steps));
	put_back(plan->watched, before->watched, plan->n_watched * sizeof(*plan->watched));
	put_back(plan->changes, before->changes, plan->n_changes * sizeof(*plan->changes));
	put_back(plan->found, before->found, plan->n_found * sizeof(*plan->found));
	put_back(plan->notes, before->notes, plan->n_notes * sizeof(*plan->notes));
	put_back((void *)plan->rows, before->rows, plan->n_rows * sizeof(struct sc_plan_row *));
	for (size_t i = 0; i < plan->n_rows; i++)
		*plan->rows[i] = before->contents[i];
}

static struct before *remember(const struct spicecfg_plan *plan)
{
	struct sc_arena *memory = sc_arena_new();
	struct before *before = memory ? sc_arena_alloc(memory, sizeof(*before)) : NULL;

	if (!before) {
		sc_arena_free(memory);
		return NULL;
	}
	*before = (struct before){.plan = *plan, .memory = memory};
	if (copy_all(before))
		return before;
	sc_arena_free(memory);
	return NULL;
}

enum spicecfg_status sc_plan_begin(struct spicecfg_plan *plan)
{
	plan->touched = false;
	plan->now = NULL;
	plan->saved = NULL;
	plan->n_earlier = plan->n_changes;
	plan->about = NULL;
	if (!plan->n_calls)
		return SPICECFG_OK;
	struct before *before = remember(plan);
	if (!before)
		return sc_fail_memory(plan->ctx);
	plan->saved = &before->plan;
	return SPICECFG_OK;
}

/* What a large document would have become is not kept for each of the calls that change it. */
static void drop_replaced(struct spicecfg_plan *plan)
{
	for (const struct sc_replaced *one = plan->replaced; one; one = one->next)
		sc_arena_drop(plan->memory, one->bytes);
}

/* Notes are about the end: what has its old contents again needs none. */
static void settle_notes(struct spicecfg_plan *plan, size_t first)
{
	static const struct spicecfg_fix nothing = {.n_parts = 0};

	for (size_t i = 0; i < plan->n_notes; i++) {
		struct sc_noted *noted = &plan->notes[i];

		if (i >= first && plan->touched && plan->now)
			noted->document = plan->now->document;
		const struct sc_step *step = noted->document ? sc_plan_step_of(plan, noted->document) : NULL;
		if (step && sc_step_is_idle(step))
			noted->note = &nothing;
	}
}

enum spicecfg_status sc_plan_end(struct spicecfg_plan *plan, enum spicecfg_status status)
{
	static const struct spicecfg_plan empty = {.ctx = NULL};
	const struct spicecfg_plan now = *plan;
	const struct before *before = (const struct before *)now.saved;

	if (status && before)
		put_all_back(before);
	if (status && (now.saved || !now.n_calls)) {
		*plan = now.saved ? *now.saved : empty;
		plan->ctx = now.ctx;
		plan->memory = now.memory;
		plan->owned = now.owned;
		plan->on_stage = now.on_stage;
		plan->on_stage_data = now.on_stage_data;
		plan->key_of = now.key_of;
	} else if (!status) {
		plan->n_calls++;
		drop_replaced(plan);
		settle_notes(plan, before ? before->plan.n_notes : 0);
	}
	plan->saved = NULL;
	plan->replaced = NULL;
	if (before)
		sc_arena_free(before->memory);
	return status;
}

bool spicecfg_plan_changed(const struct spicecfg_plan *plan)
{
	for (size_t i = 0; i < plan->n_steps; i++)
		if (sc_step_changes(&plan->steps[i]))
			return true;
	return false;
}

/* libvirt's daemon is judged by qemu.conf itself; other services by what runs. */
static bool acts(const struct sc_step *step)
{
	if (step->type == SC_STEP_ACTION)
		return strcmp(step->action->name, "lock-accounts") != 0;
	return step->type == SC_STEP_FILE && step->effects & SPICECFG_EFFECT_DAEMON_RESTART && !step->outside && sc_step_changes(step) &&
	       strcmp(step->path, SC_QEMU_CONF) != 0;
}

bool spicecfg_plan_acts(const struct spicecfg_plan *plan)
{
	bool any = false;

	for (size_t i = 0; i < plan->n_steps && !any; i++)
		any = acts(&plan->steps[i]);
	return any;
}

const struct spicecfg_change *spicecfg_plan_change(const struct spicecfg_plan *plan, size_t index)
{
	return index < plan->n_changes ? &plan->changes[index] : NULL;
}

const struct spicecfg_fix *spicecfg_plan_note(const struct spicecfg_plan *plan, size_t index)
{
	return index < plan->n_notes ? plan->notes[index].note : NULL;
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

enum spicecfg_status sc_plan_diff(struct spicecfg_plan *plan, char **out)
{
	SC_BUF text = SC_BUF_INIT;

	*out = NULL;
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct sc_step *step = &plan->steps[i];

		if (sc_step_edits(step))
			diff_step(step, &text);
	}
	*out = sc_buf_steal(&text, NULL);
	return *out ? SPICECFG_OK : sc_fail_memory(plan->ctx);
}

enum spicecfg_status spicecfg_plan_diff(struct spicecfg_plan *plan, char **out)
{
	sc_ctx_enter(plan->ctx);
	return sc_plan_diff(plan, out);
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

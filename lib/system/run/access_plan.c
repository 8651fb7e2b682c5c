/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which named subjects lose or gain a console by a plan. */
#include <spicecfg/access.h>
#include <stdlib.h>
#include <string.h>

#include "base/rows.h"
#include "system/load/load.h"
#include "system/os/clock.h"
#include "system/run/access_side.h"

struct spicecfg_access_changes {
	struct sc_rows rows;
	struct sc_arena *memory;
};

static void keep(void *opaque, const struct sc_access_difference *difference)
{
	struct spicecfg_access_changes *changes = opaque;
	struct sc_rows *rows = &changes->rows;
	const char *subject = sc_subject_name(&difference->subject, changes->memory);
	struct spicecfg_access_change *own = sc_rows_add(rows, sizeof(*own));
	const enum sc_access_change change = difference->change;

	rows->failed |= !subject;
	if (own)
		*own = (struct spicecfg_access_change){
		    .subject = sc_rows_text(rows, subject),
		    .reach = sc_reach_name(difference->way.reach),
		    .via = sc_via_name(difference->way.via),
		    .gains = change == SC_ACCESS_GAINS || change == SC_ACCESS_MAY_GAIN,
		    .unknown = change == SC_ACCESS_MAY_LOSE || change == SC_ACCESS_MAY_GAIN,
		    .unread = sc_rows_text(rows, difference->unread),
		};
}

/* The VM is opened again on each side: its definition is one of the documents that a plan may change. The side points into the VM. */
static enum spicecfg_status read_side(struct spicecfg_ctx *ctx, const char *target, struct spicecfg_vm **vm, struct sc_access_side *side)
{
	enum spicecfg_status status = sc_vm_open(ctx, target, false, vm);

	return status ? status : sc_access_side_read(*vm, side);
}

struct sides {
	struct sc_access_side before, after;
	struct spicecfg_vm *vm_before, *vm_after;
};

static void sides_free(struct sides *sides)
{
	sc_access_side_free(&sides->before);
	sc_access_side_free(&sides->after);
	spicecfg_vm_free(sides->vm_before);
	spicecfg_vm_free(sides->vm_after);
}

static enum spicecfg_status compare(struct spicecfg_plan *plan, const char *target, struct spicecfg_access_changes *changes)
{
	struct spicecfg_ctx *ctx = plan->ctx;
	__attribute__((cleanup(sides_free))) struct sides sides = {.vm_before = NULL};
	enum spicecfg_status status = read_side(ctx, target, &sides.vm_before, &sides.before);

	if (!status)
		status = sc_stage_open(plan);
	if (status)
		return status;
	status = sc_stage_close(plan, read_side(ctx, target, &sides.vm_after, &sides.after));
	if (status)
		return status;
	(void)sc_access_lost(sides.before.tree, sides.after.tree, sc_clock_now(ctx), keep, changes);
	return changes->rows.failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}

enum spicecfg_status spicecfg_plan_access(struct spicecfg_plan *plan, const char *target, struct spicecfg_access_changes **out)
{
	sc_ctx_enter(plan->ctx);
	struct spicecfg_access_changes *changes = calloc(1, sizeof(*changes));

	*out = NULL;
	if (!changes || !(changes->memory = sc_arena_new())) {
		free(changes);
		return sc_fail_memory(plan->ctx);
	}
	enum spicecfg_status status = compare(plan, target, changes);
	if (status)
		spicecfg_access_changes_free(changes);
	else
		*out = changes;
	return status;
}

const struct spicecfg_access_change *spicecfg_access_change(const struct spicecfg_access_changes *changes, size_t index)
{
	return sc_rows_get(&changes->rows, index, sizeof(struct spicecfg_access_change));
}

void spicecfg_access_changes_free(struct spicecfg_access_changes *changes)
{
	if (!changes)
		return;
	sc_rows_free(&changes->rows);
	sc_arena_free(changes->memory);
	free(changes);
}

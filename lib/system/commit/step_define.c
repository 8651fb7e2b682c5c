/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Passes a definition to libvirt. libvirt has no compare-and-swap: the definition is read again just before, and the old one is kept for a
 * rollback.
 */
#include <stdlib.h>
#include <string.h>

#include "system/commit/step_ops.h"
#include "system/libvirt/virt.h"
#include "system/libvirt/vm.h"

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	const struct spicecfg_vm *vm = step->vm;
	const struct sc_virt_ops *ops = sc_virt(ctx);
	char *now = ops->xml(vm->domain, true, true);

	if (!now)
		return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "domain '%s' can't be read: %s", vm->label, ops->error());
	size_t len = strlen(now);
	*stale = len != step->old_len || memcmp(now, step->old, len) != 0;
	sc_wipe_free(now, len);
	if (*stale)
		return sc_fail(ctx, SPICECFG_SYSTEM, "Try again.", "somebody else changed domain '%s' meanwhile", vm->label);
	return SPICECFG_OK;
}

static enum spicecfg_status describe(struct spicecfg_ctx *ctx, struct sc_step *step, struct sc_arena *memory, struct sc_tx_step *tx,
				     const char **image)
{
	const struct spicecfg_vm *vm = step->vm;

	(void)memory;
	tx->uri = sc_virt_uri(ctx);
	tx->uuid = vm->uuid ? vm->uuid : vm->label;
	*image = step->old;
	tx->before = (struct sc_tx_state){.exists = true, .len = step->old_len};
	tx->after = (struct sc_tx_state){.exists = true, .len = step->new_len};
	sc_sha256(step->old, step->old_len, tx->before.digest);
	sc_sha256(step->new, step->new_len, tx->after.digest);
	return SPICECFG_OK;
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	const struct spicecfg_vm *vm = step->vm;
	const struct sc_virt_ops *ops = sc_virt(ctx);

	if (ops->define(sc_virt_connection(ctx, false), step->new) == 0) {
		step->run = step;
		return SPICECFG_OK;
	}
	return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "libvirt refuses the definition of '%s': %s", vm->label, ops->error());
}

static void undo(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	const struct spicecfg_vm *vm = step->vm;
	const struct sc_virt_ops *ops = sc_virt(ctx);

	step->unrestored = step->run && ops->define(sc_virt_connection(ctx, false), step->old) < 0;
	if (step->unrestored)
		sc_log(ctx, SPICECFG_LOG_WARNING, "the old definition of '%s' can't be restored: %s", vm->label, ops->error());
}

static void finish(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	(void)ctx;
	step->run = NULL;
}

const struct sc_step_ops sc_step_define_ops = {NULL, describe, prepare, apply, NULL, NULL, undo, NULL, finish};

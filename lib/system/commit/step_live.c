/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The running VM's graphics device is updated: the last step of its plan, since an old ticket can't be read back from QEMU. */
#include "system/commit/step_ops.h"
#include "system/libvirt/virt.h"
#include "system/libvirt/vm.h"

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, struct sc_step *step, bool *stale)
{
	const struct spicecfg_vm *vm = step->vm;

	(void)stale;
	if (sc_virt(ctx)->is_active(vm->domain) == 1)
		return SPICECFG_OK;
	return sc_fail(ctx, SPICECFG_SYSTEM, "Start it, or omit --live.", "domain '%s' is no longer running", vm->label);
}

static enum spicecfg_status describe(struct spicecfg_ctx *ctx, struct sc_step *step, struct sc_arena *memory, struct sc_tx_step *tx,
				     const char **image)
{
	const struct spicecfg_vm *vm = step->vm;

	(void)memory;
	(void)image;
	tx->uri = sc_virt_uri(ctx);
	tx->uuid = vm->uuid ? vm->uuid : vm->label;
	return SPICECFG_OK;
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	const struct spicecfg_vm *vm = step->vm;
	const struct sc_virt_ops *ops = sc_virt(ctx);

	if (ops->update_live(vm->domain, step->new) == 0)
		return SPICECFG_OK;
	return sc_fail(ctx, SPICECFG_SYSTEM,
		       "A VM that was started without a password accepts no live ticket: set one without --live, then power it off and "
		       "start it again.",
		       "the running VM '%s' does not accept the ticket: %s", vm->label, ops->error());
}

/* The previous ticket of the running VM is in its XML: set it again. */
static void undo(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	const struct spicecfg_vm *vm = step->vm;

	step->unrestored = step->old && sc_virt(ctx)->update_live(vm->domain, step->old) < 0;
	if (step->unrestored)
		sc_log(ctx, SPICECFG_LOG_WARNING, "the old ticket of '%s' can't be restored: %s", vm->label, sc_virt(ctx)->error());
}

static void finish(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	(void)ctx;
	(void)step;
}

const struct sc_step_ops sc_step_live_ops = {NULL, describe, prepare, apply, NULL, NULL, NULL, undo, NULL, finish};

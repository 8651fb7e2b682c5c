/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What setters know about the host: enough to report a setting that conflicts with qemu.conf, too little to slow down an edit. */
#include "plan/vm.h"
#include "system/facts/hostgather.h"
#include "system/libvirt/vm_neighbours.h"

static void host_free(void *opaque)
{
	sc_host_free(opaque);
}

const struct sc_host *sc_host_own(struct spicecfg_ctx *ctx)
{
	struct sc_host *host;

	if (ctx->host || ctx->has_error || !sc_host_gather_possible(ctx) || !(host = sc_host_new(ctx)))
		return ctx->host;
	enum spicecfg_status status = sc_host_gather_settings(ctx, true, host);
	if (!status)
		status = sc_host_gather_machine(ctx, host);
	if (status) {
		/* a broken qemu.conf is libvirt's problem and 'check' reports it; it doesn't prevent editing a VM */
		sc_let_go(ctx);
		sc_host_free(host);
		return NULL;
	}
	ctx->host = host;
	ctx->host_free = host_free;
	return host;
}

static enum spicecfg_status check_vm(struct spicecfg_plan *plan, struct spicecfg_report *report)
{
	struct sc_plan_row *check = plan->now;
	const bool own = sc_vm_is_own(check->vm);
	enum spicecfg_status status = own ? sc_vm_find_neighbours(plan, check->vm) : SPICECFG_OK;

	check->host = own ? sc_host_own(plan->ctx) : NULL;
	return status ? status : sc_plan_check_vm(plan, report);
}

enum spicecfg_status sc_host_plan_check(struct spicecfg_plan *plan, const struct spicecfg_vm *vm)
{
	struct sc_plan_row *check = sc_plan_row_of(plan, vm->document);

	if (!check)
		return SPICECFG_SYSTEM;
	check->run = check_vm;
	check->label = vm->label;
	check->vm = vm;
	check->host = sc_vm_is_own(vm) ? sc_host_own(plan->ctx) : NULL;
	return SPICECFG_OK;
}

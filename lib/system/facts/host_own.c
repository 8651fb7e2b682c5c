/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What setters know about the host: enough to report a setting that conflicts with qemu.conf, too little to slow down an edit. */
#include "base/grow.h"
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

/* A file is for no host in particular, unless a tree is named: `check` judges it there, too. */
static const struct sc_host *host_of(struct spicecfg_ctx *ctx, const struct spicecfg_vm *vm)
{
	return sc_vm_is_own(vm) || ctx->root ? sc_host_own(ctx) : NULL;
}

static enum spicecfg_status check_vm(struct spicecfg_plan *plan, struct spicecfg_report *report)
{
	struct sc_plan_row *check = plan->now;
	enum spicecfg_status status = sc_vm_is_own(check->vm) ? sc_vm_find_neighbours(plan, check->vm) : SPICECFG_OK;

	check->host = host_of(plan->ctx, check->vm);
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
	check->host = host_of(plan->ctx, vm);
	const struct sc_host **hosts = sc_arena_grow(plan->memory, check->hosts, check->n_hosts, sizeof(*hosts));
	if (!hosts)
		return sc_fail_memory(plan->ctx);
	check->hosts = hosts;
	check->hosts[check->n_hosts++] = check->host;
	return SPICECFG_OK;
}

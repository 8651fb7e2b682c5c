/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a VM and a request to a plan: the pure edit, and the step that writes the result. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "doc/mask.h"
#include "plan/vm.h"
#include "system/facts/hostgather.h"
#include "system/libvirt/vm.h"
#include "system/libvirt/vm_neighbours.h"
#include "system/load/load.h"
#include "system/os/exposure.h"
#include "system/socket/vm_socket.h"

/* The running VM's graphics device with the requested changes; libvirt applies ticket, expiry and the connected action at once (F9). */
static enum spicecfg_status add_live(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_request *request)
{
	const char *before, *xml;

	if (vm->kind != SC_VM_DOMAIN)
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Name a libvirt domain, or omit --live.", "'%s' is a file: it has no running VM",
			       vm->label);
	if (!vm->is_running)
		return sc_fail(plan->ctx, SPICECFG_SYSTEM, "Start it, or omit --live.", "domain '%s' is not running", vm->label);
	enum spicecfg_status status = sc_vm_read_running(vm, true);
	if (!status)
		status =
		    sc_plan_live_graphics(plan, request, sc_buf_text(&vm->running), vm->running.len, (int64_t)time(NULL), &before, &xml);
	if (status)
		return status;
	struct sc_step step = {
	    .type = SC_STEP_LIVE,
	    .document = vm->document,
	    .old = before,
	    .old_len = strlen(before),
	    .new = xml,
	    .new_len = strlen(xml),
	    .secret = true,
	    .vm = vm,
	    .effects = SPICECFG_EFFECT_NOW,
	};
	status = sc_plan_step(plan, &step);
	const struct spicecfg_change change = {vm->document, "ticket of the running VM", "***", "***", SPICECFG_EFFECT_NOW};
	return status ? status : sc_plan_change(plan, &change);
}

static bool gets_password(const struct spicecfg_plan *plan, const struct spicecfg_vm *vm, const struct spicecfg_request *request)
{
	const char *document = sc_plan_name(plan, vm->document);
	const struct spicecfg_change *change;

	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)); i++)
		if (change->to && strstr(change->to, SC_MASK) && strcmp(change->document, document) == 0)
			return true;
	return request->has_password;
}

/* The file keeps its mode: everybody who can read it can read the password. */
static enum spicecfg_status look_at_file(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_request *request)
{
	bool outside = vm->kind == SC_VM_FILE;

	if (!vm->path || !gets_password(plan, vm, request))
		return SPICECFG_OK;
	return sc_exposure_plan(plan, outside ? vm->document : vm->path, outside);
}

static enum spicecfg_status fill(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_request *request)
{
	const char *bytes;
	size_t len;
	enum spicecfg_status status = sc_plan_edit_vm(plan, vm->label, sc_buf_text(&vm->xml), vm->xml.len, request, (int64_t)time(NULL),
						      sc_vm_effects(vm), &bytes, &len);

	/* the socket's directory is made before the definition that names it */
	if (!status)
		status = sc_vm_add_socket(plan, vm, request, bytes, len);
	if (!status)
		status = sc_vm_add_document(plan, vm, bytes, len);
	if (!status && request->live)
		status = add_live(plan, vm, request);
	if (!status)
		status = look_at_file(plan, vm, request);
	sc_arena_drop(plan->memory, bytes); /* the step has a copy */
	if (status || !vm->is_running || !plan->touched)
		return status;
	if (request->clear_password)
		return sc_plan_note(plan, "the running VM keeps its password until it is powered off and started again");
	if (!request->live)
		return sc_plan_note(plan, "the running VM keeps its settings until it is powered off and started again");
	return SPICECFG_OK;
}

enum spicecfg_status spicecfg_plan_vm(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_request *request)
{
	enum spicecfg_status status = sc_plan_enter_vm(plan, vm);

	if (status)
		return status;
	status = sc_host_plan_check(plan, vm);
	return sc_plan_leave(plan, status ? status : fill(plan, vm, request));
}

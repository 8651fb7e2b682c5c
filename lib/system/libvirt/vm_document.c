/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The definition of a VM as a document of a plan. */
#include "plan/plan.h"
#include "system/libvirt/virt.h"
#include "system/libvirt/vm.h"

bool sc_vm_is_own(const struct spicecfg_vm *vm)
{
	if (vm->kind == SC_VM_ROOT_FILE)
		return true;
	return vm->kind == SC_VM_DOMAIN && sc_virt_is_system(vm->ctx);
}

unsigned sc_vm_effects(const struct spicecfg_vm *vm)
{
	return vm->kind == SC_VM_DOMAIN ? SPICECFG_EFFECT_ON_DEFINE | SPICECFG_EFFECT_NEXT_START : SPICECFG_EFFECT_NEXT_START;
}

enum spicecfg_status sc_vm_add_document(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const char *bytes, size_t len)
{
	const struct sc_step step = {
	    .type = vm->kind == SC_VM_DOMAIN ? SC_STEP_DEFINE : SC_STEP_FILE,
	    .document = vm->document,
	    .path = vm->path,
	    .old = sc_buf_text(&vm->xml),
	    .old_len = vm->xml.len,
	    .new = bytes,
	    .new_len = len,
	    .xml = true,
	    .outside = vm->kind == SC_VM_FILE,
	    .vm = vm,
	    .effects = sc_vm_effects(vm),
	};

	return sc_plan_step(plan, &step);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/run/access_side.h"

#include "system/facts/hostgather.h"
#include "system/libvirt/virt.h"

static enum spicecfg_status gather(struct spicecfg_ctx *ctx, struct sc_access_side *side, const char *file)
{
	side->host = sc_host_new(ctx);
	enum spicecfg_status status = side->host ? sc_host_gather(ctx, true, side->host) : SPICECFG_SYSTEM;

	if (!status)
		status = sc_host_gather_domain(ctx, side->host, side->domain);
	if (!status)
		status = sc_host_gather_access(ctx, side->host, side->domain);
	side->tree = status ? NULL : sc_access_new(side->host);
	if (!status && (!side->tree || !sc_access_add(side->tree, side->domain, file)))
		status = sc_fail_memory(ctx);
	return status;
}

enum spicecfg_status sc_access_side_read(const struct spicecfg_vm *vm, struct sc_access_side *side)
{
	struct spicecfg_ctx *ctx = vm->ctx;

	*side = (struct sc_access_side){.doc = NULL};
	if (!sc_vm_is_own(vm))
		return sc_fail(ctx, SPICECFG_USAGE, "Name a VM of this host, or below --root.",
			       "who can open a console is only known for a VM of this host");
	if (vm->kind == SC_VM_DOMAIN && sc_virt_is_readonly(ctx))
		return sc_fail(ctx, SPICECFG_USAGE, NULL, "the VM was opened for reading only, which hides its password");
	enum spicecfg_status status = sc_xml_parse(ctx, vm->label, sc_buf_text(&vm->xml), vm->xml.len, &side->doc);
	if (!status)
		status = sc_domain_read(ctx, side->doc, &side->domain);
	return status ? status : gather(ctx, side, vm->document);
}

void sc_access_side_free(struct sc_access_side *side)
{
	sc_access_free(side->tree);
	sc_host_free(side->host);
	sc_domain_free(side->domain);
	sc_xml_free(side->doc);
}

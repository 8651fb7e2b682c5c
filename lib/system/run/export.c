/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* export: the policy of what is configured. Each section was planned before it is written: applied, it changes nothing. */
#include "system/run/export.h"

#include <stdlib.h>
#include <string.h>

#include "system/libvirt/vm.h"

static enum spicecfg_status export_one(struct sc_export *export, const char *target)
{
	struct spicecfg_vm *vm = NULL;
	enum spicecfg_status status = sc_interrupted(export->ctx)
					  ? sc_fail(export->ctx, SPICECFG_INTERRUPTED, NULL, "interrupted; nothing was changed")
					  : sc_vm_open(export->ctx, target, false, &vm);

	if (!status)
		status = sc_export_vm(export, vm);
	spicecfg_vm_free(vm);
	return status;
}

static enum spicecfg_status export_vms(struct sc_export *export, char *const *targets)
{
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; targets[i] && !status; i++)
		status = export_one(export, targets[i]);
	return status;
}

static enum spicecfg_status export_all(struct sc_export *export)
{
	char **targets = NULL;
	enum spicecfg_status status = sc_export_host(export);

	if (!status)
		status = spicecfg_vm_list(export->ctx, NULL, &targets);
	if (!status)
		status = export_vms(export, targets);
	spicecfg_names_free(targets);
	return status;
}

enum spicecfg_status spicecfg_export(struct spicecfg_ctx *ctx, char *const *targets, char **out)
{
	sc_ctx_enter(ctx);
	__attribute__((cleanup(sc_arena_freep))) struct sc_arena *memory = sc_arena_new();
	struct sc_export export = {.ctx = ctx, .memory = memory, .labels = SC_TABLE_INIT, .ports = SC_TABLE_INIT, .out = SC_BUF_INIT};
	enum spicecfg_status status = !memory ? sc_fail_memory(ctx) : targets ? export_vms(&export, targets) : export_all(&export);

	*out = NULL;
	if (!status && (export.failed || export.out.failed || !(*out = strdup(sc_buf_text(&export.out)))))
		status = sc_fail_memory(ctx);
	sc_table_free(&export.labels);
	sc_table_free(&export.ports);
	sc_buf_free(&export.out);
	return status;
}

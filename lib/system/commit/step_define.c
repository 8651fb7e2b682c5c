/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Passes a definition to libvirt. libvirt has no compare-and-swap: the definition is read again just before, and the old one is kept for a
 * rollback.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system/commit/definition.h"
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

	tx->uri = sc_virt_uri(ctx);
	tx->uuid = vm->uuid ? vm->uuid : vm->label;
	if (sc_virt_is_system(ctx) && vm->name && !(tx->path = sc_definition_path(memory, vm->name)))
		return sc_fail_memory(ctx);
	*image = step->old;
	tx->before = (struct sc_tx_state){.exists = true, .len = step->old_len};
	tx->after = (struct sc_tx_state){.exists = true, .len = step->new_len};
	sc_sha256(step->old, step->old_len, tx->before.digest);
	sc_sha256(step->new, step->new_len, tx->after.digest);
	return SPICECFG_OK;
}

/* What libvirt has made of the definition: the digest of its XML and, behind a blank, that of its file. */
struct run {
	char seen[2 * SC_SHA256_HEX];
};

/* A restart of the daemon, which comes before definitions, leaves the VM's handle to a connection that has ended. */
static char *read_back(struct spicecfg_ctx *ctx, const struct spicecfg_vm *vm)
{
	const struct sc_virt_ops *ops = sc_virt(ctx);
	bool missing;
	void *domain = ops->lookup(sc_virt_connection(ctx, false), vm->uuid ? vm->uuid : vm->label, &missing);
	char *xml = domain ? ops->xml(domain, true, true) : NULL;

	if (domain)
		ops->domain_free(domain);
	return xml;
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, struct sc_step *step)
{
	const struct spicecfg_vm *vm = step->vm;
	const struct sc_virt_ops *ops = sc_virt(ctx);
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return sc_fail_memory(ctx);
	if (ops->define(sc_virt_connection(ctx, false), step->new) < 0) {
		free(run);
		return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "libvirt refuses the definition of '%s': %s", vm->label, ops->error());
	}
	step->run = run;
	char *now = read_back(ctx, vm);
	if (!now)
		return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "domain '%s' can't be read: %s", vm->label, ops->error());
	char digest[SC_SHA256_HEX], file[SC_SHA256_HEX];
	sc_sha256(now, strlen(now), digest);
	sc_wipe_free(now, strlen(now));
	bool kept = sc_virt_is_system(ctx) && vm->name && sc_definition_digest(vm->name, file);
	snprintf(run->seen, sizeof(run->seen), "%s%s%s", digest, kept ? " " : "", kept ? file : "");
	return SPICECFG_OK;
}

static const char *seen(const struct sc_step *step)
{
	const struct run *run = step->run;

	return run && *run->seen ? run->seen : NULL;
}

/* libvirt itself syncs neither the file nor its directory. */
static int sync_file(struct sc_step *step, struct sc_synced *synced)
{
	const struct spicecfg_vm *vm = step->vm;

	return step->run && sc_virt_is_system(vm->ctx) && vm->name ? sc_definition_sync(vm->name, synced) : 0;
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
	free(step->run);
	step->run = NULL;
}

const struct sc_step_ops sc_step_define_ops = {NULL, describe, prepare, apply, sync_file, NULL, seen, undo, NULL, finish};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/load/load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/libvirt.h"
#include "stage/stage.h"
#include "system/libvirt/virt.h"
#include "system/libvirt/vm.h"
#include "system/os/seen.h"

/* What the file system has at the path of the step. It is looked at once: each call lays all steps. */
static enum spicecfg_status see_base(struct spicecfg_plan *plan, struct sc_step *step)
{
	struct sc_staged *base = sc_arena_alloc(plan->memory, sizeof(*base));
	char real[PATH_MAX];
	struct sc_seen seen;

	if (!base)
		return sc_fail_memory(plan->ctx);
	if (sc_stage_path(plan->ctx, step->path, step->outside, true, real, &base->outside) < 0)
		return sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){.file = step->path}, NULL, "can't be examined: %s",
				  strerror(errno));
	if (!(base->path = sc_arena_strdup(plan->memory, real)))
		return sc_fail_memory(plan->ctx);
	step->base = base;
	if (sc_see(plan->ctx, step->path, step->outside, true, &seen) < 0)
		return SPICECFG_OK;
	base->mode = seen.st.st_mode;
	base->uid = seen.st.st_uid;
	base->gid = seen.st.st_gid;
	if (sc_seen_acl(&seen, false, &base->access) < 0)
		sc_acl_from_mode(&base->access, base->mode);
	if (S_ISDIR(base->mode) && sc_seen_acl(&seen, true, &base->standing) < 0)
		base->standing.n = 0;
	sc_seen_close(&seen);
	return SPICECFG_OK;
}

/* The document as the steps so far leave it: what the stage has, or what the file system has. */
static enum spicecfg_status find_base(struct spicecfg_plan *plan, struct sc_stage *stage, struct sc_step *step, struct sc_staged **out)
{
	enum spicecfg_status status = step->base ? SPICECFG_OK : see_base(plan, step);

	if (status)
		return status;
	bool known = sc_stage_find(stage, step->base->path, step->base->outside) != NULL;
	struct sc_staged *staged = *out = sc_stage_put(stage, step->base->path, step->base->outside);
	if (!staged)
		return sc_fail_memory(plan->ctx);
	if (known)
		return SPICECFG_OK;
	const char *path = staged->path;
	*staged = *step->base;
	staged->path = path;
	return SPICECFG_OK;
}

/* As chmod(2): with a mask, that gets the bits of the group. */
static void set_bits(struct sc_staged *staged, mode_t bits)
{
	struct sc_acl plain, *acl = &staged->access;
	bool mask = false;

	for (size_t i = 0; i < acl->n; i++)
		mask |= acl->entries[i].tag == SC_ACL_MASK;
	sc_acl_from_mode(&plain, bits);
	(void)sc_acl_put(acl, SC_ACL_OWNER, 0, sc_acl_effective(&plain, SC_ACL_OWNER, 0));
	(void)sc_acl_put(acl, mask ? SC_ACL_MASK : SC_ACL_OWNING_GROUP, 0, sc_acl_effective(&plain, SC_ACL_OWNING_GROUP, 0));
	(void)sc_acl_put(acl, SC_ACL_OTHER, 0, sc_acl_effective(&plain, SC_ACL_OTHER, 0));
	staged->mode = (staged->mode & S_IFMT) | (bits & 07777);
}

static void set_want(struct sc_staged *staged, const struct sc_want *want)
{
	staged->uid = want->owner ? want->uid : staged->uid;
	staged->gid = want->group ? want->gid : staged->gid;
	if (want->mode)
		set_bits(staged, want->bits);
}

static void make(struct sc_staged *staged, mode_t mode)
{
	if (staged->mode)
		return;
	staged->mode = mode;
	staged->uid = geteuid();
	staged->gid = getegid();
	staged->access.n = staged->standing.n = 0;
	sc_acl_from_mode(&staged->access, mode);
}

static void set_acl(struct sc_staged *staged, const struct sc_acl_wanted *acl)
{
	staged->access = acl->access;
	if (!acl->socket)
		staged->standing = acl->standing;
	staged->mode = (staged->mode & ~(mode_t)0777) | sc_acl_mode(&acl->access);
}

static enum spicecfg_status lay_path(struct spicecfg_plan *plan, struct sc_stage *stage, struct sc_step *step)
{
	struct sc_staged *staged;
	enum spicecfg_status status = find_base(plan, stage, step, &staged);

	if (status)
		return status;
	if (step->type == SC_STEP_FILE && !step->new) {
		*staged = (struct sc_staged){.path = staged->path, .outside = staged->outside};
		return SPICECFG_OK;
	}
	if (step->type == SC_STEP_FILE) {
		make(staged, S_IFREG | 0644);
		staged->bytes = step->new;
		staged->len = step->new_len;
	} else if (step->type == SC_STEP_MKDIR) {
		make(staged, S_IFDIR | 0755);
	}
	set_want(staged, &step->want);
	if (step->acl && step->acl->access.n)
		set_acl(staged, step->acl);
	return SPICECFG_OK;
}

static enum spicecfg_status lay_definition(struct spicecfg_plan *plan, struct sc_stage *stage, const char *path, const struct sc_step *step)
{
	struct sc_staged *staged = path ? sc_stage_put(stage, path, false) : NULL;

	if (!staged)
		return sc_fail_memory(plan->ctx);
	make(staged, S_IFREG | 0600);
	staged->bytes = step->new;
	staged->len = step->new_len;
	return SPICECFG_OK;
}

/* libvirtd of this host will write its file. */
static enum spicecfg_status lay_define(struct spicecfg_plan *plan, struct sc_stage *stage, const struct sc_step *step)
{
	const struct spicecfg_vm *vm = step->vm;
	enum spicecfg_status status = SPICECFG_OK;

	if (vm->uuid)
		status = lay_definition(plan, stage, sc_arena_printf(plan->memory, "domain:%s", vm->uuid), step);
	if (status || !sc_vm_is_own(vm))
		return status;
	return lay_definition(plan, stage, sc_arena_printf(plan->memory, SC_DOMAINS_DIR "/%s.xml", vm->name), step);
}

static enum spicecfg_status lay(struct spicecfg_plan *plan, struct sc_stage *stage, struct sc_step *step)
{
	switch (step->type) {
	case SC_STEP_FILE:
	case SC_STEP_MKDIR:
	case SC_STEP_ACL:
		return lay_path(plan, stage, step);
	case SC_STEP_DEFINE:
		return lay_define(plan, stage, step);
	default:
		return SPICECFG_OK;
	}
}

/* What was cached about the host before, while the plan is on the stage. */
struct aside {
	void *host, *holds;
	void (*host_free)(void *), (*holds_free)(void *);
};

static void take(struct spicecfg_ctx *ctx, const struct aside *aside)
{
	ctx->host = aside->host;
	ctx->host_free = aside->host_free;
	ctx->holds = aside->holds;
	ctx->holds_free = aside->holds_free;
}

enum spicecfg_status sc_stage_open(struct spicecfg_plan *plan)
{
	struct spicecfg_ctx *ctx = plan->ctx;
	enum spicecfg_status status = SPICECFG_OK;
	bool changes = false;

	for (size_t i = 0; i < plan->n_steps && !changes; i++)
		changes = !sc_step_is_idle(&plan->steps[i]);
	if (!changes)
		return SPICECFG_OK;
	struct sc_stage *stage = sc_stage_new();
	struct aside *aside = stage ? sc_arena_alloc(plan->memory, sizeof(*aside)) : NULL;
	if (!aside) {
		sc_stage_free(stage);
		return sc_fail_memory(ctx);
	}
	for (size_t i = 0; i < plan->n_steps && !status; i++)
		if (!sc_step_is_idle(&plan->steps[i]))
			status = lay(plan, stage, &plan->steps[i]);
	if (status) {
		sc_stage_free(stage);
		return status;
	}
	*aside = (struct aside){ctx->host, ctx->holds, ctx->host_free, ctx->holds_free};
	take(ctx, &(struct aside){NULL, NULL, NULL, NULL});
	plan->aside = aside;
	ctx->stage = plan->stage = stage;
	return SPICECFG_OK;
}

/* Findings and changes may point into the facts: they live as long as the plan. */
static bool retire(struct spicecfg_plan *plan, void *object, void (*free_fn)(void *))
{
	return !object || !sc_plan_own(plan, object, free_fn);
}

enum spicecfg_status sc_stage_close(struct spicecfg_plan *plan, enum spicecfg_status status)
{
	struct spicecfg_ctx *ctx = plan->ctx;

	if (!plan->stage)
		return status;
	bool kept = retire(plan, ctx->host, ctx->host_free);
	kept = retire(plan, ctx->holds, ctx->holds_free) && kept;
	take(ctx, plan->aside);
	ctx->stage = NULL;
	sc_stage_free(plan->stage);
	plan->stage = NULL;
	plan->aside = NULL;
	return kept ? status : SPICECFG_SYSTEM;
}

/* Two slashes begin a path of the user's, so that it is none of the tree's. NULL: it can't be examined, or memory is short. */
static const char *key_of(struct spicecfg_plan *plan, const char *path, bool outside)
{
	char real[PATH_MAX];
	bool apart;

	if (sc_stage_path(plan->ctx, path, outside, true, real, &apart) < 0)
		return NULL;
	return sc_arena_printf(plan->memory, "%s%s", apart ? "/" : "", real);
}

static enum spicecfg_status begin(struct spicecfg_plan *plan)
{
	sc_ctx_enter(plan->ctx);
	if (!plan->memory && !(plan->memory = sc_arena_new()))
		return sc_fail_memory(plan->ctx);
	enum spicecfg_status status = sc_plan_begin(plan);
	if (status)
		return status;
	plan->key_of = key_of;
	return sc_stage_open(plan);
}

static const struct sc_step *step_of(struct spicecfg_plan *plan, const struct spicecfg_vm *vm)
{
	return vm->kind == SC_VM_DOMAIN ? sc_plan_step_of(plan, vm->document)
	       : vm->path               ? sc_plan_step_at(plan, vm->path, vm->kind == SC_VM_FILE)
					: NULL;
}

enum spicecfg_status sc_plan_enter_vm(struct spicecfg_plan *plan, struct spicecfg_vm *vm)
{
	enum spicecfg_status status = begin(plan);
	const struct sc_step *step = vm && !status ? step_of(plan, vm) : NULL;

	if (step)
		status = sc_plan_alias(plan, vm->document, step->document);
	if (step && !status) {
		plan->vm = vm;
		status = sc_vm_set_xml(vm, step->new, step->new_len);
	}
	return status ? sc_plan_leave(plan, status) : SPICECFG_OK;
}

enum spicecfg_status sc_plan_enter_file(struct spicecfg_plan *plan, const char *path, bool outside, const char *document)
{
	enum spicecfg_status status = begin(plan);
	const struct sc_step *step = status ? NULL : sc_plan_step_at(plan, path, outside);

	if (step)
		status = sc_plan_alias(plan, document, step->document);
	return status ? sc_plan_leave(plan, status) : SPICECFG_OK;
}

enum spicecfg_status sc_plan_enter(struct spicecfg_plan *plan)
{
	return sc_plan_enter_vm(plan, NULL);
}

enum spicecfg_status sc_plan_leave(struct spicecfg_plan *plan, enum spicecfg_status status)
{
	if (plan->vm)
		sc_vm_reset_xml(plan->vm);
	plan->vm = NULL;
	return sc_plan_end(plan, sc_stage_close(plan, status));
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/commit_dirs.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "system/commit/sweep.h"
#include "system/libvirt/virt.h"
#include "system/libvirt/vm.h"
#include "system/os/place.h"

/* The directory of a step, as messages name it. */
static const char *directory_of(struct sc_arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return sc_arena_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

static enum spicecfg_status add_dir(struct spicecfg_plan *plan, const char *path, bool outside, struct sc_commit_dirs *dirs)
{
	const char *shown = directory_of(plan->memory, path);
	struct sc_lock_key *key = &dirs->keys[dirs->n];
	int fd;
	enum spicecfg_status status = sc_place_above(plan->ctx, path, outside, &fd);

	if (status)
		return status;
	dirs->n++;
	if (sc_lock_key_dir(key, fd, shown) && shown)
		return SPICECFG_OK;
	return shown ? sc_fail(plan->ctx, SPICECFG_SYSTEM, NULL, "%s can't be opened: %s", shown, strerror(errno))
		     : sc_fail_memory(plan->ctx);
}

/* Collects everything that a plan changes or watches; *host: it includes more than documents of a tree or of the user. */
static enum spicecfg_status collect(struct spicecfg_plan *plan, struct sc_commit_dirs *dirs, bool *host, bool *changes)
{
	enum spicecfg_status status = SPICECFG_OK;

	*host = *changes = false;
	for (size_t i = 0; i < plan->n_steps && !status; i++) {
		const struct sc_step *step = &plan->steps[i];
		const struct spicecfg_vm *vm = step->vm;

		if (!sc_step_is_idle(step)) {
			*changes = true;
			*host |= !step->outside && !plan->ctx->root;
		}
		if (step->path && (step->type == SC_STEP_FILE || step->type == SC_STEP_MKDIR || step->type == SC_STEP_ACL))
			status = add_dir(plan, step->path, step->outside, dirs);
		else if ((step->type == SC_STEP_DEFINE || step->type == SC_STEP_LIVE) && !sc_step_is_idle(step))
			sc_lock_key_definition(&dirs->keys[dirs->n++], sc_virt_uri(plan->ctx), vm->uuid ? vm->uuid : vm->label, vm->label);
		/* an account that changes nothing need not be able to write there */
		if (status && sc_step_is_idle(step)) {
			sc_let_go(plan->ctx);
			status = SPICECFG_OK;
		}
	}
	for (size_t i = 0; i < plan->n_watched && !status; i++)
		if (add_dir(plan, plan->watched[i].path, plan->watched[i].outside, dirs))
			sc_let_go(plan->ctx);
	return status;
}

static bool is_sweep_wanted(const struct spicecfg_plan *plan, const struct sc_commit_dirs *dirs)
{
	bool wanted = false;

	for (size_t i = 0; i < dirs->n && !wanted; i++)
		wanted = dirs->keys[i].dir >= 0 && sc_sweep_wanted(plan->ctx, dirs->keys[i].dir);
	return wanted;
}

enum spicecfg_status sc_commit_dirs_open(struct spicecfg_plan *plan, struct sc_commit_dirs *dirs)
{
	bool host, changes;

	*dirs = (struct sc_commit_dirs){.keys = sc_arena_alloc(plan->memory, (plan->n_steps + plan->n_watched + 1) * sizeof(*dirs->keys))};
	if (!dirs->keys)
		return sc_fail_memory(plan->ctx);
	enum spicecfg_status status = collect(plan, dirs, &host, &changes);
	if (!status && (changes || is_sweep_wanted(plan, dirs)))
		status = sc_locks_take(plan->ctx, dirs->keys, dirs->n, host, &dirs->locks);
	for (size_t i = 0; i < dirs->n && !status && dirs->locks; i++)
		if (dirs->keys[i].dir >= 0)
			sc_sweep(plan->ctx, dirs->keys[i].dir, dirs->keys[i].what);
	if (status)
		sc_commit_dirs_close(dirs);
	return status;
}

void sc_commit_dirs_close(struct sc_commit_dirs *dirs)
{
	sc_locks_release(dirs->locks);
	dirs->locks = NULL;
	for (size_t i = 0; i < dirs->n; i++)
		if (dirs->keys[i].dir >= 0)
			close(dirs->keys[i].dir);
	dirs->n = 0;
}

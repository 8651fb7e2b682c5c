/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/files.h"

#include <string.h>

static bool same_owner(const struct sc_found *found, uid_t uid, gid_t gid, mode_t mode)
{
	return found->exists && found->uid == uid && found->gid == gid && found->mode == mode;
}

static struct sc_want all_of(uid_t uid, gid_t gid, mode_t mode)
{
	return (struct sc_want){.owner = true, .group = true, .mode = true, .uid = uid, .gid = gid, .bits = mode};
}

static enum spicecfg_status owner_change(struct spicecfg_plan *plan, const struct sc_found *found, uid_t uid, gid_t gid, mode_t mode,
					 unsigned effects)
{
	const char *from = sc_arena_printf(plan->memory, "%u:%u %04o", (unsigned)found->uid, (unsigned)found->gid, (unsigned)found->mode);
	const char *to = sc_arena_printf(plan->memory, "%u:%u %04o", (unsigned)uid, (unsigned)gid, (unsigned)mode);

	if (!from || !to)
		return sc_fail_memory(plan->ctx);
	return sc_plan_change(plan, &(struct spicecfg_change){found->path, "owner and mode", found->exists ? from : NULL, to, effects});
}

enum spicecfg_status sc_plan_put(struct spicecfg_plan *plan, const struct sc_put *put)
{
	const struct sc_found *found = put->found;
	bool same = put->data ? found->exists && found->len == put->len && memcmp(found->data, put->data, put->len) == 0 : !found->exists;
	bool owner = put->owned && put->data && !same_owner(found, put->uid, put->gid, put->mode);
	struct sc_step step = {
	    .type = SC_STEP_FILE,
	    .document = found->path,
	    .path = found->path,
	    .old = found->exists ? (found->data ? found->data : "") : NULL,
	    .old_len = found->len,
	    .new = put->data,
	    .new_len = put->len,
	    .old_shown = put->old_shown,
	    .new_shown = put->new_shown,
	    .secret = put->secret,
	    .effects = put->effects,
	};

	if (same && !owner)
		return sc_plan_watch(plan, found->path, false);
	if (owner)
		step.want = all_of(put->uid, put->gid, put->mode);
	if (found->exists)
		step.was = all_of(found->uid, found->gid, found->mode);
	enum spicecfg_status status = sc_plan_step(plan, &step);
	if (!status && owner && found->exists)
		status = owner_change(plan, found, put->uid, put->gid, put->mode, put->effects);
	if (status || same || put->untold)
		return status;
	struct spicecfg_change change = {found->path, put->key ? put->key : "", put->from, put->to, put->effects};
	if (!put->key) {
		change.from = found->exists ? "file" : NULL;
		change.to = put->data ? (found->exists ? "new file" : "file") : NULL;
	}
	return sc_plan_change(plan, &change);
}

enum spicecfg_status sc_plan_dir(struct spicecfg_plan *plan, const struct sc_found *found, uid_t uid, gid_t gid, mode_t mode)
{
	struct sc_step step = {.type = SC_STEP_MKDIR,
			       .document = found->path,
			       .path = found->path,
			       .want = all_of(uid, gid, mode),
			       .effects = SPICECFG_EFFECT_NOW};

	if (found->exists)
		step.was = all_of(found->uid, found->gid, found->mode);
	if (same_owner(found, uid, gid, mode))
		return SPICECFG_OK;
	for (size_t i = 0; !found->exists && i < plan->n_steps; i++)
		if (plan->steps[i].type == SC_STEP_MKDIR && strcmp(plan->steps[i].path, found->path) == 0)
			return SPICECFG_OK;
	enum spicecfg_status status = sc_plan_step(plan, &step);
	return status ? status : owner_change(plan, found, uid, gid, mode, SPICECFG_EFFECT_NOW);
}

enum spicecfg_status sc_plan_parents(struct spicecfg_plan *plan, const struct sc_found *dirs)
{
	enum spicecfg_status status = SPICECFG_OK;

	for (; !status && dirs->path; dirs++)
		if (!dirs->exists)
			status = sc_plan_dir(plan, dirs, 0, 0, 0755);
	return status;
}

enum spicecfg_status sc_plan_lock_accounts(struct spicecfg_plan *plan)
{
	static const struct sc_action action = {.name = "lock-accounts"};

	return sc_plan_step(plan, &(struct sc_step){.type = SC_STEP_ACTION, .document = "/etc/group", .action = &action});
}

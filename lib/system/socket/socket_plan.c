/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From words to a plan: the directory of a socket and who may open it. */
#include <string.h>

#include "system/socket/socket.h"

static enum spicecfg_status add_group(struct spicecfg_plan *plan, const char *name, gid_t gid)
{
	struct sc_action *action = sc_arena_alloc(plan->memory, sizeof(*action));
	const char *copy = sc_arena_strdup(plan->memory, name), *number = sc_arena_printf(plan->memory, "%u", (unsigned)gid);

	if (!action || !copy || !number)
		return sc_fail_memory(plan->ctx);
	*action = (struct sc_action){"add-group", {copy, number, NULL}};
	const struct sc_step step = {.type = SC_STEP_ACTION, .document = "/etc/group", .action = action, .effects = SPICECFG_EFFECT_NOW};
	const struct spicecfg_change change = {"/etc/group", copy, NULL, number, SPICECFG_EFFECT_NOW};
	enum spicecfg_status status = sc_plan_step(plan, &step);

	return status ? status : sc_plan_change(plan, &change);
}

/* The words as changes; creating a group becomes a step. */
static enum spicecfg_status resolve(struct spicecfg_plan *plan, const char *const *who, size_t n, bool revoke, bool make,
				    struct sc_socket_change *changes)
{
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; i < n && !status; i++) {
		const char *made = NULL;

		for (size_t j = 0; j < i; j++) {
			if (strcmp(who[i], who[j]) == 0)
				return sc_fail(plan->ctx, SPICECFG_USAGE, NULL, "'%s' is given twice", who[i]);
		}
		status = sc_socket_who(plan->ctx, who[i], make && !revoke, plan->memory, &changes[i], &made);
		changes[i].revoke = revoke;
		/* two new groups must not get the same number */
		for (size_t j = 0; j < i && made; j++) {
			if (changes[j].grant.group && changes[j].grant.id == changes[i].grant.id)
				return sc_fail(plan->ctx, SPICECFG_USAGE, "Grant access to one new group at a time.",
					       "only one group can be created at a time");
		}
		if (!status && made)
			status = add_group(plan, made, (gid_t)changes[i].grant.id);
	}
	return status;
}

enum spicecfg_status sc_socket_plan(struct spicecfg_plan *plan, const struct sc_socket_ask *ask)
{
	const char *const *who = ask->who;
	struct sc_socket_place place;
	size_t n = 0;

	while (who && who[n])
		n++;
	struct sc_socket_change *changes = sc_arena_alloc(plan->memory, (n + 1) * sizeof(*changes));
	if (!changes)
		return sc_fail_memory(plan->ctx);
	enum spicecfg_status status = resolve(plan, who, n, ask->revoke, ask->make, changes);
	if (!status)
		status = sc_socket_look(ask->vm, ask->path, plan->memory, &place);
	return status ? status : sc_plan_socket(plan, &place, changes, n);
}

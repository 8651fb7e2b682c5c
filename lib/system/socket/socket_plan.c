/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From words to a plan: the directory of a socket and who may open it. */
#include <string.h>

#include "doc/group.h"
#include "plan/files.h"
#include "system/os/found.h"
#include "system/socket/socket.h"

/* Adds the line to one of the files; a missing /etc/gshadow is not created. */
static enum spicecfg_status add_line(struct spicecfg_plan *plan, const char *path, const char *line, const struct sc_put *as)
{
	struct sc_put put = *as;
	struct sc_found found;
	SC_BUF text = SC_BUF_INIT;
	enum spicecfg_status status = sc_found_read(plan->ctx, plan->memory, path, &found);

	if (status)
		return status;
	if (!found.exists)
		return put.secret ? SPICECFG_OK : sc_fail(plan->ctx, SPICECFG_SYSTEM, NULL, "%s is missing", path);
	sc_buf_add(&text, found.data, found.len);
	sc_group_make(&text, line);
	if (!line || text.failed)
		return sc_fail_memory(plan->ctx);
	put.found = &found;
	put.data = text.data;
	put.len = text.len;
	return sc_plan_put(plan, &put);
}

static enum spicecfg_status add_group(struct spicecfg_plan *plan, const char *name, gid_t gid)
{
	const char *number = sc_arena_printf(plan->memory, "%u", (unsigned)gid);
	const struct sc_put shown = {.key = name, .to = number, .effects = SPICECFG_EFFECT_NOW}, secret = {.secret = true, .untold = true};
	struct sc_found found;
	enum spicecfg_status status = number ? sc_found_read(plan->ctx, plan->memory, "/etc/group", &found) : sc_fail_memory(plan->ctx);

	/* the name service may not say all that is in the file */
	if (!status && found.exists && sc_group_taken(&(struct sc_buf){.data = (char *)found.data, .len = found.len}, name, number))
		status = sc_fail_at(plan->ctx, SPICECFG_SYSTEM, (struct sc_where){.file = "/etc/group"}, "Try again.",
				    "somebody else created the group '%s', or one with its number, meanwhile", name);
	if (!status)
		status = sc_plan_lock_accounts(plan);
	if (!status)
		status = add_line(plan, "/etc/group", sc_arena_printf(plan->memory, "%s:x:%s:", name, number), &shown);
	return status ? status : add_line(plan, "/etc/gshadow", sc_arena_printf(plan->memory, "%s:!::", name), &secret);
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
				return sc_fail(plan->ctx, SPICECFG_USAGE, "Name each account and group once.", "'%s' is given twice",
					       who[i]);
		}
		status = sc_socket_who(plan->ctx, who[i], make, plan->memory, &changes[i], revoke ? NULL : &made);
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

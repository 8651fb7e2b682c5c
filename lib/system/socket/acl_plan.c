/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public calls about who may open a socket. */
#include <spicecfg/acl.h>
#include <stdlib.h>
#include <string.h>

#include "system/load/load.h"
#include "system/os/names.h"
#include "system/socket/socket.h"

static enum spicecfg_status fill(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_acl_request *request)
{
	const char *path;
	enum spicecfg_status status = sc_socket_of_vm(vm, sc_buf_text(&vm->xml), vm->xml.len, plan->memory, &path);

	return status ? status
		      : sc_socket_plan(plan, &(struct sc_socket_ask){vm, path, request->who, request->revoke, request->create_group});
}

enum spicecfg_status spicecfg_plan_acl(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_acl_request *request)
{
	struct spicecfg_acl_request own;
	enum spicecfg_status status = sc_plan_enter_vm(plan, vm);

	if (status)
		return status;
	status = sc_ctx_take(plan->ctx, &own, sizeof(own), request);
	return sc_plan_leave(plan, status ? status : fill(plan, vm, &own));
}

struct spicecfg_acl {
	struct sc_arena *memory;
	const char *path;
	struct sc_socket_place place;
	struct spicecfg_acl_entry *entries;
	size_t n;
};

static void add_entry(struct spicecfg_acl *acl, const char *who, const struct sc_acl_subject *subject)
{
	for (size_t i = 0; i < acl->n; i++) {
		if (strcmp(acl->entries[i].who, who) == 0)
			return;
	}
	acl->entries[acl->n++] = (struct spicecfg_acl_entry){
	    .who = who,
	    .now = sc_socket_opens(&acl->place, subject, true),
	    .next = sc_socket_opens(&acl->place, subject, false),
	};
}

static enum spicecfg_status list_entries(struct spicecfg_ctx *ctx, struct spicecfg_acl *acl)
{
	const struct sc_acl *const lists[] = {&acl->place.dir.standing, &acl->place.socket.access, &acl->place.dir.access};
	const struct sc_acl_subject others = {(uid_t)-1, NULL, 0};

	acl->entries = sc_arena_alloc(acl->memory, (3 * (size_t)SC_ACL_ENTRIES_MAX + 1) * sizeof(*acl->entries));
	if (!acl->entries)
		return sc_fail_memory(ctx);
	for (size_t list = 0; list < 3; list++) {
		for (size_t i = 0; i < lists[list]->n; i++) {
			const struct sc_acl_entry *entry = &lists[list]->entries[i];
			bool group = entry->tag == SC_ACL_GROUP;
			const gid_t gid = group ? (gid_t)entry->id : (gid_t)-1;
			struct sc_acl_subject subject = {group ? (uid_t)-1 : (uid_t)entry->id, &gid, group};

			if (!group && entry->tag != SC_ACL_USER)
				continue;
			const char *name =
			    group ? sc_names_of_group(ctx, gid, acl->memory) : sc_names_of_user(ctx, (uid_t)entry->id, acl->memory);
			if (!group && name)
				subject.groups = sc_names_groups(ctx, name, acl->memory, &subject.n_groups);
			const char *who = name ? sc_arena_printf(acl->memory, "%s:%s", group ? "group" : "user", name) : NULL;
			if (!who)
				return sc_fail_memory(ctx);
			add_entry(acl, who, &subject);
		}
	}
	if (sc_socket_opens(&acl->place, &others, true) || sc_socket_opens(&acl->place, &others, false))
		add_entry(acl, "others", &others);
	return SPICECFG_OK;
}

enum spicecfg_status spicecfg_acl_read(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct spicecfg_acl **out)
{
	sc_ctx_enter(ctx);

	struct spicecfg_acl *acl = calloc(1, sizeof(*acl));

	*out = NULL;
	if (!acl || !(acl->memory = sc_arena_new())) {
		free(acl);
		return sc_fail_memory(ctx);
	}
	enum spicecfg_status status = sc_socket_of_vm(vm, sc_buf_text(&vm->xml), vm->xml.len, acl->memory, &acl->path);
	if (!status)
		status = sc_socket_look(vm, acl->path, acl->memory, &acl->place);
	if (!status)
		status = list_entries(ctx, acl);
	if (status) {
		spicecfg_acl_free(acl);
		return status;
	}
	*out = acl;
	return SPICECFG_OK;
}

void spicecfg_acl_free(struct spicecfg_acl *acl)
{
	if (!acl)
		return;
	sc_arena_free(acl->memory);
	free(acl);
}

const char *spicecfg_acl_socket(const struct spicecfg_acl *acl, bool *live)
{
	*live = acl->place.socket.exists;
	return acl->path;
}

const struct spicecfg_acl_entry *spicecfg_acl_entry(const struct spicecfg_acl *acl, size_t index)
{
	return index < acl->n ? &acl->entries[index] : NULL;
}

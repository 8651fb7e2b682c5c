/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/socket/socket.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "model/domain.h"
#include "system/libvirt/qemu_account.h"
#include "system/libvirt/vm_neighbours.h"
#include "system/os/acl.h"
#include "system/os/file.h"
#include "system/os/names.h"

/* Numbers of system groups, tried downwards from the maximum (login.defs of Debian, SUSE and RHEL agree on these). */
enum { SYSTEM_GID_MIN = 101, SYSTEM_GID_MAX = 999 };

static enum spicecfg_status fail_vm(const struct spicecfg_vm *vm, const char *what)
{
	return sc_fail_at(vm->ctx, SPICECFG_INPUT, (struct sc_where){vm->kind == SC_VM_FILE ? vm->path : NULL, 0, 0},
			  "Give it one: `spicecfg set-listen TARGET socket`", "'%s' %s", vm->name, what);
}

static enum spicecfg_status find_socket(const struct spicecfg_vm *vm, const struct sc_domain *domain, struct sc_arena *arena,
					const char **path)
{
	if (!domain->spice)
		return sc_fail(vm->ctx, SPICECFG_INPUT, "Add one with 'set-listen'.", "'%s' has no Spice console", vm->name);
	const struct sc_xml_node *node = domain->spice->node;
	const char *socket = sc_xml_get(node, "socket");
	bool automatic = false;
	SC_BUF text = SC_BUF_INIT;

	for (const struct sc_xml_node *listen = sc_xml_child(node, "listen"); listen; listen = sc_xml_next(listen, "listen")) {
		const char *type = sc_xml_get(listen, "type"), *value = sc_xml_get(listen, "socket");

		if (type && strcmp(type, "socket") == 0) {
			socket = value ? value : socket;
			automatic = !value;
		}
	}
	if (!socket && automatic)
		return fail_vm(vm, "has an automatic socket, whose directory libvirt makes again at each start, so ACLs on it are lost");
	if (!socket)
		return fail_vm(vm, "does not listen on a socket");
	if (socket[0] != '/' || !strrchr(socket, '/')[1])
		return fail_vm(vm, "has a socket without an absolute path");
	if (!sc_path_normal(socket, &text))
		return fail_vm(vm, "has a socket whose path contains '..'");
	*path = sc_arena_strdup(arena, sc_buf_text(&text));
	return *path ? SPICECFG_OK : sc_fail_memory(vm->ctx);
}

enum spicecfg_status sc_socket_of_vm(const struct spicecfg_vm *vm, const char *bytes, size_t len, struct sc_arena *arena, const char **path)
{
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;

	/* the path in a file may be that of another VM, or any directory of the host */
	if (!sc_vm_is_own(vm))
		return sc_fail(vm->ctx, SPICECFG_USAGE, "Name a domain of this host.",
			       "'%s' is not a VM of this host, so the directory of its socket may belong to something else", vm->label);
	enum spicecfg_status status = sc_xml_parse(vm->ctx, vm->label, bytes, len, &doc);
	if (!status)
		status = sc_domain_read(vm->ctx, doc, &domain);
	return status ? status : find_socket(vm, domain, arena, path);
}

static enum spicecfg_status look(struct spicecfg_ctx *ctx, const char *path, struct sc_acl_node *out)
{
	struct sc_acl_state state;

	if (!path)
		return sc_fail_memory(ctx);
	enum spicecfg_status status = sc_acl_look(ctx, path, &state);
	*out = (struct sc_acl_node){path, state.exists, state.uid, state.gid, state.mode, state.access, state.standing};
	return status;
}

static enum spicecfg_status look_above(struct spicecfg_ctx *ctx, const char *dir, struct sc_arena *arena, struct sc_socket_place *out)
{
	enum spicecfg_status status = SPICECFG_OK;
	size_t parts = 0;

	for (const char *at = dir; *at; at++)
		parts += *at == '/';
	out->above = sc_arena_alloc(arena, (parts + 1) * sizeof(*out->above));
	if (!out->above)
		return sc_fail_memory(ctx);
	for (const char *slash = strchr(dir + 1, '/'); slash && !status; slash = strchr(slash + 1, '/')) {
		if (slash[-1] != '/')
			status = look(ctx, sc_arena_strndup(arena, dir, (size_t)(slash - dir)), &out->above[out->n_above++]);
	}
	return status;
}

/* Finds what else is in the directory: other sockets, or things that its ACLs are not meant for. */
static enum spicecfg_status look_beside(const struct spicecfg_vm *vm, const char *name, struct sc_arena *arena, struct sc_socket_place *out)
{
	struct spicecfg_ctx *ctx = vm->ctx;
	char **names = sc_file_list(ctx, out->dir.path, arena);
	size_t n = 0, used = 0;

	if (!names)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){out->dir.path, 0, 0}, errno == EACCES ? "Run it as root." : NULL,
				  "can't be read: %s", strerror(errno));
	while (names[n])
		n++;
	const char **beside = sc_arena_alloc(arena, (n + 1) * sizeof(*beside));
	for (size_t i = 0; beside && i < n; i++) {
		const char *path = sc_arena_printf(arena, "%s/%s", out->dir.path, names[i]);
		struct stat st;

		if (!path)
			return sc_fail_memory(ctx);
		/* an entry that was removed meanwhile is ignored */
		if (strcmp(names[i], name) == 0 || sc_file_stat(ctx, path, &st) < 0)
			continue;
		/* the directories that spicecfg makes, one per VM, may be next to a socket of the user's */
		if (S_ISSOCK(st.st_mode) && sc_vm_has_socket(vm, path))
			continue;
		if (S_ISSOCK(st.st_mode))
			beside[used++] = names[i];
		else if (!(S_ISDIR(st.st_mode) && strcmp(out->dir.path, SC_SOCKET_ROOT) == 0))
			out->stranger = names[i];
		else
			out->directories = true;
	}
	out->beside = beside;
	return beside ? SPICECFG_OK : sc_fail_memory(ctx);
}

/* The VM's own directory, and the VMs that have their sockets in the present one. */
static enum spicecfg_status look_owner(const struct spicecfg_vm *vm, struct sc_arena *arena, struct sc_socket_place *out)
{
	const char *own = sc_arena_printf(arena, SC_SOCKET_ROOT "/%s", vm->uuid ? vm->uuid : "UUID");

	out->default_path = own ? sc_arena_printf(arena, "%s/" SC_SOCKET_NAME, own) : NULL;
	if (!out->default_path)
		return sc_fail_memory(vm->ctx);
	out->own = vm->uuid && strcmp(own, out->dir.path) == 0;
	out->settled = sc_vm_has_socket_in(vm, out->dir.path);
	return sc_vm_find_socket_in(vm, out->dir.path, arena, &out->other_vm);
}

enum spicecfg_status sc_socket_look(const struct spicecfg_vm *vm, const char *path, struct sc_arena *arena, struct sc_socket_place *out)
{
	struct spicecfg_ctx *ctx = vm->ctx;
	const char *slash = strrchr(path, '/');
	struct sc_qemu_account qemu;

	*out = (struct sc_socket_place){0};
	enum spicecfg_status status = sc_qemu_account_read(ctx, arena, &qemu);
	if (status)
		return status;
	if (slash == path)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){path, 0, 0}, NULL,
				  "a socket in '/' can't have a directory of its own");
	out->qemu_uid = qemu.uid;
	out->qemu_gid = qemu.gid;
	out->qemu_user = qemu.user;
	out->qemu_group = qemu.group;
	const char *dir = sc_arena_strndup(arena, path, (size_t)(slash - path));
	status = look(ctx, dir, &out->dir);
	if (!status)
		status = look_above(ctx, dir, arena, out);
	if (!status)
		status = look(ctx, path, &out->socket);
	if (!status)
		status = look_owner(vm, arena, out);
	if (!status && out->dir.exists)
		status = look_beside(vm, slash + 1, arena, out);
	if (!status && out->socket.exists && !S_ISSOCK(out->socket.mode))
		status =
		    sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){path, 0, 0}, "Check the path in the definition.", "is not a socket");
	return status;
}

static enum spicecfg_status free_number(struct spicecfg_ctx *ctx, const char *name, struct sc_arena *arena, gid_t *gid)
{
	for (gid_t at = SYSTEM_GID_MAX; at >= SYSTEM_GID_MIN; at--) {
		const char *taken = sc_names_of_group(ctx, at, arena);

		/* a number without a name is returned as text */
		if (taken && taken[0] >= '0' && taken[0] <= '9') {
			*gid = at;
			return SPICECFG_OK;
		}
	}
	return sc_fail(ctx, SPICECFG_SYSTEM, "Create the group by hand, with a number of your choice.",
		       "no free number is left for the group '%s'", name);
}

#define REVOKE "See '`spicecfg acl show TARGET`'; one that was deleted is named by its number."

static enum spicecfg_status no_group(struct spicecfg_ctx *ctx, const char *name, bool revoke)
{
	enum spicecfg_status status = sc_fail(ctx, SPICECFG_INPUT, REVOKE, "there is no group '%s'", name);

	if (!revoke)
		sc_fail_fixf(ctx, "Create it: `groupadd -- %s`, or use --create-group.", name);
	return status;
}

/* Whether groupadd accepts the name on every system. */
static bool is_group_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return len > 0 && len <= 31 && !name[len] && name[0] != '-' && !(name[0] >= '0' && name[0] <= '9');
}

enum spicecfg_status sc_socket_who(struct spicecfg_ctx *ctx, const char *word, bool make, struct sc_arena *arena,
				   struct sc_socket_change *out, const char **made)
{
	bool group = strncmp(word, "group:", 6) == 0;
	const char *name = word + (group ? 6 : 5);
	uid_t uid;
	gid_t gid = (gid_t)-1;

	if (made)
		*made = NULL;
	if ((!group && strncmp(word, "user:", 5) != 0) || !*name)
		return sc_fail(ctx, SPICECFG_USAGE, "Write user:NAME or group:NAME.", "'%s' is neither a user nor a group", word);
	*out = (struct sc_socket_change){.grant = {.group = group}, .word = word};
	if (!group) {
		if (sc_names_user(ctx, name, &uid, &gid) < 0)
			return sc_fail(ctx, SPICECFG_INPUT, made ? "Check the name, or create the account." : REVOKE,
				       "there is no user '%s'", name);
		out->grant.id = uid;
		out->groups = sc_names_groups(ctx, name, arena, &out->n_groups);
		return out->groups ? SPICECFG_OK : sc_fail_memory(ctx);
	}
	if (sc_names_group(ctx, name, &gid) < 0) {
		if (!make || !made)
			return no_group(ctx, name, !made);
		if (!is_group_name(name))
			return sc_fail(ctx, SPICECFG_USAGE, "Use lower-case letters, digits, '-' and '_', at most 31 characters.",
				       "'%s' is not a valid name for a new group", name);
		enum spicecfg_status status = free_number(ctx, name, arena, &gid);
		if (status)
			return status;
		*made = name;
	}
	out->grant.id = gid;
	return SPICECFG_OK;
}

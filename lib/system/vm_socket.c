/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set-listen socket: the socket's directory with its ACLs goes with the definition, in one plan. */
#include "system/vm_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "model/domain.h"
#include "system/file.h"
#include "system/socket.h"
#include "system/virt.h"

/* The directory is this host's only where the domain is. */
static bool is_local(const struct spicecfg_vm *vm)
{
	const char *uri = sc_virt_uri(vm->ctx);

	if (vm->kind == SC_VM_ROOT_FILE)
		return true;
	return vm->kind == SC_VM_DOMAIN && strncmp(uri, "qemu", 4) == 0 && strstr(uri, "/system") && !sc_virt_uri_is_remote(uri);
}

static enum spicecfg_status socket_path(struct spicecfg_plan *plan, const char *bytes, size_t len, const char **path)
{
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;
	enum spicecfg_status status = sc_xml_parse(plan->ctx, "the definition", bytes, len, &doc);

	*path = NULL;
	if (!status)
		status = sc_domain_read(plan->ctx, doc, &domain);
	if (status || !domain->spice || !domain->spice->n_listens || !domain->spice->listens[0].socket)
		return status;
	*path = sc_arena_strdup(plan->memory, domain->spice->listens[0].socket);
	return *path ? SPICECFG_OK : sc_fail_memory(plan->ctx);
}

/* A directory that somebody else made is left alone unless it is asked for; one that is missing is made. */
static bool is_settled(struct spicecfg_plan *plan, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *dir = slash && slash > path ? sc_arena_strndup(plan->memory, path, (size_t)(slash - path)) : NULL;
	size_t root = strlen(SC_SOCKET_ROOT);
	struct stat st;

	if (!dir)
		return true;
	if (strncmp(dir, SC_SOCKET_ROOT, root) == 0 && (!dir[root] || dir[root] == '/'))
		return false;
	return sc_file_stat(plan->ctx, dir, &st) == 0 || errno != ENOENT;
}

static enum spicecfg_status take_allowed(struct spicecfg_plan *plan, const struct spicecfg_request *request,
					 struct sc_socket_change **changes)
{
	enum spicecfg_status status = SPICECFG_OK;

	*changes = sc_arena_alloc(plan->memory, (request->n_allow + 1) * sizeof(**changes));
	if (!*changes)
		return sc_fail_memory(plan->ctx);
	for (size_t i = 0; !status && i < request->n_allow; i++) {
		const char *made;

		status = sc_socket_who(plan->ctx, request->allow[i], false, plan->memory, &(*changes)[i], &made);
	}
	return status;
}

enum spicecfg_status sc_vm_add_socket(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_request *request,
				      const char *bytes, size_t len)
{
	const char *listen = sc_asked(request, "listen"), *path;
	struct sc_socket_place place;
	struct sc_socket_change *changes;

	if (request->n_allow && (!listen || strncmp(listen, "socket", 6) != 0))
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Use it with set-listen TARGET socket.", "--allow is for sockets");
	if (!listen || strncmp(listen, "socket", 6) != 0)
		return SPICECFG_OK;
	if (!is_local(vm))
		return request->n_allow ? sc_fail(plan->ctx, SPICECFG_USAGE, "Name a domain of this host, or leave --allow away.",
						  "'%s' is not of this host: the socket's directory can't be made", vm->label)
					: SPICECFG_OK;
	enum spicecfg_status status = socket_path(plan, bytes, len, &path);
	if (status || !path || (!request->n_allow && is_settled(plan, path)))
		return status;
	status = take_allowed(plan, request, &changes);
	if (!status)
		status = sc_socket_look(plan->ctx, path, plan->memory, &place);
	return status ? status : sc_plan_socket(plan, &place, changes, request->n_allow);
}

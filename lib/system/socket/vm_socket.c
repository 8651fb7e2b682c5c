/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set-listen socket: the socket's directory with its ACLs and the definition, in one plan. */
#include "system/socket/vm_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "system/libvirt/virt.h"
#include "system/os/file.h"
#include "system/socket/socket.h"

/* Whether the directory needs no step: without --allow, an existing one outside SC_SOCKET_ROOT stays as it is; a missing one is made. */
static bool is_settled(struct spicecfg_plan *plan, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *dir = slash && slash > path ? sc_arena_strndup(plan->memory, path, (size_t)(slash - path)) : NULL;
	struct stat st;

	if (!dir)
		return true;
	if (sc_path_below(dir, SC_SOCKET_ROOT))
		return false;
	return sc_file_stat(plan->ctx, dir, &st) == 0 || errno != ENOENT;
}

enum spicecfg_status sc_vm_add_socket(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_request *request,
				      const char *bytes, size_t len)
{
	const char *listen = sc_asked(request, "listen"), *path, *who[SC_ALLOW_MAX + 1] = {NULL};

	if (request->n_allow && (!listen || strncmp(listen, "socket", 6) != 0))
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Use it with '`spicecfg set-listen TARGET socket`'.",
			       "--allow applies only to sockets");
	if (!listen || strncmp(listen, "socket", 6) != 0)
		return SPICECFG_OK;
	if (!sc_vm_is_own(vm))
		return request->n_allow
			   ? sc_fail(plan->ctx, SPICECFG_USAGE, "Name a domain of this host, or omit --allow.",
				     "'%s' is not a domain of this host, so the socket's directory can't be created", vm->label)
			   : SPICECFG_OK;
	enum spicecfg_status status = sc_socket_of_vm(vm, bytes, len, plan->memory, &path);
	if (status || (!request->n_allow && is_settled(plan, path)))
		return status;
	if (!request->n_allow && !plan->ctx->root && geteuid() != 0)
		return sc_plan_note(plan, "only root can create the directory of '%s': run this verb, or acl grant, as root", path);
	for (size_t i = 0; i < request->n_allow; i++)
		who[i] = request->allow[i];
	return sc_socket_plan(plan, &(struct sc_socket_ask){vm, path, who, false, request->create_group});
}

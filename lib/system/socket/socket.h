/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a console's Unix socket and the way to it. */
#ifndef SC_SYSTEM_SOCKET_H
#define SC_SYSTEM_SOCKET_H

#include "plan/acl.h"
#include "system/libvirt/vm.h"

/*
 * The socket's path in a definition of the VM (bytes: as it is, or as it will be), in arena. SPICECFG_INPUT when it has none that ACLs can
 * stay on: no Spice graphics, another listener, or libvirt's own automatic socket, whose directory is made anew at each start.
 * SPICECFG_USAGE when it is not a VM of this host or root (sc_vm_is_own()): a file can name any path.
 */
SPICECFG_CHECKED enum spicecfg_status sc_socket_of_vm(const struct spicecfg_vm *vm, const char *bytes, size_t len, struct sc_arena *arena,
						      const char **path);

/*
 * Looks at the socket at path, which the VM has or shall have, and at every directory on the way; all in arena. A symlink on the way is
 * SPICECFG_INPUT.
 */
SPICECFG_CHECKED enum spicecfg_status sc_socket_look(const struct spicecfg_vm *vm, const char *path, struct sc_arena *arena,
						     struct sc_socket_place *out);

/*
 * "user:U" or "group:G" as a change, in arena. SPICECFG_USAGE: neither; SPICECFG_INPUT: no such account. With make, a missing group gets a
 * free number and *made its name; the plan has to make it.
 */
SPICECFG_CHECKED enum spicecfg_status sc_socket_who(struct spicecfg_ctx *ctx, const char *word, bool make, struct sc_arena *arena,
						    struct sc_socket_change *out, const char **made);

/* Who is let into a VM's socket, or shut out. */
struct sc_socket_ask {
	const struct spicecfg_vm *vm;
	const char *path;       /* of the socket that it has, or shall have */
	const char *const *who; /* words "user:U" or "group:G", NULL-terminated; NULL: nobody */
	bool revoke;
	bool make; /* groups that are missing */
};

/* Plans the directory of the socket, and who is let in or shut out. */
SPICECFG_CHECKED enum spicecfg_status sc_socket_plan(struct spicecfg_plan *plan, const struct sc_socket_ask *ask);

#endif

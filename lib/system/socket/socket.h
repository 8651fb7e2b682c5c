/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the state of a console's Unix socket and of the path to it. */
#ifndef SC_SYSTEM_SOCKET_H
#define SC_SYSTEM_SOCKET_H

#include "plan/acl.h"
#include "system/libvirt/vm.h"

/*
 * The socket's path in a definition of the VM (bytes: the present or the new one), in arena. SPICECFG_INPUT: it has no socket on which ACLs
 * last: no Spice graphics, another listener, or libvirt's own automatic socket, whose directory is made again at each start.
 * SPICECFG_USAGE: it is not a VM of this host or root (sc_vm_is_own()), since a file can name any path.
 */
SPICECFG_CHECKED enum spicecfg_status sc_socket_of_vm(const struct spicecfg_vm *vm, const char *bytes, size_t len, struct sc_arena *arena,
						      const char **path);

/*
 * Reads the state of the socket at path, which the VM has or is to have, and of every directory on the path; all in arena. SPICECFG_INPUT:
 * a component of the path is a symlink, or can't be read.
 */
SPICECFG_CHECKED enum spicecfg_status sc_socket_look(const struct spicecfg_vm *vm, const char *path, struct sc_arena *arena,
						     struct sc_socket_place *out);

/*
 * "user:U" or "group:G" as a change, in arena. SPICECFG_USAGE: another form; SPICECFG_INPUT: no such account. With make, a missing group
 * gets a free number, and *made is its name: the plan has to create it. made NULL: access is revoked, also that of an account which was
 * deleted, by its number.
 */
SPICECFG_CHECKED enum spicecfg_status sc_socket_who(struct spicecfg_ctx *ctx, const char *word, bool make, struct sc_arena *arena,
						    struct sc_socket_change *out, const char **made);

/* Whose access to a VM's socket is granted or revoked. */
struct sc_socket_ask {
	const struct spicecfg_vm *vm;
	const char *path;       /* of the socket that it has, or is to have */
	const char *const *who; /* words "user:U" or "group:G", NULL-terminated; NULL: nobody */
	bool revoke;
	bool make; /* create groups that are missing */
};

/* Plans the directory of the socket, and whose access is granted or revoked. */
SPICECFG_CHECKED enum spicecfg_status sc_socket_plan(struct spicecfg_plan *plan, const struct sc_socket_ask *ask);

#endif

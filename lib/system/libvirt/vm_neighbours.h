/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the other domains of a VM's host hold: for setters that give a VM a port or a socket. */
#ifndef SC_SYSTEM_VM_NEIGHBOURS_H
#define SC_SYSTEM_VM_NEIGHBOURS_H

#include "plan/plan.h"
#include "system/libvirt/vm.h"

/*
 * Where the plan's changes give the VM a port or a socket path, plan->neighbours gets those other domains that have it, defined or
 * running. The domains are looked through once per context. What can't be read is left out; only memory fails.
 */
SPICECFG_CHECKED enum spicecfg_status sc_vm_find_neighbours(struct spicecfg_plan *plan, const struct spicecfg_vm *vm);

/* Whether the VM's definition, as it is or as it runs, has a socket at path, or right in dir. */
bool sc_vm_has_socket(const struct spicecfg_vm *vm, const char *path);
bool sc_vm_has_socket_in(const struct spicecfg_vm *vm, const char *dir);

/* The name of another domain of the host that has a socket right in dir, in arena; *name NULL: none is known. */
SPICECFG_CHECKED enum spicecfg_status sc_vm_find_socket_in(const struct spicecfg_vm *vm, const char *dir, struct sc_arena *arena,
							   const char **name);

/*
 * The name of the domain of the host, defined or running, that has the UUID, in arena; NULL: none is known. By libvirt's files, which root
 * can read, so that no daemon is asked.
 */
const char *sc_vm_find_uuid(struct spicecfg_ctx *ctx, const char *uuid, struct sc_arena *arena);

#endif

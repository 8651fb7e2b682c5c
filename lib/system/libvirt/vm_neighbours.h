/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ports and sockets of the other domains of a VM's host, for setters that give a VM a port or a socket. */
#ifndef SC_SYSTEM_VM_NEIGHBOURS_H
#define SC_SYSTEM_VM_NEIGHBOURS_H

#include "plan/plan.h"
#include "system/libvirt/vm.h"

/*
 * If the plan's changes give the VM a port or a socket path, adds to plan->neighbours the other domains that use it, defined or running.
 * The domains are read once per context. Domains that can't be read are omitted; SPICECFG_SYSTEM: out of memory.
 */
SPICECFG_CHECKED enum spicecfg_status sc_vm_find_neighbours(struct spicecfg_plan *plan, const struct spicecfg_vm *vm);

/*
 * Offers no fix the ports of the host's domains, defined or running (SC_CLAIM_OFFER). Domains that can't be read are omitted. False when
 * memory runs out.
 */
bool sc_vm_offer_ports(struct spicecfg_ctx *ctx, struct sc_neighbours *neighbours);

/* Whether the VM's definition, persistent or running, has a socket at path, or directly in dir. */
bool sc_vm_has_socket(const struct spicecfg_vm *vm, const char *path);
bool sc_vm_has_socket_in(const struct spicecfg_vm *vm, const char *dir);

/* The name of another domain of the host that has a socket directly in dir, in arena; *name NULL: none known. */
SPICECFG_CHECKED enum spicecfg_status sc_vm_find_socket_in(const struct spicecfg_vm *vm, const char *dir, struct sc_arena *arena,
							   const char **name);

/*
 * The name of the domain of the host, defined or running, that has the UUID, in arena; NULL: none known. Read from libvirt's files, without
 * asking the daemon; root can read them.
 */
const char *sc_vm_find_uuid(struct spicecfg_ctx *ctx, const char *uuid, struct sc_arena *arena);

#endif

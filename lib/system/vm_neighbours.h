/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the other domains of a VM's host hold: for setters that give a VM a port or a socket. */
#ifndef SC_SYSTEM_VM_NEIGHBOURS_H
#define SC_SYSTEM_VM_NEIGHBOURS_H

#include "plan/plan.h"
#include "system/vm.h"

/*
 * Where the plan's changes give the VM a port or a socket path, plan->neighbours gets those other domains that have it, defined or
 * running. The domains are looked through once per context. What can't be read is left out; only memory fails.
 */
SPICECFG_CHECKED enum spicecfg_status sc_vm_find_neighbours(struct spicecfg_plan *plan, const struct spicecfg_vm *vm);

#endif

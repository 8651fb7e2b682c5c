/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_VM_SOCKET_H
#define SC_SYSTEM_VM_SOCKET_H

#include "plan/vm.h"
#include "system/libvirt/vm.h"

/*
 * Adds the steps for the directory of the socket in the new definition (bytes), and for the accounts that may open it; nothing if no socket
 * is requested, or the domain is not of this host. SPICECFG_USAGE: --allow without a socket of this host.
 */
SPICECFG_CHECKED enum spicecfg_status sc_vm_add_socket(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
						       const struct spicecfg_request *request, const char *bytes, size_t len);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A VM with what decides who can open its console: as it is or, while a plan is on the stage, as it will be. */
#ifndef SC_SYSTEM_ACCESS_SIDE_H
#define SC_SYSTEM_ACCESS_SIDE_H

#include "access/access.h"
#include "system/libvirt/vm.h"

struct sc_access_side {
	struct sc_xml *doc;
	struct sc_domain *domain;
	struct sc_host *host;
	struct sc_access_tree *tree;
};

/*
 * Reads a VM of this host or root, opened for changes. In every case side is to be freed. SPICECFG_USAGE: it is another VM, or was opened
 * for reading only, which hides its password.
 */
SPICECFG_CHECKED enum spicecfg_status sc_access_side_read(const struct spicecfg_vm *vm, struct sc_access_side *side);
void sc_access_side_free(struct sc_access_side *side);
#define SC_ACCESS_SIDE __attribute__((cleanup(sc_access_side_free))) struct sc_access_side

#endif

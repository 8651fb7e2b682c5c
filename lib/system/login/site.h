/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads what SASL and PAM plans need of the host and the VM. */
#ifndef SC_SYSTEM_SITE_H
#define SC_SYSTEM_SITE_H

#include "plan/sasl.h"
#include "system/libvirt/vm.h"
#include "system/modules/sasl.h"

/*
 * Reads the site of a VM, or of the host (vm NULL). own: the VM's own scope, also where it has none yet (to be written); else what QEMU
 * uses for it now. Everything lives in memory, which outlives the site.
 */
SPICECFG_CHECKED enum spicecfg_status sc_site_read(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, bool own, struct sc_arena *memory,
						   struct sc_sasl_site *site);

/*
 * Before something of the VM's own scope is changed, or a password given to it. SPICECFG_USAGE for a definition file that is not a VM of
 * this host and has the UUID of one, or a SASL_CONF_PATH other than the directory of its UUID: what a file says of itself may be another's.
 * vm NULL: the host.
 */
SPICECFG_CHECKED enum spicecfg_status sc_site_claim(const struct sc_sasl_site *site, const struct spicecfg_vm *vm);

/* Names the database of the site and reads its files. */
SPICECFG_CHECKED enum spicecfg_status sc_site_database(struct sc_sasl_site *site, const char *path);

/* The database's bytes for the module sasl (copies). */
SPICECFG_CHECKED enum spicecfg_status sc_site_sasldb(const struct sc_sasl_site *site, struct sc_sasldb *db);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads what SASL and PAM plans need to know of the host and the VM. */
#ifndef SC_SYSTEM_SITE_H
#define SC_SYSTEM_SITE_H

#include "plan/sasl.h"
#include "system/libvirt/vm.h"
#include "system/modules/sasl.h"

/*
 * Reads the site of a VM, or of the host (vm NULL). own: the VM's own scope, even if it has none yet (to be written); otherwise the scope
 * that QEMU uses for it now. Everything is allocated from memory, which must outlive the site.
 */
SPICECFG_CHECKED enum spicecfg_status sc_site_read(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, bool own, struct sc_arena *memory,
						   struct sc_sasl_site *site);

/*
 * Must be called before anything in the VM's own scope is changed, or a password is passed to it. SPICECFG_USAGE: vm is a definition file,
 * not a VM of this host, and has the UUID of such a VM, or a SASL_CONF_PATH other than the directory of its UUID: what a file says about
 * itself may belong to another VM. vm NULL: the host.
 */
SPICECFG_CHECKED enum spicecfg_status sc_site_claim(const struct sc_sasl_site *site, const struct spicecfg_vm *vm);

/* Sets the database of the site and reads its files. */
SPICECFG_CHECKED enum spicecfg_status sc_site_database(struct sc_sasl_site *site, const char *path);

/* Copies of the database's bytes for the module sasl. */
SPICECFG_CHECKED enum spicecfg_status sc_site_sasldb(const struct sc_sasl_site *site, struct sc_sasldb *db);

#endif

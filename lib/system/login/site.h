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

/*
 * A file below the root with its contents; a missing one is found so, other failures are SPICECFG_INPUT. found->path is the file that a
 * symbolic link leads to; links of other accounts than root and the caller's are refused.
 */
SPICECFG_CHECKED enum spicecfg_status sc_site_find(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *path,
						   struct sc_found *found);

/* The folders above path, outermost first, up to its parent; ends with a path of NULL. */
SPICECFG_CHECKED enum spicecfg_status sc_site_parents(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *path,
						      struct sc_found **dirs);

/* A data file as text in memory. */
SPICECFG_CHECKED enum spicecfg_status sc_site_template(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *name,
						       const char **text);

/* The socket that saslauthd makes by its own settings; NULL: they can't be read. In memory. */
const char *sc_site_mux(struct spicecfg_ctx *ctx, struct sc_arena *memory);

/* The family of the host's distribution, from os-release and its files. */
enum sc_distro sc_site_family(const struct spicecfg_ctx *ctx);

#endif

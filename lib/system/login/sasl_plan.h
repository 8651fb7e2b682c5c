/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of SASL and PAM plans that need the system: databases, services, the domain's own settings. */
#ifndef SC_SYSTEM_SASL_PLAN_H
#define SC_SYSTEM_SASL_PLAN_H

#include "system/load/load.h"
#include "system/login/site.h"

/* Begins a public call that plans, and reads its site into the plan's memory; if this succeeds, sc_plan_leave() ends the call. */
SPICECFG_CHECKED enum spicecfg_status sc_sasl_begin(struct spicecfg_plan *plan, struct spicecfg_vm *vm, struct sc_sasl_site *site);

/* The same for the VM's own files: fails where they are not the VM's (sc_site_claim()). */
SPICECFG_CHECKED enum spicecfg_status sc_sasl_begin_claimed(struct spicecfg_plan *plan, struct spicecfg_vm *vm, struct sc_sasl_site *site);

/* Receives a user; the strings live until it returns. */
typedef void (*sc_user_fn)(void *opaque, const char *user, const char *realm);

/* Like spicecfg_user_list(), within another public call; calls fn for each user. */
SPICECFG_CHECKED enum spicecfg_status sc_user_list(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, sc_user_fn fn, void *opaque);

/* Returns SPICECFG_FINDINGS and records the error that says why the user is not admitted. */
enum spicecfg_status sc_login_refused(struct spicecfg_ctx *ctx, const char *user, const struct spicecfg_login *login);

/* Adds the VM's definition with its SASL directory (NULL: none) and its -spice argument. */
SPICECFG_CHECKED enum spicecfg_status sc_sasl_plan_domain(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
							  const struct sc_sasl_site *site, const char *directory, enum sc_sasl_switch says);

/*
 * Adds the database's directory and files, with the contents of db; NULL: only owner and mode are corrected. tell: the change of the
 * contents is added to the plan's changes.
 */
SPICECFG_CHECKED enum spicecfg_status sc_sasl_plan_db(struct spicecfg_plan *plan, const struct sc_sasl_site *site,
						      const struct sc_sasldb *db, bool tell);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of SASL and PAM plans that need the system: databases, services, the domain's own settings. */
#ifndef SC_SYSTEM_SASL_PLAN_H
#define SC_SYSTEM_SASL_PLAN_H

#include "system/login/site.h"

/* Begins a public call that plans, with the site that it is about, in the plan's memory; sc_plan_leave() ends it where this succeeded. */
SPICECFG_CHECKED enum spicecfg_status sc_sasl_begin(struct spicecfg_plan *plan, struct spicecfg_vm *vm, struct sc_sasl_site *site);

/* As spicecfg_user_list(), in the middle of a call. */
SPICECFG_CHECKED enum spicecfg_status sc_user_list(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, spicecfg_user_fn fn, void *opaque);

/* SPICECFG_FINDINGS, with the error that says why somebody is not admitted. */
enum spicecfg_status sc_login_refused(struct spicecfg_ctx *ctx, const char *user, const struct spicecfg_login *login);

/* Adds the VM's definition with its SASL directory (NULL: none) and its -spice argument. */
SPICECFG_CHECKED enum spicecfg_status sc_sasl_plan_domain(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
							  const struct sc_sasl_site *site, const char *directory, enum sc_sasl_switch says);

/*
 * Adds the database's directory and files: db in place of what is there; NULL: only owner and mode are seen to. tell: the change of the
 * contents becomes a change of the plan, too.
 */
SPICECFG_CHECKED enum spicecfg_status sc_sasl_plan_db(struct spicecfg_plan *plan, const struct sc_sasl_site *site,
						      const struct sc_sasldb *db, bool tell);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Internals of the module "sasl". Everything here except the ops runs in the forked child. */
#ifndef SC_MODULES_SASL_IMPL_H
#define SC_MODULES_SASL_IMPL_H

#include "system/modules/sasl.h"
#include "system/os/helper.h"

enum spicecfg_status sc_sasl_edit(struct spicecfg_ctx *ctx, const struct sc_sasldb *old, const struct sc_sasl_edit *edits, size_t n_edits,
				  struct sc_sasldb *out, bool *changed);
enum spicecfg_status sc_sasl_list(struct spicecfg_ctx *ctx, const struct sc_sasldb *db, struct sc_arena *arena, struct sc_sasl_user **users,
				  size_t *n_users);
enum spicecfg_status sc_sasl_offers(struct spicecfg_ctx *ctx, const struct sc_sasl_server *server, struct sc_arena *arena,
				    const char **names);
enum spicecfg_status sc_sasl_login(struct spicecfg_ctx *ctx, const struct sc_sasl_server *server, const char *mechanisms, const char *user,
				   const char *password, size_t password_len, struct sc_arena *arena, bool *admitted,
				   const char **mechanism, const char **why);

#endif

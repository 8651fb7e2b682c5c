/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The library's side of the modules. */
#include "system/modules/pam.h"
#include "system/modules/sasl.h"
#include "system/os/modules.h"

const struct sc_module_sasl *sc_sasl(struct spicecfg_ctx *ctx)
{
	return sc_module(ctx, "sasl");
}

void sc_sasldb_free(struct sc_sasldb *db)
{
	for (size_t i = 0; i < SC_SASLDB_FILES; i++)
		sc_buf_free(&db->file[i].bytes);
	db->n_files = 0;
}

const struct sc_module_pam *sc_pamauth(struct spicecfg_ctx *ctx)
{
	return sc_module(ctx, "pam");
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The library's side of the modules. */
#include "system/modules/ini.h"
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

enum spicecfg_status sc_ini_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, struct sc_arena *memory,
				  struct sc_ini *out)
{
	enum spicecfg_status status = sc_ini_scan(ctx, name, bytes, len, memory, out);

	return status ? status : sc_ini_verify(ctx, name, bytes, len, out);
}

enum spicecfg_status sc_ini_verify(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, const struct sc_ini *ini)
{
	if (!ini->count)
		return SPICECFG_OK;
	const struct sc_module_ini *module = sc_module(ctx, "ini");
	return module ? module->verify(ctx, name, bytes, len, ini) : SPICECFG_SYSTEM;
}

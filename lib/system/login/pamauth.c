/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/login/pamauth.h"

#include "system/os/modules.h"

const struct sc_module_pam *sc_pamauth(struct spicecfg_ctx *ctx)
{
	return sc_module(ctx, "pam");
}

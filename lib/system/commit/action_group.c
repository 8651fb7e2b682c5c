/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "lock-accounts": held from the commit's preparation to its end, for steps that write /etc/group and /etc/gshadow. */
#include "system/commit/action.h"
#include "system/os/accounts.h"

static enum spicecfg_status lock(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run, bool *stale)
{
	(void)action;
	(void)stale;
	enum spicecfg_status status = sc_accounts_lock(ctx);
	*run = status ? NULL : ctx;
	return status;
}

static void unlock(struct spicecfg_ctx *ctx, void *run)
{
	if (run)
		sc_accounts_unlock(ctx);
}

static enum spicecfg_status nothing(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run)
{
	(void)ctx;
	(void)action;
	(void)run;
	return SPICECFG_OK;
}

const struct sc_action_ops sc_action_lock_accounts = {.name = "lock-accounts", .prepare = lock, .apply = nothing, .finish = unlock};

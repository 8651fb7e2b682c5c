/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Actions beside the documents: a row each in action.c. */
#ifndef SC_SYSTEM_ACTION_H
#define SC_SYSTEM_ACTION_H

#include "plan/plan.h"

struct sc_action_ops {
	const char *name;
	/* Gets ready, when the commit prepares, as a step does (commit.h); NULL: there is nothing. finish is called in any case. */
	enum spicecfg_status (*prepare)(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run, bool *stale);
	/* Does it; *run is the action's own, for undo and finish. */
	enum spicecfg_status (*apply)(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run);
	/* Takes it back, false: it can't; NULL: nothing to take back. Called after documents of later steps were put back, before those of
	 * earlier ones. */
	bool (*undo)(struct spicecfg_ctx *ctx, const struct sc_action *action, void *run);
	/* Called when everything else was undone too (a daemon is started with the old file again); NULL: nothing. */
	bool (*undone)(struct spicecfg_ctx *ctx, const struct sc_action *action, void *run);
	void (*finish)(struct spicecfg_ctx *ctx, void *run); /* NULL: nothing to free */
};

/* NULL-terminated. */
extern const struct sc_action_ops *const sc_actions[];

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "add-group": NAME, GID. The system's own tool does it: it knows the locks and the shadow files. */
#include <errno.h>
#include <string.h>

#include "system/action.h"
#include "system/program.h"

static int run_group_tool(const struct spicecfg_ctx *ctx, const char *tool, const struct sc_action *action)
{
	const char *argv[8] = {tool};
	int n = 1;

	if (ctx->root) {
		argv[n++] = "--prefix";
		argv[n++] = ctx->root;
	}
	if (action->arg[1]) {
		argv[n++] = "--gid";
		argv[n++] = action->arg[1];
		argv[n++] = "--system";
	}
	argv[n] = action->arg[0];
	return sc_program_run(argv);
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run)
{
	int status = run_group_tool(ctx, "groupadd", action);

	*run = NULL;
	if (status < 0)
		return sc_fail(ctx, SPICECFG_SYSTEM, "Install the package that has it (passwd, shadow-utils, shadow).",
			       "groupadd can't be run: %s", strerror(errno));
	if (status)
		return sc_fail(ctx, SPICECFG_SYSTEM, status == 10 ? "Run it as root." : NULL,
			       "the group '%s' can't be made: groupadd ended with %d", action->arg[0], status);
	*run = (void *)(uintptr_t)action->arg[0];
	return SPICECFG_OK;
}

static void undo(struct spicecfg_ctx *ctx, const struct sc_action *action, void *run)
{
	const struct sc_action gone = {"add-group", {action->arg[0], NULL, NULL}};

	if (run && run_group_tool(ctx, "groupdel", &gone) != 0)
		sc_log(ctx, SPICECFG_LOG_WARNING, "the group '%s' can't be removed again", action->arg[0]);
}

const struct sc_action_ops sc_action_add_group = {.name = "add-group", .apply = apply, .undo = undo};

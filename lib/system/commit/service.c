/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Services of systemd: the action "start-service" enables a unit and restarts it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/commit/action.h"
#include "system/commit/manager.h"
#include "system/commit/service.h"

enum spicecfg_status sc_plan_service(struct spicecfg_plan *plan, const char *unit, const char *const by_hand[3])
{
	struct sc_action *action;
	bool changed = false;

	if (plan->ctx->root)
		return sc_plan_note(plan, "enable the service below the root: `systemctl --root=%s enable -- %s`", plan->ctx->root, unit);
	if (!sc_manager_is_systemd(plan->ctx))
		return by_hand[0]
			   ? sc_plan_note(plan, "systemd is not running here: start it by hand before the VM: `%s %s %s`", by_hand[0],
					  by_hand[1], by_hand[2])
			   : sc_plan_note(
				 plan, "systemd is not running here: start it by hand before the VM: `saslauthd -a pam -n 5 -m DIRECTORY`");
	/* Only a new process reads a new file of the service; PAM's files are read at each login. */
	for (size_t i = 0; i < plan->n_steps; i++)
		changed = changed || (plan->steps[i].path && (strstr(plan->steps[i].path, "saslauthd") != NULL));
	if (!changed && sc_manager_systemctl("is-active", unit) == 0 && sc_manager_systemctl("is-enabled", unit) == 0)
		return SPICECFG_OK;
	action = sc_arena_alloc(plan->memory, sizeof(*action));
	if (!action)
		return sc_fail_memory(plan->ctx);
	*action = (struct sc_action){.name = "start-service", .arg = {sc_arena_strdup(plan->memory, unit)}};
	const struct sc_step step = {.type = SC_STEP_ACTION, .document = unit, .action = action, .effects = SPICECFG_EFFECT_NOW};
	enum spicecfg_status status = sc_plan_step(plan, &step);
	return status ? status
		      : sc_plan_change(plan, &(struct spicecfg_change){unit, "service", NULL, "enabled, started", SPICECFG_EFFECT_NOW});
}

struct before {
	bool enabled, active;
};

static enum spicecfg_status start_service(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run)
{
	struct before *before = calloc(1, sizeof(*before));
	const char *unit = action->arg[0];

	if (!before)
		return sc_fail_memory(ctx);
	*run = before;
	before->enabled = sc_manager_systemctl("is-enabled", unit) == 0;
	before->active = sc_manager_systemctl("is-active", unit) == 0;
	(void)sc_manager_systemctl("daemon-reload", NULL);
	if (sc_manager_systemctl("enable", unit) == 0 && sc_manager_systemctl("restart", unit) == 0)
		return SPICECFG_OK;
	(void)sc_fail(ctx, SPICECFG_SYSTEM, NULL, "the service %s can't be started", unit);
	sc_fail_fixf(ctx, "See why: `systemctl status -- %s`", unit);
	return SPICECFG_SYSTEM;
}

static bool undo_service(struct spicecfg_ctx *ctx, const struct sc_action *action, void *run)
{
	const struct before *before = run;
	bool restored = true;

	(void)ctx;
	if (before && !before->active)
		restored = sc_manager_systemctl("stop", action->arg[0]) == 0;
	if (before && !before->enabled)
		restored = sc_manager_systemctl("disable", action->arg[0]) == 0 && restored;
	return restored;
}

/* Called after the old files were restored. */
static bool service_undone(struct spicecfg_ctx *ctx, const struct sc_action *action, void *run)
{
	const struct before *before = run;

	(void)ctx;
	(void)sc_manager_systemctl("daemon-reload", NULL);
	return !before || !before->active || sc_manager_systemctl("restart", action->arg[0]) == 0;
}

static void finish_service(struct spicecfg_ctx *ctx, void *run)
{
	(void)ctx;
	free(run);
}

const struct sc_action_ops sc_action_start_service = {
    .name = "start-service", .apply = start_service, .undo = undo_service, .undone = service_undone, .finish = finish_service};

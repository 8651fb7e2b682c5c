/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "commands/auth.h"

#include <string.h>

#include "error.h"

enum { REDO_MAX = 5 };

enum spicecfg_status cli_auth_open(struct cli *cli, bool readonly, struct spicecfg_vm **vm)
{
	*vm = NULL;
	if (!cli->target)
		return SPICECFG_OK;
	if (strcmp(cli->target, "-") == 0)
		return cli_usage(cli, "'%s' needs a VM of this host, not a definition on stdin", cli->verb->name);
	return spicecfg_vm_open(cli->ctx, cli->target, readonly, vm);
}

static enum spicecfg_status edit_once(struct cli *cli, cli_auth_plan_fn make, const void *opaque, bool *stale)
{
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_plan *plan = NULL;
	char label[512] = "host";
	enum spicecfg_status status = cli_auth_open(cli, false, &vm);

	if (!status)
		status = make(cli, vm, opaque, &plan);
	if (!status) {
		if (vm)
			snprintf(label, sizeof(label), "%s", spicecfg_vm_label(vm));
		status = cli_plan(cli, label, plan, stale);
	}
	spicecfg_vm_free(vm);
	return status;
}

enum spicecfg_status cli_auth_edit(struct cli *cli, cli_auth_plan_fn make, const void *opaque)
{
	enum spicecfg_status status = SPICECFG_OK;
	bool stale = true;

	if (cli->output)
		return cli_usage(cli, "'%s' writes more than one document: leave --output away", cli->verb->name);
	for (int i = 0; stale; i++) {
		stale = false;
		status = edit_once(cli, make, opaque, &stale);
		if (!stale || i == REDO_MAX)
			break;
		spicecfg_ctx_clear_error(cli->ctx);
	}
	return status;
}

void cli_auth_login(struct cli *cli, const char *user, const struct spicecfg_login *login)
{
	const char *by = login->by[0] ? login->by : NULL;

	if (login->admitted)
		cli_out(cli, "%s is admitted%s%s\n", user, by ? " by " : "", by ? by : "");
	else
		cli_out(cli, "%s is refused%s%s: %s\n", user, by ? " by " : "", by ? by : "",
			login->why[0] ? login->why : "no reason was given");
	if (!cli->json)
		return;
	json_object_set_new(cli->json_doc, "target", cli->target ? json_string(cli->target) : json_null());
	json_object_set_new(cli->json_doc, "user", json_string(user));
	json_object_set_new(cli->json_doc, "admitted", json_boolean(login->admitted));
	json_object_set_new(cli->json_doc, "by", by ? json_string(by) : json_null());
	json_object_set_new(cli->json_doc, "why", login->admitted ? json_null() : json_string(login->why));
}

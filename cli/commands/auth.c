/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "commands/auth.h"

#include <string.h>

#include "error.h"

enum spicecfg_status cli_auth_open(struct cli *cli, bool readonly, struct spicecfg_vm **vm)
{
	*vm = NULL;
	if (!cli->target)
		return SPICECFG_OK;
	if (strcmp(cli->target, "-") == 0)
		return cli_usage(cli, "'%s' needs a VM of this host, not a definition on stdin", cli->verb->name);
	return cli_vm_open(cli, readonly, vm);
}

enum spicecfg_status cli_auth_list(struct cli *cli, const char *key, cli_auth_read_fn read)
{
	struct spicecfg_vm *vm = NULL;
	json_t *list = json_array();
	enum spicecfg_status status = cli_auth_open(cli, true, &vm);

	if (!status)
		status = read(cli, vm, list);
	if (!spicecfg_ctx_error(cli->ctx))
		json_object_set(cli->json_doc, key, list);
	json_decref(list);
	cli_vm_close(cli, vm);
	return status;
}

struct wish {
	cli_auth_plan_fn make;
	const void *opaque;
};

static enum spicecfg_status edit_once(struct cli *cli, void *opaque, bool *stale)
{
	const struct wish *wish = opaque;
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_plan *plan = NULL;
	char label[512] = "host";
	enum spicecfg_status status = cli_auth_open(cli, false, &vm);

	if (!status)
		status = cli_plan_open(cli, &plan);
	if (!status)
		status = wish->make(cli, plan, vm, wish->opaque);
	if (vm)
		snprintf(label, sizeof(label), "%s", spicecfg_vm_label(vm));
	if (!status)
		status = cli_plan(cli, label, plan, stale);
	else
		cli_plan_close(cli, plan);
	cli_vm_close(cli, vm);
	return status;
}

enum spicecfg_status cli_auth_edit(struct cli *cli, cli_auth_plan_fn make, const void *opaque)
{
	if (cli->output)
		return cli_usage(cli, "'%s' writes more than one document: omit --output", cli->verb->name);
	return cli_redo(cli, edit_once, &(struct wish){make, opaque});
}

static void tell_login(struct cli *cli, const char *user, const struct spicecfg_login *login)
{
	const char *by = login->by[0] ? login->by : NULL;

	if (login->admitted)
		cli_out(cli, "%s is admitted%s%s\n", user, by ? " by " : "", by ? by : "");
	else
		cli_out(cli, "%s is refused%s%s: %s\n", user, by ? " by " : "", by ? by : "",
			login->why[0] ? login->why : "no reason was given");
	if (!cli->json)
		return;
	json_object_set_new(cli->json_doc, "target", cli_json_text(cli->target));
	json_object_set_new(cli->json_doc, "user", cli_json_text(user));
	json_object_set_new(cli->json_doc, "admitted", json_boolean(login->admitted));
	json_object_set_new(cli->json_doc, "by", cli_json_text(by));
	json_object_set_new(cli->json_doc, "why", login->admitted ? json_null() : cli_json_text(login->why));
}

enum spicecfg_status cli_auth_test(struct cli *cli, cli_auth_login_fn try_login)
{
	struct cli_secret secret;
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_login login = {.size = sizeof(login)};
	enum spicecfg_status status = cli_auth_open(cli, true, &vm);

	if (!status)
		status = cli_secret_read(cli, "Password", false, &secret);
	if (!status) {
		status = try_login(cli, vm, &secret, &login);
		cli_secret_free(&secret);
		if (!status || status == SPICECFG_FINDINGS) {
			spicecfg_ctx_clear_error(cli->ctx); /* the answer says it */
			tell_login(cli, cli->args[0], &login);
		}
	}
	spicecfg_vm_free(vm);
	return status;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "commands/vm_edit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"

/* The edited document of a "-" target goes to stdout, changed or not: the program is a filter. */
static enum spicecfg_status print_document(struct cli *cli, struct spicecfg_plan *plan)
{
	const char *bytes;
	size_t len;
	enum spicecfg_status status = spicecfg_plan_output(plan, &bytes, &len);

	if (!status)
		(void)!fwrite(bytes, 1, len, stdout);
	return status ? status : cli_flush(cli, stdout);
}

static enum spicecfg_status edit_once(struct cli *cli, void *opaque, bool *stale)
{
	const struct spicecfg_request *request = opaque;
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_plan *plan = NULL;
	char *label = NULL;
	enum spicecfg_status status = cli_vm_open(cli, false, &vm);

	if (!status)
		status = cli_plan_open(cli, &plan);
	if (!status)
		status = spicecfg_plan_vm(plan, vm, request);
	if (!status && cli->output)
		status = spicecfg_plan_redirect(plan, cli->output);
	if (!status && !(label = strdup(spicecfg_vm_label(vm))))
		status = cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	if (!status && spicecfg_vm_is_stdin(vm) && !cli->output) {
		status = cli_plan_filter(cli, label, plan, print_document);
		plan = NULL;
	} else if (!status) {
		status = cli_plan(cli, label, plan, stale);
		plan = NULL;
	}
	cli_plan_close(cli, plan);
	cli_vm_close(cli, vm);
	free(label);
	return status;
}

enum spicecfg_status cli_vm_edit(struct cli *cli, cli_fill_fn fill)
{
	struct spicecfg_request *request;
	enum spicecfg_status status = spicecfg_request_new(cli->ctx, &request);

	if (!status)
		status = fill(cli, request);
	cli->password = status ? NULL : spicecfg_request_generated(request);
	if (!status)
		status = cli_redo(cli, edit_once, request);
	cli->password = NULL;
	spicecfg_request_free(request);
	return status;
}

/* Sets key to the arguments as one value: "address 0.0.0.0". */
static enum spicecfg_status set_argument(struct cli *cli, struct spicecfg_request *request, const char *key)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (int i = 0; out && i < cli->n_args; i++)
		fprintf(out, "%s%s", i ? " " : "", cli->args[i]);
	if (!out || fclose(out) != 0) {
		free(text);
		return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	}
	enum spicecfg_status status = spicecfg_request_set(request, key, text);
	free(text);
	return status;
}

/* Sets "channel.NAME" from each --channel NAME=VALUE. */
static enum spicecfg_status set_named(struct cli *cli, struct spicecfg_request *request, const char *key)
{
	enum spicecfg_status status = SPICECFG_OK;
	char option[64], prefix[64];
	const char *pair;

	snprintf(option, sizeof(option), "%.*s", (int)strcspn(key, "."), key);
	snprintf(prefix, sizeof(prefix), "%.*s", (int)strcspn(key, ".") + 1, key);
	for (size_t i = 0; !status && (pair = cli_get_nth(cli, option, i)); i++)
		status = cli_vm_pair(cli, request, prefix, pair);
	return status;
}

enum spicecfg_status cli_vm_settings(struct cli *cli, struct spicecfg_request *request)
{
	enum spicecfg_status status = SPICECFG_OK;
	struct spicecfg_setting setting = {.size = sizeof(setting)};

	for (size_t i = 0; !status && spicecfg_setting_get(i, &setting); i++) {
		const char *value = cli_get(cli, setting.key);

		if (strcmp(setting.verb, cli->verb->name) != 0)
			continue;
		if (setting.argument)
			status = cli->n_args ? set_argument(cli, request, setting.key) : SPICECFG_OK;
		else if (strchr(setting.key, '.'))
			status = set_named(cli, request, setting.key);
		else if (value)
			status = spicecfg_request_set(request, setting.key, *value ? value : setting.metavar); /* a flag has none */
	}
	return status;
}

enum spicecfg_status cli_vm_pair(struct cli *cli, struct spicecfg_request *request, const char *prefix, const char *word)
{
	const char *equals = strchr(word, '=');
	char key[128];

	if (!equals || equals == word)
		return cli_usage(cli, "an argument is not of the form %s; it is not shown, because it may be a password",
				 *prefix ? "NAME=VALUE" : "KEY=VALUE");
	int len = snprintf(key, sizeof(key), "%s%.*s", prefix, (int)(equals - word), word);
	if (len < 0 || (size_t)len >= sizeof(key))
		return cli_usage(cli, "a key is too long");
	return spicecfg_request_set(request, key, equals + 1);
}

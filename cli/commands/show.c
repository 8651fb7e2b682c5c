/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* show: the effective settings and where each comes from. */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "say.h"
#include "table.h"

struct rows {
	struct cli *cli;
	struct cli_table *table;
	json_t *settings;
};

static void add_row(struct rows *rows, const struct spicecfg_shown *row)
{
	if (rows->settings) {
		json_t *item =
		    json_pack("{s:s, s:s%, s:s}", "key", row->key, "value", row->value, strlen(row->value), "origin", row->origin);

		if (!item) /* a value that is not UTF-8, from a file in a single-byte encoding */
			item = json_pack("{s:s, s:n, s:s}", "key", row->key, "value", "origin", row->origin);
		if (row->running)
			json_object_set_new(item, "running", cli_json_text(row->running));
		json_array_append_new(rows->settings, item);
		return;
	}
	cli_table_add(rows->table, (const char *const[]){row->key, *row->value ? row->value : "-", row->origin, row->running, NULL});
}

static enum spicecfg_status show_vm(struct cli *cli, struct spicecfg_vm *vm)
{
	struct rows rows = {.cli = cli};
	struct spicecfg_view *view = NULL;
	const struct spicecfg_shown *row;

	if (cli->json)
		rows.settings = json_array();
	else if (!(rows.table = cli_table_new(cli, (const char *const[]){"SETTING", "VALUE", "FROM", "RUNNING", NULL})))
		return SPICECFG_SYSTEM;
	enum spicecfg_status status = spicecfg_vm_show(cli->ctx, vm, &view);
	for (size_t i = 0; view && (row = spicecfg_view_row(view, i)); i++)
		add_row(&rows, row);
	if (!status && cli->json) {
		json_t *result =
		    json_pack("{s:o, s:o, s:b, s:O}", "target", cli_json_text(spicecfg_vm_label(vm)), "name",
			      cli_json_text(spicecfg_vm_name(vm)), "running", spicecfg_vm_is_running(vm), "settings", rows.settings);

		json_array_append_new(cli_results(cli), result);
	} else if (!status) {
		cli_out(cli, "%s%s\n", spicecfg_vm_label(vm), spicecfg_vm_is_running(vm) ? " (running)" : "");
		if (!cli->quiet)
			cli_table_print(rows.table, cli->reports);
	}
	spicecfg_view_free(view);
	json_decref(rows.settings);
	cli_table_free(rows.table);
	return status;
}

static enum spicecfg_status show_one(struct cli *cli)
{
	struct spicecfg_vm *vm;

	if (cli->n_done)
		cli_out(cli, "\n");
	enum spicecfg_status status = spicecfg_vm_open(cli->ctx, cli->target, true, &vm);
	if (!status)
		status = show_vm(cli, vm);
	spicecfg_vm_free(vm);
	return status;
}

static enum spicecfg_status run(struct cli *cli)
{
	return cli_each_named(cli, show_one);
}

const struct cli_verb cli_verb_show = {
    .name = "show",
    .synopsis = "[TARGET...]",
    .summary = "Show the Spice settings of VMs: effective values and where each comes from",
    .help = "Without a TARGET, shows all domains. Needs no privileges where libvirt lets you read. Passwords are never shown.",
    .example = "  spicecfg show debianx\n  spicecfg show vm.xml --format json",
    .flags = CLI_TARGETS,
    .max_args = -1,
    .run = run,
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* show: the effective settings and where each comes from. */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "say.h"
#include "show.h"
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

static enum spicecfg_status add_line(struct cli *cli, struct spicecfg_vm *vm)
{
	static const char *const columns[] = {"NAME", "STATE", "LISTEN", "PORT", "TLS", "MODE", "LOGIN", "HEADS", "CHECK", NULL};
	struct spicecfg_view *view = NULL;

	if (!cli->table && !(cli->table = cli_table_new(cli, columns)))
		return SPICECFG_SYSTEM;
	enum spicecfg_status status = spicecfg_vm_show(cli->ctx, vm, &view);
	if (!status)
		show_line(cli, vm, view);
	spicecfg_view_free(view);
	return status;
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
	const bool lines = cli->many && !cli->json && !cli_has(cli, "long");

	if (cli->n_done && !lines)
		cli_out(cli, "\n");
	enum spicecfg_status status = spicecfg_vm_open(cli->ctx, cli->target, true, &vm);
	if (!status)
		status = lines ? add_line(cli, vm) : show_vm(cli, vm);
	spicecfg_vm_free(vm);
	return status;
}

static enum spicecfg_status run(struct cli *cli)
{
	enum spicecfg_status status = cli_each_named(cli, show_one);

	struct cli_table *table = cli->table;

	if (table)
		cli_table_print(table, cli->reports);
	cli_table_free(table);
	cli->table = NULL;
	return status;
}

static const struct cli_option options[] = {
    {"long", 0, NULL, "all settings of several VMs too, instead of one line for each", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_show = {
    .name = "show",
    .synopsis = "[TARGET...] [--long]",
    .summary = "Show the Spice settings of VMs: effective values and where each comes from",
    .help = "Without a TARGET, shows all domains. Of several VMs one line each, with the number of errors and warnings that check finds;\n"
	    "of one VM, or with --long, all settings. Needs no privileges where libvirt lets you read. Passwords are never shown.",
    .example = "  spicecfg show debianx\n  spicecfg show vm.xml --format json",
    .flags = CLI_TARGETS,
    .max_args = -1,
    .options = options,
    .run = run,
};

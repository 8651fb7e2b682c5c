/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* viewer: the commands that open a console, or a connection file. */
#include <stdlib.h>
#include <string.h>

#include "error.h"

static json_t *command_json(const struct cli *cli, const struct spicecfg_viewer_command *command)
{
	json_t *fix = json_object(), *row;

	cli_fix_json(cli, command->fix, cli->target, fix);
	row = json_pack("{s:s, s:s, s:O, s:O}", "reach", command->reach, "on", command->on_host ? "host" : "client", "command",
			json_object_get(fix, "fix"), "argv", json_array_get(json_object_get(fix, "fix_commands"), 0));
	json_decref(fix);
	return row;
}

static void print_commands(struct cli *cli, const struct spicecfg_viewer *viewer, json_t *list)
{
	const struct spicecfg_viewer_command *command;
	const char *reach = "";

	for (size_t i = 0; (command = spicecfg_viewer_command(viewer, i)); i++) {
		char *text = cli_fix_text(cli, command->fix, cli->target);

		if (strcmp(reach, command->reach) != 0)
			cli_out(cli, "By %s:\n", command->reach);
		reach = command->reach;
		cli_out(cli, "  on the %s %s\n", command->on_host ? "host:  " : "client:", text ? text : "");
		if (list)
			json_array_append_new(list, command_json(cli, command));
		free(text);
	}
}

static void print_notes(struct cli *cli, const struct spicecfg_viewer *viewer, json_t *list)
{
	const char *note;

	for (size_t i = 0; (note = spicecfg_viewer_note(viewer, i)); i++) {
		cli_out(cli, "note: %s\n", note);
		if (list)
			json_array_append_new(list, cli_json_text(note));
	}
}

static enum spicecfg_status write_file(struct cli *cli, const struct spicecfg_viewer *viewer, const char *file)
{
	struct spicecfg_plan *plan = NULL;
	enum spicecfg_status status = cli_plan_open(cli, &plan);

	if (!status)
		status = spicecfg_plan_viewer(plan, viewer, file);
	if (!status)
		return cli_plan(cli, file, plan, NULL);
	cli_plan_close(cli, plan);
	return status;
}

static enum spicecfg_status run(struct cli *cli)
{
	const struct spicecfg_viewer_request request = {.size = sizeof(request),
							.host = cli_get(cli, "host"),
							.reach = cli_get(cli, "reach"),
							.user = cli_get(cli, "user"),
							.x11 = cli_has(cli, "x11")};
	const char *file = cli_get(cli, "vv");
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_viewer *viewer = NULL;
	json_t *commands = cli->json ? json_array() : NULL, *notes = cli->json ? json_array() : NULL;

	if (file && cli->many)
		return cli_usage(cli, "--vv takes the console of one VM: give a TARGET instead of --all or --match");
	if (request.x11 && request.reach && strcmp(request.reach, "ssh") != 0)
		return cli_usage(cli, "--x11 is a way by ssh, not by %s", request.reach);
	enum spicecfg_status status = spicecfg_vm_open(cli->ctx, cli->target, true, &vm);
	if (!status)
		status = spicecfg_viewer_read(cli->ctx, vm, &request, &viewer);
	if (!status && file)
		status = write_file(cli, viewer, file);
	if (!status) {
		if (cli->many)
			cli_out(cli, "%s%s:\n", cli->n_done ? "\n" : "", spicecfg_vm_label(vm));
		if (!file)
			print_commands(cli, viewer, commands);
		print_notes(cli, viewer, notes);
	}
	if (!status && cli->json)
		json_array_append_new(cli_results(cli), json_pack("{s:o, s:O, s:O}", "target", cli_json_text(spicecfg_vm_label(vm)),
								  "commands", commands, "notes", notes));
	json_decref(commands);
	json_decref(notes);
	spicecfg_viewer_free(viewer);
	spicecfg_vm_free(vm);
	return status;
}

static const struct cli_option options[] = {
    {"host", 0, "NAME", "name or address of the host for clients (default: its own name)", false},
    {"reach", 0, "network|loopback|socket|ssh|libvirt", "only this way (default: all that the console has)", false},
    {"user", 0, "NAME", "login name, for ssh and SASL", false},
    {"x11", 0, NULL, "by ssh: run the client on the host and show its windows here", false},
    {"vv", 0, "FILE", "write a connection file for remote-viewer, without a password", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_viewer = {
    .name = "viewer",
    .synopsis = "TARGET [--host NAME] [--reach network|loopback|socket|ssh|libvirt] [--x11] [--user NAME] [--vv FILE]",
    .summary = "Print the commands with which clients open a VM's console",
    .help = "The commands can be pasted into a shell as they are; those of one way are run one after the other. Ports that libvirt\n"
	    "chooses are known while the VM is running. Exit code 1: the console can't be reached that way.",
    .example = "  spicecfg viewer debianx --reach ssh --user anne --x11\n"
	       "  spicecfg viewer debianx --host mysrv.example.org --vv debianx.vv",
    .flags = CLI_TARGET,
    .options = options,
    .run = run,
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may open a VM's socket. */
#include <string.h>

#include "error.h"
#include "table.h"

static enum spicecfg_status edit_once(struct cli *cli, void *opaque, bool *stale)
{
	const struct spicecfg_acl_request request = {
	    .size = sizeof(request),
	    .who = (const char *const *)cli->args,
	    .revoke = *(const bool *)opaque,
	    .create_group = cli_has(cli, "create-group"),
	};
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_plan *plan = NULL;
	char label[512] = "";

	/* the definition is only read, and the password in it is not needed */
	enum spicecfg_status status = cli_vm_open(cli, true, &vm);
	if (!status && spicecfg_vm_is_stdin(vm))
		status = cli_usage(cli, "'%s' needs a VM of this host, not a definition on stdin", cli->verb->name);
	if (!status)
		status = cli_plan_open(cli, &plan);
	if (!status)
		status = spicecfg_plan_acl(plan, vm, &request);
	if (!status) {
		snprintf(label, sizeof(label), "%s", spicecfg_vm_label(vm));
		status = cli_plan(cli, label, plan, stale);
	} else {
		cli_plan_close(cli, plan);
	}
	cli_vm_close(cli, vm);
	return status;
}

static enum spicecfg_status edit(struct cli *cli, bool revoke)
{
	if (cli->output)
		return cli_usage(cli, "'%s' writes no document: omit --output", cli->verb->name);
	return cli_redo(cli, edit_once, &revoke);
}

static enum spicecfg_status run_grant(struct cli *cli)
{
	return edit(cli, false);
}

static enum spicecfg_status run_revoke(struct cli *cli)
{
	return edit(cli, true);
}

/* Of a VM alone its name and socket are above the table, of several in each line. */
static const char *const columns[] = {"WHO", "ACCESS", NULL};
static const char *const many_columns[] = {"NAME", "WHO", "ACCESS", "SOCKET", NULL};

static void add_line(struct cli *cli, const char *label, const char *who, const char *access, const char *path)
{
	if (cli->table && cli->many)
		cli_table_add(cli->table, (const char *const[]){label, who, access, path, NULL});
	else if (cli->table)
		cli_table_add(cli->table, (const char *const[]){who, access, NULL});
}

static const char *access_of(const struct spicecfg_acl_entry *entry, bool live)
{
	if (entry->now)
		return entry->next ? "may open it" : "may open it now, but not after the next start";
	if (!entry->next)
		return "may not open it";
	return live ? "may open it after the next start, but not now" : "may open it";
}

static void add_json(struct cli *cli, const char *label, const char *path, bool live, json_t *list)
{
	if (cli->json)
		json_array_append_new(cli_results(cli), json_pack("{s:o, s:o, s:b, s:O}", "target", cli_json_text(label), "socket",
								  cli_json_text(path), "live", live, "entries", list));
	json_decref(list);
}

static void show(struct cli *cli, const struct spicecfg_vm *vm, const struct spicecfg_acl *acl)
{
	const char *label = spicecfg_vm_label(vm);
	const struct spicecfg_acl_entry *entry;
	bool live;
	const char *path = spicecfg_acl_socket(acl, &live);
	json_t *list = json_array();

	if (!cli->many)
		cli_out(cli, "%s: %s%s\n", label, path, live ? "" : " (does not exist now)");
	for (size_t i = 0; (entry = spicecfg_acl_entry(acl, i)); i++) {
		json_array_append_new(
		    list, json_pack("{s:o, s:b, s:b}", "who", cli_json_text(entry->who), "now", entry->now, "next_start", entry->next));
		add_line(cli, label, entry->who, access_of(entry, live), path);
	}
	if (!json_array_size(list))
		add_line(cli, label, "only root and QEMU's account", "may open it", path);
	add_json(cli, label, path, live, list);
}

/* Whether the console listens on a socket. */
static enum spicecfg_status find_socket(struct cli *cli, struct spicecfg_vm *vm, bool *found)
{
	struct spicecfg_view *view = NULL;
	const struct spicecfg_shown *row;
	enum spicecfg_status status = spicecfg_vm_show(cli->ctx, vm, &view);

	*found = false;
	for (size_t i = 0; view && (row = spicecfg_view_row(view, i)); i++)
		*found |= strcmp(row->key, "listen") == 0 && strncmp(row->value, "socket", 6) == 0;
	spicecfg_view_free(view);
	return status;
}

static enum spicecfg_status show_one(struct cli *cli)
{
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_acl *acl = NULL;
	bool found = false;
	enum spicecfg_status status = spicecfg_vm_open(cli->ctx, cli->target, true, &vm);

	if (!status && !cli->json && !cli->table && !(cli->table = cli_table_new(cli, cli->many ? many_columns : columns)))
		status = SPICECFG_SYSTEM;
	if (!status)
		status = find_socket(cli, vm, &found);
	/* a file is refused, whatever it contains */
	if (!status && (found || !spicecfg_vm_is_domain(vm)))
		status = spicecfg_acl_read(cli->ctx, vm, &acl);
	if (!status && acl) {
		show(cli, vm, acl);
	} else if (!status) {
		const char *label = spicecfg_vm_label(vm);

		if (!cli->many)
			cli_out(cli, "%s: no socket\n", label);
		add_line(cli, label, "-", "-", "-");
		add_json(cli, label, NULL, false, json_array());
	}
	spicecfg_acl_free(acl);
	spicecfg_vm_free(vm);
	return status;
}

static enum spicecfg_status run_show(struct cli *cli)
{
	enum spicecfg_status status = cli_each_named(cli, show_one);
	struct cli_table *table = cli->table;

	if (table && !cli->quiet)
		cli_table_print(table, cli->reports);
	cli_table_free(table);
	cli->table = NULL;
	return status;
}

static const struct cli_option grant_options[] = {
    {"create-group", 0, NULL, "create a missing group, as a system group", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_acl_show = {
    .name = "acl show",
    .synopsis = "[TARGET...]",
    .summary = "Show who may open the VM's socket, now and after its next start",
    .help = "Without a TARGET, shows all domains. A VM whose console does not listen on a socket has -.",
    .flags = CLI_TARGETS | CLI_HOST,
    .max_args = -1,
    .run = run_show,
};

const struct cli_verb cli_verb_acl_grant = {
    .name = "acl grant",
    .synopsis = "TARGET user:U|group:G... [--create-group]",
    .summary = "Let users and groups open the VM's Unix socket",
    .help =
	"Sets the ACL of the socket's directory, its default ACL, which each new socket inherits, and the ACL of the live socket. Access\n"
	"is granted at once and after every restart of the VM. The VM's own directory (/var/spicex/UUID) belongs to root and QEMU's\n"
	"group (0770); everybody else is shut out. In any other existing directory, everybody who can pass through it still can; the\n"
	"command is refused (exit 1) where others would lose access, or where accounts that were not granted access would get it.\n"
	"Symbolic links on the way are not followed. TARGET must be a domain of this host: a definition file could name any directory,\n"
	"and is refused.",
    .example = "  spicecfg set-listen debianx socket\n  spicecfg acl grant debianx group:spicex --create-group",
    .flags = CLI_TARGET | CLI_HOST | CLI_CHANGES,
    .min_args = 1,
    .max_args = -1,
    .options = grant_options,
    .run = run_grant,
};

const struct cli_verb cli_verb_acl_revoke = {
    .name = "acl revoke",
    .synopsis = "TARGET user:U|group:G...",
    .summary = "Revoke the access of users and groups to the VM's Unix socket",
    .help = "Removes their entries. A user who is a member of a group with access still gets in; a user who has the console open keeps it\n"
	    "until it is closed.",
    .example = "  spicecfg acl revoke debianx group:spicex",
    .flags = CLI_TARGET | CLI_HOST | CLI_CHANGES,
    .min_args = 1,
    .max_args = -1,
    .run = run_revoke,
};

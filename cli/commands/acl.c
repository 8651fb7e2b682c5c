/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may open a VM's socket. */
#include <string.h>

#include "error.h"

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

static void show(struct cli *cli, const struct spicecfg_vm *vm, const struct spicecfg_acl *acl)
{
	const struct spicecfg_acl_entry *entry;
	bool live;
	const char *path = spicecfg_acl_socket(acl, &live);
	json_t *list = json_array();

	cli_out(cli, "%s: %s%s\n", spicecfg_vm_label(vm), path, live ? "" : " (does not exist now)");
	for (size_t i = 0; (entry = spicecfg_acl_entry(acl, i)); i++) {
		json_array_append_new(
		    list, json_pack("{s:o, s:b, s:b}", "who", cli_json_text(entry->who), "now", entry->now, "next_start", entry->next));
		cli_out(cli, "  %-24s %s\n", entry->who,
			entry->now && entry->next ? "may open it"
			: entry->now              ? "may open it now, but not after the next start"
			: entry->next             ? live ? "may open it after the next start, but not now" : "may open it"
						  : "may not open it");
	}
	if (!json_array_size(list))
		cli_out(cli, "  only root and QEMU's account may open it\n");
	if (cli->json)
		json_array_append_new(cli_results(cli), json_pack("{s:o, s:o, s:b, s:O}", "target", cli_json_text(spicecfg_vm_label(vm)),
								  "socket", cli_json_text(path), "live", live, "entries", list));
	json_decref(list);
}

static enum spicecfg_status run_show(struct cli *cli)
{
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_acl *acl = NULL;
	enum spicecfg_status status = spicecfg_vm_open(cli->ctx, cli->target, true, &vm);

	(void)cli_results(cli);
	if (!status)
		status = spicecfg_acl_read(cli->ctx, vm, &acl);
	if (!status)
		show(cli, vm, acl);
	spicecfg_acl_free(acl);
	spicecfg_vm_free(vm);
	return status;
}

static const struct cli_option grant_options[] = {
    {"create-group", 0, NULL, "create a missing group, as a system group", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_acl_show = {
    .name = "acl show",
    .synopsis = "TARGET",
    .summary = "Show who may open the VM's socket, now and after its next start",
    .flags = CLI_TARGET | CLI_HOST,
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

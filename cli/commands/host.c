/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* host show, host set, host unset: the Spice settings of qemu.conf. host facts: the facts of the host as JSON. */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "say.h"
#include "table.h"

struct rows {
	struct cli_table *table;
	json_t *settings;
	struct cli *cli;
};

static void add_json(json_t *settings, const struct spicecfg_qemuconf_setting *row)
{
	json_t *item = json_object();

	json_object_set_new(item, "key", cli_json_text(row->key));
	json_object_set_new(item, "value", cli_json_text(row->value));
	json_object_set_new(item, "origin", cli_json_text(row->set ? "qemu.conf" : "default"));
	json_object_set_new(item, "default", cli_json_text(row->initial));
	json_object_set_new(item, "meaning", cli_json_text(row->meaning));
	json_object_set_new(item, "settable", json_boolean(row->settable));
	if (row->set) {
		json_object_set_new(item, "line", json_integer(row->line));
		json_object_set_new(item, "column", json_integer(row->column));
		json_object_set_new(item, "shadowed", json_integer(row->shadowed));
	}
	if (row->problem)
		json_object_set_new(item, "problem", cli_json_text(row->problem));
	json_array_append_new(settings, item);
}

static void add_row(struct rows *rows, const struct spicecfg_qemuconf_setting *row)
{
	char origin[64];

	if (row->problem)
		cli_warn(rows->cli, "line %u: %s: %s", row->line, row->key, row->problem);
	if (row->shadowed)
		cli_warn(rows->cli, "line %u: %s is set %u times: only this line takes effect", row->line, row->key, row->shadowed + 1);
	if (rows->settings) {
		add_json(rows->settings, row);
		return;
	}
	snprintf(origin, sizeof(origin), row->set ? "line %u" : "default", row->line);
	cli_table_add(rows->table, (const char *const[]){row->key, *row->value ? row->value : "-", origin, row->initial, NULL});
}

static enum spicecfg_status show(struct cli *cli, const struct spicecfg_qemuconf *conf)
{
	struct rows rows = {.cli = cli};
	const char *daemon = spicecfg_qemuconf_daemon(conf);
	const struct spicecfg_qemuconf_setting *row;

	if (cli->json)
		rows.settings = json_array();
	else if (!(rows.table = cli_table_new(cli, (const char *const[]){"SETTING", "VALUE", "FROM", "DEFAULT", NULL})))
		return SPICECFG_SYSTEM;
	for (size_t i = 0; (row = spicecfg_qemuconf_setting(conf, i)); i++)
		add_row(&rows, row);
	if (cli->json) {
		json_object_set_new(cli->json_doc, "file", cli_json_text(spicecfg_qemuconf_path(conf)));
		json_object_set_new(cli->json_doc, "exists", json_boolean(spicecfg_qemuconf_exists(conf)));
		json_object_set_new(cli->json_doc, "daemon", cli_json_text(daemon));
		json_object_set(cli->json_doc, "settings", rows.settings);
	} else if (!cli->quiet) {
		cli_out(cli, "%s%s%s%s%s\n", spicecfg_qemuconf_path(conf), spicecfg_qemuconf_exists(conf) ? "" : " (does not exist)",
			daemon ? ", read by " : "", daemon ? daemon : "", daemon ? " when it starts" : "");
		cli_table_print(rows.table, cli->reports);
	}
	json_decref(rows.settings);
	cli_table_free(rows.table);
	return SPICECFG_OK;
}

static enum spicecfg_status run_show(struct cli *cli)
{
	struct spicecfg_qemuconf *conf;
	enum spicecfg_status status = spicecfg_qemuconf_open(cli->ctx, cli_get(cli, "qemu-conf"), &conf);

	if (!status)
		status = show(cli, conf);
	spicecfg_qemuconf_free(conf);
	return status;
}

struct edits {
	const struct spicecfg_qemuconf_edit *edits;
	size_t n;
};

static enum spicecfg_status edit_once(struct cli *cli, void *opaque, bool *stale)
{
	const struct edits *edits = opaque;
	struct spicecfg_qemuconf *conf;
	struct spicecfg_plan *plan = NULL;
	enum spicecfg_status status = spicecfg_qemuconf_open(cli->ctx, cli_get(cli, "qemu-conf"), &conf);

	if (!status)
		status = cli_plan_open(cli, &plan);
	if (!status)
		status = spicecfg_plan_qemuconf(plan, conf, edits->edits, edits->n, cli_has(cli, "restart-daemon"));
	if (!status && cli->output)
		status = spicecfg_plan_redirect(plan, cli->output);
	if (!status)
		status = cli_plan(cli, spicecfg_qemuconf_path(conf), plan, stale);
	else
		cli_plan_close(cli, plan);
	cli_qemuconf_close(cli, conf);
	return status;
}

static enum spicecfg_status edit(struct cli *cli, const struct spicecfg_qemuconf_edit *edits, size_t n_edits)
{
	if (cli->output && cli_has(cli, "restart-daemon"))
		return cli_usage(cli, "--output and --restart-daemon can't be used together");
	return cli_redo(cli, edit_once, &(struct edits){edits, n_edits});
}

static bool is_password(const char *key, size_t len)
{
	return len >= 9 && memcmp(key + len - 9, "_password", 9) == 0;
}

/* KEY=VALUE, or the name of a password, which is then read from a file, stdin or a prompt. The word is cut at the '='. */
static enum spicecfg_status read_word(struct cli *cli, char *word, struct cli_secret *secret, struct spicecfg_qemuconf_edit *out)
{
	char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);

	if (is_password(word, len) && equals && strcmp(equals + 1, "default") != 0)
		return cli_fail(cli, SPICECFG_USAGE, "Use '`spicecfg host set spice_password --password-file FILE`', or pipe it in.",
				"a password can't be given on the command line, where other users and the shell history see it");
	if (!len || (!equals && !is_password(word, len)))
		return cli_usage(cli, "an argument is not of the form KEY=VALUE; it is not shown, because it may be a password");
	if (equals)
		*equals = '\0';
	*out = (struct spicecfg_qemuconf_edit){word, equals ? equals + 1 : "default"};
	enum spicecfg_status status = spicecfg_qemuconf_edit_check(cli->ctx, out);
	if (status || equals)
		return status;
	if (secret->text)
		return cli_usage(cli, "only one password can be read");
	status = cli_secret_read(cli, "Password of all consoles without one of their own", true, secret);
	out->value = secret->text;
	if (!status && strlen(secret->text) != secret->len)
		status = cli_fail(cli, SPICECFG_INPUT, "Use a password of printable characters.", "the password contains a NUL byte");
	if (!status && strcmp(secret->text, "default") == 0)
		status = cli_fail(cli, SPICECFG_USAGE, "Use another password, or 'host unset'.",
				  "the word 'default' can't be a password: it unsets settings");
	return status;
}

static enum spicecfg_status run_set(struct cli *cli)
{
	struct spicecfg_qemuconf_edit *edits = calloc((size_t)cli->n_args, sizeof(*edits));
	struct cli_secret secret = {NULL, 0};
	enum spicecfg_status status = edits ? SPICECFG_OK : cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");

	for (int i = 0; i < cli->n_args && !status; i++)
		status = read_word(cli, cli->args[i], &secret, &edits[i]);
	if (!status && cli_has(cli, "password-file") && !secret.text)
		status = cli_usage(cli, "--password-file is for 'host set spice_password'");
	if (!status)
		status = edit(cli, edits, (size_t)cli->n_args);
	cli_secret_free(&secret);
	free(edits);
	return status;
}

static enum spicecfg_status run_unset(struct cli *cli)
{
	struct spicecfg_qemuconf_edit *edits = calloc((size_t)cli->n_args, sizeof(*edits));
	enum spicecfg_status status = edits ? SPICECFG_OK : cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");

	for (int i = 0; i < cli->n_args && !status; i++) {
		if (strchr(cli->args[i], '='))
			status = cli_usage(cli, "'host unset' takes names of settings, not KEY=VALUE");
		edits[i] = (struct spicecfg_qemuconf_edit){cli->args[i], NULL};
	}
	if (!status)
		status = edit(cli, edits, (size_t)cli->n_args);
	free(edits);
	return status;
}

/* The document is the program's output in every format. */
static enum spicecfg_status run_facts(struct cli *cli)
{
	char *json;
	enum spicecfg_status status = spicecfg_host_facts(cli->ctx, cli_get(cli, "qemu-conf"), &json);
	if (!status)
		cli_say_json_text(stdout, json);
	free(json);
	return status;
}

static const struct cli_option show_options[] = {
    {"qemu-conf", 0, "FILE", "use FILE instead of libvirt's qemu.conf", false},
    {NULL, 0, NULL, NULL, false},
};

static const struct cli_option set_options[] = {
    {"qemu-conf", 0, "FILE", "use FILE instead of libvirt's qemu.conf", false},
    {"restart-daemon", 0, NULL, "restart libvirtd or virtqemud; restore the old file if it does not come up", false},
    {"password-file", 0, "FILE", "read the password from the first line of FILE (-: stdin)", false},
    {NULL, 0, NULL, NULL, false},
};

static const struct cli_option unset_options[] = {
    {"qemu-conf", 0, "FILE", "use FILE instead of libvirt's qemu.conf", false},
    {"restart-daemon", 0, NULL, "restart libvirtd or virtqemud; restore the old file if it does not come up", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_host_show = {
    .name = "host show",
    .synopsis = "[--qemu-conf FILE]",
    .summary = "Show the Spice settings of qemu.conf: value, line and default",
    .help = "If a setting is assigned several times, libvirt uses the first assignment; spicecfg warns of the others. Passwords are never\n"
	    "shown. For qemu:///session, the file is the user's own ~/.config/libvirt/qemu.conf.",
    .example = "  spicecfg host show\n  spicecfg --root /mnt host show --format json",
    .flags = CLI_HOST,
    .options = show_options,
    .run = run_show,
};

const struct cli_verb cli_verb_host_set = {
    .name = "host set",
    .synopsis = "KEY=VALUE... [--qemu-conf FILE] [--restart-daemon]",
    .summary = "Set Spice settings in qemu.conf, leaving the rest of the file unchanged",
    .help =
	"Replaces the value of the assignment that is in effect and keeps its comment; without one, writes the setting right after its\n"
	"commented-out default, or else at the end. The value 'default' unsets a setting.\n\n"
	"Switches take 0 or 1. The daemon reads the file when it starts; VMs use the settings from their next start. --restart-daemon\n"
	"restarts libvirtd or virtqemud (VMs keep running) and checks that it has its QEMU driver: if it has none with the new file, the\n"
	"old file is restored, the daemon is restarted again, and the exit code is 4. A daemon that neither systemd nor an init script\n"
	"started is not restarted: the exit code is 4, and nothing is changed.\n\n"
	"Name a password without a value: it is read from --password-file, stdin or a prompt.",
    .example = "  spicecfg host set spice_tls=1 --restart-daemon\n"
	       "  spicecfg host set spice_password --password-file secret.txt",
    .flags = CLI_HOST | CLI_CHANGES,
    .min_args = 1,
    .max_args = -1,
    .options = set_options,
    .run = run_set,
};

const struct cli_verb cli_verb_host_unset = {
    .name = "host unset",
    .synopsis = "KEY... [--qemu-conf FILE] [--restart-daemon]",
    .summary = "Remove Spice settings from qemu.conf, so that libvirt's defaults apply",
    .help =
	"Removes all assignments of a setting: a shadowed one would take effect otherwise. Also accepts spice_ settings that libvirt does\n"
	"not know.",
    .example = "  spicecfg host unset spice_sasl\n  spicecfg host unset spice_tls_x509_verify",
    .flags = CLI_HOST | CLI_CHANGES,
    .min_args = 1,
    .max_args = -1,
    .options = unset_options,
    .run = run_unset,
};

const struct cli_verb cli_verb_host_facts = {
    .name = "host facts",
    .synopsis = "[--qemu-conf FILE]",
    .summary = "Print the facts of this host as JSON, for check --host-facts",
    .help = "Prints qemu.conf, QEMU's modules and keymaps, addresses, certificates, the directories of the sockets of the host's VMs, and\n"
	    "versions, but no passwords. A check elsewhere, such as in CI, then has the same results as on this host.",
    .example = "  spicecfg host facts >host.json\n  spicecfg check --host-facts host.json vms/",
    .flags = CLI_HOST,
    .options = show_options,
    .run = run_facts,
};

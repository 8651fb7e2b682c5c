/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sasl show, set, off and test. */
#include <stdlib.h>
#include <string.h>

#include "commands/auth.h"
#include "error.h"
#include "table.h"

static enum spicecfg_status plan_set(struct cli *cli, struct spicecfg_plan *plan, struct spicecfg_vm *vm, const void *opaque)
{
	(void)cli;
	return spicecfg_plan_sasl_set(plan, vm, opaque);
}

static enum spicecfg_status run_set(struct cli *cli)
{
	const struct spicecfg_sasl_request request = {sizeof(request), cli_get(cli, "backend"), cli_get(cli, "mech"),
						      cli_get(cli, "sasldb")};

	return cli_auth_edit(cli, plan_set, &request);
}

static enum spicecfg_status plan_off(struct cli *cli, struct spicecfg_plan *plan, struct spicecfg_vm *vm, const void *opaque)
{
	(void)opaque;
	if (!vm && cli_has(cli, "ticket"))
		return cli_usage(cli, "--ticket needs --vm TARGET");
	return spicecfg_plan_sasl_off(plan, vm, cli_has(cli, "ticket"));
}

static enum spicecfg_status run_off(struct cli *cli)
{
	return cli_auth_edit(cli, plan_off, NULL);
}

static json_t *state_json(const struct cli *cli, const struct spicecfg_sasl_state *state, const char *target)
{
	json_t *json = json_object(), *mechanisms = json_array(), *findings = json_array();

	json_object_set_new(json, "target", cli_json_text(state->target));
	json_object_set_new(json, "on", json_boolean(state->on));
	json_object_set_new(json, "on_from", cli_json_text(state->on_from));
	json_object_set_new(json, "directory", cli_json_text(state->directory));
	json_object_set_new(json, "own_directory", json_boolean(state->own_directory));
	json_object_set_new(json, "guard", cli_json_text(state->guard));
	json_object_set_new(json, "file", cli_json_text(state->file));
	json_object_set_new(json, "backend", cli_json_text(state->backend));
	json_object_set_new(json, "mech_list", cli_json_text(state->mech_list));
	json_object_set_new(json, "database", cli_json_text(state->database));
	json_object_set_new(json, "users", state->users < 0 ? json_null() : json_integer(state->users));
	json_object_set_new(json, "tls_channel", json_boolean(state->tls));
	json_object_set_new(json, "plain_channel", json_boolean(state->plain));
	for (size_t i = 0; i < state->n_mechanisms; i++) {
		const struct spicecfg_sasl_mechanism *mech = &state->mechanisms[i];
		json_t *row = json_object();

		json_object_set_new(row, "name", cli_json_text(mech->name));
		json_object_set_new(row, "tls", json_boolean(mech->tls));
		json_object_set_new(row, "tls_why", cli_json_text(mech->tls_why));
		json_object_set_new(row, "plain", json_boolean(mech->plain));
		json_object_set_new(row, "plain_why", cli_json_text(mech->plain_why));
		json_object_set_new(row, "package", cli_json_text(mech->package));
		json_array_append_new(mechanisms, row);
	}
	for (size_t i = 0; i < state->n_findings; i++)
		json_array_append_new(findings, cli_file_finding_json(cli, &state->findings[i], target));
	json_object_set_new(json, "mechanisms", mechanisms);
	json_object_set_new(json, "offered_tls", cli_json_text(state->offered_tls));
	json_object_set_new(json, "offered_plain", cli_json_text(state->offered_plain));
	json_object_set_new(json, "findings", findings);
	return json;
}

/* Why clients are not offered it, or what is wrong with it, on the kind of channel where that is so. */
static const char *remark_of(const struct spicecfg_sasl_state *state, const struct spicecfg_sasl_mechanism *mech)
{
	if (state->tls && strcmp(mech->tls_why, "offered") != 0)
		return mech->tls_why;
	return state->plain && strcmp(mech->plain_why, "offered") != 0 ? mech->plain_why : "-";
}

static const char *offered(bool channel, bool mechanism)
{
	return !channel ? "-" : mechanism ? "offered" : "no";
}

static void print_mechanisms(struct cli *cli, const struct spicecfg_sasl_state *state)
{
	struct cli_table *table;

	if (cli->quiet || cli->json || !state->n_mechanisms ||
	    !(table = cli_table_new(cli, (const char *const[]){"MECHANISM", "WITH TLS", "WITHOUT", "REMARK", NULL})))
		return;
	for (size_t i = 0; i < state->n_mechanisms; i++) {
		const struct spicecfg_sasl_mechanism *mech = &state->mechanisms[i];
		char *why;

		if (asprintf(&why, "%s%s%s", remark_of(state, mech), mech->package ? ": install " : "",
			     mech->package ? mech->package : "") < 0)
			why = NULL;
		cli_table_add(table, (const char *const[]){mech->name, offered(state->tls, mech->tls), offered(state->plain, mech->plain),
							   why ? why : "", NULL});
		free(why);
	}
	cli_table_print(table, cli->reports);
	cli_table_free(table);
}

static void print_findings(struct cli *cli, const struct spicecfg_sasl_state *state, const char *target)
{
	for (size_t i = 0; i < state->n_findings; i++) {
		const struct spicecfg_finding *finding = &state->findings[i];
		char *fix = cli_fix_text(cli, finding->fix, target);

		cli_out(cli, "%s: %s [%s]\n", spicecfg_level_name(finding->level), finding->message, finding->rule);
		if (!cli->quiet && !cli->json)
			cli_fix_print(cli->reports, "  ", fix);
		free(fix);
	}
}

/* While SASL is off, nothing is offered, and nothing is wrong with it. */
static void print_state(struct cli *cli, const struct spicecfg_sasl_state *state, const char *target)
{
	cli_out(cli, "%s: SASL is %s (%s)\n", state->target ? state->target : "host", state->on ? "on" : "off", state->on_from);
	cli_out(cli, "  directory %s%s\n", state->directory, state->own_directory ? " (its own)" : state->target ? " (the host's)" : "");
	if (state->guard)
		cli_out(cli, "  guard     %s\n",
			strcmp(state->guard, "kept") == 0 ? "QEMU does not start without the SASL file" : "none that names the SASL file");
	cli_out(cli, "  backend   %s\n", state->backend);
	if (state->database && state->users >= 0)
		cli_out(cli, "  users     %d in %s\n", state->users, state->database);
	if (!state->on)
		return;
	print_mechanisms(cli, state);
	print_findings(cli, state, target);
}

/* The mechanisms that clients are offered on some channel, separated by commas. */
static void join_offered(const struct spicecfg_sasl_state *state, char text[256])
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; state->on && i < state->n_mechanisms; i++) {
		const struct spicecfg_sasl_mechanism *mech = &state->mechanisms[i];

		if (len < 200 && ((state->tls && mech->tls) || (state->plain && mech->plain)))
			len += (size_t)snprintf(text + len, 256 - len, "%s%.32s", len ? "," : "", mech->name);
	}
	if (!len)
		snprintf(text, 256, "%s", state->on ? "none" : "-");
}

/* The line of a VM, where all are shown. */
static void add_line(struct cli *cli, const struct spicecfg_sasl_state *state)
{
	char offers[256], users[16] = "-";
	size_t errors = 0;

	for (size_t i = 0; state->on && i < state->n_findings; i++)
		errors += state->findings[i].level == SPICECFG_LEVEL_ERROR;
	char problems[32] = "-";
	if (errors)
		snprintf(problems, sizeof(problems), "%zu error%s", errors, errors == 1 ? "" : "s");
	if (state->database && state->users >= 0)
		snprintf(users, sizeof(users), "%d", state->users);
	join_offered(state, offers);
	cli_table_add(cli->table, (const char *const[]){state->target, state->on ? "on" : "off", state->on_from,
							state->own_directory ? "its own" : "the host's", state->backend, users, offers,
							problems, NULL});
}

static enum spicecfg_status show_one(struct cli *cli, const char *target)
{
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_sasl_state *state = NULL;
	enum spicecfg_status status = target ? spicecfg_vm_open(cli->ctx, target, true, &vm) : SPICECFG_OK;

	if (!status)
		status = spicecfg_sasl_show(cli->ctx, vm, &state);
	if (!status) {
		if (cli->json)
			json_array_append_new(cli_results(cli), state_json(cli, state, target));
		else if (cli->table)
			add_line(cli, state);
		else
			print_state(cli, state, target);
	}
	spicecfg_sasl_state_free(state);
	spicecfg_vm_free(vm);
	return status;
}

/* The VMs, a line each; none where they can't be listed. */
static enum spicecfg_status show_vms(struct cli *cli)
{
	char **names = NULL;
	enum spicecfg_status status = SPICECFG_OK;

	if (spicecfg_vm_list(cli->ctx, NULL, &names)) {
		spicecfg_ctx_clear_error(cli->ctx);
		return SPICECFG_OK;
	}
	for (size_t i = 0; !status && names[i]; i++)
		status = show_one(cli, names[i]);
	if (*names && cli->table && !cli->quiet)
		cli_table_print(cli->table, cli->reports);
	spicecfg_names_free(names);
	return status;
}

static enum spicecfg_status run_show(struct cli *cli)
{
	static const char *const columns[] = {"NAME", "SASL", "FROM", "DIRECTORY", "BACKEND", "USERS", "OFFERED", "PROBLEMS", NULL};

	(void)cli_results(cli);
	if (cli->target)
		return show_one(cli, cli->target);
	enum spicecfg_status status = show_one(cli, NULL);
	if (!status && !cli->json && !(cli->table = cli_table_new(cli, columns)))
		status = SPICECFG_SYSTEM;
	if (!status)
		status = show_vms(cli);
	cli_table_free(cli->table);
	cli->table = NULL;
	return status;
}

static enum spicecfg_status try_login(struct cli *cli, struct spicecfg_vm *vm, const struct cli_secret *secret,
				      struct spicecfg_login *login)
{
	return spicecfg_sasl_test(cli->ctx, vm, cli->args[0], secret->text, secret->len, login);
}

static enum spicecfg_status run_test(struct cli *cli)
{
	return cli_auth_test(cli, try_login);
}

static const struct cli_option set_options[] = {
    {"backend", 0, "sasldb|saslauthd", "what checks passwords: libsasl2's own database, or saslauthd (PAM)", false},
    {"mech", 0, "LIST", "mechanisms, such as scram-sha-256,plain", false},
    {"sasldb", 0, "PATH", "the database of users", false},
    {NULL, 0, NULL, NULL, false},
};

static const struct cli_option off_options[] = {
    {"ticket", 0, NULL, "no SASL for this VM even if the host requires it: its password applies", false},
    {NULL, 0, NULL, NULL, false},
};

static const struct cli_option test_options[] = {
    {"password-file", 0, "FILE", "read the password from the first line of FILE (-: stdin)", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_sasl_show = {
    .name = "sasl show",
    .synopsis = "[--vm TARGET]",
    .summary = "Show the SASL settings of the host and of each VM, and which mechanisms clients are really offered",
    .help =
	"Unless the channel uses TLS, spice-server requires libsasl2's own encryption layer (56 bits) and no plain text, even on a Unix\n"
	"socket: plain and scram-* are offered on TLS channels only. Mechanisms that are not offered are shown with the reason.",
    .flags = CLI_OPTIONAL_VM,
    .run = run_show,
};

const struct cli_verb cli_verb_sasl_set = {
    .name = "sasl set",
    .synopsis = "[--backend sasldb|saslauthd] [--mech LIST] [--sasldb PATH] [--vm TARGET]",
    .summary = "Turn on SASL, for the host's VMs or for one VM with users of its own",
    .help =
	"Writes QEMU's SASL file (root, QEMU's group, 0640), creates an empty database or sets up saslauthd, and turns on SASL:\n"
	"spice_sasl in qemu.conf, or the VM's own -spice argument. With --vm, the files are below /etc/pki/libvirt-spice/sasl/UUID, which\n"
	"AppArmor's stock rules let QEMU read, and the domain names them in SASL_CONF_PATH: its users can't open any other VM, and no\n"
	"other users can open it. The settings survive a rename, and without users nobody gets in. A guard in the domain (-object)\n"
	"keeps QEMU from starting where the SASL file is missing, because anybody would get in there. A VM with a password can't have\n"
	"SASL as well.",
    .example = "  spicecfg sasl set --vm debianx\n  spicecfg user add alice --vm debianx\n  spicecfg sasl set --backend saslauthd",
    .flags = CLI_OPTIONAL_VM | CLI_HOST | CLI_CHANGES,
    .options = set_options,
    .run = run_set,
};

const struct cli_verb cli_verb_sasl_off = {
    .name = "sasl off",
    .synopsis = "[--vm TARGET [--ticket]]",
    .summary = "Turn off SASL on the host, or a VM's own SASL settings",
    .help =
	"A VM uses the host's SASL settings again; the report says who gets in then. With --ticket, it has no SASL at all, whatever the\n"
	"host's settings, and asks for its password. Files and users are kept.",
    .example = "  spicecfg sasl off --vm debianx\n  spicecfg sasl off --vm leaptest --ticket",
    .flags = CLI_OPTIONAL_VM | CLI_HOST | CLI_CHANGES,
    .options = off_options,
    .run = run_off,
};

const struct cli_verb cli_verb_sasl_test = {
    .name = "sasl test",
    .synopsis = "USER [--vm TARGET] [--password-file FILE]",
    .summary = "Try a login with the settings and the account that QEMU uses",
    .help = "Runs the whole exchange, client and server, with libsasl2, the SASL file that applies to the VM, spice-server's security\n"
	    "properties and QEMU's account. Exit code 1: the user is refused. The password is read from a file, stdin or a prompt.",
    .example = "  spicecfg sasl test alice --vm debianx",
    .flags = CLI_OPTIONAL_VM | CLI_HOST,
    .min_args = 1,
    .max_args = 1,
    .options = test_options,
    .run = run_test,
};

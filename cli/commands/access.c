/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can open which console: access list and access explain. */
#include <string.h>
#include <time.h>

#include "error.h"

static const char *const verdicts[] = {"deny", "unknown", "allow"};

static json_t *fact_json(const struct spicecfg_access_fact *fact, bool matched)
{
	json_t *object = json_pack("{s:o, s:o, s:o}", "file", cli_json_text(fact->file), "line",
				   fact->line ? json_integer(fact->line) : json_null(), "text", cli_json_text(fact->text));

	if (object && matched)
		json_object_set_new(object, "matched", json_string(verdicts[fact->matched]));
	return object;
}

static json_t *facts_json(const struct spicecfg_access *access, const struct spicecfg_access_row *row, bool matched)
{
	json_t *list = json_array();

	for (size_t i = 0; i < row->n_facts; i++)
		json_array_append_new(list, fact_json(spicecfg_access_fact(access, row->first_fact + i), matched));
	return list;
}

static json_t *row_json(const char *target, const struct spicecfg_access_row *row)
{
	json_t *object = json_pack("{s:o, s:s, s:o, s:s, s:s, s:o, s:s}", "target", cli_json_text(target), "kind", "spice", "subject",
				   cli_json_text(row->subject), "reach", row->reach, "via", row->via, "login", cli_json_text(row->login),
				   "verdict", verdicts[row->verdict]);

	return object;
}

static bool is_evaluated(const struct spicecfg_access_row *row)
{
	return strcmp(row->reach, "ssh") != 0 && strcmp(row->reach, "libvirt") != 0;
}

static void print_facts(const struct cli *cli, const struct spicecfg_access *access, const struct spicecfg_access_row *row)
{
	for (size_t i = 0; i < row->n_facts; i++) {
		const struct spicecfg_access_fact *fact = spicecfg_access_fact(access, row->first_fact + i);

		if (fact->file && fact->line)
			cli_out(cli, "    %s: %s (%s:%u)\n", verdicts[fact->matched], fact->text, fact->file, fact->line);
		else
			cli_out(cli, "    %s: %s%s%s%s\n", verdicts[fact->matched], fact->text, fact->file ? " (" : "",
				fact->file ? fact->file : "", fact->file ? ")" : "");
	}
}

/* The instant as RFC 3339, for JSON. */
static void set_instant(struct cli *cli, const struct spicecfg_access *access)
{
	time_t at = (time_t)spicecfg_access_at(access);
	char text[32] = "";
	struct tm tm;

	if (!cli->json)
		return;
	if (gmtime_r(&at, &tm))
		(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_object_set_new(cli->json_doc, "at", json_string(text));
}

static void tell_one(const struct cli *cli, json_t *list, const char *what, const char *why)
{
	cli_out(cli, "%s: unknown: %s\n", what, why);
	if (list)
		json_array_append_new(list, json_pack("{s:o, s:o}", "what", cli_json_text(what), "why", cli_json_text(why)));
}

/* What can hide rows, once, however many VMs there are: what could not be read, and ways that are not evaluated. */
static void tell_unknown(const struct cli *cli)
{
	static const char *const ways[] = {"ssh", "libvirt"};
	json_t *list = cli->json ? json_array() : NULL;
	const char *what, *why;

	for (size_t i = 0; (what = spicecfg_ctx_unread(cli->ctx, i, &why)); i++)
		tell_one(cli, list, what, why);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		tell_one(cli, list, ways[i], "this way is not evaluated yet");
	if (list)
		json_object_set_new(cli->json_doc, "unknown", list);
}

static void list_row(struct cli *cli, const char *label, const struct spicecfg_access *access, const struct spicecfg_access_row *row)
{
	if (!is_evaluated(row))
		return;
	cli_out(cli, "%s: %s by %s, %s: %s\n", label, row->subject, row->reach, row->via, verdicts[row->verdict]);
	if (cli->verbose || row->verdict == SPICECFG_ACCESS_UNKNOWN)
		print_facts(cli, access, row);
	if (!cli->json)
		return;
	json_t *item = row_json(label, row);
	json_object_set_new(item, "limits", json_null());
	json_object_set_new(item, "because", facts_json(access, row, false));
	json_array_append_new(cli_results(cli), item);
}

static enum spicecfg_status list_one(struct cli *cli)
{
	const struct spicecfg_access_request request = {.size = sizeof(request), .user = cli_get(cli, "user"), .at = cli_get(cli, "at")};
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_access *access = NULL;
	const struct spicecfg_access_row *row;
	enum spicecfg_status status = spicecfg_vm_open(cli->ctx, cli->target, false, &vm);

	if (!status)
		status = spicecfg_access_read(cli->ctx, vm, &request, &access);
	for (size_t i = 0; access && (row = spicecfg_access_row(access, i)); i++)
		list_row(cli, spicecfg_vm_name(vm), access, row);
	if (access)
		set_instant(cli, access);
	spicecfg_access_free(access);
	spicecfg_vm_free(vm);
	return status;
}

/* A wrong --at or --user is reported once, not for each VM. */
static enum spicecfg_status try_question(struct cli *cli, const char *name)
{
	const struct spicecfg_access_request request = {.size = sizeof(request), .user = cli_get(cli, "user"), .at = cli_get(cli, "at")};
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_access *access = NULL;
	enum spicecfg_status status = request.user || request.at ? spicecfg_vm_open(cli->ctx, name, false, &vm) : SPICECFG_OK;

	if (!status && vm)
		status = spicecfg_access_read(cli->ctx, vm, &request, &access);
	spicecfg_access_free(access);
	spicecfg_vm_free(vm);
	return status == SPICECFG_USAGE ? status : SPICECFG_OK;
}

static enum spicecfg_status run_list(struct cli *cli)
{
	char **names = NULL;

	(void)cli_results(cli);
	enum spicecfg_status status = cli->target ? SPICECFG_OK : spicecfg_vm_list(cli->ctx, NULL, &names);
	if (!status && names && names[0])
		status = try_question(cli, names[0]);
	if (!status && cli->target) {
		status = list_one(cli);
	} else if (!status) {
		cli->many = names[0] && names[1];
		status = cli_each_target(cli, names, list_one);
	}
	spicecfg_names_free(names);
	if (!status)
		tell_unknown(cli);
	return status;
}

static void explain(struct cli *cli, const struct spicecfg_access *access, const char *label)
{
	const char *verdict = verdicts[spicecfg_access_verdict(access)];
	const struct spicecfg_access_row *row;
	json_t *ways = cli->json ? json_array() : NULL;

	cli_out(cli, "%s: %s: %s\n", label, cli->args[0], verdict);
	for (size_t i = 0; (row = spicecfg_access_row(access, i)); i++) {
		cli_out(cli, "  %s by %s, %s: %s\n", row->subject, row->reach, row->via, verdicts[row->verdict]);
		print_facts(cli, access, row);
		if (!ways)
			continue;
		json_t *item = row_json(label, row);
		json_object_set_new(item, "facts", facts_json(access, row, true));
		json_array_append_new(ways, item);
	}
	if (!ways)
		return;
	json_object_set_new(cli->json_doc, "target", cli_json_text(label));
	json_object_set_new(cli->json_doc, "user", cli_json_text(cli->args[0]));
	json_object_set_new(cli->json_doc, "verdict", json_string(verdict));
	json_object_set_new(cli->json_doc, "ways", ways);
	set_instant(cli, access);
}

static enum spicecfg_status run_explain(struct cli *cli)
{
	const struct spicecfg_access_request request = {
	    .size = sizeof(request), .user = cli->args[0], .at = cli_get(cli, "at"), .explain = true};
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_access *access = NULL;
	enum spicecfg_status status = spicecfg_vm_open(cli->ctx, cli->target, false, &vm);

	if (!status)
		status = spicecfg_access_read(cli->ctx, vm, &request, &access);
	if (access) {
		explain(cli, access, spicecfg_vm_name(vm));
		if (spicecfg_access_verdict(access) != SPICECFG_ACCESS_ALLOW)
			status = SPICECFG_FINDINGS;
	}
	spicecfg_access_free(access);
	spicecfg_vm_free(vm);
	return status;
}

static const struct cli_option list_options[] = {
    {"user", 0, "USER", "only this user: NAME, user:NAME, group:NAME, login:NAME@REALM, anybody, holder", false},
    {"at", 0, "TIME", "at this time, as in RFC 3339 (default: now)", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_access_list = {
    .name = "access list",
    .synopsis = "[--user USER] [--vm TARGET] [--at TIME]",
    .summary = "List who can open which console, and by which way",
    .help =
	"Reads what is configured: listeners, passwords, SASL files and databases, PAM, ACLs of sockets. A line is 'allow' or 'unknown',\n"
	"with what could not be read. Files that could not be read are named at the end: they can hide lines. What else is not listed is "
	"denied. anybody needs no secret, holder is whoever knows the VM's password,\n"
	"user:NAME is an account of the host, login:NAME@REALM an entry of a user database. root is not listed. -v adds what decides.\n"
	"Ways by SSH and by libvirt itself, hours, and packet filters are not evaluated yet: they are unknown.",
    .example = "  spicecfg access list\n  spicecfg access list --vm debianx --user anne -v",
    .flags = CLI_OPTIONAL_VM | CLI_HOST,
    .options = list_options,
    .run = run_list,
};

static const struct cli_option explain_options[] = {
    {"at", 0, "TIME", "at this time, as in RFC 3339 (default: now)", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_access_explain = {
    .name = "access explain",
    .synopsis = "TARGET USER [--at TIME]",
    .summary = "Say whether a user can open a VM's console, and which line of which file decides",
    .help =
	"Shows each way, and all facts that were looked at, also those that do not decide. USER is a name (an account, and each login of\n"
	"that name), or a word as in `access list`. The exit code is 0 when some way is open, else 1.",
    .example = "  spicecfg access explain debianx anne\n  spicecfg access explain debianx anybody",
    .flags = CLI_TARGET | CLI_HOST,
    .min_args = 1,
    .max_args = 1,
    .options = explain_options,
    .run = run_explain,
};

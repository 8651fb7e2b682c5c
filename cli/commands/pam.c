/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pam install, allow, revoke, show, check and test. */
#include <stdlib.h>
#include <string.h>

#include "commands/auth.h"
#include "error.h"

static enum spicecfg_status plan_install(struct cli *cli, struct spicecfg_plan *plan, struct spicecfg_vm *vm, const void *opaque)
{
	(void)cli;
	return spicecfg_plan_pam_install(plan, vm, opaque);
}

static enum spicecfg_status run_install(struct cli *cli)
{
	size_t n = 0;

	while (cli_get_nth(cli, "allow", n))
		n++;
	const char **allow = calloc(n + 1, sizeof(*allow));
	if (!allow)
		return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	for (size_t i = 0; i < n; i++)
		allow[i] = cli_get_nth(cli, "allow", i);
	const struct spicecfg_pam_request request = {sizeof(request), cli_get(cli, "service"), n ? allow : NULL};
	enum spicecfg_status status = cli_auth_edit(cli, plan_install, &request);
	free(allow);
	return status;
}

static enum spicecfg_status plan_allow(struct cli *cli, struct spicecfg_plan *plan, struct spicecfg_vm *vm, const void *opaque)
{
	(void)cli;
	return spicecfg_plan_pam_allow(plan, vm, opaque);
}

static enum spicecfg_status plan_revoke(struct cli *cli, struct spicecfg_plan *plan, struct spicecfg_vm *vm, const void *opaque)
{
	(void)cli;
	return spicecfg_plan_pam_revoke(plan, vm, opaque);
}

static enum spicecfg_status run_allow(struct cli *cli)
{
	const struct spicecfg_pam_request request = {sizeof(request), cli_get(cli, "service"), (const char *const *)cli->args};

	return cli_auth_edit(cli, plan_allow, &request);
}

static enum spicecfg_status run_revoke(struct cli *cli)
{
	const struct spicecfg_pam_request request = {sizeof(request), cli_get(cli, "service"), (const char *const *)cli->args};

	return cli_auth_edit(cli, plan_revoke, &request);
}

static void show_rule(struct cli *cli, const struct spicecfg_pam_rule *rule, json_t *list)
{
	cli_out(cli, "%-9s %-12s %s%s%s%s%s  (%s:%u)\n", rule->type, rule->control, rule->module, *rule->args ? " " : "", rule->args,
		rule->error ? "  ! " : "", rule->error ? rule->error : "", rule->file, rule->line);
	json_array_append_new(list,
			      json_pack("{s:s, s:o, s:o, s:o, s:o, s:i, s:o}", "type", rule->type, "control", cli_json_text(rule->control),
					"module", cli_json_text(rule->module), "args", cli_json_text(rule->args), "file",
					cli_json_text(rule->file), "line", (int)rule->line, "error", cli_json_text(rule->error)));
}

static enum spicecfg_status read_rules(struct cli *cli, struct spicecfg_vm *vm, json_t *list)
{
	struct spicecfg_pam *pam;
	const struct spicecfg_pam_rule *rule;
	enum spicecfg_status status = spicecfg_pam_show(cli->ctx, vm, cli_get(cli, "service"), &pam);

	for (size_t i = 0; pam && (rule = spicecfg_pam_rule(pam, i)); i++)
		show_rule(cli, rule, list);
	spicecfg_pam_free(pam);
	return status;
}

static enum spicecfg_status run_show(struct cli *cli)
{
	return cli_auth_list(cli, "rules", read_rules);
}

static void show_finding(struct cli *cli, const struct spicecfg_finding *finding, json_t *list)
{
	if (finding->line)
		cli_out(cli, "%s:%u:%u: %s: %s [%s]\n", finding->file, finding->line, finding->column, spicecfg_level_name(finding->level),
			finding->message, finding->rule);
	else
		cli_out(cli, "%s: %s: %s [%s]\n", finding->file, spicecfg_level_name(finding->level), finding->message, finding->rule);
	json_array_append_new(list, cli_file_finding_json(cli, finding, cli->target));
}

static enum spicecfg_status read_findings(struct cli *cli, struct spicecfg_vm *vm, json_t *list)
{
	struct spicecfg_report *report;
	const struct spicecfg_finding *finding;
	enum spicecfg_status status = spicecfg_pam_check(cli->ctx, vm, cli_get(cli, "service"), &report);

	for (size_t i = 0; report && (finding = spicecfg_report_finding(report, i)); i++)
		show_finding(cli, finding, list);
	if (report && !spicecfg_report_finding(report, 0))
		cli_out(cli, "no findings\n");
	spicecfg_report_free(report);
	return status;
}

static enum spicecfg_status run_check(struct cli *cli)
{
	return cli_auth_list(cli, "findings", read_findings);
}

static enum spicecfg_status try_login(struct cli *cli, struct spicecfg_vm *vm, const struct cli_secret *secret,
				      struct spicecfg_login *login)
{
	return spicecfg_pam_test(cli->ctx, vm, cli_get(cli, "service"), cli->args[0], secret->text, secret->len, login);
}

static enum spicecfg_status run_test(struct cli *cli)
{
	return cli_auth_test(cli, try_login);
}

#define SERVICE_OPTION                                                                                                                     \
	{                                                                                                                                  \
		"service", 0, "NAME", "the PAM service (default: spice, which Spice uses)", false                                          \
	}

static const struct cli_option install_options[] = {
    {"allow", 0, "user:U|group:G", "admit these accounts and groups, besides those that the file lists", true},
    SERVICE_OPTION,
    {NULL, 0, NULL, NULL, false},
};

static const struct cli_option service_options[] = {
    SERVICE_OPTION,
    {NULL, 0, NULL, NULL, false},
};

static const struct cli_option test_options[] = {
    {"password-file", 0, "FILE", "read the password from the first line of FILE (-: stdin)", false},
    SERVICE_OPTION,
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_pam_install = {
    .name = "pam install",
    .synopsis = "[--allow user:U|group:G]... [--service spice] [--vm TARGET]",
    .summary = "Install the PAM service that saslauthd uses for Spice consoles, for the host or for one VM",
    .help =
	"The file suits the distribution: common-auth (Debian, SUSE), password-auth or system-auth (RHEL). With --vm, the VM gets a file\n"
	"of its own, /etc/spicecfg/pam/UUID, and a systemd unit, spicecfg-saslauthd@UUID, whose saslauthd uses that file in place of\n"
	"/etc/pam.d/spice: an account may then open one VM but not another. Start the unit with\n"
	"'sasl set --backend saslauthd --vm TARGET'. Without systemd, the script templates/saslauthd-vm in the data directory does the\n"
	"same.\n"
	"\n"
	"Accounts and groups that the file lists stay in it. A new file without --allow has no list for the host: everybody who has a\n"
	"valid password gets in; for a VM it has an empty one: nobody gets in. A file that spicecfg did not write, or that has further\n"
	"limits, such as hours, is replaced only with --force. The new file keeps rules that limit who gets in and stand alone, and a\n"
	"file with others is refused (exit 3).",
    .example = "  spicecfg pam install\n  spicecfg pam install --vm debianx --allow user:anne --allow group:office",
    .flags = CLI_OPTIONAL_VM | CLI_HOST | CLI_CHANGES,
    .options = install_options,
    .run = run_install,
};

const struct cli_verb cli_verb_pam_allow = {
    .name = "pam allow",
    .synopsis = "user:U|group:G... [--service spice] [--vm TARGET]",
    .summary = "Add accounts and groups to those that the PAM service admits",
    .help =
	"Changes nothing but the list of accounts and groups in the file. A missing file is made, as by 'pam install', with these alone.\n"
	"A file without a list is refused (exit 3): it would shut out everybody else; 'pam install --allow' does so.",
    .example = "  spicecfg pam allow --vm debianx user:anne group:office",
    .flags = CLI_OPTIONAL_VM | CLI_HOST | CLI_CHANGES,
    .min_args = 1,
    .max_args = -1,
    .options = service_options,
    .run = run_allow,
};

const struct cli_verb cli_verb_pam_revoke = {
    .name = "pam revoke",
    .synopsis = "user:U|group:G... [--service spice] [--vm TARGET]",
    .summary = "Remove accounts and groups from those that the PAM service admits",
    .help =
	"The next login is refused at once. A user who is a member of a group in the list still gets in; a user who has the console open\n"
	"keeps it until it is closed. Without the last entry nobody gets in.",
    .example = "  spicecfg pam revoke --vm debianx user:anne",
    .flags = CLI_OPTIONAL_VM | CLI_HOST | CLI_CHANGES,
    .min_args = 1,
    .max_args = -1,
    .options = service_options,
    .run = run_revoke,
};

const struct cli_verb cli_verb_pam_show = {
    .name = "pam show",
    .synopsis = "[--service spice] [--vm TARGET]",
    .summary = "Show the rules of the PAM service in the order in which libpam runs them",
    .flags = CLI_OPTIONAL_VM | CLI_HOST,
    .options = service_options,
    .run = run_show,
};

const struct cli_verb cli_verb_pam_check = {
    .name = "pam check",
    .synopsis = "[--service spice] [--vm TARGET]",
    .summary = "Check the PAM service: broken lines, missing files and modules, who is admitted, time limits without effect",
    .help = "Exit code 1: every login would fail, or everybody would get in. libpam itself starts despite broken lines.",
    .flags = CLI_OPTIONAL_VM | CLI_HOST,
    .options = service_options,
    .run = run_check,
};

const struct cli_verb cli_verb_pam_test = {
    .name = "pam test",
    .synopsis = "USER [--service spice] [--vm TARGET] [--password-file FILE]",
    .summary = "Try a login through libpam, as saslauthd does",
    .help = "Exit code 1: the user is refused. The password is read from a file, stdin or a prompt.",
    .flags = CLI_OPTIONAL_VM | CLI_HOST,
    .min_args = 1,
    .max_args = 1,
    .options = test_options,
    .run = run_test,
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* apply: brings the host to the state in a policy file. */
#include <unistd.h>

#include "error.h"

static enum spicecfg_status once(struct cli *cli, void *opaque, bool *stale)
{
	struct spicecfg_policy *policy = opaque;
	struct spicecfg_plan *plan;
	enum spicecfg_status status = spicecfg_plan_new(cli->ctx, &plan);

	if (!status)
		status = spicecfg_plan_policy(plan, policy);
	cli->policy = policy;
	if (!status)
		status = cli_plan_show(cli, spicecfg_policy_name(policy), plan, stale);
	cli->policy = NULL;
	spicecfg_plan_free(plan);
	return status;
}

static enum spicecfg_status run(struct cli *cli)
{
	struct spicecfg_policy *policy = NULL;
	enum spicecfg_status status = cli->output ? cli_usage(cli, "a policy may change several documents: omit --output")
						  : spicecfg_policy_open(cli->ctx, cli->args[0], &policy);

	cli->ask = !cli->json && !cli->quiet && !cli_has(cli, "yes") && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	if (!status)
		status = cli_redo(cli, once, policy);
	spicecfg_policy_free(policy);
	return status;
}

static const struct cli_option options[] = {
    {"yes", 0, NULL, "do not ask for confirmation, which is only asked for on a terminal", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_apply = {
    .name = "apply",
    .synopsis = "POLICY [--yes]",
    .summary = "Bring the host to the state in a policy file, as one transaction",
    .help =
	"POLICY is an INI file (-: stdin) with the sections [host], [host.NAME], [pki], [sasl], [pam], [vm.NAME] and [user.NAME];\n"
	"spicecfg-policy(5) and 'spicecfg explain policy:KEY' say what their keys mean. Everything is planned together, checked as it "
	"will\n"
	"be at the end, shown (+ added, ~ changed, - removed, by VM and file), and changed as one transaction, or not at all. Applied\n"
	"again, a policy changes nothing. What it does not name stays as it is.\n\n"
	"Mistakes in the file are reported with line and column before anything is looked at. Of several [vm.NAME] that match a VM the\n"
	"first decides, and the others are reported. A policy contains no passwords: it names files, or has them generated and shown "
	"once.\n\n"
	"On a terminal the plan is shown and confirmed first; a plan that changed meanwhile is shown and asked about again.",
    .example = "  spicecfg apply host.ini --dry-run --diff\n  spicecfg --root /mnt apply host.ini\n"
	       "  spicecfg apply host.ini --yes --detailed-exitcode",
    .flags = CLI_HOST | CLI_CHANGES,
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};

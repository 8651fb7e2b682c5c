/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run.h"

#include <string.h>

static enum spicecfg_status count_args(struct cli *cli)
{
	if (cli->n_args < cli->verb->min_args)
		return cli_usage(cli, "'%s' needs more arguments: %s", cli->verb->name, cli->verb->synopsis);
	if (cli->verb->max_args >= 0 && cli->n_args > cli->verb->max_args)
		return cli_usage(cli, "'%s' takes fewer arguments: %s", cli->verb->name, cli->verb->synopsis); /* one may be a password */
	return SPICECFG_OK;
}

/* One transaction per domain, each with its result; returns the highest exit code. */
static enum spicecfg_status run_many(struct cli *cli, const char *glob)
{
	char **names;
	enum spicecfg_status status = spicecfg_vm_list(cli->ctx, glob, &names);

	if (status)
		return status;
	cli->many = true;
	status = cli_each_target(cli, names, cli->verb->run);
	spicecfg_names_free(names);
	return status;
}

/* For verbs whose arguments are all TARGETs. */
static bool has_empty_target(const struct cli *cli)
{
	for (int i = 0; cli->verb->flags & CLI_TARGETS && i < cli->n_args; i++)
		if (!*cli->args[i])
			return true;
	return false;
}

static enum spicecfg_status run_targets(struct cli *cli)
{
	const char *vm = cli_get(cli, "vm"), *match = cli_get(cli, "match");
	bool all = cli_has(cli, "all");
	bool by_argument = cli->verb->flags & CLI_TARGET && !vm && !match && !all;

	if ((vm != NULL) + (match != NULL) + all > 1)
		return cli_usage(cli, "--vm, --all and --match can't be used together");
	if (by_argument) {
		if (!cli->n_args)
			return cli_usage(cli, "'%s' needs a TARGET: a domain, a file, or -", cli->verb->name);
		cli->target = cli->args[0];
		cli->args++;
		cli->n_args--;
	} else {
		cli->target = vm;
	}
	if ((cli->target && !*cli->target) || has_empty_target(cli))
		return cli_usage(cli, "the TARGET is empty");
	enum spicecfg_status status = count_args(cli);
	if (!status && (all || match) && cli->output)
		status = cli_usage(cli, "--output can't be used with --all or --match: name one TARGET");
	/* stdout is for the document that is edited */
	if (!status && cli->verb->flags & CLI_CHANGES && cli->target && strcmp(cli->target, "-") == 0)
		cli->reports = cli->output ? stdout : stderr;
	if (status)
		return status;
	return (all || match) && !(cli->verb->flags & CLI_TARGETS) ? run_many(cli, match) : cli->verb->run(cli);
}

enum spicecfg_status cli_run(struct cli *cli)
{
	if (cli->verb->flags & (CLI_TARGET | CLI_TARGETS | CLI_OPTIONAL_VM))
		return run_targets(cli);
	enum spicecfg_status status = count_args(cli);
	return status ? status : cli->verb->run(cli);
}

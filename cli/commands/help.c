/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "help.h"

#include <string.h>

#include "error.h"
#include "say.h"

static enum spicecfg_status run(struct cli *cli)
{
	char name[64];

	if (cli_has(cli, "dump")) {
		json_t *dump = cli_help_dump(cli->verbs);

		cli_say_json(stdout, dump, 0);
		cli_say_own(stdout, "\n");
		json_decref(dump);
		return SPICECFG_OK;
	}
	if (cli_has(cli, "scdoc-policy")) {
		cli_help_policy_scdoc(stdout);
		return SPICECFG_OK;
	}
	if (cli_has(cli, "scdoc-conf")) {
		cli_help_conf_scdoc(stdout);
		return SPICECFG_OK;
	}
	if (cli_has(cli, "scdoc")) {
		cli_help_scdoc(stdout, cli->verbs);
		return SPICECFG_OK;
	}
	if (!cli->n_args) {
		cli_help_overview(stdout, cli->verbs);
		return SPICECFG_OK;
	}
	if (cli->n_args == 2)
		snprintf(name, sizeof(name), "%s %s", cli->args[0], cli->args[1]);
	else
		snprintf(name, sizeof(name), "%s", cli->args[0]);
	for (const struct cli_verb *const *verb = cli->verbs; *verb; verb++)
		if (strcmp((*verb)->name, name) == 0) {
			cli_help_verb(stdout, *verb);
			return SPICECFG_OK;
		}
	if (cli_help_group(stdout, cli->verbs, name))
		return SPICECFG_OK;
	return cli_fail(cli, SPICECFG_USAGE, "Try 'spicecfg help'.", "there is no verb '%s'", name);
}

static const struct cli_option options[] = {
    {"dump", 0, NULL, "print the rows of all verbs as JSON", false},
    {"scdoc", 0, NULL, "print the man page as scdoc source", false},
    {"scdoc-policy", 0, NULL, "print the man page about policies as scdoc source", false},
    {"scdoc-conf", 0, NULL, "print the man page about spicecfg.conf as scdoc source", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_help = {
    .name = "help",
    .synopsis = "[VERB]",
    .summary = "Show help for all verbs, for those of a group such as host, or for one",
    .max_args = 2,
    .options = options,
    .run = run,
};

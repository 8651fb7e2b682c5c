/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* batch: the verbs of a file as one transaction. */
#include "batch_file.h"

#include "error.h"

static enum spicecfg_status once(struct cli *cli, void *opaque, bool *stale)
{
	struct cli_batch *batch = cli_batch_new(cli);
	enum spicecfg_status status = batch ? cli_batch_text_add(cli, batch, opaque) : SPICECFG_SYSTEM;

	cli->shown = batch;
	if (!status)
		status = cli_plan_show(cli, "batch", cli_batch_plan(batch), stale);
	cli->shown = NULL;
	cli_batch_free(batch);
	return status;
}

static enum spicecfg_status run(struct cli *cli)
{
	struct cli_batch_text text = {.name = NULL};
	enum spicecfg_status status = cli->output ? cli_usage(cli, "a batch may change several documents: omit --output")
						  : cli_batch_text_read(cli, cli->n_args ? cli->args[0] : "-", &text);

	if (!status)
		status = cli_redo(cli, once, &text);
	cli_secrets_free(cli);
	cli_batch_text_free(&text);
	return status;
}

const struct cli_verb cli_verb_batch = {
    .name = "batch",
    .synopsis = "[FILE]",
    .summary = "Carry out the verbs in a file, or on stdin, as one transaction",
    .help =
	"A line is a verb with its TARGET, arguments and options, with or without 'spicecfg' before it; words are quoted as in a shell,\n"
	"and a word that begins with # ends the line. Each verb sees what the lines before it would change, everything is changed or\n"
	"nothing, a daemon is restarted once, and findings are about the end, not about states between. Options that say where and how\n"
	"(--root, --connect, --dry-run, --force) are given to 'batch' itself. Passwords come from --password-file FILE of a line, and a\n"
	"TARGET can't be stdin. A batch has at most 1000 verbs.",
    .example = "  spicecfg batch --dry-run --diff setup.txt\n"
	       "  echo 'set-heads debianx 2' | spicecfg batch",
    .flags = CLI_CHANGES,
    .max_args = 1,
    .run = run,
};

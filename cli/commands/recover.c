/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* recover: undoes what a crash left. */
#include "error.h"
#include "recovery.h"

#include <stdlib.h>
#include <string.h>

static const char *const states[] = {
    [SPICECFG_RECOVERED_UNDONE] = "undone", [SPICECFG_RECOVERED_DONE] = "finished",   [SPICECFG_RECOVERED_CONFLICT] = "conflict",
    [SPICECFG_RECOVERED_FAILED] = "failed", [SPICECFG_RECOVERED_WAITING] = "waiting", [SPICECFG_RECOVERED_ACCEPTED] = "accepted",
};

static json_t *row_json(const struct spicecfg_recovery_row *row)
{
	json_t *documents = json_array();

	for (size_t i = 0; row->documents[i]; i++)
		json_array_append_new(documents, cli_json_text(row->documents[i]));
	return json_pack("{s:o, s:s, s:o}", "transaction", cli_json_text(row->id), "state", states[row->state], "documents", documents);
}

static void report(struct cli *cli, const struct spicecfg_recovery_row *row)
{
	char *documents = cli_recovery_documents(row);

	cli_out(cli, "%s: %s: %s\n", row->id, states[row->state], documents ? documents : "");
	free(documents);
	cli->changed |=
	    row->state == SPICECFG_RECOVERED_UNDONE || row->state == SPICECFG_RECOVERED_DONE || row->state == SPICECFG_RECOVERED_ACCEPTED;
	if (cli->json)
		json_array_append_new(cli->results, row_json(row));
}

static enum spicecfg_status run(struct cli *cli)
{
	const char *accept = cli_get(cli, "accept");
	const struct spicecfg_recovery_row *row;
	struct spicecfg_recovery *recovery;
	enum spicecfg_status status;

	if (cli->output)
		return cli_usage(cli, "'recover' edits no document: omit --output");
	if (accept && cli->dry_run)
		return cli_usage(cli, "--accept and --dry-run can't be used together");
	status = cli->dry_run ? spicecfg_recovery_look(cli->ctx, &recovery) : spicecfg_recover(cli->ctx, accept, &recovery);
	for (size_t i = 0; !(status && cli->json) && (row = spicecfg_recovery_row(recovery, i)); i++)
		report(cli, row);
	if (!status && !spicecfg_recovery_row(recovery, 0))
		cli_out(cli, "no transaction is unfinished\n");
	spicecfg_recovery_free(recovery);
	return status;
}

static const struct cli_option options[] = {
    {"accept", 0, "ID", "leave the documents of this transaction as they are", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_recover = {
    .name = "recover",
    .synopsis = "[--accept ID]",
    .summary = "Undo what a crash or a power cut left of a change",
    .help = "Each verb that changes the host does this first, so that all files of a change are as before it or as after it. A file that\n"
	    "somebody else has changed since stays as it is, and its transaction stays as a conflict, of which later verbs warn, until\n"
	    "--accept ends it. --dry-run lists what is unfinished.",
    .example = "  spicecfg recover\n"
	       "  spicecfg recover --accept 20261130-194431-1a2b3c4d",
    .flags = CLI_CHANGES,
    .options = options,
    .run = run,
};

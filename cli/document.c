/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The JSON document of a verb that changes something. It is flushed while the change can still be rolled back. */
#include <errno.h>
#include <string.h>

#include "error.h"
#include "say.h"

enum spicecfg_status cli_flush(struct cli *cli, FILE *out)
{
	errno = 0;
	if (fflush(out) == 0 && !ferror(out))
		return SPICECFG_OK;
	int why = errno ? errno : cli_say_lost();
	cli->output_failed = true;
	return cli_fail(cli, SPICECFG_SYSTEM, "Redirect it to where it can be written, or use --quiet.",
			"the report can't be written%s%s: nothing was changed", why ? ": " : "", why ? strerror(why) : "");
}

json_t *cli_results(struct cli *cli)
{
	json_t *list = json_object_get(cli->json_doc, "results");

	if (cli->json_doc && !list)
		json_object_set_new(cli->json_doc, "results", list = json_array());
	return list;
}

static void print_whole(struct cli *cli)
{
	json_object_set_new(cli->json_doc, "changed", json_boolean(cli->changed));
	json_object_set(cli->json_doc, "results", cli->results);
	cli_say_json(cli->reports, cli->json_doc, 0);
	cli_say_own(cli->reports, "\n");
	cli->printed = true;
}

static void print_head(struct cli *cli)
{
	const char *key;
	json_t *value;

	cli_say_own(cli->reports, "{\n");
	json_object_foreach(cli->json_doc, key, value)
	{
		cli_say_own(cli->reports, " \"");
		cli_say_own(cli->reports, key);
		cli_say_own(cli->reports, "\": ");
		cli_say_json(cli->reports, value, 0);
		cli_say_own(cli->reports, ",\n");
	}
	cli_say_own(cli->reports, " \"results\": [");
	cli->begun = true;
}

void cli_results_print(struct cli *cli, bool end)
{
	if (cli->printed || cli->output_failed)
		return;
	if (!cli->many) {
		print_whole(cli);
		return;
	}
	if (!cli->begun)
		print_head(cli);
	for (; cli->n_printed < json_array_size(cli->results); cli->n_printed++) {
		cli_say_own(cli->reports, cli->n_printed ? ",\n  " : "\n  ");
		cli_say_json(cli->reports, json_array_get(cli->results, cli->n_printed), 2);
	}
	if (!end)
		return;
	cli_say_own(cli->reports, cli->n_printed ? "\n ],\n \"changed\": " : "],\n \"changed\": ");
	cli_say_own(cli->reports, cli->changed ? "true\n}\n" : "false\n}\n");
	cli->printed = true;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The JSON document of a verb that changes something, and whether it could be written: known while the change can still be taken back. */
#include <errno.h>
#include <string.h>

#include "error.h"

enum spicecfg_status cli_flush(struct cli *cli, FILE *out)
{
	errno = 0;
	if (fflush(out) == 0 && !ferror(out))
		return SPICECFG_OK;
	cli->output_failed = true;
	return cli_fail(cli, SPICECFG_SYSTEM, "Give it a place that takes it; or --quiet.",
			"the report can't be written%s%s: nothing was changed", errno ? ": " : "", errno ? strerror(errno) : "");
}

static void print_whole(struct cli *cli)
{
	json_object_set_new(cli->json_doc, "changed", json_boolean(cli->changed));
	json_object_set(cli->json_doc, "results", cli->results);
	json_dumpf(cli->json_doc, cli->reports, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	fputc('\n', cli->reports);
	cli->printed = true;
}

/* A value as it stands in an array of the document's own: two deeper than by itself. Text in JSON has no newline of its own. */
static void print_deeper(FILE *out, const json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(1) | JSON_PRESERVE_ORDER);

	for (const char *c = text ? text : "null"; *c; c++) {
		fputc(*c, out);
		if (*c == '\n')
			fputs("  ", out);
	}
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

static void print_head(struct cli *cli)
{
	const char *key;
	json_t *value;

	fputs("{\n", cli->reports);
	json_object_foreach(cli->json_doc, key, value)
	{
		fprintf(cli->reports, " \"%s\": ", key);
		json_dumpf(value, cli->reports, JSON_ENCODE_ANY);
		fputs(",\n", cli->reports);
	}
	fputs(" \"results\": [", cli->reports);
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
		fputs(cli->n_printed ? ",\n  " : "\n  ", cli->reports);
		print_deeper(cli->reports, json_array_get(cli->results, cli->n_printed));
	}
	if (!end)
		return;
	fprintf(cli->reports, "%s],\n \"changed\": %s\n}\n", cli->n_printed ? "\n " : "", cli->changed ? "true" : "false");
	cli->printed = true;
}

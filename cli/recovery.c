/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "recovery.h"

#include <stdlib.h>
#include <string.h>

static bool is_file(const char *word)
{
	size_t len = strlen(word);

	if (strncmp(word, "domain:", 7) == 0)
		return false;
	return strcmp(word, "-") == 0 || strncmp(word, "file:", 5) == 0 || strchr(word, '/') ||
	       (len > 4 && strcmp(word + len - 4, ".xml") == 0);
}

static bool is_about_host(const struct cli *cli)
{
	unsigned flags = cli->verb->flags;
	const char *vm = cli_get(cli, "vm");

	if (flags & CLI_HOST || cli_has(cli, "all") || cli_has(cli, "match") || strcmp(cli->verb->name, "batch") == 0)
		return true;
	if (vm)
		return !is_file(vm);
	if (flags & CLI_OPTIONAL_VM)
		return true;
	if (flags & CLI_TARGET)
		return cli->n_args && !is_file(cli->args[0]);
	if (!(flags & CLI_TARGETS))
		return false;
	for (int i = 0; i < cli->n_args; i++)
		if (!is_file(cli->args[i]))
			return true;
	return !cli->n_args;
}

char *cli_recovery_documents(const struct spicecfg_recovery_row *row)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out && row->documents[i]; i++)
		fprintf(out, "%s%s", i ? ", " : "", row->documents[i]);
	if (out && fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void say_row(const struct cli *cli, const struct spicecfg_recovery_row *row)
{
	char *documents = cli_recovery_documents(row);
	const char *names = documents ? documents : "";

	switch (row->state) {
	case SPICECFG_RECOVERED_UNDONE:
		cli_warn(cli, "%s: restored; transaction %s was left unfinished by a killed spicecfg", names, row->id);
		break;
	case SPICECFG_RECOVERED_DONE:
		cli_warn(cli, "%s: what was left beside it is removed; transaction %s was committed by a killed spicecfg", names, row->id);
		break;
	case SPICECFG_RECOVERED_CONFLICT:
		cli_warn(cli, "%s: may be a mixture; transaction %s was left unfinished, and somebody else has changed its documents since",
			 names, row->id);
		break;
	default:
		cli_warn(cli, "%s: may be a mixture; transaction %s was left unfinished by a killed spicecfg", names, row->id);
		break;
	}
	free(documents);
}

enum spicecfg_status cli_recover_first(struct cli *cli)
{
	bool changes = (cli->verb->flags & CLI_CHANGES || cli_has(cli, "fix")) && !cli->dry_run;
	const struct spicecfg_recovery_row *row;
	struct spicecfg_recovery *recovery;

	if (!is_about_host(cli))
		return SPICECFG_OK;
	enum spicecfg_status status = changes ? spicecfg_recover(cli->ctx, NULL, &recovery) : spicecfg_recovery_look(cli->ctx, &recovery);
	for (size_t i = 0; !status && (row = spicecfg_recovery_row(recovery, i)); i++)
		say_row(cli, row);
	spicecfg_recovery_free(recovery);
	return status;
}

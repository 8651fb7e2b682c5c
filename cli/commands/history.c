/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* history: what was changed, by whom and why. */
#include <string.h>
#include <time.h>

#include "error.h"
#include "say.h"
#include "table.h"

enum { TIME = 32, WHO = 96 };

static const char *time_text(int64_t seconds, char out[TIME])
{
	time_t when = (time_t)seconds;
	struct tm utc;

	if (!gmtime_r(&when, &utc) || !strftime(out, TIME, "%Y-%m-%dT%H:%M:%SZ", &utc))
		snprintf(out, TIME, "?");
	return out;
}

/* Who it was, as far as known: who called sudo says more than the account that sudo gave. */
static const char *who_text(const struct spicecfg_history_row *row, char out[WHO])
{
	if (row->sudo_user)
		snprintf(out, WHO, "%s (sudo)", row->sudo_user);
	else if (row->login_uid && row->uid && strcmp(row->login_uid, row->uid) != 0)
		snprintf(out, WHO, "uid %s (as uid %s)", row->login_uid, row->uid);
	else
		snprintf(out, WHO, "uid %s", row->uid ? row->uid : "unknown");
	return out;
}

static json_t *text_or_null(const char *text)
{
	return text ? cli_json_text(text) : json_null();
}

static json_t *names_json(const char *const *names)
{
	json_t *list = json_array();

	for (; names && *names; names++)
		json_array_append_new(list, cli_json_text(*names));
	return list;
}

static json_t *row_json(const struct spicecfg_history_row *row)
{
	char when[TIME];
	json_t *out = json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", cli_json_text(row->id), "time",
				time_text(row->time, when), "uid", text_or_null(row->uid), "login_uid", text_or_null(row->login_uid),
				"sudo_user", text_or_null(row->sudo_user), "command", text_or_null(row->verb), "message",
				text_or_null(row->message), "documents", names_json(row->documents), "restarts", names_json(row->restarts));

	if (row->diff)
		json_object_set_new(out, "diff", cli_json_text(row->diff));
	return out;
}

static void print_one(struct cli *cli, const struct spicecfg_history_row *row)
{
	char when[TIME], who[WHO];

	cli_out(cli, "%s\n  time: %s\n  who: %s\n", row->id, time_text(row->time, when), who_text(row, who));
	if (row->verb)
		cli_out(cli, "  command: %s\n", row->verb);
	if (row->message)
		cli_out(cli, "  message: %s\n", row->message);
	for (const char *const *name = row->documents; name && *name; name++)
		cli_out(cli, "  changed: %s\n", *name);
	for (const char *const *name = row->restarts; name && *name; name++)
		cli_out(cli, "  restarted: %s\n", *name);
	if (row->diff && !cli->quiet)
		cli_say_block(cli->reports, row->diff);
}

static enum spicecfg_status print_all(struct cli *cli, const struct spicecfg_history *history)
{
	struct cli_table *table = cli_table_new(cli, (const char *const[]){"ID", "TIME", "WHO", "COMMAND", "CHANGED", NULL});
	const struct spicecfg_history_row *row;

	if (!table)
		return SPICECFG_SYSTEM;
	for (size_t i = 0; (row = spicecfg_history_row(history, i)); i++) {
		char when[TIME], who[WHO], changed[160] = "";
		size_t n = 0;

		while (row->documents[n])
			n++;
		if (n)
			snprintf(changed, sizeof(changed), n > 1 ? "%.120s and %zu more" : "%.120s", row->documents[0], n - 1);
		cli_table_add(table, (const char *const[]){row->id, time_text(row->time, when), who_text(row, who),
							   row->verb ? row->verb : "-", changed, NULL});
	}
	if (!cli->quiet && spicecfg_history_row(history, 0))
		cli_table_print(table, cli->reports);
	cli_table_free(table);
	return SPICECFG_OK;
}

static enum spicecfg_status run(struct cli *cli)
{
	const char *id = cli->n_args ? cli->args[0] : NULL;
	struct spicecfg_history *history;
	const struct spicecfg_history_row *row;
	enum spicecfg_status status = spicecfg_history(cli->ctx, id, &history);

	if (status)
		return status;
	if (cli->json) {
		json_t *list = json_array();

		for (size_t i = 0; (row = spicecfg_history_row(history, i)); i++)
			json_array_append_new(list, row_json(row));
		json_object_set_new(cli->json_doc, "transactions", list);
	} else if (id) {
		print_one(cli, spicecfg_history_row(history, 0));
	} else {
		status = print_all(cli, history);
	}
	spicecfg_history_free(history);
	return status;
}

const struct cli_verb cli_verb_history = {
    .name = "history",
    .synopsis = "[ID]",
    .summary = "List what was changed on this host, when and by whom",
    .help =
	"The newest change is the first. With ID: all documents of that change, the services that it restarted, and the diff, with ***\n"
	"in place of secrets. The last 100 changes are kept; a single FILE outside the host, and trees (--root), have no\n"
	"history.",
    .example = "  spicecfg history\n  spicecfg history 20261130-194325-0a1b2c3d",
    .max_args = 1,
    .run = run,
};

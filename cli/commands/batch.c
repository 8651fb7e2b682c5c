/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* batch: the verbs of a file as one transaction. */
#include "batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "say.h"
#include "words.h"

enum { SIZE_MAX_BYTES = 1024 * 1024 };

struct text {
	const char *name;
	char *bytes;
	size_t len;
};

static enum spicecfg_status read_text(struct cli *cli, struct text *text)
{
	bool is_stdin = !text->name;
	FILE *in = is_stdin ? stdin : fopen(text->name, "re");

	text->name = is_stdin ? "stdin" : text->name;
	if (!in)
		return cli_fail(cli, SPICECFG_INPUT, "Check the path.", "%s: %s", text->name, strerror(errno));
	text->bytes = malloc(SIZE_MAX_BYTES + 2);
	text->len = text->bytes ? fread(text->bytes, 1, SIZE_MAX_BYTES + 1, in) : 0;
	int why = ferror(in) ? errno : 0;
	if (!is_stdin)
		(void)fclose(in);
	if (!text->bytes)
		return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	text->bytes[text->len] = '\0';
	if (why)
		return cli_fail(cli, SPICECFG_INPUT, NULL, "%s can't be read: %s", text->name, strerror(why));
	if (text->len > SIZE_MAX_BYTES)
		return cli_fail(cli, SPICECFG_INPUT, NULL, "%s is larger than %d bytes", text->name, SIZE_MAX_BYTES);
	if (strlen(text->bytes) != text->len)
		return cli_fail(cli, SPICECFG_INPUT, "Name a text file.", "%s contains a NUL byte", text->name);
	return SPICECFG_OK;
}

static enum spicecfg_status fail_split(struct cli *cli, const struct text *text, unsigned number, enum cli_split split, size_t column)
{
	if (split == CLI_SPLIT_MEMORY)
		return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	if (split == CLI_SPLIT_OPEN)
		return cli_fail(cli, SPICECFG_INPUT, NULL, "%s:%u:%zu: a quote is not closed, or a backslash ends the line", text->name,
				number, column);
	return cli_fail(cli, SPICECFG_INPUT, "Quote the character; a line is the words of one verb.",
			"%s:%u:%zu: a character that is special to a shell is not quoted", text->name, number, column);
}

/* The verb may be written with the program's name before it, as fixes are printed. */
static enum spicecfg_status add_line(struct cli *cli, struct cli_batch *batch, const struct text *text, char *line, unsigned number)
{
	char **words = NULL, **argv;
	size_t column;
	int count;
	enum cli_split split = cli_words_split(line, &words, &count, &column);

	if (split)
		return fail_split(cli, text, number, split, column);
	bool named = count && strcmp(words[0], "spicecfg") == 0;
	enum spicecfg_status status = SPICECFG_OK;
	argv = calloc((size_t)count + 2, sizeof(*argv));
	if (!argv)
		status = cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	for (int i = 0; argv && i < count; i++)
		argv[i + !named] = words[i];
	if (argv && count && !named)
		argv[0] = (char *)"spicecfg";
	if (!status && count)
		status = cli_batch_add(cli, batch, count + !named, argv);
	if (status)
		cli_say(stderr, "spicecfg: %s:%u: nothing was changed, because of this line%s%s", text->name, number,
			count > named ? ": " : "", count > named ? words[named] : "");
	free((void *)argv);
	free((void *)words);
	return status;
}

static enum spicecfg_status add_lines(struct cli *cli, struct cli_batch *batch, const struct text *text)
{
	enum spicecfg_status status = SPICECFG_OK;
	char *copy = strdup(text->bytes), *next = copy;
	unsigned number = 0;

	if (!copy)
		return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	for (char *line; !status && (line = strsep(&next, "\n"));)
		status = *cli->interrupted ? cli_fail(cli, SPICECFG_INTERRUPTED, NULL, "interrupted; nothing was changed")
					   : add_line(cli, batch, text, line, ++number);
	free(copy);
	return status;
}

static enum spicecfg_status once(struct cli *cli, void *opaque, bool *stale)
{
	struct cli_batch *batch = cli_batch_new(cli);
	enum spicecfg_status status = batch ? add_lines(cli, batch, opaque) : SPICECFG_SYSTEM;

	cli->shown = batch;
	if (!status)
		status = cli_plan_show(cli, "batch", cli_batch_plan(batch), stale);
	cli->shown = NULL;
	cli_batch_free(batch);
	return status;
}

static enum spicecfg_status run(struct cli *cli)
{
	struct text text = {.name = cli->n_args && strcmp(cli->args[0], "-") != 0 ? cli->args[0] : NULL};
	enum spicecfg_status status =
	    cli->output ? cli_usage(cli, "a batch may change several documents: omit --output") : read_text(cli, &text);

	if (!status)
		status = cli_redo(cli, once, &text);
	free(text.bytes);
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
	"(--root, --connect, --dry-run, --force) are given to 'batch' itself. Passwords come from --password-file.",
    .example = "  spicecfg batch --dry-run --diff setup.txt\n"
	       "  printf '%s\\n' 'set-listen debianx address 0.0.0.0 --tls-port 5901' 'host set spice_tls=1' | spicecfg batch",
    .flags = CLI_CHANGES,
    .max_args = 1,
    .run = run,
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "batch_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "say.h"
#include "words.h"

#define BOM "\xef\xbb\xbf" /* Windows editors put it before UTF-8 */

/* A line costs up to a millisecond. */
enum { SIZE_MAX_BYTES = 1024 * 1024, LINES_MAX = 1000 };

enum spicecfg_status cli_batch_text_read(struct cli *cli, const char *file, struct cli_batch_text *text)
{
	bool is_stdin = strcmp(file, "-") == 0;
	FILE *in = is_stdin ? stdin : fopen(file, "re");

	*text = (struct cli_batch_text){.name = is_stdin ? "stdin" : file};
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
		return cli_fail(cli, SPICECFG_INPUT, "Name a file that you may read.", "%s can't be read: %s", text->name, strerror(why));
	if (text->len > SIZE_MAX_BYTES)
		return cli_fail(cli, SPICECFG_INPUT, "Split it: each part is a transaction.", "%s is larger than %d bytes", text->name,
				SIZE_MAX_BYTES);
	if (strlen(text->bytes) != text->len)
		return cli_fail(cli, SPICECFG_INPUT, "Name a text file.", "%s contains a NUL byte", text->name);
	if (strncmp(text->bytes, BOM, strlen(BOM)) == 0) {
		text->len -= strlen(BOM);
		memmove(text->bytes, text->bytes + strlen(BOM), text->len + 1);
	}
	return SPICECFG_OK;
}

static enum spicecfg_status fail_split(struct cli *cli, enum cli_split split)
{
	if (split == CLI_SPLIT_MEMORY)
		return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	if (split == CLI_SPLIT_OPEN)
		return cli_fail(cli, SPICECFG_INPUT, "Close it on the same line: a line is the words of one verb.",
				"a quote is not closed, or a backslash ends the line");
	return cli_fail(cli, SPICECFG_INPUT, "Quote the character: a line is the words of one verb.",
			"a character that is special to a shell is not quoted");
}

/* The verb may be written with the program's name before it, as fixes are printed. */
static enum spicecfg_status add_line(struct cli *cli, struct cli_batch *batch, const struct cli_batch_text *text, char *line,
				     unsigned number)
{
	char **words = NULL, **argv;
	size_t column = 0;
	int count;
	enum cli_split split = cli_words_split(line, &words, &count, &column);

	cli->failed = (struct cli_line){text->name, number, split ? (unsigned)column : 0};
	if (split)
		return fail_split(cli, split);
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
	if (!status)
		cli->failed = (struct cli_line){.file = NULL};
	free((void *)argv);
	free((void *)words);
	return status;
}

/* Blank lines and comments are free. */
static enum spicecfg_status count_lines(struct cli *cli, const struct cli_batch_text *text)
{
	unsigned number = 0, verbs = 0;

	for (const char *line = text->bytes, *end; line; line = end ? end + 1 : NULL) {
		const char first = line[strspn(line, " \t\r")];

		end = strchr(line, '\n');
		number++;
		verbs += first && first != '\n' && first != '#';
		if (verbs > LINES_MAX) {
			cli->failed = (struct cli_line){text->name, number, 0};
			return cli_fail(cli, SPICECFG_INPUT, "Split it: each part is a transaction.", "a batch has at most %d verbs",
					LINES_MAX);
		}
	}
	return SPICECFG_OK;
}

enum spicecfg_status cli_batch_text_add(struct cli *cli, struct cli_batch *batch, const struct cli_batch_text *text)
{
	char *copy = strdup(text->bytes), *next = copy;
	unsigned number = 0;

	cli->failed = (struct cli_line){.file = NULL};
	enum spicecfg_status status = count_lines(cli, text);
	if (!copy)
		return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	for (char *line; !status && (line = strsep(&next, "\n"));)
		status = *cli->interrupted ? cli_fail(cli, SPICECFG_INTERRUPTED, NULL, "interrupted; nothing was changed")
					   : add_line(cli, batch, text, line, ++number);
	free(copy);
	return status;
}

void cli_batch_text_free(struct cli_batch_text *text)
{
	free(text->bytes);
	text->bytes = NULL;
}

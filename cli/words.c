/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Copies one word from *from to *to without its quotes; the bytes only move towards the beginning. begun: it may be incomplete. */
static enum cli_split take_word(char **from, char **to, bool begun)
{
	char quote = 0;

	for (; **from && (quote || !strchr(" \t\r", **from)); (*from)++) {
		char c = **from;

		if (quote ? c == quote : c == '\'' || c == '"') {
			quote = quote ? 0 : c;
			continue;
		}
		if (!quote && !begun && strchr("|&;<>()$`*?", c))
			return CLI_SPLIT_SHELL;
		/* in double quotes a backslash is one, unless it stands before what it protects there */
		bool protects = quote == '"' ? (*from)[1] && strchr("\\\"$`", (*from)[1]) : !quote;
		if (c == '\\' && protects) {
			c = *++*from;
			if (!c)
				return begun ? CLI_SPLIT_OK : CLI_SPLIT_OPEN;
		}
		*(*to)++ = c;
	}
	return quote && !begun ? CLI_SPLIT_OPEN : CLI_SPLIT_OK;
}

enum cli_split cli_words_split(char *line, char ***words, int *count, size_t *column)
{
	char *from = line, *to = line;

	*count = 0;
	*words = calloc(strlen(line) / 2 + 2, sizeof(**words));
	if (!*words)
		return CLI_SPLIT_MEMORY;
	while (*(from += strspn(from, " \t\r")) && *from != '#') {
		char *word = to;
		enum cli_split split = take_word(&from, &to, false);

		if (split) {
			*column = (size_t)(from - line) + 1;
			free((void *)*words);
			*words = NULL;
			return split;
		}
		(*words)[(*count)++] = word;
		/* the end of the word may be the byte that is looked at next */
		bool last = !*from;
		from += !last;
		*to++ = '\0';
		if (last)
			break;
	}
	return CLI_SPLIT_OK;
}

char **cli_words_begun(char *line, int *count)
{
	char **words = calloc(strlen(line) / 2 + 2, sizeof(*words));
	char *from = line, *to = line;

	*count = 0;
	for (bool last = !words; !last;) {
		from += strspn(from, " \t\r");
		words[(*count)++] = to;
		(void)take_word(&from, &to, true);
		last = !*from;
		from += !last;
		*to++ = '\0';
	}
	return words;
}

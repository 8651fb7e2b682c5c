/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Splits a line of commands into words, with the quoting of a shell but none of its expansions. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include <stddef.h>

enum cli_split {
	CLI_SPLIT_OK,
	CLI_SPLIT_OPEN,  /* a quote is not closed, or the line ends with a backslash */
	CLI_SPLIT_SHELL, /* an unquoted character that a shell would act on: | & ; < > ( ) $ ` * ? */
	CLI_SPLIT_MEMORY,
};

/*
 * Splits line in place; *words points to the *count words, and is for free(). A word that begins with # ends the line. Where it fails
 * *column is the byte, from 1, and *words is NULL.
 */
enum cli_split cli_words_split(char *line, char ***words, int *count, size_t *column);

/*
 * Splits in place a line that is still being typed: nothing is refused, and the last word, which may be empty, is the one at the end.
 * Returns the *count words, at least one, for free(); NULL when memory is short.
 */
char **cli_words_begun(char *line, int *count);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words that may stand where a pattern of the rows does: "FILE", "TARGET", "any|secure|insecure". */
#ifndef CLI_COMPLETE_VALUES_H
#define CLI_COMPLETE_VALUES_H

#include "verb.h"

struct cli_complete {
	struct cli *line; /* the words before the last one, as far as they are understood: verb, args, given */
	const char *word; /* the last word, or what follows lead in it: what a candidate begins with */
	char lead[128];   /* the beginning of the last word that every candidate repeats: "--mode=", "port=" */
};

/* Prints the candidates for a pattern; NULL, or one that stands for anything: none. */
void cli_complete_value(struct cli_complete *c, const char *value);
/* Prints a candidate if it begins with the word. help may be NULL. */
void cli_complete_offer(const struct cli_complete *c, const char *word, const char *help);

#endif

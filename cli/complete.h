/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What may follow in a command line that is being typed. All of it comes from the rows of the verbs, settings and rules. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "verb.h"

/*
 * Prints a line per candidate: the whole word, a tab, and what it means, which may be empty. ":files" and ":directories" say that names of
 * files or directories may follow too. line is changed. Prints nothing where nothing is known, or memory is short.
 */
void cli_complete_line(const struct cli *cli, char *line);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parsing argv into a struct cli: global options before and after the verb, the verb's own options, arguments. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "verb.h"

/*
 * Parses argv into cli, whose verbs must be set. Returns SPICECFG_USAGE, with the error recorded, for a word that is not understood.
 * cli->verb stays NULL when only --help or --version was given, or no argument at all. In every case the caller calls cli_args_free().
 */
enum spicecfg_status cli_args_parse(struct cli *cli, int argc, char **argv);
void cli_args_free(struct cli *cli);

/* The option of cli->verb (NULL: a global one) with that name of len bytes, or with that letter; NULL: there is none. */
const struct cli_option *cli_args_option(const struct cli *cli, const char *name, size_t len);
const struct cli_option *cli_args_letter(const struct cli *cli, char letter);
/* The options that verb takes besides its own and the global ones; NULL: none. */
const struct cli_option *cli_args_target_options(const struct cli_verb *verb);
/* Sets cli->verb to the verb that words begin with. Returns how many of them are its name, 0: there is no such verb. */
int cli_args_verb(struct cli *cli, char **words, int count);

#endif

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

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From argv to a struct cli: global options before and after the verb, the verb's own options, arguments. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "verb.h"

/*
 * Parses argv into cli, whose verbs are set (its memory is freed by cli_args_free()). SPICECFG_USAGE with the error recorded where a word
 * has no meaning. cli->verb stays NULL when only --help or --version was given, or nothing.
 */
enum spicecfg_status cli_args_parse(struct cli *cli, int argc, char **argv);
void cli_args_free(struct cli *cli);

#endif

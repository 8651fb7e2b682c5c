/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Help texts, generated from the rows of the verbs and of the settings. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "verb.h"

void cli_help_overview(FILE *out, const struct cli_verb *const *verbs);
void cli_help_verb(FILE *out, const struct cli_verb *verb);
/* Lists the verbs of a group such as "host"; false: there is no such group, and nothing is printed. */
bool cli_help_group(FILE *out, const struct cli_verb *const *verbs, const char *group);
/* Prints the man page as scdoc source. */
void cli_help_scdoc(FILE *out, const struct cli_verb *const *verbs);
/* Prints the man page spicecfg-policy(5), about the keys of a policy. */
void cli_help_policy_scdoc(FILE *out);
/* Prints the man page spicecfg.conf(5), about the settings of check. */
void cli_help_conf_scdoc(FILE *out);
/* Prints text with scdoc's markup characters escaped. */
void cli_help_escaped(FILE *out, const char *text);
/* The rows as JSON, for the man page, shell completion and the test suite. */
json_t *cli_help_dump(const struct cli_verb *const *verbs);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check --fix: applies the fixes that are a setting of one VM and nothing else; all other fixes stay shown in the report. */
#ifndef CLI_COMMANDS_CHECK_FIX_H
#define CLI_COMMANDS_CHECK_FIX_H

#include "verb.h"

/* Checks the targets, and sets what fixes them, one transaction per VM. Its report goes to stderr: stdout is for the check that follows. */
enum spicecfg_status cli_fix(struct cli *cli, const struct spicecfg_check_options *options);

#endif

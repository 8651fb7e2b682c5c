/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check --fix: applies the fixes that only change settings of one VM; all others remain in the report. */
#ifndef CLI_COMMANDS_CHECK_FIX_H
#define CLI_COMMANDS_CHECK_FIX_H

#include "verb.h"

/* Checks the targets and applies their fixes, in one transaction per VM. Reports to stderr: stdout is for the check that follows. Returns
 * the highest status of all targets; errors of single targets were printed. */
enum spicecfg_status cli_fix(struct cli *cli, const struct spicecfg_check_options *options);

#endif

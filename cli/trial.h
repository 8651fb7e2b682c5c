/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fixes are tried before they are shown: planned in memory, alone and behind those that were shown before for the same target, and checked
 * there. A fix is shown if its finding is not present any more, no rule reports more errors than before, and the verdict is not worse;
 * otherwise the finding says why it has none.
 */
#ifndef CLI_TRIAL_H
#define CLI_TRIAL_H

#include "verb.h"

struct cli_trials;

/* options: of the check whose findings are shown; they must outlive the trials. NULL: memory is short. */
struct cli_trials *cli_trials_new(const struct cli *cli, const struct spicecfg_check_options *options);
void cli_trials_free(struct cli_trials *trials);

/*
 * A copy of a result whose findings have the fixes that passed. It is valid until the next call. What can't be tried keeps its fix: one
 * that a person has to fill in, one that names another program, and that of a definition on stdin. So does what is not tried because it
 * would take too long, with untried set: after 32 trials of a target, and 64 trials of a run, or when those have planned and checked as
 * much as a run may.
 */
const struct spicecfg_check_result *cli_trials_result(struct cli_trials *trials, const struct spicecfg_check_result *result);

#endif

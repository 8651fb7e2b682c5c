/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom a fix takes the console from. */
#ifndef CLI_TRIAL_ACCESS_H
#define CLI_TRIAL_ACCESS_H

#include "trial_check.h"

/*
 * The named subjects that lose the console of a VM by the plan, "user:anne, holder", for free(). target: the VM; "host": those of the
 * findings in checked; NULL: a file, which has none. Those that may lose it are among them. NULL: nobody, or the plan changes nothing that
 * access depends on.
 */
char *cli_losers(struct spicecfg_ctx *ctx, struct spicecfg_plan *plan, const char *target, const struct cli_checked *checked);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a check of the trials has found. */
#ifndef CLI_TRIAL_CHECK_H
#define CLI_TRIAL_CHECK_H

#include <spicecfg/spicecfg.h>

struct cli_found {
	char *target, *rule, *path;
	bool error; /* of level error, or of class start */
};

struct cli_checked {
	struct cli_found *items; /* by target, rule and path */
	size_t n;
	size_t refused, unknown; /* verdicts */
	size_t bytes;            /* that were checked, as a measure of what it cost */
	bool failed;             /* a target could not be checked, or memory is short */
};

/* Checks with plan (NULL: as it is); n_targets 0: the whole host. *out is to be freed in every case. */
void cli_checked_run(struct spicecfg_ctx *ctx, const struct spicecfg_check_options *options, struct spicecfg_plan *plan,
		     struct cli_checked *out);
void cli_checked_free(struct cli_checked *checked);

/* The following are for a check that has not failed. */

/* Whether the rule reports something at that path of the target. */
bool cli_checked_has(const struct cli_checked *checked, const char *target, const char *rule, const char *path);
/* How many findings of the rule the target has; with errors only errors. */
size_t cli_checked_count(const struct cli_checked *checked, const char *target, const char *rule, bool errors);
/* A rule that reports more errors for a target than before, or "verdict" where that is worse; NULL: none. */
const char *cli_checked_worse(const struct cli_checked *before, const struct cli_checked *after);

#endif

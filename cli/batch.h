/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several verbs in one plan: each sees what those before it have planned, and all are carried out as one transaction. */
#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include "verb.h"

struct cli_batch;

/* Makes an empty batch in the context of cli. NULL: memory is short, which is recorded. */
struct cli_batch *cli_batch_new(struct cli *cli);
void cli_batch_free(struct cli_batch *batch);

/*
 * Plans a verb: its words, the first of which is "spicecfg". It must be one that changes something, without options of its own for where
 * (--root, --connect) and how (--dry-run, --output, ...) it works. After a failure the plan is as it was before.
 */
enum spicecfg_status cli_batch_add(struct cli *cli, struct cli_batch *batch, int count, char *const *words);

/* The plan, which belongs to the batch. */
struct spicecfg_plan *cli_batch_plan(struct cli_batch *batch);

/* The TARGET word of the verb that added the index-th note of the plan; NULL: it had none. */
const char *cli_batch_target(const struct cli_batch *batch, size_t note);

#endif

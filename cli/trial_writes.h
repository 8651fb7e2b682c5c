/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the plan of a fix writes into the definition of its target. Two fixes that write another value to one place, or one of which gives
 * another type to what the other one writes to, can't both be carried out: the later one undoes the earlier. One that removes a whole
 * element stands beside others.
 */
#ifndef CLI_TRIAL_WRITES_H
#define CLI_TRIAL_WRITES_H

#include <spicecfg/plan.h>
#include <stdbool.h>
#include <stddef.h>

struct cli_write {
	char *path;
	char *value; /* NULL: it is removed */
	bool whole;  /* with the element that it belongs to */
};

struct cli_writes {
	struct cli_write *items;
	size_t n;
};

/* Adds what the plan of the commands writes into the document of the TARGET word, up to a limit. Where memory is short, some are missing.
 */
void cli_writes_add(struct cli_writes *writes, const struct spicecfg_plan *plan, const char *word, char ***commands);

/* Adds copies of others, up to the same limit. */
void cli_writes_join(struct cli_writes *writes, const struct cli_writes *others);

/* The place that both write to in different ways; NULL: none. */
const char *cli_writes_clash(const struct cli_writes *writes, const struct cli_writes *others);

void cli_writes_free(struct cli_writes *writes);

#endif

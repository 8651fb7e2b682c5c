/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The preview of a policy's plan: what is added, changed and removed, by VM and file. */
#ifndef CLI_PREVIEW_H
#define CLI_PREVIEW_H

#include "verb.h"

/* Prints the changes as text. label: of the policy. */
void cli_preview_changes(const struct cli *cli, const char *label, const struct spicecfg_plan *plan);

/* Shows the generated passwords once, as text or in the last result. */
void cli_preview_passwords(struct cli *cli);

/*
 * Asks on the terminal whether the plan that was shown is to be carried out, and then shows its passwords. SPICECFG_INTERRUPTED, with the
 * error recorded: it is not.
 */
enum spicecfg_status cli_preview_ask(struct cli *cli);

#endif

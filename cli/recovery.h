/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transactions that a killed spicecfg has left unfinished. */
#ifndef CLI_RECOVERY_H
#define CLI_RECOVERY_H

#include "verb.h"

/*
 * Before a verb plans: undoes what is unfinished, and reports it. A verb that changes nothing, and --dry-run, only warn. Nothing is done
 * for a FILE, which no transaction spans.
 */
enum spicecfg_status cli_recover_first(struct cli *cli);

/* The documents of a transaction, separated by commas, to be freed with free(); NULL when memory is short. */
char *cli_recovery_documents(const struct spicecfg_recovery_row *row);

#endif

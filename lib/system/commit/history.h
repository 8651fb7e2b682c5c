/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was changed, by whom and why: a directory per transaction, with `record` (as journal_plan.h, without digests of secrets) and
 * before/. A committed transaction whose secrets are not removed yet still has its plan.
 */
#ifndef SC_SYSTEM_HISTORY_H
#define SC_SYSTEM_HISTORY_H

#include "system/commit/journal_plan.h"

/* The suffix of an image without the passwords. */
#define SC_TX_MASKED ".masked"

enum { SC_HISTORY_MAX = 100 };

/* Writes the record into the directory of the transaction, durably. */
SPICECFG_CHECKED enum spicecfg_status sc_history_record(struct spicecfg_plan *plan, const struct sc_tx *tx, int dir);

/* Removes images with secrets and the plan of a committed transaction. Returns 0, or -1 with errno. */
int sc_history_clean(int dir, const struct sc_tx *tx);

/* Removes all transactions but the newest SC_HISTORY_MAX. */
void sc_history_prune(int history);

#endif

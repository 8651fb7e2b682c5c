/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a recovery has found. */
#ifndef SC_SYSTEM_RECOVERY_H
#define SC_SYSTEM_RECOVERY_H

#include <spicecfg/recover.h>

#include "system/commit/journal_plan.h"

struct spicecfg_recovery *sc_recovery_new(void);

/* Adds a transaction; keep says which of its n documents are named, NULL: all. false: memory is short. */
bool sc_recovery_add(struct spicecfg_recovery *recovery, const char *id, enum spicecfg_recovered state, const struct sc_tx *tx,
		     const bool *keep);

/* The row of that transaction; NULL: none. */
struct spicecfg_recovery_row *sc_recovery_find(struct spicecfg_recovery *recovery, const char *id);

#endif

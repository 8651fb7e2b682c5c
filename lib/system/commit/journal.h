/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The undo journal of a commit: the old contents and a plan of the transaction, durable before the first change. What the commit of one
 * plain file outside the host does is atomic by itself and has no journal.
 */
#ifndef SC_SYSTEM_JOURNAL_H
#define SC_SYSTEM_JOURNAL_H

#include "system/commit/step_ops.h"
#include "system/commit/tx_dir.h"

struct sc_journal {
	struct spicecfg_plan *plan;
	struct sc_state state; /* tx is locked; -1: the plan needs no journal */
	char id[SC_TX_ID];
	int dir; /* of the transaction; -1: not begun */
	bool made, armed, committed;
	struct sc_tx tx;
};

/* Whether the plan's commit needs a journal. */
bool sc_journal_needed(const struct spicecfg_plan *plan);

/* Opens the state directory and locks it against recoveries. After SPICECFG_OK, sc_journal_close() ends it. */
SPICECFG_CHECKED enum spicecfg_status sc_journal_open(struct spicecfg_plan *plan, struct sc_journal *journal);

/* Writes the images and the plan; from now on a crash is undone. ops: the operations of the step types. All steps have been looked at. */
SPICECFG_CHECKED enum spicecfg_status sc_journal_arm(struct sc_journal *journal, const struct sc_step_ops *const ops[SC_STEP_TYPES]);

/* Notes what there is after the steps were applied, so that recovery knows it from what others write. ops: as above. */
void sc_journal_seen(struct sc_journal *journal, const struct sc_step_ops *const ops[SC_STEP_TYPES]);

/* The commit: from now on nothing is undone. */
SPICECFG_CHECKED enum spicecfg_status sc_journal_commit(struct sc_journal *journal);

/* The end, once the temp files are removed. Removes images of secrets after a commit; else everything, unless restored is false: then the
 * transaction stays armed. */
void sc_journal_close(struct sc_journal *journal, bool restored);

#endif

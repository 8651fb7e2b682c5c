/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts one document of a transaction back to what it was before. */
#ifndef SC_SYSTEM_RECOVER_STEP_H
#define SC_SYSTEM_RECOVER_STEP_H

#include "system/commit/undo.h"

/*
 * Before steps are undone, first to last: a directory that the transaction made may still have its temporary name, with files in it, where
 * the crash has lost only the rename.
 */
void sc_undo_find(struct sc_undo *undo, size_t index);

/* Steps are undone last to first. What was changed is durable afterwards. Doing it twice changes nothing more. */
enum sc_undone sc_undo_step(struct sc_undo *undo, size_t index);

/* Removes what the step of a committed transaction may have left: its temp file. Returns false if that failed (logged). */
bool sc_undo_leftovers(struct sc_undo *undo, size_t index);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_RECOVER_DEFINE_H
#define SC_SYSTEM_RECOVER_DEFINE_H

#include "system/commit/undo.h"

/*
 * Of a step that gave libvirt a definition: gives it the old one or, where the daemon of this host does not run, writes its file. image:
 * the old definition.
 */
enum sc_undone sc_undo_define(struct sc_undo *undo, size_t index, const struct sc_buf *image);

/* Restarts what the transaction restarted and what has read its documents since. false: it did not come up (logged). */
bool sc_undo_action(struct sc_undo *undo, const struct sc_tx_step *step);

#endif

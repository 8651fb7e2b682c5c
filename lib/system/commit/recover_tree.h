/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_RECOVER_TREE_H
#define SC_SYSTEM_RECOVER_TREE_H

#include "system/commit/undo.h"

/* Of a step that sets owner and mode, or ACLs, of a directory or socket in place: each attribute is as before, as after, or neither. */
enum sc_undone sc_undo_attributes(struct sc_undo *undo, size_t index);

#endif

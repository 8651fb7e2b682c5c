/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings and errors that outlive what they were made in. */
#ifndef SC_BASE_FINDING_H
#define SC_BASE_FINDING_H

#include <spicecfg/check.h>
#include <stdbool.h>

#include "base/arena.h"

/* Receives a finding, which lives until it returns. */
typedef void (*sc_finding_fn)(void *opaque, const struct spicecfg_finding *finding);

/* A copy with its texts and its fix in arena, but for the name of the rule, which is the catalogue's. False when memory is short: what
 * could not be copied is NULL, and a message "out of memory". */
bool sc_finding_copy(struct sc_arena *arena, const struct spicecfg_finding *finding, struct spicecfg_finding *out);

/* The same of an error, without its list of what was not restored. */
void sc_error_copy(struct sc_arena *arena, const struct spicecfg_error *error, struct spicecfg_error *out);

#endif

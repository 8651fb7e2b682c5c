/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can read a file: the facts of the rule password-readable. */
#ifndef SC_SYSTEM_EXPOSURE_H
#define SC_SYSTEM_EXPOSURE_H

#include "base/arena.h"
#include "base/ctx.h"
#include "model/exposure.h"

/*
 * Looks at a host path (absolute, below the context's root), or (outside) a path of the user, which commands then name as it is given.
 * What can't be looked at counts as read by nobody: its passage is closed to this account; so does what only more than a hundred looks
 * at passwd and group files would show. The strings are in memory. SPICECFG_SYSTEM
 * when that is short.
 */
SPICECFG_CHECKED enum spicecfg_status sc_exposure_look(struct spicecfg_ctx *ctx, const char *path, bool outside, struct sc_arena *memory,
						       struct sc_exposure *out);

struct spicecfg_plan;

/* Looks at the file that the plan puts a password into: plan->exposure, for its check. */
SPICECFG_CHECKED enum spicecfg_status sc_exposure_plan(struct spicecfg_plan *plan, const char *path, bool outside);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can read a file: the facts that the rule password-readable needs. */
#ifndef SC_SYSTEM_EXPOSURE_H
#define SC_SYSTEM_EXPOSURE_H

#include "base/arena.h"
#include "base/ctx.h"
#include "model/exposure.h"

/*
 * Examines a host path (absolute, below the context's root) or, if outside, a path of the user, which fixes then name as it was given. What
 * this account can't examine is taken as readable by nobody, and so is what would need more than a hundred lookups in passwd and group
 * files. The strings are allocated in memory. SPICECFG_SYSTEM if memory is short.
 */
SPICECFG_CHECKED enum spicecfg_status sc_exposure_look(struct spicecfg_ctx *ctx, const char *path, bool outside, struct sc_arena *memory,
						       struct sc_exposure *out);

struct spicecfg_plan;

/* Examines the file that the plan writes a password into, and sets plan->exposure for the plan's check. */
SPICECFG_CHECKED enum spicecfg_status sc_exposure_plan(struct spicecfg_plan *plan, const char *path, bool outside);

#endif

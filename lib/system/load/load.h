/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stage of a plan: while it is on its context, everything that reads the host sees what the plan will make of it. A plan that nothing
 * has been planned into has no stage, so a single change costs nothing.
 */
#ifndef SC_SYSTEM_LOAD_H
#define SC_SYSTEM_LOAD_H

#include "plan/plan.h"

struct spicecfg_vm;

/* Begins a public call that plans, on the stage of the calls before it. If this succeeds, sc_plan_leave() ends the call. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_enter(struct spicecfg_plan *plan);
/* The same for a call about a VM (NULL: the host), whose definition (vm->xml) is the planned one until the call ends. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_enter_vm(struct spicecfg_plan *plan, struct spicecfg_vm *vm);
/* The same for a call about a file, named document in reports. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_enter_file(struct spicecfg_plan *plan, const char *path, bool outside, const char *document);
/* Ends such a call: after a failure the plan is as it was before. Returns status. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_leave(struct spicecfg_plan *plan, enum spicecfg_status status);

/*
 * Puts the plan on its context's stage, and takes it off. What was cached about the host belongs to the other state, and is put aside.
 * Closing returns status, or SPICECFG_SYSTEM where memory is short; a stage that is not open may be closed.
 */
SPICECFG_CHECKED enum spicecfg_status sc_stage_open(struct spicecfg_plan *plan);
enum spicecfg_status sc_stage_close(struct spicecfg_plan *plan, enum spicecfg_status status);

#endif

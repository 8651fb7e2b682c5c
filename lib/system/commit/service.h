/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Services of the host that a plan starts. */
#ifndef SC_SYSTEM_SERVICE_H
#define SC_SYSTEM_SERVICE_H

#include "plan/plan.h"

/*
 * Adds the start of a service that is not running, or whose files change; without systemd, or below a root, a note with the command to run
 * by hand.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_service(struct spicecfg_plan *plan, const char *unit, const char *const by_hand[3]);

#endif

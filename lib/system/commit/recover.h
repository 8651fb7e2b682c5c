/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Undoes what a killed process left (spicecfg/recover.h). */
#ifndef SC_SYSTEM_RECOVER_H
#define SC_SYSTEM_RECOVER_H

#include <spicecfg/recover.h>

#include "base/ctx.h"

/* Like spicecfg_recover(), inside of another call. */
SPICECFG_CHECKED enum spicecfg_status sc_recover(struct spicecfg_ctx *ctx, const char *accept, struct spicecfg_recovery **out);

/* Like spicecfg_recovery_look(). */
SPICECFG_CHECKED enum spicecfg_status sc_recovery_look(struct spicecfg_ctx *ctx, struct spicecfg_recovery **out);

#endif

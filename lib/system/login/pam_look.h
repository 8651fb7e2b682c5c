/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PAM services as `check` looks at them. */
#ifndef SC_SYSTEM_PAM_LOOK_H
#define SC_SYSTEM_PAM_LOOK_H

#include <spicecfg/pam.h>

#include "base/ctx.h"

/* spicecfg_pam_check() but for what could not be read, which stays with the context. */
SPICECFG_CHECKED enum spicecfg_status sc_pam_look(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *name,
						  spicecfg_finding_fn fn, void *opaque);

#endif

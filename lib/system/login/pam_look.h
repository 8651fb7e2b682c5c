/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The check of PAM services within `check`. */
#ifndef SC_SYSTEM_PAM_LOOK_H
#define SC_SYSTEM_PAM_LOOK_H

#include "base/ctx.h"
#include "base/finding.h"

/* Like spicecfg_pam_check(), but what could not be read is not reported: it stays recorded in the context. */
SPICECFG_CHECKED enum spicecfg_status sc_pam_look(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *name, sc_finding_fn fn,
						  void *opaque);

#endif

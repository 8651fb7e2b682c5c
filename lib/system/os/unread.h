/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What could not be read, as findings. */
#ifndef SC_SYSTEM_UNREAD_H
#define SC_SYSTEM_UNREAD_H

#include <spicecfg/pam.h>

#include "base/arena.h"
#include "base/ctx.h"

/*
 * The context's error as a finding not-readable, and the context without it; what: words for a file that the error does not name. No
 * error: nothing.
 */
void sc_unread_tell(struct spicecfg_ctx *ctx, const char *what, struct sc_arena *memory, spicecfg_finding_fn fn, void *opaque);
void sc_unread_find(const char *message, const char *file, spicecfg_finding_fn fn, void *opaque);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings about what couldn't be read. */
#ifndef SC_SYSTEM_UNREAD_H
#define SC_SYSTEM_UNREAD_H

#include "base/arena.h"
#include "base/ctx.h"
#include "base/finding.h"

/*
 * Turns the context's error into a finding not-readable and clears it; without an error does nothing. what: words for the file if the error
 * doesn't name one.
 */
void sc_unread_tell(struct spicecfg_ctx *ctx, const char *what, struct sc_arena *memory, sc_finding_fn fn, void *opaque);
void sc_unread_find(const char *message, const char *file, sc_finding_fn fn, void *opaque);

#endif

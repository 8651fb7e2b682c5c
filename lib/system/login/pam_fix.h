/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fixes of single rules of a PAM service, for files that 'pam install' can't replace. */
#ifndef SC_SYSTEM_LOGIN_PAM_FIX_H
#define SC_SYSTEM_LOGIN_PAM_FIX_H

#include <spicecfg/fix.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "doc/pam.h"

/*
 * The fix of what the rule of the catalogue reports on a line of the service's own file (0: of the file as a whole), in memory. NULL: no
 * command can do it, or memory is short. *ask: it takes the console from somebody, or guesses who may have it.
 */
const struct spicecfg_fix *sc_pam_fix(struct spicecfg_ctx *ctx, struct sc_arena *memory, const struct sc_pam *pam, const char *rule,
				      unsigned line, bool *ask);

#endif

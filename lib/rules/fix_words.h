/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the commands of a fix do, by their words. */
#ifndef SC_RULES_FIX_WORDS_H
#define SC_RULES_FIX_WORDS_H

#include <spicecfg/fix.h>

/* True for a fix that sets something of the console by its own name rather than by a path. */
bool sc_fix_sets_console(const struct spicecfg_fix *fix);

/* True for a fix that removes a whole element whose path begins with prefix. */
bool sc_fix_removes(const struct spicecfg_fix *fix, const char *prefix);

/* True for a fix that has the words a and b, one after the other. */
bool sc_fix_has(const struct spicecfg_fix *fix, const char *a, const char *b);

#endif

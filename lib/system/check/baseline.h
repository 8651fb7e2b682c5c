/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The baseline: the findings that a repository already has, so that only new ones are reported. A text file with one finding per line:
 * FILE<TAB>RULE<TAB>PATH, sorted, so that it can be reviewed and merged. Files are named relative to the baseline's own directory; a line
 * does not change when the XML before its finding does.
 */
#ifndef SC_SYSTEM_BASELINE_H
#define SC_SYSTEM_BASELINE_H

#include <spicecfg/check.h>

#include "base/ctx.h"

struct sc_baseline;

/*
 * Reads file, or (fresh, or the file is missing) begins a new baseline to be written there. Free *out with sc_baseline_free().
 * SPICECFG_INPUT: file can't be read, or is not a baseline (with fresh: nor empty); such a file is never overwritten.
 */
SPICECFG_CHECKED enum spicecfg_status sc_baseline_open(struct spicecfg_ctx *ctx, const char *file, bool fresh, struct sc_baseline **out);
void sc_baseline_free(struct sc_baseline *baseline);

/* Whether findings are collected for writing instead of being compared. */
bool sc_baseline_is_new(const struct sc_baseline *baseline);

/* Begins a result: those of its findings in the baseline that don't occur again are obsolete. */
void sc_baseline_enter(struct sc_baseline *baseline, const struct spicecfg_check_result *result);
/* Whether the baseline contains this finding of the result and it has not been matched yet. A new baseline adds it, and returns false. */
bool sc_baseline_holds(struct sc_baseline *baseline, const struct spicecfg_check_result *result, const struct spicecfg_finding *finding);
/* The number of obsolete findings: in the baseline, of the results that were entered, but not found again. */
size_t sc_baseline_resolved(const struct sc_baseline *baseline);

/* Writes a new baseline atomically; if nothing changed, writes nothing. */
SPICECFG_CHECKED enum spicecfg_status sc_baseline_write(struct spicecfg_ctx *ctx, struct sc_baseline *baseline);

#endif

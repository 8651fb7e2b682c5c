/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The baseline: findings that an old repository has already, so that only new ones count. A text file, one finding per line:
 * FILE<TAB>RULE<TAB>PATH, sorted, so that it can be reviewed and merged. Files are named relative to the baseline's own directory; lines do
 * not change when the XML above a finding does.
 */
#ifndef SC_SYSTEM_BASELINE_H
#define SC_SYSTEM_BASELINE_H

#include <spicecfg/check.h>

#include "base/ctx.h"

struct sc_baseline;

/* Reads file, or (fresh, or the file is missing) begins one that will be written. *out is for sc_baseline_free().
 * SPICECFG_INPUT: unreadable, or no baseline (where fresh: nor an empty file), which is never written over. */
SPICECFG_CHECKED enum spicecfg_status sc_baseline_open(struct spicecfg_ctx *ctx, const char *file, bool fresh, struct sc_baseline **out);
void sc_baseline_free(struct sc_baseline *baseline);

/* True when findings are collected for writing, not held back. */
bool sc_baseline_is_new(const struct sc_baseline *baseline);

/* A result is about to come: its findings that stood in the baseline may be gone now. */
void sc_baseline_enter(struct sc_baseline *baseline, const struct spicecfg_check_result *result);
/* True when the baseline has this finding of the result and has not used it up. A new one collects it, and says false. */
bool sc_baseline_holds(struct sc_baseline *baseline, const struct spicecfg_check_result *result, const struct spicecfg_finding *finding);
/* Findings of the results that came, which the baseline has and nobody asked for. */
size_t sc_baseline_gone(const struct sc_baseline *baseline);

/* Writes a new one, in one step; without a change nothing. */
SPICECFG_CHECKED enum spicecfg_status sc_baseline_write(struct spicecfg_ctx *ctx, struct sc_baseline *baseline);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that come with the program: templates, PAM and SASL files. */
#ifndef SC_SYSTEM_DATA_H
#define SC_SYSTEM_DATA_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"

/*
 * Reads NAME ("sasl2/qemu.conf") of the data directory: share/spicecfg beside the library (the build tree, any prefix), else the installed
 * place. SPICECFG_SYSTEM when it is missing.
 */
SPICECFG_CHECKED enum spicecfg_status sc_data_read(struct spicecfg_ctx *ctx, const char *name, struct sc_buf *out);

/* The path of NAME in the data directory, in arena; NULL when it is missing. */
const char *sc_data_path(const char *name, struct sc_arena *arena);

/* A data file as text in memory. */
SPICECFG_CHECKED enum spicecfg_status sc_data_text(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *name, const char **text);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files installed with the program: templates, PAM and SASL files. */
#ifndef SC_SYSTEM_DATA_H
#define SC_SYSTEM_DATA_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"

/*
 * Reads the file NAME ("sasl2/qemu.conf") from the data directory: share/spicecfg next to the library's directory (in the build tree or
 * below any prefix), else the one configured at build time. SPICECFG_SYSTEM if the file is missing.
 */
SPICECFG_CHECKED enum spicecfg_status sc_data_read(struct spicecfg_ctx *ctx, const char *name, struct sc_buf *out);

/* The path of NAME in the data directory, in arena; NULL if it is missing. */
const char *sc_data_path(const char *name, struct sc_arena *arena);

/* Reads a data file as NUL-terminated text, allocated in memory. */
SPICECFG_CHECKED enum spicecfg_status sc_data_text(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *name, const char **text);

#endif

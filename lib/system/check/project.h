/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* .spicecfg.conf: options for the checks of a repository of VM definitions; and the same of a host. */
#ifndef SC_SYSTEM_PROJECT_H
#define SC_SYSTEM_PROJECT_H

#include <spicecfg/check.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"

#define SC_PROJECT_FILE ".spicecfg.conf"
#define SC_HOST_SETTINGS "/etc/spicecfg/spicecfg.conf"

/* Strings and rows are in the arena passed to sc_project_read(). */
struct sc_project {
	const char *file;     /* NULL: none */
	const char *ignored;  /* why the file is ignored, and the rest is unset; NULL: it is used */
	const char *baseline; /* relative to the working directory; NULL: none */
	const char *versions;
	const char *qemu_conf;
	const char *host_facts;
	bool no_host, same_host, schema;
	enum spicecfg_level fail_on; /* OFF: not set */
	unsigned jobs;
	struct spicecfg_rule_level *rules;
	size_t n_rules;
};

/*
 * Reads the project file: file, or (NULL) the one in the working directory or the nearest directory above it, up to the one that contains
 * .git. Outside a repository only the working directory is searched. None found: out->file is NULL. A file that was found instead of given
 * is used only if it is a regular file that is trusted (sc_trust_why_not()), and a .git only if its owner is; otherwise out->ignored says
 * why. SPICECFG_INPUT with line and column: unknown sections, keys, rules or levels, paths of files that are refused
 * (sc_project_refusal()), a given file that is missing.
 */
SPICECFG_CHECKED enum spicecfg_status sc_project_read(struct spicecfg_ctx *ctx, const char *file, struct sc_arena *memory,
						      struct sc_project *out);

/*
 * Reads the host's own file, SC_HOST_SETTINGS below the root, by the same rules. It knows some of the keys; out->file, which is NULL where
 * there is none, is the path for messages, with the root. One that can't be read is ignored as well.
 */
SPICECFG_CHECKED enum spicecfg_status sc_project_read_host(struct spicecfg_ctx *ctx, struct sc_arena *memory, struct sc_project *out);

/* Finds the file: fills in out->file, out->ignored and, if the file is used, bytes. */
SPICECFG_CHECKED enum spicecfg_status sc_project_find(struct spicecfg_ctx *ctx, const char *file, struct sc_arena *memory,
						      struct sc_buf *bytes, struct sc_project *out);

/* The same for the host's own file. */
SPICECFG_CHECKED enum spicecfg_status sc_project_find_host(struct spicecfg_ctx *ctx, struct sc_arena *memory, struct sc_buf *bytes,
							   struct sc_project *out);

/*
 * Why a file that a project file names is refused, static or in memory; NULL: it is accepted, or is missing. A device, a FIFO and a
 * directory are always refused; if the project file was found instead of given, the named file must be as trustworthy (system/os/trust.h),
 * since a baseline also decides what a check reports. Nothing is opened for reading.
 */
const char *sc_project_refusal(struct sc_arena *memory, const char *path, bool found);

#endif

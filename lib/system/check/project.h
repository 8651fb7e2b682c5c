/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* .spicecfg.conf: what a repository of VM definitions wants of its checks. */
#ifndef SC_SYSTEM_PROJECT_H
#define SC_SYSTEM_PROJECT_H

#include <spicecfg/check.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"

#define SC_PROJECT_FILE ".spicecfg.conf"

/* Strings and rows live in the arena that was given. */
struct sc_project {
	const char *file;     /* NULL: there is none */
	const char *ignored;  /* why the file does not count: the rest is unset; NULL: it counts */
	const char *baseline; /* relative to the working directory; NULL: none */
	const char *versions;
	const char *qemu_conf;
	const char *host_facts;
	bool no_host, same_host, schema;
	enum spicecfg_level fail_on; /* OFF: not told */
	unsigned jobs;
	struct spicecfg_rule_level *rules;
	size_t n_rules;
};

/*
 * Reads the project file: file, or (NULL) the one in the working directory or the nearest directory above, up to the one that holds .git.
 * Without a repository only the working directory is looked at. Missing: out->file is NULL, unless file was given.
 * One that was found, not given, counts only if it is a regular file that sc_trust_why_not() has nothing against; a .git likewise only if
 * its owner is trusted. Else out->ignored says why not.
 * SPICECFG_INPUT with line and column: unknown sections, keys, rules, levels, paths of what does not count (sc_project_refusal()).
 */
SPICECFG_CHECKED enum spicecfg_status sc_project_read(struct spicecfg_ctx *ctx, const char *file, struct sc_arena *memory,
						      struct sc_project *out);

/* The part that looks for the file: fills out->file, out->ignored and, for one that counts, bytes. */
SPICECFG_CHECKED enum spicecfg_status sc_project_find(struct spicecfg_ctx *ctx, const char *file, struct sc_arena *memory,
						      struct sc_buf *bytes, struct sc_project *out);

/*
 * Why a file that a project file names does not count, in memory; NULL: it counts, or is missing. A device, a FIFO and a directory never
 * count; where the project file was found, not given, the named one has to be as trustworthy as that (system/os/trust.h): a baseline
 * decides what a check says, too. Nothing is opened for reading.
 */
const char *sc_project_refusal(struct sc_arena *memory, const char *path, bool found);

#endif

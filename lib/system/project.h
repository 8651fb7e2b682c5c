/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* .spicecfg.conf: what a repository of VM definitions wants of its checks. */
#ifndef SC_SYSTEM_PROJECT_H
#define SC_SYSTEM_PROJECT_H

#include <spicecfg/check.h>

#include "base/arena.h"
#include "base/ctx.h"

#define SC_PROJECT_FILE ".spicecfg.conf"

/* Strings and rows live in the arena that was given. */
struct sc_project {
	const char *file;     /* NULL: there is none */
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
 * Reads the project file: file, or (NULL) the one in the working directory or the nearest folder above, up to the folder that holds .git.
 * Without a repository only the working directory is looked at. Missing: out->file is NULL, unless file was given.
 * SPICECFG_INPUT with line and column: unknown sections, keys, rules, levels.
 */
SPICECFG_CHECKED enum spicecfg_status sc_project_read(struct spicecfg_ctx *ctx, const char *file, struct sc_arena *memory,
						      struct sc_project *out);

#endif

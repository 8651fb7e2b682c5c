/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the source files of export share: the sections of the policy that is written, and whether applying them changes something. */
#ifndef SC_SYSTEM_EXPORT_H
#define SC_SYSTEM_EXPORT_H

#include <spicecfg/sasl.h>

#include "base/table.h"
#include "system/run/policy.h"

struct sc_export_section {
	const char *name;
	struct sc_policy_line *lines;
	size_t n;
};

enum { SC_EXPORT_HOST, SC_EXPORT_PKI, SC_EXPORT_SASL, SC_EXPORT_PAM, SC_EXPORT_PARTS };

struct sc_export {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	struct sc_export_section host[SC_EXPORT_PARTS]; /* without lines: not exported */
	struct sc_table labels;                         /* names of sections that are taken */
	struct sc_table ports;                          /* ports that a section has: a policy refuses them a second time */
	struct sc_buf out;
	bool failed; /* memory is short */
};

/* Adds a line, unless a policy can't have the value (NULL: nothing to add); group: see struct sc_policy_line. Both strings are kept. */
void sc_export_put(struct sc_export *export, struct sc_export_section *section, unsigned group, const char *key, const char *value);
/* A name for a section that no other has; NULL: memory is short. */
const char *sc_export_label(struct sc_export *export, const char *kind, const char *name);

/*
 * Writes a line that begins with "; " behind an empty one. Names and messages can hold line breaks, by which what follows would become a
 * line of the policy: control characters become '?'.
 */
void sc_export_comment(struct sc_export *export, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Writes a comment: what is left out, and the error of the context, which is cleared, as its reason. Returns an error that was kept. */
SPICECFG_CHECKED enum spicecfg_status sc_export_left_out(struct sc_export *export, const char *what);

/*
 * Omits the lines of a section which, applied, would change something. vm: the one that the section is about, NULL: it is one of
 * export->host. *same: whether what is left, with the sections of the host, changes nothing.
 */
SPICECFG_CHECKED enum spicecfg_status sc_export_choose(struct sc_export *export, struct sc_export_section *section, struct spicecfg_vm *vm,
						       bool *same);

/* Fill export->host; write the section of a VM, and those of the users of its database (vm NULL: the host's). */
SPICECFG_CHECKED enum spicecfg_status sc_export_host(struct sc_export *export);
SPICECFG_CHECKED enum spicecfg_status sc_export_vm(struct sc_export *export, struct spicecfg_vm *vm);
SPICECFG_CHECKED enum spicecfg_status sc_export_users(struct sc_export *export, struct spicecfg_vm *vm);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Validation against libvirt's own RELAX NG schema: libxml2 says whether a document is valid, removing and adding parts shows what is not,
 * and our own document provides the position.
 */
#ifndef SC_SYSTEM_SCHEMA_H
#define SC_SYSTEM_SCHEMA_H

#include "base/arena.h"
#include "base/ctx.h"
#include "model/domain.h"

#define SC_SCHEMA_RULE "schema" /* its row is lib/rules/host/schema.c's */

struct sc_schema;     /* the schema, shared by threads */
struct sc_schema_run; /* one thread's validation context */

/* A place that the schema does not allow. */
struct sc_schema_fault {
	const struct sc_xml_node *node;
	const char *attr; /* NULL: the element */
	const char *message;
};

/* Loads domain.rng from where libvirt installs it. SPICECFG_INPUT: it is missing or can't be read. */
SPICECFG_CHECKED enum spicecfg_status sc_schema_load(struct spicecfg_ctx *ctx, struct sc_schema **out);
void sc_schema_free(struct sc_schema *schema);

/*
 * Validates the bytes that domain was read from. *run is made on first use, one per thread; free it with sc_schema_run_free(). *faults has
 * *count rows in memory; none: valid. A fault is the smallest element or attribute that is not allowed in its place, or the smallest
 * element that lacks something; all faults that can be distinguished are found, up to SC_SCHEMA_FAULTS.
 */
SPICECFG_CHECKED enum spicecfg_status sc_schema_check(struct spicecfg_ctx *ctx, struct sc_schema *schema, struct sc_schema_run **run,
						      const struct sc_domain *domain, const char *bytes, size_t len,
						      struct sc_arena *memory, struct sc_schema_fault **faults, size_t *count);
void sc_schema_run_free(struct sc_schema_run *run);

#endif

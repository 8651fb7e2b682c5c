/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What parsers of key-value files share: the text, its entries, and edits of a value in place. Each parser reads its own syntax. */
#ifndef SC_DOC_KEYFILE_H
#define SC_DOC_KEYFILE_H

#include "base/arena.h"
#include "base/ctx.h"
#include "doc/lines.h"

struct sc_keyfile_entry {
	const char *key;
	const char *value;
	unsigned line;
	size_t start, next;            /* offsets of its line and of the next one, in a format with one entry per line */
	size_t value_start, value_end; /* offsets of the value as it is written */
};

struct sc_keyfile {
	char *name; /* for messages */
	struct sc_buf text;
	struct sc_arena *memory; /* of the entries and their texts */
	struct sc_keyfile_entry *entries;
	size_t n_entries;
};

/* Copies the name and the bytes to a zeroed file, which has no entries yet. Free it with sc_keyfile_end(), also after a failure. */
SPICECFG_CHECKED enum spicecfg_status sc_keyfile_begin(struct spicecfg_ctx *ctx, struct sc_keyfile *file, const char *name,
						       const char *bytes, size_t len);

/* Discards the entries, which an edit has invalidated, and makes room for count new ones. Also returns the failure of an earlier edit. */
SPICECFG_CHECKED enum spicecfg_status sc_keyfile_forget(struct spicecfg_ctx *ctx, struct sc_keyfile *file, size_t count);

/* Wipes and frees the contents of a file. */
void sc_keyfile_end(struct sc_keyfile *file);

/* Returns the value of an entry, NULL when entry is NULL. *line, which can be NULL, is set to its line, or to 0. */
const char *sc_keyfile_value(const struct sc_keyfile_entry *entry, unsigned *line);

/* Replaces the value of an entry with len bytes. The entries must be read again afterwards. */
void sc_keyfile_replace(struct sc_keyfile *file, const struct sc_keyfile_entry *entry, const char *value, size_t len);

#endif

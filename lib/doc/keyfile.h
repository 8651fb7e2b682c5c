/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parsers of files of keys and values share: the text, its entries, and edits of a value in place. Each reads its own language. */
#ifndef SC_DOC_KEYFILE_H
#define SC_DOC_KEYFILE_H

#include "base/arena.h"
#include "base/ctx.h"
#include "doc/lines.h"

struct sc_keyfile_entry {
	const char *key;
	const char *value;
	unsigned line;
	size_t start, next;            /* its line, of a format with one entry in a line */
	size_t value_start, value_end; /* as it is written */
};

struct sc_keyfile {
	char *name; /* for messages */
	struct sc_buf text;
	struct sc_arena *memory; /* of the entries and their texts */
	struct sc_keyfile_entry *entries;
	size_t n_entries;
};

/* Copies the name and the bytes into a zeroed file; there are no entries yet. sc_keyfile_end() frees it, also after a failure. */
SPICECFG_CHECKED enum spicecfg_status sc_keyfile_begin(struct spicecfg_ctx *ctx, struct sc_keyfile *file, const char *name,
						       const char *bytes, size_t len);

/* Forgets the entries, which an edit of the text made wrong, and gives room for count new ones. Reports an edit that failed, too. */
SPICECFG_CHECKED enum spicecfg_status sc_keyfile_forget(struct spicecfg_ctx *ctx, struct sc_keyfile *file, size_t count);

/* Wipes and frees what the file holds. */
void sc_keyfile_end(struct sc_keyfile *file);

/* The first, and the last, entry of a key; NULL: it is not set. */
const struct sc_keyfile_entry *sc_keyfile_first(const struct sc_keyfile *file, const char *key);
const struct sc_keyfile_entry *sc_keyfile_last(const struct sc_keyfile *file, const char *key);

/* The entry's value, and its line where that is asked for; NULL and 0 of none. */
const char *sc_keyfile_value(const struct sc_keyfile_entry *entry, unsigned *line);

/* Writes len bytes in place of the entry's value. The entries are to be read again. */
void sc_keyfile_replace(struct sc_keyfile *file, const struct sc_keyfile_entry *entry, const char *value, size_t len);

#endif

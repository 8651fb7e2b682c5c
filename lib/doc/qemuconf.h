/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A lossless qemu.conf: the grammar of libvirt's src/util/virconf.c, byte spans of every statement, and edits that splice the original
 * bytes. Without an edit the bytes are the original ones. All assignments of a key are kept; libvirt uses the first.
 */
#ifndef SC_DOC_QEMUCONF_H
#define SC_DOC_QEMUCONF_H

#include "base/buf.h"
#include "base/ctx.h"

struct sc_qemuconf;

enum {
	SC_QEMUCONF_SIZE_MAX = 10 * 1024 * 1024, /* MAX_CONFIG_FILE_SIZE of virconf.c */
	SC_QEMUCONF_ENTRIES_MAX = 100000,        /* spicecfg's own limit: libvirt has none, but needs quadratic time */
	SC_QEMUCONF_DEPTH_MAX = 16, /* spicecfg's own limit for lists in lists, which libvirt parses recursively without a limit */
};

enum sc_qemuconf_kind { SC_QEMUCONF_INT, SC_QEMUCONF_STRING, SC_QEMUCONF_LIST };

struct sc_qemuconf_value {
	enum sc_qemuconf_kind kind;
	bool negative;    /* INT: written with a '-', so that libvirt accepts it neither as a bool nor as an unsigned number */
	int64_t number;   /* INT; wraps on overflow, as in libvirt */
	const char *text; /* STRING */
	const struct sc_qemuconf_value *items; /* LIST: the first item, NULL when empty */
	const struct sc_qemuconf_value *next;  /* the next item of the list that contains this one */
};

/* A statement: an assignment, or a comment on its own. */
struct sc_qemuconf_entry {
	const char *key; /* NULL: a comment */
	struct sc_qemuconf_value value;
	size_t start;                  /* of the key, or of '#' */
	size_t value_start, value_end; /* of the value with its quotes */
	size_t end;                    /* the end of the value, or of the comment that follows it, without the end of the line */
	unsigned line, column;         /* of start, 1-based, the column in bytes */
	unsigned value_line, value_column;
	size_t next; /* the index of the next entry with this key; 0: none */
};

/*
 * Parses len bytes (copied); name is used in messages. SPICECFG_INPUT, with line and column, for what libvirt refuses, for NUL bytes, and
 * beyond the limits above. *out is NULL on failure; free it with sc_qemuconf_free().
 */
SPICECFG_CHECKED enum spicecfg_status sc_qemuconf_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
							struct sc_qemuconf **out);

/* Wipes and frees the document, which can be NULL. */
void sc_qemuconf_free(struct sc_qemuconf *doc);
static inline void sc_qemuconf_freep(struct sc_qemuconf **doc)
{
	sc_qemuconf_free(*doc);
}
#define SC_QEMUCONF __attribute__((cleanup(sc_qemuconf_freep))) struct sc_qemuconf

/* Returns the name that was given to sc_qemuconf_parse(). */
const char *sc_qemuconf_name(const struct sc_qemuconf *doc);

/* Returns a statement by its position, including edits made so far; NULL after the last. An edit invalidates all entries. */
const struct sc_qemuconf_entry *sc_qemuconf_at(const struct sc_qemuconf *doc, size_t index);

/* Returns the next assignment of key after the entry `after`, or NULL. With after NULL: the first one, which is the effective one. */
const struct sc_qemuconf_entry *sc_qemuconf_get(const struct sc_qemuconf *doc, const char *key, const struct sc_qemuconf_entry *after);

/* The effective value of key as text, as a switch (1 is on), as a number; fallback where it is not set, or not of that kind, and where doc
 * is NULL. The text is the document's, until the next edit. */
const char *sc_qemuconf_text(const struct sc_qemuconf *doc, const char *key, const char *fallback);
bool sc_qemuconf_switch(const struct sc_qemuconf *doc, const char *key, bool fallback);
int64_t sc_qemuconf_number(const struct sc_qemuconf *doc, const char *key, int64_t fallback);

/* Return the place of an entry's key, or of its value. */
struct sc_where sc_qemuconf_where(const struct sc_qemuconf *doc, const struct sc_qemuconf_entry *entry);
struct sc_where sc_qemuconf_where_value(const struct sc_qemuconf *doc, const struct sc_qemuconf_entry *entry);

/* Returns true when both values are the same to libvirt, although they can be written differently. */
bool sc_qemuconf_same(const struct sc_qemuconf_value *a, const struct sc_qemuconf_value *b);

/*
 * Appends a value as it is written in the file. quote: the preferred quote, '"' or '\''. Returns false when a string can't be quoted: it
 * contains both kinds of quote, and """ or a '"' at its end.
 */
bool sc_qemuconf_format(const struct sc_qemuconf_value *value, char quote, struct sc_buf *out);

/*
 * Makes value the effective one. Changes nothing when it is already. Otherwise replaces the value of the first assignment, or, when there
 * is none, adds a line after the commented-out default of the key, else at the end of the file. SPICECFG_USAGE when the value can't be
 * quoted, SPICECFG_SYSTEM when memory runs out; the document is unchanged then.
 */
SPICECFG_CHECKED enum spicecfg_status sc_qemuconf_set(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, const char *key,
						      const struct sc_qemuconf_value *value);

/* Removes all assignments of key with their lines, since a shadowed one would take effect otherwise. Does nothing when there is none. */
SPICECFG_CHECKED enum spicecfg_status sc_qemuconf_unset(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, const char *key);

/* Returns the bytes with the edits. They belong to the document and are valid until the next edit. */
const char *sc_qemuconf_bytes(const struct sc_qemuconf *doc, size_t *len);

/* Returns true when an edit has changed a byte. */
bool sc_qemuconf_changed(const struct sc_qemuconf *doc);

/*
 * Appends the document, in which "***" replaces the values of keys for which secret() returns true, in comments as well. The number of
 * lines is kept.
 */
void sc_qemuconf_mask(const struct sc_qemuconf *doc, bool (*secret)(const char *key), struct sc_buf *out);

#endif

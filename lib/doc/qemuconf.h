/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A lossless qemu.conf: the grammar of libvirt's src/util/virconf.c, byte spans of every statement, and edits that splice the original
 * bytes. Zero edits give back the same bytes. Every assignment of a key is kept; the first one is the one that libvirt uses.
 */
#ifndef SC_DOC_QEMUCONF_H
#define SC_DOC_QEMUCONF_H

#include "base/buf.h"
#include "base/ctx.h"

struct sc_qemuconf;

enum {
	SC_QEMUCONF_SIZE_MAX = 10 * 1024 * 1024, /* MAX_CONFIG_FILE_SIZE of virconf.c */
	SC_QEMUCONF_ENTRIES_MAX = 100000,        /* ours: libvirt has none, but takes quadratic time */
	SC_QEMUCONF_DEPTH_MAX = 16,              /* ours: lists in lists, which libvirt parses by recursion without a limit */
};

enum sc_qemuconf_kind { SC_QEMUCONF_INT, SC_QEMUCONF_STRING, SC_QEMUCONF_LIST };

struct sc_qemuconf_value {
	enum sc_qemuconf_kind kind;
	bool negative;                         /* INT: written with a '-': libvirt takes it for no bool and no unsigned number */
	int64_t number;                        /* INT; wraps on overflow, as in libvirt */
	const char *text;                      /* STRING */
	const struct sc_qemuconf_value *items; /* LIST: the first item, NULL when empty */
	const struct sc_qemuconf_value *next;  /* the next item of the list that this one is in */
};

/* A statement: an assignment, or a comment that stands for itself. */
struct sc_qemuconf_entry {
	const char *key; /* NULL: a comment */
	struct sc_qemuconf_value value;
	size_t start;                  /* of the key, or of '#' */
	size_t value_start, value_end; /* of the value with its quotes */
	size_t end;                    /* behind the value or the comment that follows it; the end of the line is not in it */
	unsigned line, column;         /* of start, 1-based, columns in bytes */
	unsigned value_line, value_column;
	size_t next; /* the index of the next with this key; 0: none */
};

/*
 * Parses len bytes (copied); name is used in messages. Refuses what libvirt refuses, and NUL bytes, more than the limits above:
 * SPICECFG_INPUT with line and column. *out is NULL on failure; free it with sc_qemuconf_free().
 */
SPICECFG_CHECKED enum spicecfg_status sc_qemuconf_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
							struct sc_qemuconf **out);

/* Wipes and frees; takes NULL. */
void sc_qemuconf_free(struct sc_qemuconf *doc);
static inline void sc_qemuconf_freep(struct sc_qemuconf **doc)
{
	sc_qemuconf_free(*doc);
}
#define SC_QEMUCONF __attribute__((cleanup(sc_qemuconf_freep))) struct sc_qemuconf

/* The name given at parse time. */
const char *sc_qemuconf_name(const struct sc_qemuconf *doc);

/* All statements in order, with the edits made so far; NULL behind the last. An edit ends the life of entries. */
const struct sc_qemuconf_entry *sc_qemuconf_at(const struct sc_qemuconf *doc, size_t index);

/* The first assignment of key behind entry after (NULL: from the start), NULL when there is none. Behind NULL stands the effective one. */
const struct sc_qemuconf_entry *sc_qemuconf_get(const struct sc_qemuconf *doc, const char *key, const struct sc_qemuconf_entry *after);

/* Where an entry's key, or its value, stands. */
struct sc_where sc_qemuconf_where(const struct sc_qemuconf *doc, const struct sc_qemuconf_entry *entry);
struct sc_where sc_qemuconf_where_value(const struct sc_qemuconf *doc, const struct sc_qemuconf_entry *entry);

/* True when both are the same to libvirt, however they are written. */
bool sc_qemuconf_same(const struct sc_qemuconf_value *a, const struct sc_qemuconf_value *b);

/* Appends the value as it is written in the file; quote is the kind of quote that is preferred, '"' or '\''. False when no quotes can hold
 * a string (both kinds in it and """ or '"' at its end; a NUL can't be in it). */
bool sc_qemuconf_format(const struct sc_qemuconf_value *value, char quote, struct sc_buf *out);

/*
 * Makes value the effective one. Nothing changes when it already is. Else the value of the first assignment is replaced, and nothing else;
 * without one a line is added behind the commented-out default of the key, else at the end of the file.
 * SPICECFG_USAGE when no quotes can hold the value, SPICECFG_SYSTEM when memory is short.
 */
SPICECFG_CHECKED enum spicecfg_status sc_qemuconf_set(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, const char *key,
						      const struct sc_qemuconf_value *value);

/* Removes all assignments of key with their lines (a shadowed one would come alive otherwise); fine when there is none. */
SPICECFG_CHECKED enum spicecfg_status sc_qemuconf_unset(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, const char *key);

/* The document with its edits; owned by the document until the next edit. */
const char *sc_qemuconf_bytes(const struct sc_qemuconf *doc, size_t *len);

/* True when an edit changed a byte. */
bool sc_qemuconf_changed(const struct sc_qemuconf *doc);

/*
 * Appends the document with the values of assignments that secret() names as "***"; comments in which such a key is assigned are masked
 * too. Lines stay lines.
 */
void sc_qemuconf_mask(const struct sc_qemuconf *doc, bool (*secret)(const char *key), struct sc_buf *out);

#endif

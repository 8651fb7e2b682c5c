/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A scanner for INI files. Unlike iniparser it knows lines and columns, and refuses what iniparser would silently change or drop.
 */
#ifndef SC_DOC_INI_H
#define SC_DOC_INI_H

#include "base/arena.h"
#include "base/ctx.h"

struct sc_ini_entry {
	const char *section; /* in lower case, as iniparser returns it; unique */
	const char *key;     /* in lower case; unique within its section */
	const char *value;   /* without quotes and comment */
	unsigned line;
	unsigned column;       /* of the key */
	unsigned value_column; /* of the value's first byte */
};

struct sc_ini_section {
	const char *name;
	unsigned line;
	unsigned column; /* of the bracket */
};

struct sc_ini {
	struct sc_ini_entry *entries;
	size_t count;
	struct sc_ini_section *sections; /* including empty ones */
	size_t n_sections;
};

/*
 * Scans len bytes. A line is blank, a comment (it begins with # or ;), [section], or key = value. A value can be quoted ("…" or '…',
 * without that quote inside), and followed by a comment with a space before its # or ;. So can a section. name is used in messages. The
 * result is allocated in memory. SPICECFG_INPUT, with line and column: keys outside of sections, duplicate sections and keys (ignoring
 * case), unquoted values that contain # or ;, unclosed quotes, text after quotes or a section name, a backslash at the end of a line, lines
 * of more than 1,000 bytes, control characters, and names with other characters than letters, digits and . _ - *.
 */
SPICECFG_CHECKED enum spicecfg_status sc_ini_scan(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
						  struct sc_arena *memory, struct sc_ini *out);

/* Returns an entry, or NULL when it is missing. section and key must be in lower case. */
const struct sc_ini_entry *sc_ini_find(const struct sc_ini *ini, const char *section, const char *key);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The scan that guards INI files: it knows lines and columns, which iniparser does not, and refuses what iniparser would bend or drop in
 * silence.
 */
#ifndef SC_DOC_INI_H
#define SC_DOC_INI_H

#include "base/arena.h"
#include "base/ctx.h"

struct sc_ini_entry {
	const char *section; /* in lower case, as iniparser has it; a section stands once */
	const char *key;     /* in lower case; a key stands once in its section */
	const char *value;   /* quotes and comment taken off */
	unsigned line;
	unsigned column;       /* of the key */
	unsigned value_column; /* of the value's first byte */
};

struct sc_ini_section {
	const char *name;
	unsigned line;
};

struct sc_ini {
	struct sc_ini_entry *entries;
	size_t count, size;
	struct sc_ini_section *sections; /* empty ones too */
	size_t n_sections, size_sections;
};

/*
 * Scans len bytes. Lines are: blank, comments (# or ; in front), [section], key = value. Values may be quoted ("…" or '…', without their
 * own quote inside); behind a value a comment may follow, with a space before its ; or #.
 * Refuses with SPICECFG_INPUT, line and column: keys outside of sections, sections and keys that stand twice (also in another case),
 * unquoted values with # or ; inside, unclosed quotes, text behind quotes or a section's name, a backslash at the end of a line, lines of
 * more than 1,000 bytes, control characters, names with other characters than letters, digits and . _ - *. Strings live in memory.
 */
SPICECFG_CHECKED enum spicecfg_status sc_ini_scan(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
						  struct sc_arena *memory, struct sc_ini *out);

/* The entry, or NULL; section and key in lower case. */
const struct sc_ini_entry *sc_ini_find(const struct sc_ini *ini, const char *section, const char *key);

#endif

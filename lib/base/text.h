/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Helpers for text and paths. */
#ifndef SC_BASE_TEXT_H
#define SC_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include <stdint.h>

/* Decodes the UTF-8 character at p. Returns its length in bytes, or 0 when it is malformed. Does not read beyond a NUL. */
unsigned sc_utf8_get(const char *p, uint32_t *c);
/* Encodes c as UTF-8. Returns its length in bytes. */
unsigned sc_utf8_put(uint32_t c, char out[static 4]);

/* Returns true for control characters, including those from 0x80 to 0x9f, which terminals obey as well. */
bool sc_text_is_control(uint32_t c);
/* Returns true for invisible characters that change the direction of text, so that a line would be displayed in another order. */
bool sc_text_is_trick(uint32_t c);
/* Returns the width of a character in terminal columns: 0, 1 or 2. */
unsigned sc_text_columns(uint32_t c);

/* Returns true when the bytes are UTF-8 without control characters, so that an XML attribute or a line of a report can contain them. */
bool sc_text_is_printable(const char *text, size_t len);
/* Whether it is UTF-8 that reports print as it is: no control characters, none that change the direction, no mark of a CI runner ("##[").
 */
bool sc_text_is_shown(const char *text);

/*
 * Appends text as part of a line: control characters, newlines, characters that change the direction of text, and bytes that are not UTF-8
 * become U+FFFD. A failed allocation sets out->failed.
 */
void sc_text_add_line(const char *text, struct sc_buf *out);

/*
 * Appends an absolute path with single slashes, without "." and without a trailing slash ("/" becomes ""). Returns false when the path
 * contains "..", because its directories are examined one by one. A failed allocation sets out->failed.
 */
bool sc_path_normal(const char *path, struct sc_buf *out);

/* Compares like strcmp(); NULL sorts before all strings. */
int sc_text_compare(const char *a, const char *b);

/* True when text is word; NULL is none. */
bool sc_text_is(const char *text, const char *word);

/* True when text begins with, or ends with, the part. To end with it, text has to be longer than the part: ".xml" does not end with ".xml".
 */
bool sc_text_begins(const char *text, const char *part);
bool sc_text_ends(const char *text, const char *part);

/* Compares a word of len bytes, which can contain NULs, with a name, in the order of strcmp(). */
int sc_text_compare_word(const char *word, size_t len, const char *name);

/* Returns true when path is dir (without a trailing slash) or below it. Only the strings are compared. */
bool sc_path_below(const char *path, const char *dir);

#endif

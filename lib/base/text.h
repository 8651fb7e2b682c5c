/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions about text and paths. */
#ifndef SC_BASE_TEXT_H
#define SC_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include <stdint.h>

/* Reads one UTF-8 character at p; its length, or 0 when it is malformed. Stops at a NUL. */
unsigned sc_utf8_get(const char *p, uint32_t *c);
/* Writes c as UTF-8; its length. */
unsigned sc_utf8_put(uint32_t c, char out[static 4]);

/* Control characters, those of Unicode's second block (0x80 to 0x9f) too: terminals obey both. */
bool sc_text_is_control(uint32_t c);
/* Characters that are not seen and turn the direction of what is: a line would not read as it is. */
bool sc_text_is_trick(uint32_t c);
/* Columns of a terminal that a character takes: 0, 1 or 2. */
unsigned sc_text_columns(uint32_t c);

/* True when the bytes are UTF-8 without control characters: what an XML attribute and a line of a report can hold as it is. */
bool sc_text_is_printable(const char *text, size_t len);

/* Appends text as a part of one line: control characters, line ends too, those that turn the direction of writing and bytes that are no
 * UTF-8 become U+FFFD. A failed allocation sticks in out. */
void sc_text_add_line(const char *text, struct sc_buf *out);

/*
 * Appends an absolute path with single slashes, without "." and without a slash at its end ("/" is ""). False where it goes up (".."):
 * its directories are looked at one by one. A failed allocation sticks in out.
 */
bool sc_path_normal(const char *path, struct sc_buf *out);

/* As strcmp(); NULL comes before all text. */
int sc_text_compare(const char *a, const char *b);

/* A word of len bytes, which may hold NULs, against a name, in the order of strcmp(). */
int sc_text_compare_word(const char *word, size_t len, const char *name);

/* True when path is dir (no slash at its end) or lies below it, by their letters. */
bool sc_path_below(const char *path, const char *dir);

#endif

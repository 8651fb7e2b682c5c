/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text files of lines, edited by splices: what the small configuration formats share. */
#ifndef SC_DOC_LINES_H
#define SC_DOC_LINES_H

#include "base/buf.h"

/* A line in a text: offsets of its first byte, behind its last byte (without the line end), and of the next line. */
struct sc_line {
	size_t start, end, next;
	unsigned number; /* 1-based; 0 before the first call */
};

/* Goes to the next line; begin with a zeroed *line. False behind the last. */
bool sc_line_next(const struct sc_buf *text, struct sc_line *line);

/* Replaces remove bytes at offset at by len bytes of insert. A failed allocation sticks in text->failed. */
void sc_lines_splice(struct sc_buf *text, size_t at, size_t remove, const char *insert, size_t len);

/* Inserts a whole line before offset at (the start of a line, or the end of the text). newline: its line end, NULL: the one that the text
 * uses. */
void sc_lines_insert(struct sc_buf *text, size_t at, const char *line, const char *newline);

/* Offset of the first byte in from..end that is neither blank nor tab. */
size_t sc_lines_skip(const struct sc_buf *text, size_t from, size_t end);

/*
 * True when the line is "key" commented out ("#key:", "# key ="): '#', blanks, the key (letter case ignored), blanks, separator.
 */
bool sc_lines_commented(const struct sc_buf *text, const struct sc_line *line, const char *key, char separator);

#endif

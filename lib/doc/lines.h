/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text files that consist of lines, edited by splices. Used by the small configuration formats. */
#ifndef SC_DOC_LINES_H
#define SC_DOC_LINES_H

#include "base/buf.h"

/* A line in a text: the offsets of its first byte, of its end (without the newline), and of the next line. */
struct sc_line {
	size_t start, end, next;
	unsigned number; /* 1-based; 0 before the first call */
};

/* Advances to the next line. *line must be zeroed before the first call. Returns false after the last line. */
bool sc_line_next(const struct sc_buf *text, struct sc_line *line);

/* Replaces remove bytes at offset at with len bytes of insert. A failed allocation sets text->failed. */
void sc_lines_splice(struct sc_buf *text, size_t at, size_t remove, const char *insert, size_t len);

/* Inserts a line at offset at, which must be the start of a line or the end of the text. newline: its line end; NULL: that of the text. */
void sc_lines_insert(struct sc_buf *text, size_t at, const char *line, const char *newline);

/* Returns the offset of the first byte in [from, end) that is neither a space nor a tab; end when there is none. */
size_t sc_lines_skip(const struct sc_buf *text, size_t from, size_t end);

/*
 * Returns true when the line is a commented-out assignment of key ("#key:", "# key ="): '#', blanks, the key (ignoring case), blanks,
 * separator.
 */
bool sc_lines_commented(const struct sc_buf *text, const struct sc_line *line, const char *key, char separator);

#endif

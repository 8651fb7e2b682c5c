/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists that public calls return: rows of one size in memory of their own, read by index. */
#ifndef SC_BASE_ROWS_H
#define SC_BASE_ROWS_H

#include <stdbool.h>

#include "base/arena.h"

/* Begin with zeros; free with sc_rows_free(). */
struct sc_rows {
	struct sc_arena *memory; /* of the rows and their strings */
	void *items;
	size_t count;
	bool failed; /* memory was short: the list is incomplete */
};

/*
 * A new row of size bytes, the same for all rows, filled with zeros. It is valid until the next one is added; NULL and failed when memory
 * is short.
 */
void *sc_rows_add(struct sc_rows *rows, size_t size);

/* A copy of the text in the rows' memory; NULL when text is NULL, or memory is short (failed). */
const char *sc_rows_text(struct sc_rows *rows, const char *text);

/* The row at index; NULL after the last. */
const void *sc_rows_get(const struct sc_rows *rows, size_t index, size_t size);

void sc_rows_free(struct sc_rows *rows);

#endif

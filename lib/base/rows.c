/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/rows.h"

#include <string.h>

#include "base/grow.h"

void *sc_rows_add(struct sc_rows *rows, size_t size)
{
	if (!rows->memory)
		rows->memory = sc_arena_new();
	void *items = rows->memory ? sc_arena_grow(rows->memory, rows->items, rows->count, size) : NULL;

	if (!items) {
		rows->failed = true;
		return NULL;
	}
	rows->items = items;
	return memset((char *)items + rows->count++ * size, 0, size);
}

const char *sc_rows_text(struct sc_rows *rows, const char *text)
{
	const char *copy = text && rows->memory ? sc_arena_strdup(rows->memory, text) : NULL;

	rows->failed |= text && !copy;
	return copy;
}

const void *sc_rows_get(const struct sc_rows *rows, size_t index, size_t size)
{
	return index < rows->count ? (const char *)rows->items + index * size : NULL;
}

void sc_rows_free(struct sc_rows *rows)
{
	sc_arena_free(rows->memory);
	*rows = (struct sc_rows){0};
}

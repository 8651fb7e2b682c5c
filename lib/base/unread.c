/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/unread.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/grow.h"
#include "base/table.h"

struct sc_unread {
	struct sc_arena *memory;
	struct sc_table known; /* value: the reason of the row */
	struct sc_unread_row *rows;
	size_t count, given;
	enum spicecfg_status stop;
};

struct sc_unread *sc_unread_new(void)
{
	return calloc(1, sizeof(struct sc_unread));
}

void sc_unread_clear(struct sc_unread *list)
{
	sc_table_free(&list->known);
	sc_arena_free(list->memory);
	free(list->rows);
	*list = (struct sc_unread){.known = SC_TABLE_INIT};
}

void sc_unread_free(struct sc_unread *list)
{
	if (list)
		sc_unread_clear(list);
	free(list);
}

static bool add(struct sc_unread *list, const char *path, const char *why)
{
	if (!list->memory && !(list->memory = sc_arena_new()))
		return false;
	struct sc_unread_row *rows = sc_grow(list->rows, list->count, sizeof(*rows));

	if (!rows)
		return false;
	list->rows = rows;
	const struct sc_unread_row row = {sc_arena_strdup(list->memory, path), sc_arena_strdup(list->memory, why)};
	struct sc_table_entry *entry = row.path && row.why ? sc_table_add_text(&list->known, row.path) : NULL;
	if (!entry)
		return false;
	entry->value = row.why;
	list->rows[list->count++] = row;
	return true;
}

void sc_unread_add(struct sc_unread *list, const char *path, const char *why)
{
	if (!sc_table_find_text(&list->known, path) && !add(list, path, why))
		sc_unread_stop(list, SPICECFG_SYSTEM);
}

void sc_unread_stop(struct sc_unread *list, enum spicecfg_status why)
{
	if (!list->stop)
		list->stop = why;
}

enum spicecfg_status sc_unread_stopped(const struct sc_unread *list)
{
	return list->stop;
}

const struct sc_unread_row *sc_unread_rows(const struct sc_unread *list, size_t *count)
{
	*count = list->count;
	return list->rows;
}

const struct sc_unread_row *sc_unread_next(struct sc_unread *list)
{
	return list->given < list->count ? &list->rows[list->given++] : NULL;
}

const char *sc_unread_why(const struct sc_unread *list, const char *path)
{
	const struct sc_table_entry *entry = sc_table_find_text(&list->known, path);

	return entry ? entry->value : NULL;
}

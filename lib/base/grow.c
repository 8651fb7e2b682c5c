/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/grow.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 8 };

/* True when an array of count elements has no room; *room is how many it then gets. */
static bool is_full(size_t count, size_t *room)
{
	*room = count ? count * 2 : FIRST;
	return !count || (count >= FIRST && (count & (count - 1)) == 0);
}

void *sc_grow(void *items, size_t count, size_t item)
{
	size_t room;

	return is_full(count, &room) ? reallocarray(items, room, item) : items;
}

void *sc_arena_grow(struct sc_arena *arena, void *items, size_t count, size_t item)
{
	size_t room;

	if (!is_full(count, &room))
		return items;
	void *more = room <= SIZE_MAX / item ? sc_arena_alloc(arena, room * item) : NULL;
	if (more && count)
		memcpy(more, items, count * item);
	return more;
}

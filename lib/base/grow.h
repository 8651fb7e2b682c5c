/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arrays that grow by one element at a time. Their room follows from their length: it is the next power of two, and at least 8. An array
 * begins as NULL with no elements, and may lose elements at its end.
 */
#ifndef SC_BASE_GROW_H
#define SC_BASE_GROW_H

#include "base/arena.h"

/* The array of count elements of item bytes each, moved where it had no room, with room for one more; NULL when memory is short: the old
 * array is as it was. For free(). */
void *sc_grow(void *items, size_t count, size_t item);

/* The same in arena, which keeps the old array too. New room is zeroed. */
void *sc_arena_grow(struct sc_arena *arena, void *items, size_t count, size_t item);

#endif

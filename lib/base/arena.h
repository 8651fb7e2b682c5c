/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is wiped and freed as a whole. Documents and errors own an arena each. */
#ifndef SC_BASE_ARENA_H
#define SC_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct sc_arena;

/* Makes an arena, to be freed with sc_arena_free(). NULL when memory runs out. */
struct sc_arena *sc_arena_new(void);

/* Wipes and frees everything that was allocated from the arena, which can be NULL. */
void sc_arena_free(struct sc_arena *arena);
static inline void sc_arena_freep(struct sc_arena **arena)
{
	sc_arena_free(*arena);
}

/* Wipes and frees what was allocated if it is so large that nothing shares its block; else does nothing. */
void sc_arena_drop(struct sc_arena *arena, const void *memory);

/* Allocates size zeroed bytes, aligned for any object. NULL when memory runs out. */
void *sc_arena_alloc(struct sc_arena *arena, size_t size);

/* Copy len bytes, or a string, and append a NUL. NULL when text is NULL or memory runs out. */
char *sc_arena_strndup(struct sc_arena *arena, const char *text, size_t len);
char *sc_arena_strdup(struct sc_arena *arena, const char *text);
/* Format a string as printf() does. NULL when memory runs out. */
char *sc_arena_printf(struct sc_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *sc_arena_vprintf(struct sc_arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#endif

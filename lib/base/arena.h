/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is freed, and wiped, in one go: documents and errors own one each. */
#ifndef SC_BASE_ARENA_H
#define SC_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct sc_arena;

/* NULL when memory is short. */
struct sc_arena *sc_arena_new(void);

/* Wipes and frees everything that was taken from it; takes NULL. */
void sc_arena_free(struct sc_arena *arena);
static inline void sc_arena_freep(struct sc_arena **arena)
{
	sc_arena_free(*arena);
}

/* size zeroed bytes, aligned for any object; NULL when memory is short. */
void *sc_arena_alloc(struct sc_arena *arena, size_t size);

/* Copies of len bytes, or of a string, with a NUL behind; NULL when memory is short or text is NULL. */
char *sc_arena_strndup(struct sc_arena *arena, const char *text, size_t len);
char *sc_arena_strdup(struct sc_arena *arena, const char *text);
char *sc_arena_printf(struct sc_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *sc_arena_vprintf(struct sc_arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#endif

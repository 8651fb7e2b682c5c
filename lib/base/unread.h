/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of the host could not be read, and why: kept with the context until a verb reports it, so that no gatherer passes over it. */
#ifndef SC_BASE_UNREAD_H
#define SC_BASE_UNREAD_H

#include <spicecfg/base.h>
#include <stdbool.h>
#include <stddef.h>

struct sc_unread;

struct sc_unread_row {
	const char *path, *why;
};

/* NULL when memory is short. */
struct sc_unread *sc_unread_new(void);
void sc_unread_free(struct sc_unread *list);

/* Adds a path, once: the first reason stays. The strings are copied. Where memory is short the list is stopped. */
void sc_unread_add(struct sc_unread *list, const char *path, const char *why);

/* What nothing goes on after: SPICECFG_SYSTEM (memory was short), SPICECFG_INTERRUPTED. It sticks. */
void sc_unread_stop(struct sc_unread *list, enum spicecfg_status why);
/* SPICECFG_OK: it was not stopped. */
enum spicecfg_status sc_unread_stopped(const struct sc_unread *list);

/* Forgets all of it. */
void sc_unread_clear(struct sc_unread *list);

/* The rows, in the order in which they were added. */
const struct sc_unread_row *sc_unread_rows(const struct sc_unread *list, size_t *count);
/* The first row that this did not give yet, and so each once; NULL: there is none. */
const struct sc_unread_row *sc_unread_next(struct sc_unread *list);
/* Why the path could not be read; NULL: it is not in the list. */
const char *sc_unread_why(const struct sc_unread *list, const char *path);

#endif

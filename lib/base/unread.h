/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of the host that could not be read, and why. The context keeps the list until a verb reports it, so that none is ignored. */
#ifndef SC_BASE_UNREAD_H
#define SC_BASE_UNREAD_H

#include <spicecfg/base.h>
#include <stdbool.h>
#include <stddef.h>

struct sc_unread;

struct sc_unread_row {
	const char *path, *why;
};

/* Makes an empty list, to be freed with sc_unread_free(). NULL when memory runs out. */
struct sc_unread *sc_unread_new(void);
void sc_unread_free(struct sc_unread *list);

/* Adds a path with a reason (copied). A path that is in the list already keeps its reason. Stops the list when memory runs out. */
void sc_unread_add(struct sc_unread *list, const char *path, const char *why);

/* Stops the list, because the verb has to end: SPICECFG_SYSTEM (memory ran out) or SPICECFG_INTERRUPTED. The first reason is kept. */
void sc_unread_stop(struct sc_unread *list, enum spicecfg_status why);
/* Returns why the list was stopped; SPICECFG_OK: it was not. */
enum spicecfg_status sc_unread_stopped(const struct sc_unread *list);

/* Empties the list. */
void sc_unread_clear(struct sc_unread *list);

/* Returns the rows in the order in which they were added, and their number in *count. They belong to the list. */
const struct sc_unread_row *sc_unread_rows(const struct sc_unread *list, size_t *count);
/* Returns the first row that this function has not returned yet, so that each is returned once; NULL after the last. */
const struct sc_unread_row *sc_unread_next(struct sc_unread *list);
/* Returns why a path could not be read; NULL when it is not in the list. */
const char *sc_unread_why(const struct sc_unread *list, const char *path);

#endif

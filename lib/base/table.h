/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A table of what was seen before, by text or number. A search takes logarithmic time for any keys, so that no input can make it slow.
 */
#ifndef SC_BASE_TABLE_H
#define SC_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* An entry. value and times are for the caller and are initially 0. */
struct sc_table_entry {
	const void *key;
	size_t len;
	const void *value;
	size_t times;
};

/* To be initialized with SC_TABLE_INIT. */
struct sc_table {
	void *root;
	bool failed; /* memory ran out: sc_table_add() returned NULL */
};

#define SC_TABLE_INIT                                                                                                                      \
	{                                                                                                                                  \
		NULL, false                                                                                                                \
	}

/*
 * Returns the entry of a key of len bytes, and makes it when it is missing. The key is not copied: it must outlive the table. NULL when
 * memory runs out, which sets table->failed.
 */
struct sc_table_entry *sc_table_add(struct sc_table *table, const void *key, size_t len);
/* Returns the entry of a key of len bytes, or NULL when it is missing. */
struct sc_table_entry *sc_table_find(const struct sc_table *table, const void *key, size_t len);

/* The same for a string (not copied), and for a number (copied). */
struct sc_table_entry *sc_table_add_text(struct sc_table *table, const char *text);
struct sc_table_entry *sc_table_find_text(const struct sc_table *table, const char *text);
struct sc_table_entry *sc_table_add_number(struct sc_table *table, long long number);
struct sc_table_entry *sc_table_find_number(const struct sc_table *table, long long number);

/* Frees the entries, but not what they point to. */
void sc_table_free(struct sc_table *table);
#define SC_TABLE __attribute__((cleanup(sc_table_free))) struct sc_table

#endif

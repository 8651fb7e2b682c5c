/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was seen before: a table by text or number. A search costs the logarithm of the size, whatever the keys are, so that no input can
 * make it slow.
 */
#ifndef SC_BASE_TABLE_H
#define SC_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* One key. value and times belong to the caller; both begin with 0. */
struct sc_table_entry {
	const void *key;
	size_t len;
	const void *value;
	size_t times;
};

/* Begin with SC_TABLE_INIT. */
struct sc_table {
	void *root;
	bool failed; /* memory was short: sc_table_add() gave NULL */
};

#define SC_TABLE_INIT                                                                                                                      \
	{                                                                                                                                  \
		NULL, false                                                                                                                \
	}

/* The entry of a key of len bytes, made when there is none; NULL when memory is short (recorded in table). The key is not copied: it has to
 * outlive the table. */
struct sc_table_entry *sc_table_add(struct sc_table *table, const void *key, size_t len);
/* The same, NULL when there is none. */
struct sc_table_entry *sc_table_find(const struct sc_table *table, const void *key, size_t len);

/* The same for a text, and for a number. */
struct sc_table_entry *sc_table_add_text(struct sc_table *table, const char *text);
struct sc_table_entry *sc_table_find_text(const struct sc_table *table, const char *text);
struct sc_table_entry *sc_table_add_number(struct sc_table *table, long long number);
struct sc_table_entry *sc_table_find_number(const struct sc_table *table, long long number);

/* Frees the entries, not what they point to. */
void sc_table_free(struct sc_table *table);
#define SC_TABLE __attribute__((cleanup(sc_table_free))) struct sc_table

#endif

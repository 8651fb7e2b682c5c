/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/table.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* number: the storage of a key that is a number. */
struct node {
	struct sc_table_entry entry;
	long long number;
};

static int compare(const void *a, const void *b)
{
	const struct sc_table_entry *x = a, *y = b;

	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return x->len ? memcmp(x->key, y->key, x->len) : 0;
}

static struct node *add(struct sc_table *table, const void *key, size_t len)
{
	struct sc_table_entry *known = sc_table_find(table, key, len);
	struct node *node = known ? (struct node *)known : calloc(1, sizeof(*node));

	if (known)
		return node;
	if (node) {
		node->entry.key = key;
		node->entry.len = len;
	}
	if (!node || !tsearch(&node->entry, &table->root, compare)) {
		table->failed = true;
		free(node);
		return NULL;
	}
	return node;
}

struct sc_table_entry *sc_table_add(struct sc_table *table, const void *key, size_t len)
{
	struct node *node = add(table, key, len);

	return node ? &node->entry : NULL;
}

struct sc_table_entry *sc_table_find(const struct sc_table *table, const void *key, size_t len)
{
	const struct sc_table_entry wanted = {.key = key, .len = len};
	void *const *found = tfind(&wanted, &table->root, compare);

	return found ? *found : NULL;
}

struct sc_table_entry *sc_table_add_text(struct sc_table *table, const char *text)
{
	return sc_table_add(table, text, strlen(text));
}

struct sc_table_entry *sc_table_find_text(const struct sc_table *table, const char *text)
{
	return sc_table_find(table, text, strlen(text));
}

struct sc_table_entry *sc_table_add_number(struct sc_table *table, long long number)
{
	struct node *node = add(table, &number, sizeof(number));

	if (!node)
		return NULL;
	node->number = number;
	node->entry.key = &node->number;
	return &node->entry;
}

struct sc_table_entry *sc_table_find_number(const struct sc_table *table, long long number)
{
	return sc_table_find(table, &number, sizeof(number));
}

void sc_table_free(struct sc_table *table)
{
	tdestroy(table->root, free);
	*table = (struct sc_table)SC_TABLE_INIT;
}

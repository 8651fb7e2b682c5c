/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "trial_writes.h"

#include <stdlib.h>
#include <string.h>

/* That are compared: more are those of a hostile definition. */
enum { WRITES = 512 };

static void add(struct cli_writes *writes, const char *path, const char *value)
{
	struct cli_write *items = reallocarray(writes->items, writes->n + 1, sizeof(*items));

	if (!items)
		return;
	writes->items = items;
	const struct cli_write one = {strdup(path), value ? strdup(value) : NULL};
	if (one.path && (one.value || !value)) {
		items[writes->n++] = one;
		return;
	}
	free(one.path);
	free(one.value);
}

/* A change names a domain as domain:NAME, and a file by its path. */
static bool is_of(const struct spicecfg_change *change, const char *word)
{
	const char *file = strncmp(word, "file:", 5) == 0 ? word + 5 : word;

	return strcmp(change->document, file) == 0;
}

void cli_writes_add(struct cli_writes *writes, const struct spicecfg_plan *plan, const char *word)
{
	const struct spicecfg_change *change;

	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)) && writes->n < WRITES; i++)
		if (*change->path && is_of(change, word))
			add(writes, change->path, change->to);
}

void cli_writes_join(struct cli_writes *writes, const struct cli_writes *others)
{
	for (size_t i = 0; i < others->n && writes->n < WRITES; i++)
		add(writes, others->items[i].path, others->items[i].value);
}

/* Whether type is that of an element, and other gives it another attribute: what that means depends on the type. */
static bool retypes(const struct cli_write *type, const struct cli_write *other)
{
	static const char suffix[] = "@type";
	const size_t len = strlen(type->path), end = sizeof(suffix) - 1;

	return other->value && len > end && strcmp(type->path + len - end, suffix) == 0 &&
	       strncmp(type->path, other->path, len - end + 1) == 0;
}

static bool clash(const struct cli_write *a, const struct cli_write *b)
{
	if (strcmp(a->path, b->path) != 0)
		return retypes(a, b) || retypes(b, a);
	return a->value != b->value && (!a->value || !b->value || strcmp(a->value, b->value) != 0);
}

const char *cli_writes_clash(const struct cli_writes *writes, const struct cli_writes *others)
{
	for (size_t i = 0; i < writes->n; i++)
		for (size_t j = 0; j < others->n; j++)
			if (clash(&writes->items[i], &others->items[j]))
				return writes->items[i].path;
	return NULL;
}

void cli_writes_free(struct cli_writes *writes)
{
	for (size_t i = 0; i < writes->n; i++) {
		free(writes->items[i].path);
		free(writes->items[i].value);
	}
	free(writes->items);
	*writes = (struct cli_writes){NULL, 0};
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "trial_writes.h"

#include <stdlib.h>
#include <string.h>

/* That are compared: more are those of a hostile definition. */
enum { WRITES = 512 };

static void add(struct cli_writes *writes, const char *path, const char *value, bool whole)
{
	struct cli_write *items = reallocarray(writes->items, writes->n + 1, sizeof(*items));

	if (!items)
		return;
	writes->items = items;
	const struct cli_write one = {strdup(path), value ? strdup(value) : NULL, whole};
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

void cli_writes_join(struct cli_writes *writes, const struct cli_writes *others)
{
	for (size_t i = 0; i < others->n && writes->n < WRITES; i++)
		add(writes, others->items[i].path, others->items[i].value, others->items[i].whole);
}

/* The length of the element's path in a word such as "/domain/devices/audio[1]=default"; 0: the word removes no element. */
static size_t removed_element(const char *word)
{
	const char *sign = *word == '/' ? strrchr(word, '=') : NULL;

	return sign && strcmp(sign, "=default") == 0 && !memchr(word, '@', (size_t)(sign - word)) ? (size_t)(sign - word) : 0;
}

/* Whether a change is within that element; commands can count the elements of a name as well: "[1of2]". */
static bool is_within(const char *path, const char *element, size_t len)
{
	for (const char *end = element + len; element < end; element++, path++) {
		if (strncmp(element, "of", 2) == 0 && *path == ']')
			element += strcspn(element, "]");
		if (*path != *element)
			return false;
	}
	return *path == '/';
}

/* Marks what the commands remove with its element: after such a command nothing is left that another one could be about. */
static void mark(struct cli_writes *writes, char ***commands)
{
	for (; *commands; commands++)
		for (char **word = *commands; *word; word++) {
			const size_t len = removed_element(*word);

			for (size_t i = 0; len && i < writes->n; i++)
				writes->items[i].whole |= is_within(writes->items[i].path, *word, len);
		}
}

void cli_writes_add(struct cli_writes *writes, const struct spicecfg_plan *plan, const char *word, char ***commands)
{
	const struct spicecfg_change *change;

	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)) && writes->n < WRITES; i++)
		if (*change->path && is_of(change, word))
			add(writes, change->path, change->to, false);
	mark(writes, commands);
}

/* Whether type is that of an element, and other gives it another attribute: what that means depends on the type. */
static bool retypes(const struct cli_write *type, const struct cli_write *other)
{
	static const char suffix[] = "@type";
	const size_t len = strlen(type->path), end = sizeof(suffix) - 1;

	return other->value && len > end && strcmp(type->path + len - end, suffix) == 0 &&
	       strncmp(type->path, other->path, len - end + 1) == 0;
}

static bool is_same(const struct cli_write *a, const struct cli_write *b)
{
	return strcmp(a->path, b->path) == 0 && (a->value == b->value || (a->value && b->value && strcmp(a->value, b->value) == 0));
}

static bool has(const struct cli_writes *writes, const struct cli_write *one)
{
	for (size_t i = 0; i < writes->n; i++)
		if (is_same(&writes->items[i], one))
			return true;
	return false;
}

/* others: all that is written with b. */
static bool clash(const struct cli_write *a, const struct cli_write *b, const struct cli_writes *others)
{
	if (a->whole || b->whole || is_same(a, b))
		return false;
	return strcmp(a->path, b->path) == 0 || (retypes(a, b) && !has(others, a));
}

const char *cli_writes_clash(const struct cli_writes *writes, const struct cli_writes *others)
{
	for (size_t i = 0; i < writes->n; i++)
		for (size_t j = 0; j < others->n; j++)
			if (clash(&writes->items[i], &others->items[j], others) || clash(&others->items[j], &writes->items[i], writes))
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

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the place of a path that sc_xml_path() wrote. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "doc/xml_internal.h"

/* FEW: with fewer siblings than this, a linear search is cheaper than sorting them. */
enum { INDEX_DIGITS = 6, FEW = 16 };

/* One step of a path: "qemu:arg[2]", "qemu:arg[2of3]". */
struct step {
	const char *name;
	size_t len;
	unsigned index;
	unsigned of; /* how many of that name there have to be; 0: any number */
};

/* Reads a number of at most INDEX_DIGITS digits and advances; 0: there is none. */
static unsigned read_number(const char **text)
{
	size_t digits = strspn(*text, "0123456789");
	unsigned number = 0;

	for (size_t i = 0; i < digits && digits <= INDEX_DIGITS; i++)
		number = number * 10 + (unsigned)((*text)[i] - '0');
	*text += digits;
	return number;
}

/* Reads the step at *path and advances. False when it is not a step. */
static bool read_step(const char **path, struct step *step)
{
	step->of = 0;
	step->name = *path;
	step->len = strcspn(*path, "/[]@='\" ");
	step->index = 1;
	*path += step->len;
	if (!step->len)
		return false;
	if (**path == '[') {
		++*path;
		step->index = read_number(path);
		if (strncmp(*path, "of", 2) == 0) {
			*path += 2;
			step->of = read_number(path);
			if (!step->of)
				return false;
		}
		if (**path != ']')
			return false;
		++*path;
	}
	return step->index > 0;
}

/* Reads a name as it is written, without concatenating prefix and local name. */
struct reader {
	const char *at, *then;
	size_t left;
};

static int next_char(struct reader *reader)
{
	if (!reader->left)
		return 0;
	reader->left--;
	if (!*reader->at && reader->then) {
		reader->at = reader->then;
		reader->then = NULL;
		return ':';
	}
	return *reader->at ? (unsigned char)*reader->at++ : 0;
}

static struct reader name_of(const struct sc_xml_node *node)
{
	return (struct reader){node->prefix ? node->prefix : node->name, node->prefix ? node->name : NULL, SIZE_MAX};
}

static int compare_names(struct reader a, struct reader b)
{
	int x, y;

	do {
		x = next_char(&a);
		y = next_char(&b);
	} while (x && x == y);
	return x - y;
}

static int compare_step(const struct sc_xml_node *node, const struct step *step)
{
	int names = compare_names(name_of(node), (struct reader){step->name, NULL, step->len});
	unsigned index = names ? 0 : sc_xml_index(node);

	return names ? names : (index > step->index) - (index < step->index);
}

static int compare(const void *a, const void *b)
{
	const struct sc_xml_node *x = *(struct sc_xml_node *const *)a, *y = *(struct sc_xml_node *const *)b;
	int names = x->name == y->name && x->prefix == y->prefix ? 0 : compare_names(name_of(x), name_of(y));
	unsigned i = names ? 0 : sc_xml_index(x), j = names ? 0 : sc_xml_index(y);

	if (names || i != j)
		return names ? names : i < j ? -1 : 1;
	if (x->fresh != y->fresh)
		return x->fresh ? 1 : -1;
	return (x->start > y->start) - (x->start < y->start);
}

/* The children of an element that are not removed, sorted by name and index. */
struct sc_xml_sorted {
	struct sc_xml_sorted *next;
	size_t count;
	struct sc_xml_node *nodes[];
};

static struct sc_xml_sorted *sort(struct sc_xml_node *node, size_t count)
{
	struct sc_xml_sorted *sorted = malloc(sizeof(*sorted) + count * sizeof(sorted->nodes[0]));

	if (!sorted)
		return NULL;
	sorted->count = 0;
	for (; node; node = node->next)
		if (!node->removed)
			sorted->nodes[sorted->count++] = node;
	qsort(sorted->nodes, sorted->count, sizeof(sorted->nodes[0]), compare);
	return sorted;
}

static struct sc_xml_node *search(const struct sc_xml_sorted *sorted, const struct step *step)
{
	size_t low = 0, high = sorted->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_step(sorted->nodes[middle], step) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sorted->count && compare_step(sorted->nodes[low], step) == 0 ? sorted->nodes[low] : NULL;
}

static struct sc_xml_node *walk(struct sc_xml_node *node, const struct step *step)
{
	for (; node; node = node->next)
		if (!node->removed && compare_step(node, step) == 0)
			return node;
	return NULL;
}

static struct sc_xml_node *find(struct sc_xml_places *places, struct sc_xml_node *first, const struct step *step)
{
	struct sc_table_entry *entry = sc_table_find_number(&places->sorted, (intptr_t)first);
	size_t count = 0;

	if (entry)
		return search(entry->value, step);
	for (const struct sc_xml_node *node = first; node; node = node->next)
		count++;
	if (count < FEW)
		return walk(first, step);
	struct sc_xml_sorted *sorted = sort(first, count);
	entry = sorted ? sc_table_add_number(&places->sorted, (intptr_t)first) : NULL;
	if (!entry) { /* out of memory: a linear search is slower, but correct */
		free(sorted);
		return walk(first, step);
	}
	entry->value = sorted;
	sorted->next = places->last;
	places->last = sorted;
	return search(sorted, step);
}

void sc_xml_places_free(struct sc_xml_places *places)
{
	for (struct sc_xml_sorted *sorted = places->last, *next; sorted; sorted = next) {
		next = sorted->next;
		free(sorted);
	}
	places->last = NULL;
	sc_table_free(&places->sorted);
}

bool sc_xml_places_find(struct sc_xml_places *places, const char *path, struct sc_xml_node **node, const char **attr)
{
	struct sc_xml_node *level = places ? places->doc->root : NULL;
	struct step step;

	*node = NULL;
	*attr = NULL;
	if (*path != '/')
		return false;
	for (bool first = true; *path == '/'; first = false) {
		path++;
		if (*path == '@' && !first) {
			*attr = path + 1;
			return (*attr)[strcspn(*attr, "/[]@:='\" ")] == '\0' && **attr;
		}
		if (!read_step(&path, &step))
			return false;
		*node = level ? find(places, level, &step) : NULL;
		if (*node && step.of && sc_xml_total(*node) != step.of)
			*node = NULL;
		level = *node ? (*node)->first : NULL;
	}
	return *path == '\0';
}

bool sc_xml_place(const struct sc_xml *doc, const char *path, struct sc_xml_node **node, const char **attr)
{
	struct sc_xml_places places = {.doc = doc};
	bool is_path = sc_xml_places_find(doc ? &places : NULL, path, node, attr);

	sc_xml_places_free(&places);
	return is_path;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Computes the index of an element among the siblings of the same name. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "doc/xml_internal.h"

/* With fewer siblings than this, counting them is cheaper than building a tree. */
enum { FEW = 16 };

/* The children of one name: now, and before the edits. */
struct family {
	const char *name, *ns;
	struct sc_xml_node *first, *first_before;
	unsigned now, before;
};

static int compare(const void *a, const void *b)
{
	const struct family *x = a, *y = b;
	int names = sc_text_compare(x->name, y->name);

	return names ? names : sc_text_compare(x->ns, y->ns);
}

static struct family *family_of(void **root, const struct sc_xml_node *node)
{
	const struct family wanted = {.name = node->name, .ns = node->ns};
	void *const *found = tfind(&wanted, root, compare);
	struct family *family = found ? *found : calloc(1, sizeof(*family));

	if (found || !family)
		return family;
	*family = wanted;
	if (tsearch(family, root, compare))
		return family;
	free(family);
	return NULL;
}

static void count_in(struct family *family, struct sc_xml_node *node)
{
	if (!node->removed) {
		node->index = ++family->now;
		node->shared = family->now > 1;
		if (family->now == 1)
			family->first = node;
		else
			family->first->shared = true;
	} else {
		/* a removed element is reported with its index before the edits */
		node->index = family->before + 1;
		node->shared = family->before > 0;
	}
	if (node->fresh)
		return;
	if (++family->before == 1)
		family->first_before = node;
	else if (family->first_before->removed)
		family->first_before->shared = true;
}

static bool count_all(struct sc_xml_node *parent)
{
	void *families = NULL;
	struct family *family = NULL;

	for (struct sc_xml_node *node = parent->first; node; node = node->next) {
		if (!(family = family_of(&families, node)))
			break;
		count_in(family, node);
	}
	tdestroy(families, free);
	parent->counted = family != NULL;
	return parent->counted;
}

/* Whether other is in the version of the document that node is in, with the same name: the original one when node was removed. */
static bool counts(const struct sc_xml_node *node, const struct sc_xml_node *other)
{
	return (node->removed ? !other->fresh : !other->removed) && sc_text_compare(other->name, node->name) == 0 &&
	       sc_text_compare(other->ns, node->ns) == 0;
}

static bool has_few_siblings(const struct sc_xml_node *node)
{
	int count = 0;

	for (const struct sc_xml_node *other = node->parent->first; other && count < FEW; other = other->next)
		count++;
	return count < FEW;
}

unsigned sc_xml_count(const struct sc_xml_node *node, bool *shared)
{
	unsigned index = 1;

	*shared = false;
	if (!node->parent)
		return index;
	bool in_none = node->removed && node->fresh; /* it is in neither version */
	if (!in_none && (node->parent->counted || (!has_few_siblings(node) && count_all(node->parent)))) {
		*shared = node->shared;
		return node->index;
	}
	for (const struct sc_xml_node *other = node->prev; other; other = other->prev)
		index += counts(node, other);
	*shared = index > 1;
	for (const struct sc_xml_node *other = node->next; other && !*shared; other = other->next)
		*shared = counts(node, other);
	return index;
}

unsigned sc_xml_index(const struct sc_xml_node *node)
{
	bool shared;

	return sc_xml_count(node, &shared);
}

bool sc_xml_is_kin(const struct sc_xml_node *a, const struct sc_xml_node *b)
{
	return a->parent == b->parent && sc_text_compare(a->name, b->name) == 0 && sc_text_compare(a->ns, b->ns) == 0;
}

unsigned sc_xml_total(const struct sc_xml_node *node)
{
	unsigned total = 0;

	for (const struct sc_xml_node *other = node->parent ? node->parent->first : node; other; other = other->next)
		total += counts(node, other);
	return total;
}

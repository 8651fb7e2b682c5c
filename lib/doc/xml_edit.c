/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits are recorded in the nodes, so that reads take them into account; xml_write.c turns them into splices. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc/xml_internal.h"

/* Restores the attributes of the same name that sc_xml_unset() removed after the effective one, which hides them again. */
static void restore_hidden(struct sc_xml_node *node, const struct sc_xml_attr *shown)
{
	for (struct sc_xml_attr *attr = shown->next; node->prefixed && attr; attr = attr->next)
		if (!attr->declares && !attr->value && strcmp(attr->name, shown->name) == 0)
			attr->value = attr->original;
}

enum spicecfg_status sc_xml_set(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *node, const char *attr, const char *value)
{
	struct sc_xml_attr *found = sc_xml_attr_read(node, attr);

	if (!sc_xml_is_text(value)) /* the value can be a password: it is not shown */
		return sc_fail(ctx, SPICECFG_USAGE, "Use UTF-8 without control characters.",
			       "the value of '%s' contains characters that XML does not allow", attr);
	if (found && found->value && strcmp(found->value, value) == 0)
		return SPICECFG_OK;
	if (found && !found->value)
		restore_hidden(node, found);
	if (found && found->original && strcmp(found->original, value) == 0) {
		found->value = found->original;
		return SPICECFG_OK;
	}
	const char *copy = sc_arena_strdup(doc->memory, value);
	if (!copy)
		return sc_fail_memory(ctx);
	if (!found) {
		found = sc_arena_alloc(doc->memory, sizeof(*found));
		if (!found || !(found->name = sc_arena_strdup(doc->memory, attr)))
			return sc_fail_memory(ctx);
		sc_xml_attr_append(node, found);
	}
	found->value = copy;
	return SPICECFG_OK;
}

void sc_xml_unset(struct sc_xml_node *node, const char *attr)
{
	struct sc_xml_attr *found;

	/* another attribute of the name can follow one with a prefix, and would become effective */
	while ((found = sc_xml_attr_read(node, attr)) && found->value)
		found->value = NULL;
}

enum spicecfg_status sc_xml_put(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *node, const char *attr, const char *value)
{
	if (value)
		return sc_xml_set(ctx, doc, node, attr, value);
	sc_xml_unset(node, attr);
	return SPICECFG_OK;
}

static bool declare(struct sc_xml *doc, struct sc_xml_node *node, const char *prefix, const char *ns)
{
	struct sc_xml_attr *attr = sc_arena_alloc(doc->memory, sizeof(*attr));

	if (!attr || !(attr->name = sc_arena_strdup(doc->memory, prefix)) || !(attr->value = sc_arena_strdup(doc->memory, ns)))
		return false;
	attr->declares = true;
	sc_xml_attr_append(node, attr);
	return true;
}

static struct sc_xml_node *add(struct sc_xml *doc, struct sc_xml_node *parent, struct sc_xml_node *after, const char *name)
{
	struct sc_xml_node *node = sc_arena_alloc(doc->memory, sizeof(*node));

	if (!node || !(node->name = sc_arena_strdup(doc->memory, name)))
		return NULL;
	node->fresh = true;
	sc_xml_link(parent, after ? after : parent->last, node);
	parent->counted = false;
	return node;
}

struct sc_xml_node *sc_xml_add(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *parent, struct sc_xml_node *after,
			       const char *name)
{
	struct sc_xml_node *node = add(doc, parent, after, name);

	/* below a default namespace the element would be in that one */
	if (!node || (sc_xml_ns_of(parent, "") && !declare(doc, node, "", ""))) {
		(void)sc_fail_memory(ctx);
		return NULL;
	}
	return node;
}

/* A prefix that is bound to ns at node ("": the default namespace); NULL: none. */
static const char *bound_prefix(const struct sc_xml_node *node, const char *ns)
{
	for (const struct sc_xml_node *at = node; at; at = at->parent)
		for (const struct sc_xml_attr *attr = at->attrs; attr; attr = attr->next) {
			/* "xmlns:a:b" declares a prefix that no name can have */
			if (!attr->declares || !attr->value || strcmp(attr->value, ns) != 0 || strchr(attr->name, ':'))
				continue;
			const char *seen = sc_xml_ns_of(node, attr->name); /* another declaration can be in between */
			if (seen && strcmp(seen, ns) == 0)
				return attr->name;
		}
	return NULL;
}

/* Raises *last to the number at the end of the word's first len bytes, if they are prefix (1) or prefix and a number. */
static void note_prefix(const char *word, size_t len, const char *prefix, unsigned *last)
{
	size_t own = strlen(prefix), digits = len > own ? strspn(word + own, "0123456789") : 0;
	unsigned number = 1;

	if (len < own || memcmp(word, prefix, own) != 0 || own + digits != len || digits > 9)
		return;
	if (digits)
		number = (unsigned)strtoul(word + own, NULL, 10);
	*last = number > *last ? number : *last;
}

/* Records the prefixes in the element and all below it: those that are declared, and those in names without a declaration. */
static void note_prefixes(const struct sc_xml_node *node, const char *prefix, unsigned *last)
{
	const char *colon = node->prefix ? NULL : strchr(node->name, ':');

	if (colon)
		note_prefix(node->name, (size_t)(colon - node->name), prefix, last);
	for (const struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next) {
		const char *word = attr->declares ? attr->name : attr->prefix;

		if (word)
			note_prefix(word, strlen(word), prefix, last);
	}
	for (const struct sc_xml_node *child = node->first; child; child = child->next)
		note_prefixes(child, prefix, last);
}

/* Declares ns on the root with an unused prefix: a name whose prefix is not declared must not get a meaning. */
static const char *new_prefix(struct sc_xml *doc, const char *ns, const char *prefix)
{
	unsigned last = 0;

	note_prefixes(doc->root, prefix, &last);
	const char *fresh = last ? sc_arena_printf(doc->memory, "%s%u", prefix, last + 1) : prefix;
	return fresh && declare(doc, doc->root, fresh, ns) ? sc_arena_strdup(doc->memory, fresh) : NULL;
}

struct sc_xml_node *sc_xml_add_ns(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *parent, struct sc_xml_node *after,
				  const char *ns, const char *prefix, const char *name)
{
	const char *bound = bound_prefix(parent, ns);
	struct sc_xml_node *node = NULL;

	if (!bound)
		bound = new_prefix(doc, ns, prefix);
	if (bound)
		node = add(doc, parent, after, name);
	if (!node || !(node->ns = sc_arena_strdup(doc->memory, ns))) {
		(void)sc_fail_memory(ctx);
		return NULL;
	}
	node->prefix = *bound ? bound : NULL;
	return node;
}

void sc_xml_remove(struct sc_xml_node *node)
{
	node->removed = true;
	if (node->parent)
		node->parent->counted = false;
	if (!node->fresh || !node->parent)
		return;
	*(node->prev ? &node->prev->next : &node->parent->first) = node->next;
	*(node->next ? &node->next->prev : &node->parent->last) = node->prev;
}

static bool attr_changed(const struct sc_xml_attr *attr)
{
	return attr->original ? !attr->value || strcmp(attr->value, attr->original) != 0 : attr->value != NULL;
}

static bool node_changed(const struct sc_xml_node *node)
{
	if (node->fresh || node->removed)
		return true;
	for (const struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next)
		if (attr_changed(attr))
			return true;
	for (const struct sc_xml_node *child = node->first; child; child = child->next)
		if (node_changed(child))
			return true;
	return false;
}

bool sc_xml_changed(const struct sc_xml *doc)
{
	SC_BUF out = SC_BUF_INIT;

	/* what was removed can have been added again in the same place */
	return node_changed(doc->root) && (!sc_xml_splice(doc, &out) || out.len != doc->len || memcmp(out.data, doc->bytes, out.len) != 0);
}

/* removed: an ancestor is removed with everything in it. */
static void report(const struct sc_xml_node *node, bool removed, sc_xml_change_fn fn, void *opaque)
{
	bool reported = false;

	removed = removed || node->removed;
	if (removed && node->fresh)
		return;
	for (const struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next) {
		if (attr->declares && attr->original && !removed)
			continue;
		if (removed ? !attr->original : !attr_changed(attr))
			continue;
		char name[128];
		snprintf(name, sizeof(name), "%s%s%s",
			 attr->declares ? "xmlns"
			 : attr->prefix ? attr->prefix
					: "",
			 (attr->declares && *attr->name) || attr->prefix ? ":" : "", attr->name);
		fn(opaque, node, name, attr->original, removed ? NULL : attr->value);
		reported = true;
	}
	if (!reported && (removed || node->fresh))
		fn(opaque, node, NULL, removed ? "" : NULL, removed ? NULL : "");
	for (const struct sc_xml_node *child = node->first; child; child = child->next)
		report(child, removed, fn, opaque);
}

void sc_xml_changes(const struct sc_xml *doc, sc_xml_change_fn fn, void *opaque)
{
	report(doc->root, false, fn, opaque);
}

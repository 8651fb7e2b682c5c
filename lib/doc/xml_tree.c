/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the tree: names, values, text, places and paths. */
#include <string.h>

#include "doc/xml_internal.h"

const char *sc_xml_name(const struct sc_xml *doc)
{
	return doc->name;
}

const uint32_t *sc_xml_table(const struct sc_xml *doc)
{
	return doc->table;
}

struct sc_xml_node *sc_xml_root(const struct sc_xml *doc)
{
	return doc->root;
}

struct sc_xml_node *sc_xml_parent(const struct sc_xml_node *node)
{
	return node->parent;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The first match among node and the siblings after it. */
static struct sc_xml_node *find(struct sc_xml_node *node, const char *ns, const char *name)
{
	bool any = ns && strcmp(ns, "*") == 0;

	for (; node; node = node->next)
		if (!node->removed && (any || same(node->ns, ns)) && (!name || strcmp(node->name, name) == 0))
			return node;
	return NULL;
}

struct sc_xml_node *sc_xml_child_ns(const struct sc_xml_node *node, const char *ns, const char *name)
{
	return node ? find(node->first, ns, name) : NULL;
}

struct sc_xml_node *sc_xml_next_ns(const struct sc_xml_node *node, const char *ns, const char *name)
{
	return node ? find(node->next, ns, name) : NULL;
}

struct sc_xml_node *sc_xml_child(const struct sc_xml_node *node, const char *name)
{
	return sc_xml_child_ns(node, NULL, name);
}

struct sc_xml_node *sc_xml_next(const struct sc_xml_node *node, const char *name)
{
	return sc_xml_next_ns(node, NULL, name);
}

const char *sc_xml_node_name(const struct sc_xml_node *node)
{
	return node->name;
}

const char *sc_xml_node_ns(const struct sc_xml_node *node)
{
	return node->ns;
}

struct sc_xml_attr *sc_xml_attr_find(const struct sc_xml_node *node, const char *prefix, const char *name)
{
	for (struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next)
		if (!attr->declares && same(attr->prefix, prefix) && strcmp(attr->name, name) == 0)
			return attr;
	return NULL;
}

void sc_xml_attr_append(struct sc_xml_node *node, struct sc_xml_attr *attr)
{
	if (node->attrs_end)
		node->attrs_end->next = attr;
	else
		node->attrs = attr;
	node->attrs_end = attr;
}

void sc_xml_link(struct sc_xml_node *parent, struct sc_xml_node *after, struct sc_xml_node *child)
{
	child->parent = parent;
	child->prev = after;
	child->next = after ? after->next : parent->first;
	*(after ? &after->next : &parent->first) = child;
	*(child->next ? &child->next->prev : &parent->last) = child;
}

/* libvirt reads attributes by their local name, regardless of the prefix (xmlGetProp). removed: one that an edit removed. */
static struct sc_xml_attr *find_local(const struct sc_xml_node *node, const char *name, bool removed)
{
	for (struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next)
		if (!attr->declares && !attr->value == removed && strcmp(attr->name, name) == 0 &&
		    (!attr->prefix || sc_xml_ns_of(node, attr->prefix)))
			return attr;
	return NULL;
}

struct sc_xml_attr *sc_xml_attr_read(const struct sc_xml_node *node, const char *name)
{
	struct sc_xml_attr *local = node->prefixed ? find_local(node, name, false) : NULL;

	/* an attribute that is set again keeps its place and its prefix */
	if (!local && node->prefixed)
		local = find_local(node, name, true);
	return local ? local : sc_xml_attr_find(node, NULL, name);
}

const char *sc_xml_get(const struct sc_xml_node *node, const char *attr)
{
	const struct sc_xml_attr *found = NULL;

	if (node)
		found = node->prefixed ? find_local(node, attr, false) : sc_xml_attr_find(node, NULL, attr);
	return found ? found->value : NULL;
}

const char *sc_xml_ns_of(const struct sc_xml_node *node, const char *prefix)
{
	if (strcmp(prefix, "xml") == 0) /* bound without a declaration */
		return "http://www.w3.org/XML/1998/namespace";
	for (; node; node = node->parent)
		for (const struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next)
			if (attr->declares && attr->value && strcmp(attr->name, prefix) == 0)
				return *attr->value ? attr->value : NULL;
	return NULL;
}

/* Appends the character data between start and end, which contain no element. */
static void add_text(const struct sc_xml *doc, uint32_t start, uint32_t end, struct sc_buf *out)
{
	while (start < end) {
		const char *from = doc->text + start;
		const char *mark = memchr(from, '<', end - start);
		size_t len = mark ? (size_t)(mark - from) : end - start;

		sc_xml_resolve(from, len, false, out);
		start += (uint32_t)len;
		if (!mark)
			return;
		bool cdata = strncmp(mark, "<![CDATA[", 9) == 0;
		const char *close = cdata ? "]]>" : mark[1] == '?' ? "?>" : "-->";
		size_t open = cdata ? 9 : mark[1] == '?' ? 2 : 4;
		const char *stop = memmem(mark + open, end - start - open, close, strlen(close));
		if (!stop)
			return;
		if (cdata)
			sc_xml_resolve(mark + 9, (size_t)(stop - mark - 9), true, out);
		start = (uint32_t)(stop - doc->text + (ptrdiff_t)strlen(close));
	}
}

const char *sc_xml_text(struct sc_xml *doc, const struct sc_xml_node *node)
{
	SC_BUF text = SC_BUF_INIT;

	if (!node || node->fresh)
		return node ? "" : NULL;
	if (node->text)
		return node->text;
	uint32_t pos = node->tag_end;
	for (const struct sc_xml_node *child = node->first; child; child = child->next) {
		if (child->fresh)
			continue;
		add_text(doc, pos, child->start, &text);
		pos = child->end;
	}
	add_text(doc, pos, node->content_end, &text);
	if (text.failed)
		return NULL;
	/* cached for the next call; nodes are never actually const */
	return ((struct sc_xml_node *)node)->text = sc_arena_strdup(doc->memory, sc_buf_text(&text));
}

bool sc_xml_is_before(const struct sc_xml_node *a, const struct sc_xml_node *b)
{
	return !a->fresh && !b->fresh && a->start < b->start;
}

struct sc_where sc_xml_where(const struct sc_xml *doc, const struct sc_xml_node *node, const char *attr)
{
	const struct sc_xml_attr *found = attr ? sc_xml_attr_find(node, NULL, attr) : NULL;

	if (node->fresh || (found && !found->original))
		return (struct sc_where){.file = doc->name};
	return sc_xml_where_offset(doc, found ? found->span.start : node->start);
}

static bool always_indexed(const struct sc_xml_node *node)
{
	static const char *const names[] = {"graphics", "video", "listen", "channel"};

	for (size_t i = 0; !node->ns && i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(node->name, names[i]) == 0)
			return true;
	return false;
}

void sc_xml_path(const struct sc_xml_node *node, const char *attr, struct sc_buf *out)
{
	if (node->parent)
		sc_xml_path(node->parent, NULL, out);
	sc_buf_addc(out, '/');
	if (node->prefix)
		sc_buf_addf(out, "%s:", node->prefix);
	sc_buf_adds(out, node->name);
	bool shared;
	unsigned index = sc_xml_count(node, &shared);
	if (shared || always_indexed(node))
		sc_buf_addf(out, "[%u]", index);
	if (attr)
		sc_buf_addf(out, "/@%s", attr);
}

void sc_xml_path_exact(const struct sc_xml_node *node, unsigned total, struct sc_buf *out)
{
	bool shared;
	unsigned index = sc_xml_count(node, &shared);

	if (!node->parent || (!shared && !node->prefix && !always_indexed(node))) {
		sc_xml_path(node, NULL, out);
		return;
	}
	sc_xml_path(node->parent, NULL, out);
	sc_buf_addf(out, node->prefix ? "/%s:%s" : "/%s%s", node->prefix ? node->prefix : "", node->name);
	sc_buf_addf(out, "[%uof%u]", index, total);
}

const char *sc_xml_source(const struct sc_xml *doc, const struct sc_xml_node *node, size_t *len)
{
	*len = node->fresh ? 0 : node->end - node->start;
	return node->fresh ? NULL : doc->text + node->start;
}

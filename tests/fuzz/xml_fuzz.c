/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/doc/xml_edit.c lib/doc/xml_encoding.c lib/doc/xml_layout.c lib/doc/xml_parse.c lib/doc/xml_place.c lib/doc/xml_scan.c
 * Covers: lib/doc/xml_tree.c lib/doc/xml_write.c
 * The XML document. The bytes before the first NUL are the document, those after it say what to edit. Promises: what is accepted is what
 * libxml2's DOM reads; without an edit, or after undoing it, the bytes are the same; what is written reads back as the edited tree.
 */
#include <libxml/parser.h>

#include "doc/xml_internal.h"
#include "fuzz.h"

enum { OPS_MAX = 24 };

static xmlDocPtr read_dom(const char *bytes, size_t len)
{
	return xmlReadMemory(bytes, (int)len, "x", NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOENT);
}

/* The character data directly in the element. */
static void compare_text(struct sc_xml *doc, const struct sc_xml_node *node, xmlNodePtr dom)
{
	SC_BUF text = SC_BUF_INIT;

	for (xmlNodePtr at = dom->children; at; at = at->next)
		if (at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE)
			sc_buf_adds(&text, (const char *)at->content);
	must(strcmp(sc_xml_text(doc, node), sc_buf_text(&text)) == 0, "the DOM's text");
}

static void must_be(const char *ours, const xmlChar *theirs, const char *what)
{
	must((ours != NULL) == (theirs != NULL) && (!ours || strcmp(ours, (const char *)theirs) == 0), what);
}

/* All attributes in order; and for each local name the value that libvirt reads, which is the first with that name. */
static void compare_attributes(const struct sc_xml_node *node, xmlNodePtr dom)
{
	const struct sc_xml_attr *attr = node->attrs;

	for (xmlAttrPtr at = dom->properties; at; at = at->next, attr = attr->next) {
		SC_BUF theirs = SC_BUF_INIT, ours = SC_BUF_INIT;

		while (attr && attr->declares)
			attr = attr->next;
		must(attr != NULL, "the DOM's attributes");
		/* An undeclared prefix is part of the name. */
		sc_buf_addf(&theirs, "%s%s%s", at->ns ? (const char *)at->ns->prefix : "", at->ns ? ":" : "", (const char *)at->name);
		sc_buf_addf(&ours, "%s%s%s", attr->prefix ? attr->prefix : "", attr->prefix ? ":" : "", attr->name);
		must(strcmp(ours.data, theirs.data) == 0, "the DOM's names of attributes");
		xmlChar *value = xmlNodeListGetString(dom->doc, at->children, 1);
		must_be(attr->value, value ? value : (const xmlChar *)"", "the DOM's values");
		xmlFree(value);
		value = xmlGetProp(dom, (const xmlChar *)attr->name);
		must_be(sc_xml_get(node, attr->name), value, "the value that libvirt reads");
		xmlFree(value);
	}
	while (attr && attr->declares)
		attr = attr->next;
	must(!attr, "no more attributes than the DOM's");
}

static void compare(struct sc_xml *doc, const struct sc_xml_node *node, xmlNodePtr dom)
{
	compare_text(doc, node, dom);
	must(strcmp(node->name, (const char *)dom->name) == 0, "the DOM's names");
	compare_attributes(node, dom);
	const struct sc_xml_node *child = sc_xml_child_ns(node, "*", NULL);
	for (xmlNodePtr at = xmlFirstElementChild(dom); at; at = xmlNextElementSibling(at)) {
		must(child != NULL, "the DOM's elements");
		compare(doc, child, at);
		child = sc_xml_next_ns(child, "*", NULL);
	}
	must(!child, "no more elements than the DOM's");
}

/* The functions that navigate the tree agree with each other. */
static void walk(const struct sc_xml *doc, const struct sc_xml_node *node)
{
	const struct sc_xml_node *before = NULL;

	must(sc_xml_node_name(node) == node->name && sc_xml_node_ns(node) == node->ns, "an element has its names");
	must(node == sc_xml_root(doc) || sc_xml_is_before(sc_xml_root(doc), node), "the root begins before all");
	for (struct sc_xml_node *at = sc_xml_child(node, node->name); at; at = sc_xml_next(at, node->name)) {
		must(strcmp(at->name, node->name) == 0 && sc_xml_parent(at) == node, "children of a name");
		must(!before || (sc_xml_is_before(before, at) && !sc_xml_is_before(at, before)), "in the order of the document");
		before = at;
	}
	for (const struct sc_xml_node *at = node->first; at; at = at->next)
		walk(doc, at);
}

/* The tree as text, including edits. */
static void sign(const struct sc_xml_node *node, struct sc_buf *out)
{
	sc_buf_addf(out, "<%s{%s", node->name, node->ns ? node->ns : "");
	for (const struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next)
		if (attr->value)
			sc_buf_addf(out, " %s:%s:%d=%s\x01", attr->prefix ? attr->prefix : "", attr->name, attr->declares, attr->value);
	sc_buf_adds(out, ">");
	for (const struct sc_xml_node *child = node->first; child; child = child->next)
		if (!child->removed)
			sign(child, out);
	sc_buf_adds(out, "</>");
}

/* The n-th element, modulo their number. */
static struct sc_xml_node *pick(struct sc_xml *doc, unsigned n)
{
	struct sc_xml_node *node = sc_xml_root(doc);

	while (n--) {
		struct sc_xml_node *next = sc_xml_child_ns(node, "*", NULL);

		for (; node && !next; node = sc_xml_parent(node))
			next = sc_xml_next_ns(node, "*", NULL);
		node = next ? next : sc_xml_root(doc);
	}
	return node;
}

static void edit(struct spicecfg_ctx *ctx, struct sc_xml *doc, unsigned op, unsigned target, unsigned detail)
{
	static const char *const names[] = {"b", "type", "heads", "x"};
	static const char *const values[] = {"", "1", "a'b\"c&d<e>", "\xC3\xA9\xE2\x82\xAC\t\n\r "};
	struct sc_xml_node *node = pick(doc, target), *parent = sc_xml_parent(node);
	const char *name = names[detail % 4], *value = values[detail / 4 % 4];

	switch (op % 6) {
	case 0:
	case 1:
		must(!sc_xml_set(ctx, doc, node, name, value), "values are set");
		must(strcmp(sc_xml_get(node, name), value) == 0, "values read back");
		break;
	case 2:
		sc_xml_unset(node, name);
		break;
	case 3:
		must(sc_xml_add(ctx, doc, detail & 1 && parent ? parent : node, detail & 1 && parent ? node : NULL, name) != NULL,
		     "elements are added");
		break;
	case 4:
		must(sc_xml_add_ns(ctx, doc, node, NULL, detail & 1 ? SC_XML_NS_QEMU : "u", "qemu", name) != NULL, "namespaces are added");
		break;
	default:
		if (parent)
			sc_xml_remove(node);
	}
}

static void nothing(void *opaque, const struct sc_xml_node *node, const char *attr, const char *from, const char *to)
{
	sc_xml_path(node, attr, opaque);
	must(from || to, "a change changes");
}

/* Sets, unsets and adds, and undoes it at once: then nothing has changed. */
static void take_back(struct spicecfg_ctx *ctx, struct sc_xml *doc, const char *bytes, size_t len, const uint8_t *op)
{
	struct sc_xml_node *node = pick(doc, op[1]);
	SC_BUF out = SC_BUF_INIT, old = SC_BUF_INIT;

	for (const struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next) {
		if (attr->declares || sc_xml_attr_read(node, attr->name) != attr)
			continue;
		sc_buf_adds(&old, attr->value);
		must(!sc_xml_set(ctx, doc, node, attr->name, "other"), "values are set");
		if (op[0] & 1)
			sc_xml_unset(node, attr->name);
		must(!sc_xml_set(ctx, doc, node, attr->name, sc_buf_text(&old)), "values are set again");
		old.len = 0;
		if (old.data)
			*old.data = '\0';
	}
	struct sc_xml_node *added = sc_xml_add(ctx, doc, node, NULL, "b");
	must(added && !sc_xml_set(ctx, doc, added, "x", "y"), "elements are added");
	sc_xml_remove(added);
	must(!sc_xml_write(ctx, doc, &out) && same_bytes(&out, bytes, len), "an edit that is undone changes nothing");
	must(!sc_xml_changed(doc), "and is not a change");
}

/* The path of an element finds it again. */
static void find_again(const struct sc_xml *doc, struct sc_xml_node *node)
{
	SC_BUF path = SC_BUF_INIT;
	struct sc_xml_node *found = NULL;
	const char *attr = NULL;

	sc_xml_path(node, NULL, &path);
	if (sc_xml_place(doc, sc_buf_text(&path), &found, &attr))
		must(!attr, "the path of an element has no attribute");
	sc_buf_adds(&path, "/@type");
	if (sc_xml_place(doc, path.data, &found, &attr))
		must(attr && strcmp(attr, "type") == 0, "the path of an attribute names it");
	if (sc_xml_get(node, "type") && sc_xml_place(NULL, sc_xml_get(node, "type"), &found, &attr))
		must(!found, "without a document nothing is found");
}

static void check(struct spicecfg_ctx *ctx, struct sc_xml *doc, const char *bytes, size_t len, const uint8_t *ops, size_t n_ops)
{
	SC_BUF same = SC_BUF_INIT, result = SC_BUF_INIT, want = SC_BUF_INIT, got = SC_BUF_INIT, paths = SC_BUF_INIT;

	must(!sc_xml_write(ctx, doc, &same) && same.len == len && memcmp(same.data, bytes, len) == 0, "no edit, the same bytes");
	xmlDocPtr dom = read_dom(bytes, len);
	must(dom != NULL, "the DOM accepts it too");
	compare(doc, sc_xml_root(doc), xmlDocGetRootElement(dom));
	walk(doc, sc_xml_root(doc));
	must(strcmp(sc_xml_name(doc), "x") == 0, "the document has its name");
	(void)sc_xml_table(doc);
	size_t source_len;
	const char *source = sc_xml_source(doc, sc_xml_root(doc), &source_len);
	must(source && source_len <= len && *source == '<', "an element has its source");
	xmlFreeDoc(dom);
	if (n_ops >= 4)
		take_back(ctx, doc, bytes, len, ops + 1);
	for (size_t i = 0; i + 2 < n_ops && i < 3 * OPS_MAX; i += 3) {
		struct sc_xml_node *node = pick(doc, ops[i + 1]);

		find_again(doc, node);
		must(sc_xml_text(doc, node) != NULL && sc_xml_index(node) > 0, "text and index");
		(void)sc_xml_where(doc, node, "type");
		edit(ctx, doc, ops[i], ops[i + 1], ops[i + 2]);
	}
	sc_xml_changes(doc, nothing, &paths);
	must(!sc_xml_write(ctx, doc, &result), "edits are written");
	must(sc_xml_changed(doc) == (result.len != len || memcmp(result.data, bytes, len) != 0), "the change is reported");
	struct sc_xml *again;
	must(!sc_xml_parse(ctx, "again", result.data, result.len, &again), "what is written is well-formed");
	sign(sc_xml_root(doc), &want);
	sign(sc_xml_root(again), &got);
	must(strcmp(want.data, got.data) == 0, "what is written reads back");
	sc_xml_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = memchr(data, 0, size);
	size_t len = nul ? (size_t)(nul - data) : size;
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_xml *doc;

	if (nul && sc_xml_parse(ctx, "all", (const char *)data, size, &doc) == SPICECFG_OK)
		must(false, "a NUL is refused");
	spicecfg_ctx_clear_error(ctx);
	if (sc_xml_parse(ctx, "x", (const char *)data, len, &doc) == SPICECFG_OK) {
		check(ctx, doc, (const char *)data, len, data + len, size - len);
		sc_xml_free(doc);
	} else {
		must(spicecfg_ctx_error(ctx) && *spicecfg_ctx_error(ctx)->message, "a refusal says why");
	}
	spicecfg_ctx_free(ctx);
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every edit of every element of every file of a directory (SPICECFG_CORPUS, else tests/data/corpus/domains), verified with libxml2's DOM,
 * which must show exactly this change, and the bytes outside the element's tag must be unchanged. SPICECFG_CORPUS_STEP=n takes every n-th
 * file.
 */
#include <dirent.h>
#include <stdio.h>

#include "xml_help.h"

enum variant { AS_IS, CRLF, BOM, LATIN, N_VARIANTS };

static const char tricky[] = "a'b\"c&d<e>\xC3\xA9";

static bool read_file(const char *dir, const char *name, struct sc_buf *out)
{
	char path[4096], block[65536];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *file = fopen(path, "rb");
	if (!file)
		return false;
	for (size_t n; (n = fread(block, 1, sizeof(block), file));)
		sc_buf_add(out, block, n);
	fclose(file);
	return out->len > 0;
}

/* Variants of the same document; in LATIN every non-ASCII character becomes a letter of ISO-8859-1, and there is always one. */
static void dress(const struct sc_buf *in, enum variant variant, struct sc_buf *out)
{
	const char *text = in->data, *body = text;

	if (variant == BOM)
		sc_buf_adds(out, "\xEF\xBB\xBF");
	if (variant == LATIN) {
		if (strncmp(text, "<?xml", 5) == 0)
			body = strstr(text, "?>") + 2;
		sc_buf_adds(out, "<?xml version='1.0' encoding='ISO-8859-1'?><!-- \xE4 -->");
	}
	for (; *body; body++) {
		if (variant == CRLF && *body == '\n' && (body == text || body[-1] != '\r'))
			sc_buf_addc(out, '\r');
		sc_buf_addc(out, variant == LATIN && *body & 0x80 ? '\xE9' : *body);
	}
}

/* A DOM as text, without the white space around elements. skip is left out; after mark a new element is inserted, or its attribute attr
 * gets a value. */
static void sign(xmlNodePtr node, xmlNodePtr skip, xmlNodePtr mark, const char *attr, struct sc_buf *out)
{
	for (; node; node = node->next) {
		if (node == skip)
			continue;
		if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
			for (const xmlChar *c = node->content; *c; c++)
				if (!strchr(" \t\r\n", *c))
					sc_buf_addc(out, (char)*c);
		}
		if (node->type != XML_ELEMENT_NODE)
			continue;
		sc_buf_addf(out, "<%s{%s", (const char *)node->name, node->ns ? (const char *)node->ns->href : "");
		bool seen = false;
		for (xmlAttrPtr at = node->properties; at; at = at->next) {
			bool here = node == mark && attr && !at->ns && strcmp((const char *)at->name, attr) == 0;
			xmlChar *value = xmlNodeListGetString(node->doc, at->children, 1);

			seen |= here;
			sc_buf_addf(out, " %s{%s=%s\x01", (const char *)at->name, at->ns ? (const char *)at->ns->href : "",
				    here    ? tricky
				    : value ? (const char *)value
					    : "");
			xmlFree(value);
		}
		if (node == mark && attr && !seen)
			sc_buf_addf(out, " %s{=%s\x01", attr, tricky);
		sc_buf_adds(out, ">");
		sign(node->children, skip, mark, attr, out);
		sc_buf_adds(out, "</>");
		if (node == mark && !attr)
			sc_buf_adds(out, "<fresh{></>");
	}
}

static xmlDocPtr read_dom(const struct sc_buf *text)
{
	return xmlReadMemory(text->data, (int)text->len, "x", NULL,
			     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOENT);
}

/* The next element in the order of the document. */
static xmlNodePtr dom_next(xmlNodePtr node)
{
	if (xmlFirstElementChild(node))
		return xmlFirstElementChild(node);
	while (node && node->type == XML_ELEMENT_NODE && !xmlNextElementSibling(node))
		node = node->parent;
	return node && node->type == XML_ELEMENT_NODE ? xmlNextElementSibling(node) : NULL;
}

static struct sc_xml_node *our_next(struct sc_xml_node *node)
{
	struct sc_xml_node *next = sc_xml_child_ns(node, "*", NULL);

	for (; node && !next; node = sc_xml_parent(node))
		next = sc_xml_next_ns(node, "*", NULL);
	return next;
}

struct place {
	const char *file;
	unsigned number; /* of the element */
	const struct sc_buf *text;
	xmlDocPtr dom;
	xmlNodePtr element;
	size_t start, end; /* of its start tag */
};

/* The start tag by line and column, located without the code under test. */
static void locate(struct place *place, struct sc_where where)
{
	const char *at = place->text->data;

	for (unsigned line = 1; line < where.line; line++)
		at = strchr(at, '\n') + 1;
	at += where.column - 1;
	place->start = (size_t)(at - place->text->data);
	if (*at != '<')
		fail_msg("%s: element %u is not at %u:%u", place->file, place->number, where.line, where.column);
	for (char quote = 0; quote || *at != '>'; at++)
		if (*at == quote)
			quote = 0;
		else if (!quote && (*at == '"' || *at == '\''))
			quote = *at;
	place->end = (size_t)(at + 1 - place->text->data);
}

static void check_dom(const struct place *place, const struct sc_buf *result, xmlNodePtr skip, xmlNodePtr mark, const char *attr)
{
	SC_BUF want = SC_BUF_INIT, got = SC_BUF_INIT;
	xmlDocPtr dom = read_dom(result);

	if (!dom)
		fail_msg("%s: element %u: not well-formed", place->file, place->number);
	sign(place->dom->children, skip, mark, attr, &want);
	sign(dom->children, NULL, NULL, NULL, &got);
	if (strcmp(want.data, got.data) != 0)
		fail_msg("%s: element %u: libxml2 sees another change:\n%s\n%s", place->file, place->number, want.data, got.data);
	xmlFreeDoc(dom);
}

/* Sets an attribute, checks the result, restores it. */
static void check_attribute(const struct place *place, struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *node)
{
	SC_BUF result = SC_BUF_INIT;
	const char *attr = "fresh";

	for (xmlAttrPtr at = place->element->properties; at; at = at->next)
		if (!at->ns)
			attr = (const char *)at->name;
	char *old = sc_xml_get(node, attr) ? strdup(sc_xml_get(node, attr)) : NULL;
	assert_int_equal(sc_xml_set(ctx, doc, node, attr, tricky), SPICECFG_OK);
	assert_int_equal(sc_xml_write(ctx, doc, &result), SPICECFG_OK);
	size_t tail = place->text->len - place->end;
	if (result.len < tail || memcmp(result.data, place->text->data, place->start) != 0 ||
	    memcmp(result.data + result.len - tail, place->text->data + place->end, tail) != 0)
		fail_msg("%s: element %u: bytes outside its tag changed", place->file, place->number);
	check_dom(place, &result, NULL, place->element, attr);
	assert_int_equal(sc_xml_put(ctx, doc, node, attr, old), SPICECFG_OK);
	assert_false(sc_xml_changed(doc));
	free(old);
}

/* The element with this number in a fresh document, since these edits can't be undone. */
static void check_structure(const struct place *place, bool remove)
{
	XML_CASE c = xml_open_bytes(place->text->data, place->text->len);
	SC_BUF result = SC_BUF_INIT;
	struct sc_xml_node *node = sc_xml_root(c.doc);

	for (unsigned i = 0; i < place->number; i++)
		node = our_next(node);
	if (remove)
		sc_xml_remove(node);
	else
		assert_non_null(sc_xml_add(c.ctx, c.doc, sc_xml_parent(node), node, "fresh"));
	assert_int_equal(sc_xml_write(c.ctx, c.doc, &result), SPICECFG_OK);
	check_dom(place, &result, remove ? place->element : NULL, remove ? NULL : place->element, NULL);
	size_t front = place->start;
	while (remove && strchr(" \t", place->text->data[front - 1]))
		front--;
	if (memcmp(result.data, place->text->data, front) != 0)
		fail_msg("%s: element %u: bytes before it changed", place->file, place->number);
}

/* The path of an element or of one of its attributes finds it again. */
static void check_path(const struct place *place, const struct sc_xml *doc, const struct sc_xml_node *node)
{
	static const char *const attrs[] = {NULL, "type"};

	for (size_t i = 0; i < 2; i++) {
		SC_BUF path = SC_BUF_INIT;
		struct sc_xml_node *found;
		const char *attr;

		sc_xml_path(node, attrs[i], &path);
		bool is_path = sc_xml_place(doc, sc_buf_text(&path), &found, &attr);
		if (!is_path || found != node || (attr ? !attrs[i] || strcmp(attr, attrs[i]) != 0 : attrs[i] != NULL))
			fail_msg("%s: element %u: %s finds something else", place->file, place->number, sc_buf_text(&path));
	}
	SC_BUF exact = SC_BUF_INIT;
	struct sc_xml_node *found;
	const char *attr;

	sc_xml_path_exact(node, sc_xml_total(node), &exact);
	if (!sc_xml_place(doc, sc_buf_text(&exact), &found, &attr) || found != node || attr)
		fail_msg("%s: element %u: %s finds something else", place->file, place->number, sc_buf_text(&exact));
}

static unsigned check_document(const char *file, const struct sc_buf *text, bool structure)
{
	XML_CASE c = xml_open_bytes(text->data, text->len);
	struct place place = {.file = file, .text = text, .dom = read_dom(text)};
	struct sc_xml_node *node = sc_xml_root(c.doc);

	assert_non_null(place.dom);
	assert_string_equal(xml_result(&c), text->data);
	for (place.element = xmlDocGetRootElement(place.dom); place.element; place.element = dom_next(place.element), place.number++) {
		if (!node || strcmp(sc_xml_node_name(node), (const char *)place.element->name) != 0)
			fail_msg("%s: element %u is not <%s>", file, place.number, (const char *)place.element->name);
		locate(&place, sc_xml_where(c.doc, node, NULL));
		check_path(&place, c.doc, node);
		check_attribute(&place, c.ctx, c.doc, node);
		if (structure && place.number) {
			check_structure(&place, true);
			check_structure(&place, false);
		}
		node = our_next(node);
	}
	assert_null(node);
	xmlFreeDoc(place.dom);
	return place.number;
}

static void every_element_of_the_corpus(void **state)
{
	(void)state;
	const char *dir = getenv("SPICECFG_CORPUS") ? getenv("SPICECFG_CORPUS") : TEST_DATA "/corpus/domains";
	unsigned step = getenv("SPICECFG_CORPUS_STEP") ? (unsigned)atoi(getenv("SPICECFG_CORPUS_STEP")) : 1;
	unsigned files = 0, seen = 0, elements = 0;
	DIR *directory = opendir(dir);

	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory));) {
		SC_BUF text = SC_BUF_INIT;

		if (entry->d_name[0] == '.' || seen++ % step || !read_file(dir, entry->d_name, &text))
			continue;
		/* Every file unchanged, and in one of the other variants in turn. */
		const enum variant variants[] = {AS_IS, (enum variant)(1 + files % (N_VARIANTS - 1))};
		for (size_t i = 0; i < 2; i++) {
			SC_BUF dressed = SC_BUF_INIT;

			dress(&text, variants[i], &dressed);
			elements += check_document(entry->d_name, &dressed, (files + i) % 4 == 0);
		}
		files++;
	}
	closedir(directory);
	printf("%u files, %u elements edited\n", files, elements);
	assert_true(seen >= 1047 || getenv("SPICECFG_CORPUS"));
	assert_int_equal(files, (seen + step - 1) / step);
	assert_true(elements >= files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_element_of_the_corpus)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

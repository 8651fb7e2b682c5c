/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the tests of the XML document: documents from strings, and results as strings. */
#ifndef TESTS_XML_HELP_H
#define TESTS_XML_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>

#include "doc/xml.h"

struct xml_case {
	struct spicecfg_ctx *ctx;
	struct sc_xml *doc;
	char *text; /* the last result */
	size_t len;
};

static inline void xml_close(struct xml_case *c)
{
	sc_xml_free(c->doc);
	spicecfg_ctx_free(c->ctx);
	sc_wipe_free(c->text, c->len);
}
#define XML_CASE __attribute__((cleanup(xml_close))) struct xml_case

static inline struct xml_case xml_open_bytes(const char *bytes, size_t len)
{
	struct xml_case c = {.ctx = spicecfg_ctx_new()};

	assert_non_null(c.ctx);
	if (sc_xml_parse(c.ctx, "test.xml", bytes, len, &c.doc)) {
		const struct spicecfg_error *error = spicecfg_ctx_error(c.ctx);

		fail_msg("%u:%u: %s in: %.200s", error->line, error->column, error->message, bytes);
	}
	return c;
}

static inline struct xml_case xml_open(const char *text)
{
	return xml_open_bytes(text, strlen(text));
}

/* The document as written now; it must be well-formed. */
static inline const char *xml_result(struct xml_case *c)
{
	SC_BUF out = SC_BUF_INIT;

	assert_int_equal(sc_xml_write(c->ctx, c->doc, &out), SPICECFG_OK);
	xmlDocPtr dom = xmlReadMemory(out.data, (int)out.len, "result", NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (!dom)
		fail_msg("not well-formed: %s", out.data);
	xmlFreeDoc(dom);
	struct sc_xml *again;
	assert_int_equal(sc_xml_parse(c->ctx, "result", out.data, out.len, &again), SPICECFG_OK);
	sc_xml_free(again);
	sc_wipe_free(c->text, c->len);
	return c->text = sc_buf_steal(&out, &c->len);
}

/* The element at a path of names below the root: "devices/video/model". */
static inline struct sc_xml_node *xml_at(const struct xml_case *c, const char *path)
{
	struct sc_xml_node *node = sc_xml_root(c->doc);
	char name[64];

	for (size_t n; *path; path += n + (path[n] == '/')) {
		n = strcspn(path, "/");
		snprintf(name, sizeof(name), "%.*s", (int)n, path);
		node = sc_xml_child(node, name);
		if (!node)
			fail_msg("no element %s", name);
	}
	return node;
}

static inline void xml_put(struct xml_case *c, const char *path, const char *attr, const char *value)
{
	assert_int_equal(sc_xml_put(c->ctx, c->doc, xml_at(c, path), attr, value), SPICECFG_OK);
}

/* Adds an element after the sibling named after (NULL: as the last child). */
static inline struct sc_xml_node *xml_add(struct xml_case *c, const char *parent, const char *after, const char *name)
{
	struct sc_xml_node *node = xml_at(c, parent);
	struct sc_xml_node *fresh = sc_xml_add(c->ctx, c->doc, node, after ? sc_xml_child(node, after) : NULL, name);

	assert_non_null(fresh);
	return fresh;
}

#endif

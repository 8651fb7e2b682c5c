/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits: each row is a document, the edits, and the expected bytes. */
#include <stdio.h>

#include "xml_help.h"

enum op { END, PUT, ADD, CUT, QEMU };

struct step {
	enum op op;
	const char *path;  /* the element; of ADD and QEMU its parent */
	const char *name;  /* the attribute, or the new element */
	const char *value; /* of ADD the preceding sibling */
};

struct row {
	const char *text;
	const char *want;
	struct step steps[6];
};

static void apply(struct xml_case *c, const struct step *step)
{
	if (step->op == PUT)
		xml_put(c, step->path, step->name, step->value);
	else if (step->op == ADD)
		xml_add(c, step->path, step->value, step->name);
	else if (step->op == CUT)
		sc_xml_remove(xml_at(c, step->path));
	else
		assert_non_null(sc_xml_add_ns(c->ctx, c->doc, xml_at(c, step->path), NULL, SC_XML_NS_QEMU, "qemu", step->name));
}

static void run(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		XML_CASE c = xml_open(rows[i].text);

		for (const struct step *step = rows[i].steps; step->op; step++)
			apply(&c, step);
		if (strcmp(xml_result(&c), rows[i].want) != 0)
			fail_msg("row %zu:\n%s\nbecame:\n%s\nwanted:\n%s", i, rows[i].text, c.text, rows[i].want);
		assert_int_equal(sc_xml_changed(c.doc), strcmp(rows[i].text, rows[i].want) != 0);
	}
}
#define RUN(rows) run(rows, sizeof(rows) / sizeof((rows)[0]))

static void attributes(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {"<a b='1' c=\"2\"/>", "<a b='3' c=\"2\"/>", {{PUT, "", "b", "3"}}},
	    {"<a b='1' c=\"2\"/>", "<a b='1' c=\"3\"/>", {{PUT, "", "c", "3"}}},
	    {"<a  b = '1'  c\n=\n\"2\" />", "<a  b = 'x'  c\n=\n\"y\" />", {{PUT, "", "b", "x"}, {PUT, "", "c", "y"}}},
	    /* The same value written differently changes nothing; nor does a change and its reversal. */
	    {"<a b='&#49;&amp;'/>", "<a b='&#49;&amp;'/>", {{PUT, "", "b", "1&"}}},
	    {"<a b='&#49;' c='2'/>", "<a b='&#49;' c='2'/>", {{PUT, "", "b", "2"}, {PUT, "", "b", "1"}}},
	    {"<a b='1' c='2'/>", "<a b='1' c='2'/>", {{PUT, "", "b", NULL}, {PUT, "", "b", "1"}}},
	    {"<a b='1'/>", "<a b='1'/>", {{PUT, "", "z", "2"}, {PUT, "", "z", NULL}}},
	    {"<a b='1'/>", "<a b='1'/>", {{PUT, "", "z", NULL}}},
	    /* Escapes match the existing quote. */
	    {"<a b='1'/>", "<a b='\"&apos;&amp;&lt;>&#9;&#10;&#13;'/>", {{PUT, "", "b", "\"'&<>\t\n\r"}}},
	    {"<a b=\"1\"/>", "<a b=\"&quot;'&amp;&lt;>\"/>", {{PUT, "", "b", "\"'&<>"}}},
	    {"<a b='1'/>", "<a b='\xE2\x82\xAC'/>", {{PUT, "", "b", "\xE2\x82\xAC"}}},
	    {"<a b='1'/>", "<a b=''/>", {{PUT, "", "b", ""}}},
	    {"<a b='1>2'>c='3'</a>", "<a b='2'>c='3'</a>", {{PUT, "", "b", "2"}}},
	    /* Removal includes the preceding blank. */
	    {"<a b='1' c='2'/>", "<a c='2'/>", {{PUT, "", "b", NULL}}},
	    {"<a b='1'  c='2' />", "<a b='1' />", {{PUT, "", "c", NULL}}},
	    {"<a b='1'/>", "<a/>", {{PUT, "", "b", NULL}}},
	    {"<a\n\tb='1'\n\tc='2'\n\td='3'>x</a>", "<a\n\tb='1'\n\td='3'>x</a>", {{PUT, "", "c", NULL}}},
	    {"<a b='1' c='2' d='3'/>",
	     "<a b='4' e='5'/>",
	     {{PUT, "", "b", "4"}, {PUT, "", "c", NULL}, {PUT, "", "d", NULL}, {PUT, "", "e", "5"}}},
	    /* A new one: the element's quote, else the neighbours', else the document's, else '. */
	    {"<a/>", "<a b='1'/>", {{PUT, "", "b", "1"}}},
	    {"<a />", "<a b='1' />", {{PUT, "", "b", "1"}}},
	    {"<a ></a >", "<a b='1' ></a >", {{PUT, "", "b", "1"}}},
	    {"<a b=\"1\" />", "<a b=\"1\" c=\"2\" />", {{PUT, "", "c", "2"}}},
	    {"<a b='1' c=\"2\"/>", "<a b='1' c=\"2\" d=\"3\"/>", {{PUT, "", "d", "3"}}},
	    {"<a x='1'><b/><c y=\"1\"/></a>", "<a x='1'><b n=\"2\"/><c y=\"1\"/></a>", {{PUT, "b", "n", "2"}}},
	    {"<a x=\"1\"><b/></a>", "<a x=\"1\"><b n=\"2\"/></a>", {{PUT, "b", "n", "2"}}},
	    {"<a><b x=\"1\"/><c><d/></c></a>", "<a><b x=\"1\"/><c><d n=\"2\"/></c></a>", {{PUT, "c/d", "n", "2"}}},
	    {"<a><c><d/></c><b><e x=\"1\"/></b></a>", "<a><c><d n=\"2\"/></c><b><e x=\"1\"/></b></a>", {{PUT, "c/d", "n", "2"}}},
	    /* On its own line if the last one is. */
	    {"<a\n   b='1'\n   c='2'\n/>", "<a\n   b='1'\n   c='2'\n   d='3'\n   e='4'\n/>", {{PUT, "", "d", "3"}, {PUT, "", "e", "4"}}},
	    {"<a\r\n\tb='1'>\r\n</a>", "<a\r\n\tb='1'\r\n\td='3'>\r\n</a>", {{PUT, "", "d", "3"}}},
	    {"<p:a xmlns:p='u' p:b='1'/>", "<p:a xmlns:p='u' p:b='2'/>", {{PUT, "", "b", "2"}}},
	};

	RUN(rows);
}

static void additions(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    /* After a sibling, on its own line with the sibling's indentation. */
	    {"<a>\n  <b/>\n</a>\n", "<a>\n  <b/>\n  <c/>\n</a>\n", {{ADD, "", "c", NULL}}},
	    {"<a>\n\t<b/>\n\t<d/>\n</a>", "<a>\n\t<b/>\n\t<c/>\n\t<d/>\n</a>", {{ADD, "", "c", "b"}}},
	    {"<a>\r\n  <b>\r\n  </b>\r\n</a>", "<a>\r\n  <b>\r\n  </b>\r\n  <c/>\r\n</a>", {{ADD, "", "c", NULL}}},
	    {"<a>\n  <b/>\n</a>\n", "<a>\n  <b/>\n  <c/>\n  <d/>\n</a>\n", {{ADD, "", "c", NULL}, {ADD, "", "d", NULL}}},
	    {"<a>\n  <b/>\n</a>\n", "<a>\n  <b/>\n  <d/>\n  <c/>\n</a>\n", {{ADD, "", "c", NULL}, {ADD, "", "d", "b"}}},
	    {"<a>\n  <b/>\n\n  <d/>\n</a>", "<a>\n  <b/>\n  <c/>\n\n  <d/>\n</a>", {{ADD, "", "c", "b"}}},
	    /* Comments after the sibling on its line stay with it. */
	    {"<a>\n  <b/> <!-- b -->\n  <!-- d -->\n  <d/>\n</a>",
	     "<a>\n  <b/> <!-- b -->\n  <c/>\n  <!-- d -->\n  <d/>\n</a>",
	     {{ADD, "", "c", "b"}}},
	    {"<a>\n  <b/><!-- b\n b --> <!-- x -->\t\n</a>", "<a>\n  <b/><!-- b\n b --> <!-- x -->\n  <c/>\t\n</a>", {{ADD, "", "c", "b"}}},
	    {"<a>\n  <b/> <!-- d --><d/>\n</a>", "<a>\n  <b/><c/> <!-- d --><d/>\n</a>", {{ADD, "", "c", "b"}}},
	    /* No line breaks if the document has none. */
	    {"<a><b/></a>", "<a><b/><c/></a>", {{ADD, "", "c", NULL}}},
	    {"<a><b/><d/></a>\n", "<a><b/><c/><d/></a>\n", {{ADD, "", "c", "b"}}},
	    {"<a>\n  <b/><d/>\n</a>", "<a>\n  <b/><c/><d/>\n</a>", {{ADD, "", "c", "b"}}},
	    {"<a>\n  <b/><d/>\n</a>", "<a>\n  <b/><d/><c/>\n</a>", {{ADD, "", "c", "d"}}},
	    {"<a><b/>\n</a>", "<a><b/><c/>\n</a>", {{ADD, "", "c", "b"}}},
	    {"<a>\n  <b/></a>", "<a>\n  <b/>\n  <c/></a>", {{ADD, "", "c", "b"}}},
	    {"<a>\n<b/>\n</a>", "<a>\n<b/>\n<c/>\n</a>", {{ADD, "", "c", "b"}}},
	    /* Into an element without children. */
	    {"<a/>", "<a><c/></a>", {{ADD, "", "c", NULL}}},
	    {"<a />", "<a><c/></a>", {{ADD, "", "c", NULL}}},
	    {"<a></a>", "<a><c/></a>", {{ADD, "", "c", NULL}}},
	    {"<a  ></a >", "<a  ><c/></a >", {{ADD, "", "c", NULL}}},
	    {"<a/>\n", "<a>\n  <c/>\n</a>\n", {{ADD, "", "c", NULL}}},
	    {"<a>\n</a>", "<a>\n  <c/>\n</a>", {{ADD, "", "c", NULL}}},
	    {"<a>\n\n</a>", "<a>\n  <c/>\n\n</a>", {{ADD, "", "c", NULL}}},
	    {"<a>\n   <b x='1' />\n</a>", "<a>\n   <b x='1'>\n      <c/>\n   </b>\n</a>", {{ADD, "b", "c", NULL}}},
	    {"<a>\n\t<b></b>\n</a>", "<a>\n\t<b>\n\t\t<c/>\n\t</b>\n</a>", {{ADD, "b", "c", NULL}}},
	    {"<a>\n\t<b> </b>\n</a>", "<a>\n\t<b>\n\t\t<c/>\n\t</b>\n</a>", {{ADD, "b", "c", NULL}}},
	    {"<a>\r\n\t<b>\r\n\t</b>\r\n</a>", "<a>\r\n\t<b>\r\n\t\t<c/>\r\n\t</b>\r\n</a>", {{ADD, "b", "c", NULL}}},
	    {"<a>\n\t<b>\n\t\t<!-- none -->\n\t</b>\n</a>",
	     "<a>\n\t<b>\n\t\t<!-- none -->\n\t\t<c/>\n\t</b>\n</a>",
	     {{ADD, "b", "c", NULL}}},
	    {"<a>\n\t<b>text</b>\n</a>", "<a>\n\t<b>text<c/></b>\n</a>", {{ADD, "b", "c", NULL}}},
	    {"<a><d/><b/>\n</a>", "<a><d/><b><c/></b>\n</a>", {{ADD, "b", "c", NULL}}},
	    {"<a>\n <b/>\n <d>\n  <e/>\n </d>\n</a>", "<a>\n <b>\n  <c/>\n </b>\n <d>\n  <e/>\n </d>\n</a>", {{ADD, "b", "c", NULL}}},
	    {"\xEF\xBB\xBF<a/>\n", "\xEF\xBB\xBF<a>\n  <c/>\n</a>\n", {{ADD, "", "c", NULL}}},
	    /* New ones inside new ones, with attributes; and removed again. */
	    {"<a>\n  <b x=\"1\"/>\n</a>",
	     "<a>\n  <b x=\"1\"/>\n  <c y=\"&quot;\">\n    <d z=\"2\"/>\n    <e/>\n  </c>\n</a>",
	     {{ADD, "", "c", NULL}, {ADD, "c", "d", NULL}, {PUT, "c", "y", "\""}, {PUT, "c/d", "z", "2"}, {ADD, "c", "e", NULL}}},
	    {"<a><b/></a>", "<a><b/><c><d/></c></a>", {{ADD, "", "c", NULL}, {ADD, "c", "d", NULL}}},
	    {"<a/>\n", "<a/>\n", {{ADD, "", "c", NULL}, {CUT, "c", NULL, NULL}}},
	    {"<a>\n <b/>\n</a>\n", "<a>\n <b/>\n <d/>\n</a>\n", {{ADD, "", "c", NULL}, {ADD, "", "d", NULL}, {CUT, "c", NULL, NULL}}},
	    {"<a>\n <b/>\n</a>\n", "<a>\n <b/>\n <c/>\n</a>\n", {{ADD, "", "c", NULL}, {PUT, "c", "x", "1"}, {PUT, "c", "x", NULL}}},
	    /* Without a namespace where a default one is in scope. */
	    {"<a><b xmlns='u'/></a>", "<a><b xmlns='u'/><c/></a>", {{ADD, "", "c", NULL}}},
	};

	RUN(rows);
}

static void removals(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {"<a>\n  <b/>\n  <c/>\n</a>", "<a>\n  <c/>\n</a>", {{CUT, "b", NULL, NULL}}},
	    {"<a>\n  <b>\n    <x/>\n  </b>\t\n  <c/>\n</a>", "<a>\n  <c/>\n</a>", {{CUT, "b", NULL, NULL}}},
	    {"<a>\r\n  <b/>\r\n</a>", "<a>\r\n</a>", {{CUT, "b", NULL, NULL}}},
	    /* Only its line: blank lines and comments stay. */
	    {"<a>\n\n  <!-- b -->\n  <b/>\n\n  <c/>\n</a>", "<a>\n\n  <!-- b -->\n\n  <c/>\n</a>", {{CUT, "b", NULL, NULL}}},
	    {"<a>\n  <b/> <!-- b -->\n</a>", "<a>\n   <!-- b -->\n</a>", {{CUT, "b", NULL, NULL}}},
	    {"<a>\n  <!-- b --> <b/>\n</a>", "<a>\n  <!-- b -->\n</a>", {{CUT, "b", NULL, NULL}}},
	    {"<a><b/><c/></a>", "<a><c/></a>", {{CUT, "b", NULL, NULL}}},
	    {"<a><b/></a>", "<a></a>", {{CUT, "b", NULL, NULL}}},
	    {"<a> <b/> </a>", "<a>  </a>", {{CUT, "b", NULL, NULL}}},
	    {"<a><b/>\n</a>", "<a>\n</a>", {{CUT, "b", NULL, NULL}}},
	    {"<a>\n  <b/><c/>\n</a>", "<a>\n  <c/>\n</a>", {{CUT, "b", NULL, NULL}}},
	    {"<a>\n  <b/> <c/>\n</a>", "<a>\n  <b/>\n</a>", {{CUT, "c", NULL, NULL}}},
	    {"<a>\n  <b/> <c/>\n  <d/>\n</a>", "<a>\n  <d/>\n</a>", {{CUT, "b", NULL, NULL}, {CUT, "c", NULL, NULL}}},
	    {"<a>\n  <b/> <c/>\n  <d/>\n</a>", "<a>\n</a>", {{CUT, "b", NULL, NULL}, {CUT, "c", NULL, NULL}, {CUT, "d", NULL, NULL}}},
	    {"<a>\n  <b/></a>", "<a>\n  </a>", {{CUT, "b", NULL, NULL}}},
	    /* Edits inside what is removed are dropped; others stay. */
	    {"<a>\n  <b x='1'><d/></b>\n  <c x='1'/>\n</a>",
	     "<a>\n  <c x='2'/>\n</a>",
	     {{PUT, "b", "x", "2"}, {ADD, "b", "e", NULL}, {CUT, "b/d", NULL, NULL}, {CUT, "b", NULL, NULL}, {PUT, "c", "x", "2"}}},
	    /* A new one instead of an old one. */
	    {"<a>\n  <b/>\n  <d/>\n</a>", "<a>\n  <c/>\n  <d/>\n</a>", {{ADD, "", "c", "b"}, {CUT, "b", NULL, NULL}}},
	    {"<a>\n  <b/>\n</a>", "<a>\n  <c/>\n</a>", {{CUT, "b", NULL, NULL}, {ADD, "", "c", NULL}}},
	    {"<a>\n  <b/>\n</a>", "<a>\n  <b/>\n</a>", {{CUT, "b", NULL, NULL}, {ADD, "", "b", NULL}}},
	    {"<a>\n  <b/> <!-- b -->\n</a>",
	     "<a>\n  <c/>\n  <d/> <!-- b -->\n</a>",
	     {{CUT, "b", NULL, NULL}, {ADD, "", "c", NULL}, {ADD, "", "d", NULL}}},
	    {"<a><b/><x/></a>", "<a><c/><x/></a>", {{ADD, "", "c", "b"}, {CUT, "b", NULL, NULL}}},
	    {"<a>\n  <b/><x/>\n</a>", "<a>\n  <c/>\n</a>", {{CUT, "b", NULL, NULL}, {CUT, "x", NULL, NULL}, {ADD, "", "c", NULL}}},
	};

	RUN(rows);
}

static void namespaces(void **state)
{
	(void)state;
#define U "'" SC_XML_NS_QEMU "'"
	static const struct row rows[] = {
	    {"<a type=\"x\">\n  <b/>\n</a>",
	     "<a type=\"x\" xmlns:qemu=\"" SC_XML_NS_QEMU "\">\n  <b/>\n  <qemu:commandline/>\n</a>",
	     {{QEMU, "", "commandline", NULL}}},
	    {"<a xmlns:q=" U "/>", "<a xmlns:q=" U "><q:commandline/></a>", {{QEMU, "", "commandline", NULL}}},
	    {"<a xmlns:qemu='u'/>", "<a xmlns:qemu='u' xmlns:qemu2=" U "><qemu2:commandline/></a>", {{QEMU, "", "commandline", NULL}}},
	    {"<a><b xmlns:q=" U "/></a>", "<a><b xmlns:q=" U "><q:arg/></b></a>", {{QEMU, "b", "arg", NULL}}},
	    /* A prefix that is redefined on the way is not used. */
	    {"<a xmlns:q=" U "><b xmlns:q='u'/></a>",
	     "<a xmlns:q=" U " xmlns:qemu=" U "><b xmlns:q='u'><qemu:arg/></b></a>",
	     {{QEMU, "b", "arg", NULL}}},
	    {"<a/>", "<a xmlns:qemu=" U "><qemu:x/><qemu:y/></a>", {{QEMU, "", "x", NULL}, {QEMU, "", "y", NULL}}},
	};

	RUN(rows);

	XML_CASE c = xml_open("<a><m xmlns='u'><x/></m></a>");
	struct sc_xml_node *m = sc_xml_child_ns(sc_xml_root(c.doc), "u", "m");
	assert_non_null(sc_xml_add(c.ctx, c.doc, m, NULL, "plain"));
	assert_non_null(sc_xml_add_ns(c.ctx, c.doc, m, NULL, "u", "p", "y"));
	assert_string_equal(xml_result(&c), "<a><m xmlns='u'><x/><plain xmlns=''/><y/></m></a>");
}

/* Removing and restoring an attribute with a prefix yields the same bytes. */
static void takes_back_prefixed(void **state)
{
	(void)state;
	XML_CASE c = xml_open("<a xmlns:p='u'><b p:x='1' y='2'/></a>");

	xml_put(&c, "b", "x", NULL);
	assert_null(sc_xml_get(xml_at(&c, "b"), "x"));
	xml_put(&c, "b", "x", "1");
	assert_string_equal(xml_result(&c), "<a xmlns:p='u'><b p:x='1' y='2'/></a>");
	xml_put(&c, "b", "x", NULL);
	xml_put(&c, "b", "x", "3");
	assert_string_equal(xml_result(&c), "<a xmlns:p='u'><b p:x='3' y='2'/></a>");

	/* two with one local name: the first is in effect, and the hidden one is removed and restored with it */
	XML_CASE two = xml_open("<a xmlns:p='u'><b p:x='1' x='2'/></a>");
	xml_put(&two, "b", "x", NULL);
	assert_null(sc_xml_get(xml_at(&two, "b"), "x"));
	assert_string_equal(xml_result(&two), "<a xmlns:p='u'><b/></a>");
	xml_put(&two, "b", "x", "3");
	assert_string_equal(sc_xml_get(xml_at(&two, "b"), "x"), "3");
	assert_string_equal(xml_result(&two), "<a xmlns:p='u'><b p:x='3' x='2'/></a>");
}

/* What was added can be read like the rest. */
static void reads_edits(void **state)
{
	(void)state;
	XML_CASE c = xml_open("<a>\n  <b x='1'/>\n  <b/>\n</a>");
	struct sc_xml_node *b = xml_at(&c, "b");
	struct sc_xml_node *fresh = sc_xml_add(c.ctx, c.doc, sc_xml_root(c.doc), b, "b");

	assert_non_null(fresh);
	assert_ptr_equal(sc_xml_next(b, "b"), fresh);
	assert_int_equal(sc_xml_index(fresh), 2);
	assert_int_equal(sc_xml_index(sc_xml_next(fresh, "b")), 3);
	assert_string_equal(sc_xml_text(c.doc, fresh), "");
	xml_put(&c, "b", "x", NULL);
	assert_null(sc_xml_get(b, "x"));
	sc_xml_remove(b);
	assert_ptr_equal(sc_xml_child(sc_xml_root(c.doc), NULL), fresh);
	assert_int_equal(sc_xml_index(fresh), 1);
}

static void refuses_values(void **state)
{
	(void)state;
	static const char *const bad[] = {"\x01",         "a\x1F",        "\xFF",     "\xC0\x80",
					  "\xED\xA0\x80", "\xEF\xBF\xBF", "\xE2\x82", "\xF4\x90\x80\x80"};
	XML_CASE c = xml_open("<a b='1'/>");

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(sc_xml_set(c.ctx, c.doc, sc_xml_root(c.doc), "b", bad[i]), SPICECFG_USAGE);
	assert_false(sc_xml_changed(c.doc));
}

static void note(void *opaque, const struct sc_xml_node *node, const char *attr, const char *from, const char *to)
{
	sc_xml_path(node, attr, opaque);
	sc_buf_addf(opaque, " %s>%s;", from ? from : "-", to ? to : "-");
}

static void tells_changes(void **state)
{
	(void)state;
	XML_CASE c = xml_open("<a><b x='1' y='2' z='3'/><c><d v='4'/></c><e/></a>");
	SC_BUF seen = SC_BUF_INIT;

	sc_xml_changes(c.doc, note, &seen);
	assert_int_equal(seen.len, 0);
	xml_put(&c, "b", "x", "5");
	xml_put(&c, "b", "y", NULL);
	xml_put(&c, "b", "z", "9");
	xml_put(&c, "b", "z", "3");
	xml_put(&c, "b", "w", "6");
	xml_add(&c, "c", NULL, "fresh");
	sc_xml_remove(xml_at(&c, "c"));
	xml_add(&c, "", "e", "f");
	xml_put(&c, "f", "n", "7");
	xml_add(&c, "", NULL, "g");
	assert_non_null(sc_xml_add_ns(c.ctx, c.doc, sc_xml_root(c.doc), NULL, SC_XML_NS_QEMU, "qemu", "h"));
	sc_xml_changes(c.doc, note, &seen);
	assert_string_equal(seen.data, "/a/@xmlns:qemu ->" SC_XML_NS_QEMU
				       ";/a/b/@x 1>5;/a/b/@y 2>-;/a/b/@w ->6;/a/c >-;/a/c/d/@v 4>-;/a/f/@n ->7;/a/g ->;/a/qemu:h ->;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(attributes),    cmocka_unit_test(additions),           cmocka_unit_test(removals),
	    cmocka_unit_test(namespaces),    cmocka_unit_test(takes_back_prefixed), cmocka_unit_test(reads_edits),
	    cmocka_unit_test(tells_changes), cmocka_unit_test(refuses_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

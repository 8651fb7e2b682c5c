/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading: the tree, the positions that it reports, which files are refused. Encodings: xml_encoding_test.c. */
#include <stdio.h>

#include "xml_help.h"

static const char spice[] = "<?xml version='1.0'?>\n"
			    "<!-- <domain> in a comment: <graphics type='vnc'/> -->\n"
			    "<domain type='kvm' xmlns:q='" SC_XML_NS_QEMU "'>\n"
			    "  <name>a &amp; b<!-- not <i>this</i> --><![CDATA[ <c> &amp; ]]>&#x41;&#66;\r\nz</name>\n"
			    "  <?pi <devices> ?>\n"
			    "  <devices>\n"
			    "    <graphics\ttype = 'spice'  port=\"5900\" passwd='a>b&quot;&apos;&lt;&#10;x'>\n"
			    "      <listen type='address' address='::1'/>\n"
			    "    </graphics >\n"
			    "    <video><model type='qxl' heads='1' /></video>\n"
			    "    <video><model type=\"virtio\"/></video>\n"
			    "    <q:video/>\n"
			    "  </devices>\n"
			    "  <q:commandline><q:arg value='-spice'/></q:commandline>\n"
			    "</domain>\n"
			    "<!-- </domain> -->";

/* Comments that look as if they ended immediately. */
static const char sly[] = "<a>1<!--> 2 -->3<!---->4<!-- > - -->5<?p > ?>6<![CDATA[]]]>7</a>";

static void reads_values(void **state)
{
	(void)state;
	XML_CASE c = xml_open(spice);
	struct sc_xml_node *graphics = xml_at(&c, "devices/graphics");

	assert_string_equal(sc_xml_get(graphics, "type"), "spice");
	assert_string_equal(sc_xml_get(graphics, "port"), "5900");
	assert_string_equal(sc_xml_get(graphics, "passwd"), "a>b\"'<\nx");
	assert_null(sc_xml_get(graphics, "tlsPort"));
	assert_null(sc_xml_get(NULL, "type"));
	assert_string_equal(sc_xml_text(c.doc, xml_at(&c, "name")), "a & b <c> &amp; AB\nz");
	assert_ptr_equal(sc_xml_text(c.doc, xml_at(&c, "name")), sc_xml_text(c.doc, xml_at(&c, "name")));
	assert_string_equal(sc_xml_text(c.doc, xml_at(&c, "devices/video")), "");
	assert_null(sc_xml_text(c.doc, NULL));
	assert_null(sc_xml_parent(sc_xml_root(c.doc)));
	assert_ptr_equal(sc_xml_parent(graphics), xml_at(&c, "devices"));
	assert_string_equal(sc_xml_name(c.doc), "test.xml");
	assert_null(sc_xml_child(NULL, NULL));
	assert_null(sc_xml_next(NULL, NULL));
}

static void reads_around_comments(void **state)
{
	(void)state;
	XML_CASE c = xml_open(sly);

	assert_string_equal(sc_xml_text(c.doc, sc_xml_root(c.doc)), "13456]7");
}

static void walks_namespaces(void **state)
{
	(void)state;
	XML_CASE c = xml_open(spice);
	struct sc_xml_node *root = sc_xml_root(c.doc), *devices = xml_at(&c, "devices");
	unsigned plain = 0, all = 0;

	assert_null(sc_xml_child(root, "commandline"));
	struct sc_xml_node *commandline = sc_xml_child_ns(root, SC_XML_NS_QEMU, "commandline");
	assert_non_null(commandline);
	assert_string_equal(sc_xml_node_name(commandline), "commandline");
	assert_string_equal(sc_xml_node_ns(commandline), SC_XML_NS_QEMU);
	assert_null(sc_xml_node_ns(devices));
	assert_string_equal(sc_xml_get(sc_xml_child_ns(commandline, SC_XML_NS_QEMU, "arg"), "value"), "-spice");
	for (struct sc_xml_node *node = sc_xml_child(devices, "video"); node; node = sc_xml_next(node, "video"))
		plain++;
	for (struct sc_xml_node *node = sc_xml_child_ns(devices, "*", NULL); node; node = sc_xml_next_ns(node, "*", NULL))
		all++;
	assert_int_equal(plain, 2);
	assert_int_equal(all, 4);
	assert_int_equal(sc_xml_index(sc_xml_next(sc_xml_child(devices, "video"), "video")), 2);
	assert_int_equal(sc_xml_index(sc_xml_child_ns(devices, SC_XML_NS_QEMU, "video")), 1);
}

static void default_namespace(void **state)
{
	(void)state;
	XML_CASE c =
	    xml_open("<domain><metadata><os xmlns='http://o' id='x'><a/><b xmlns=''/></os><u:z u:k='1' k='2'/></metadata></domain>");
	struct sc_xml_node *metadata = xml_at(&c, "metadata");
	struct sc_xml_node *os = sc_xml_child_ns(metadata, "http://o", "os");

	assert_non_null(os);
	assert_string_equal(sc_xml_get(os, "id"), "x");
	assert_null(sc_xml_child(os, "a"));
	assert_non_null(sc_xml_child_ns(os, "http://o", "a"));
	assert_non_null(sc_xml_child(os, "b"));
	/* An undeclared prefix is part of the name, as in libvirt. */
	assert_non_null(sc_xml_child(metadata, "u:z"));
	assert_string_equal(sc_xml_get(sc_xml_child(metadata, "u:z"), "k"), "2");
}

static void assert_where(const struct xml_case *c, const struct sc_xml_node *node, const char *attr, unsigned line, unsigned column)
{
	struct sc_where where = sc_xml_where(c->doc, node, attr);

	assert_string_equal(where.file, "test.xml");
	assert_int_equal(where.line, line);
	assert_int_equal(where.column, column);
}

static void tells_positions(void **state)
{
	(void)state;
	XML_CASE c = xml_open(spice);

	assert_where(&c, sc_xml_root(c.doc), NULL, 3, 1);
	assert_where(&c, xml_at(&c, "devices/graphics"), NULL, 8, 5);
	assert_where(&c, xml_at(&c, "devices/graphics"), "type", 8, 15);
	assert_where(&c, xml_at(&c, "devices/graphics"), "port", 8, 31);
	assert_where(&c, xml_at(&c, "devices/graphics"), "absent", 8, 5);
	assert_where(&c, xml_at(&c, "devices/graphics/listen"), NULL, 9, 7);
	assert_where(&c, xml_at(&c, "devices/video/model"), "heads", 11, 30);
	xml_put(&c, "devices/video/model", "vram", "1");
	assert_where(&c, xml_at(&c, "devices/video/model"), "vram", 0, 0);
	assert_where(&c, xml_add(&c, "devices", NULL, "video"), NULL, 0, 0);
}

static void assert_path(const struct sc_xml_node *node, const char *attr, const char *want)
{
	SC_BUF path = SC_BUF_INIT;

	sc_xml_path(node, attr, &path);
	assert_string_equal(sc_buf_text(&path), want);
}

static void tells_paths(void **state)
{
	(void)state;
	XML_CASE c = xml_open(spice);
	struct sc_xml_node *video = xml_at(&c, "devices/video");

	assert_path(sc_xml_root(c.doc), "type", "/domain/@type");
	assert_path(xml_at(&c, "devices/graphics"), "port", "/domain/devices/graphics[1]/@port");
	assert_path(xml_at(&c, "devices/graphics/listen"), NULL, "/domain/devices/graphics[1]/listen[1]");
	assert_path(sc_xml_child(sc_xml_next(video, "video"), "model"), "heads", "/domain/devices/video[2]/model/@heads");
	assert_path(sc_xml_child_ns(xml_at(&c, "devices"), SC_XML_NS_QEMU, "video"), NULL, "/domain/devices/q:video");
	assert_path(sc_xml_child_ns(sc_xml_root(c.doc), SC_XML_NS_QEMU, "commandline"), NULL, "/domain/q:commandline");

	XML_CASE twins = xml_open("<a><b/><c/><b><d/></b></a>");
	assert_path(xml_at(&twins, "b"), NULL, "/a/b[1]");
	assert_path(sc_xml_child(sc_xml_next(xml_at(&twins, "b"), "b"), "d"), NULL, "/a/b[2]/d");
	assert_path(xml_at(&twins, "c"), NULL, "/a/c");
	sc_xml_remove(xml_at(&twins, "b"));
	assert_path(xml_at(&twins, "b"), NULL, "/a/b");
}

static void odd_but_well_formed(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "<a/>",
	    "<a\n/>\n\n",
	    "\n <a></a >",
	    "\xEF\xBB\xBF<a/>",
	    "\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?>\r\n<a\r\n b='1'\r\n/>\r\n",
	    "<a  b = 'x' c\t=\n\"y\" />",
	    "<a b='>' c=\"'/>\" d='\"'><b/>]]&gt;</a>",
	    "<a><![CDATA[<b c='d'>]]]]><![CDATA[></a>]]></a>",
	    "<a><!----><!-- - <b> --><?x?><?y <c d='> ?></a><?z?>",
	    "<x:a xmlns:x='u' xmlns='v' x:b='1' b='2'><x:a xmlns:x='w'/></x:a>",
	    "<a xml:lang='de' xml:space='preserve' xmlns:xml='http://www.w3.org/XML/1998/namespace'> </a>",
	    "<a:b:c/>",
	    "<a>\r\r\n\t</a>",
	    "<\xC3\xA4 \xC3\xB6='\xE2\x82\xAC'>\xF0\x9F\x98\x80</\xC3\xA4>",
	    "<?xml version=\"1.0\" standalone='yes'?><a/>",
	    "<?xml version='1.1'?><a/>",
	    "<?xml-stylesheet encoding='UTF-16'?><a/>",
	    "<a b='' c=\"\"/>",
	    "<a b='&#9;&#10;&#13;&lt;\n\t'>&#x10FFFF;</a>",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		XML_CASE c = xml_open(texts[i]);

		assert_false(sc_xml_changed(c.doc));
		assert_string_equal(xml_result(&c), texts[i]);
	}
}

static void refused_at(const char *text, size_t len, unsigned line, unsigned column, const char *word)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_xml *doc = (struct sc_xml *)ctx;

	if (sc_xml_parse(ctx, "bad.xml", text, len, &doc) != SPICECFG_INPUT)
		fail_msg("not refused: %.60s", text);
	const struct spicecfg_error *error = spicecfg_ctx_error(ctx);
	assert_null(doc);
	assert_non_null(error);
	assert_string_equal(error->file, "bad.xml");
	if (error->line != line || error->column != column || !strstr(error->message, word) || !error->fix)
		fail_msg("%.60s: %u:%u: %s, want %u:%u %s", text, error->line, error->column, error->message, line, column, word);
	spicecfg_ctx_free(ctx);
}

static void refuses_malformed(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned line, column;
		const char *word;
	} rows[] = {
	    {"", 1, 1, "empty"},
	    {" \n", 2, 1, "empty"},
	    {"plain", 1, 1, "does not begin"},
	    {"<a>\n<b>\n</a>", 3, 5, "the end tag does not match"},
	    {"<a>\n  <b", 2, 5, "no '>'"},
	    {"<a>\n<b/>", 2, 5, "end"},
	    {"<a/>\n<b/>", 2, 1, "Extra content"},
	    {"<a b='1' b='2'/>", 1, 15, "twice"},
	    {"<a b/>", 1, 5, "no value"},
	    {"<a b='1'c='2'/>", 1, 9, "attributes construct error"},
	    {"<a b='<'/>", 1, 7, "<"},
	    {"<a>&nbsp;</a>", 1, 10, "entity"},
	    {"<a b='&sesame;'/>", 1, 15, "entity"},
	    {"<a>\n&</a>", 2, 2, "name"},
	    {"<a>\x01</a>", 1, 4, "invalid"},
	    {"<a>&#0;</a>", 1, 8, "invalid xmlChar value 0"},
	    {"<a><!-- -- --></a>", 1, 9, "hyphen"},
	    {"<a><!-- </a>", 1, 13, "omment"},
	    {"<a><![CDATA[</a>", 1, 17, "CDATA"},
	    {"<1/>", 1, 2, "StartTag"},
	    {"<!DOCTYPE a><a/>", 1, 1, "DTD"},
	    {"<?xml version='1.0'?>\n<!-- x -->\n <!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", 3, 2, "DTD"},
	    {"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>", 1, 1, "DTD"},
	    {"<!DOCTYPE a PUBLIC '-//x' 'http://localhost/x.dtd' []><a/>", 1, 1, "DTD"},
	    {"<!DOCTYPE a [<!ENTITY l 'l'><!ENTITY m '&l;&l;&l;&l;'><!ENTITY n '&m;&m;&m;&m;'>]><a b='&n;'>&n;&n;</a>", 1, 1, "DTD"},
	    {"<!DOCTYPE a [<!ATTLIST a b CDATA 'x'>]><a/>", 1, 1, "DTD"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		refused_at(rows[i].text, strlen(rows[i].text), rows[i].line, rows[i].column, rows[i].word);
	refused_at("<a>\0</a>", 8, 1, 4, "NUL");
}

static void truncated_anywhere(void **state)
{
	(void)state;
	size_t end = (size_t)(strstr(spice, "</domain>") - spice) + 9;

	for (size_t len = 0; len < end; len++) {
		struct spicecfg_ctx *ctx = spicecfg_ctx_new();
		struct sc_xml *doc;

		assert_int_equal(sc_xml_parse(ctx, "cut.xml", spice, len, &doc), SPICECFG_INPUT);
		assert_null(doc);
		spicecfg_ctx_free(ctx);
	}
}

/* A refusal quotes no value, because it may be a password. */
static void errors_keep_secrets(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "<g passwd='&sesame;'/>", "<g passwd='x' sesame'/>", "<g passwd='sesame<'/>",    "<g passwd='sesame/>",
	    "<g passwd=sesame/>",     "<g passwd='&#sesame'/>",  "<g passwd='\xE9sesame'/>", "<g passwd='x'sesame'/>",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct spicecfg_ctx *ctx = spicecfg_ctx_new();
		struct sc_xml *doc;

		assert_int_equal(sc_xml_parse(ctx, "x", texts[i], strlen(texts[i]), &doc), SPICECFG_INPUT);
		if (strstr(spicecfg_ctx_error(ctx)->message, "sesame"))
			fail_msg("%s: %s", texts[i], spicecfg_ctx_error(ctx)->message);
		spicecfg_ctx_free(ctx);
	}
}

static void limits(void **state)
{
	(void)state;
	SC_BUF text = SC_BUF_INIT;
	const char *piece = "<a>";

	for (int i = 0; i < 250; i++)
		sc_buf_adds(&text, piece);
	for (int i = 0; i < 250; i++)
		sc_buf_adds(&text, "</a>");
	XML_CASE deep = xml_open(text.data);
	assert_string_equal(xml_result(&deep), text.data);
	sc_buf_free(&text);
	for (int i = 0; i < 251; i++)
		sc_buf_adds(&text, piece);
	refused_at(text.data, text.len, 1, 751, "nested");
	sc_buf_free(&text);
	for (int i = 0; i < 100000; i++)
		sc_buf_adds(&text, piece);
	refused_at(text.data, text.len, 1, 751, "nested");

	sc_buf_free(&text);
	sc_buf_adds(&text, "<a b='");
	while (text.len < SC_XML_SIZE_MAX - 3)
		sc_buf_addc(&text, 'x');
	sc_buf_adds(&text, "'/>");
	assert_int_equal(text.len, SC_XML_SIZE_MAX);
	XML_CASE large = xml_open(text.data);
	assert_int_equal(strlen(sc_xml_get(sc_xml_root(large.doc), "b")), SC_XML_SIZE_MAX - 9);
	sc_buf_addc(&text, '\n');
	struct sc_xml *doc;
	assert_int_equal(sc_xml_parse(large.ctx, "large", text.data, text.len, &doc), SPICECFG_INPUT);
	assert_non_null(strstr(spicecfg_ctx_error(large.ctx)->message, "4194305 bytes"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_values),          cmocka_unit_test(walks_namespaces),
	    cmocka_unit_test(default_namespace),     cmocka_unit_test(tells_positions),
	    cmocka_unit_test(tells_paths),           cmocka_unit_test(odd_but_well_formed),
	    cmocka_unit_test(refuses_malformed),     cmocka_unit_test(truncated_anywhere),
	    cmocka_unit_test(errors_keep_secrets),   cmocka_unit_test(limits),
	    cmocka_unit_test(reads_around_comments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

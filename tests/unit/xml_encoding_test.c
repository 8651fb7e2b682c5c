/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encodings: what is read, preserved byte for byte, written, and refused. */
#include <iconv.h>
#include <stdio.h>

#include "xml_help.h"

/* One line each: bytes in the encoding, the same text in UTF-8. */
static const struct {
	const char *name;
	const char *bytes;
	const char *utf8;
} encodings[] = {
    {"ISO-8859-1", "\xE4\xF6\xFC\xDF\x80", "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC2\x80"},
    {"iso-8859-1", "\xE9", "\xC3\xA9"},
    {"ISO-8859-15", "\xA4", "\xE2\x82\xAC"},
    {"ISO-8859-5", "\xB0\xF1", "\xD0\x90\xD1\x91"},
    {"windows-1252", "\x80\x99\xE9", "\xE2\x82\xAC\xE2\x84\xA2\xC3\xA9"},
    {"windows-1251", "\xC0\xFF", "\xD0\x90\xD1\x8F"},
    {"KOI8-R", "\xC1\xFF", "\xD0\xB0\xD0\xAA"},
    {"koi8-u", "\xA4", "\xD1\x94"},
    {"IBM850", "\x84", "\xC3\xA4"},
    {"US-ASCII", "a", "a"},
    {"ascii", "~", "~"},
    {"UTF-8", "\xC3\xA4\xF0\x9F\x98\x80", "\xC3\xA4\xF0\x9F\x98\x80"},
    {"utf-8", "\xE2\x82\xAC", "\xE2\x82\xAC"},
};
enum { N_ENCODINGS = sizeof(encodings) / sizeof(encodings[0]) };

/* A domain of about lines * 60 bytes with x in many places. */
static void build(struct sc_buf *out, const char *encoding, const char *x, unsigned lines)
{
	sc_buf_addf(out, "<?xml version='1.0' encoding='%s'?>\r\n<!-- %s -->\r\n<domain>\r\n", encoding, x);
	for (unsigned i = 0; i < lines; i++)
		sc_buf_addf(out, "  <metadata note='%s %u' other='%s'>%s<b/></metadata>\r\n", x, i, x, x);
	sc_buf_addf(out, "  <devices>\r\n    %s<model a='%s' heads='1' b='%s'/>%s\r\n  </devices>\r\n</domain>", x, x, x, x);
}

/* The length of a file matters: libxml2 reads and converts in pieces of a few thousand bytes. */
static void keeps_and_edits(void **state)
{
	(void)state;
	static const unsigned sizes[] = {1, 700, 1500, 6000};

	for (size_t i = 0; i < N_ENCODINGS * 4; i++) {
		const char *x = encodings[i / 4].bytes;
		SC_BUF text = SC_BUF_INIT;

		build(&text, encodings[i / 4].name, x, sizes[i % 4]);
		XML_CASE c = xml_open_bytes(text.data, text.len);
		assert_string_equal(xml_result(&c), text.data);
		assert_false(sc_xml_changed(c.doc));
		struct sc_xml_node *model = xml_at(&c, "devices/model");
		assert_string_equal(sc_xml_get(model, "a"), encodings[i / 4].utf8);
		assert_string_equal(sc_xml_text(c.doc, xml_at(&c, "metadata")), encodings[i / 4].utf8);
		struct sc_where where = sc_xml_where(c.doc, model, "heads");
		assert_int_equal(where.line, 3 + sizes[i % 4] + 2);
		assert_int_equal(where.column, 5 + 2 * strlen(x) + strlen("<model a='' "));
		xml_put(&c, "devices/model", "heads", "4");
		char *change = strstr(text.data, "heads='1'");
		change[7] = '4';
		assert_string_equal(xml_result(&c), text.data);
		assert_true(sc_xml_changed(c.doc));
	}
}

static void every_byte(void **state)
{
	(void)state;
	/* windows-1252 leaves five bytes undefined; the rest of 0x80 to 0xFF must survive a round trip. */
	for (unsigned byte = 0x80; byte < 0x100; byte++) {
		char text[100];
		struct sc_xml *doc;
		struct spicecfg_ctx *ctx = spicecfg_ctx_new();

		snprintf(text, sizeof(text), "<?xml version='1.0' encoding='windows-1252'?>\n<a b='%c'/>", (char)byte);
		bool undefined = strchr("\x81\x8D\x8F\x90\x9D", (int)byte);
		assert_int_equal(sc_xml_parse(ctx, "x", text, strlen(text), &doc), undefined ? SPICECFG_INPUT : SPICECFG_OK);
		if (undefined) {
			assert_int_equal(spicecfg_ctx_error(ctx)->line, 2);
			assert_int_equal(spicecfg_ctx_error(ctx)->column, 7);
		} else {
			SC_BUF out = SC_BUF_INIT;
			assert_int_equal(sc_xml_write(ctx, doc, &out), SPICECFG_OK);
			assert_string_equal(out.data, text);
		}
		sc_xml_free(doc);
		spicecfg_ctx_free(ctx);
	}
}

static void new_values(void **state)
{
	(void)state;
	XML_CASE latin = xml_open("<?xml version='1.0' encoding='ISO-8859-1'?><\xE4 \xF6='\xFC'/>");
	assert_int_equal(sc_xml_set(latin.ctx, latin.doc, sc_xml_root(latin.doc), "n", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
			 SPICECFG_OK);
	assert_int_equal(sc_xml_set(latin.ctx, latin.doc, sc_xml_root(latin.doc), "\xC3\xB6", "\xC3\xA9'"), SPICECFG_OK);
	assert_non_null(sc_xml_add(latin.ctx, latin.doc, sc_xml_root(latin.doc), NULL, "x"));
	assert_string_equal(xml_result(&latin),
			    "<?xml version='1.0' encoding='ISO-8859-1'?><\xE4 \xF6='&#xE9;&apos;' n='&#xE9;&#x20AC;&#x1F600;'><x/></\xE4>");

	XML_CASE ascii = xml_open("<?xml version='1.0' encoding='US-ASCII'?><a b='&#xE4;'/>");
	assert_string_equal(sc_xml_get(sc_xml_root(ascii.doc), "b"), "\xC3\xA4");
	xml_put(&ascii, "", "b", "\xC3\xB6");
	assert_string_equal(xml_result(&ascii), "<?xml version='1.0' encoding='US-ASCII'?><a b='&#xF6;'/>");

	/* The prefix is written in the file's encoding. */
	XML_CASE koi = xml_open("<?xml version='1.0' encoding='KOI8-R'?><a xmlns:\xC1='u'/>");
	assert_non_null(sc_xml_add_ns(koi.ctx, koi.doc, sc_xml_root(koi.doc), NULL, "u", "p", "x"));
	assert_string_equal(xml_result(&koi), "<?xml version='1.0' encoding='KOI8-R'?><a xmlns:\xC1='u'><\xC1:x/></a>");

	/* Without a declaration it is UTF-8. */
	XML_CASE plain = xml_open("<a/>");
	xml_put(&plain, "", "b", "\xC3\xA4");
	assert_string_equal(xml_result(&plain), "<a b='\xC3\xA4'/>");
}

static void refused(const char *bytes, size_t len, const char *word)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_xml *doc;

	assert_int_equal(sc_xml_parse(ctx, "x", bytes, len, &doc), SPICECFG_INPUT);
	const struct spicecfg_error *error = spicecfg_ctx_error(ctx);
	if (!strstr(error->message, word) || !error->fix || !error->line)
		fail_msg("%u:%u: %s (%s), want %s", error->line, error->column, error->message, error->fix ? "with a fix" : "no fix", word);
	spicecfg_ctx_free(ctx);
}

static void refuses_wide(void **state)
{
	(void)state;
	static const char *const names[] = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE", "UTF-32"};
	static const char text[] = "<?xml version='1.0'?><domain/>";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char bytes[256], *from = (char *)text, *to = bytes;
		size_t in = strlen(text), out = sizeof(bytes);
		iconv_t cd = iconv_open(names[i], "UTF-8");

		assert_int_equal(iconv(cd, &from, &in, &to, &out), 0);
		iconv_close(cd);
		refused(bytes, sizeof(bytes) - out, i < 3 ? "UTF-16" : "UTF-32");
	}
	refused("\xFF\xFE", 2, "UTF-16");
	refused("<\0", 2, "UTF-16");
}

static void refuses_encodings(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		const char *word;
	} rows[] = {
	    {"UTF-16", "is not accepted"},
	    {"UTF-7", "is not accepted"},
	    {"SHIFT_JIS", "is not accepted"},
	    {"EUC-JP", "more than one byte"},
	    {"GB18030", "more than one byte"},
	    {"BIG5", "more than one byte"},
	    {"GBK", "more than one byte"},
	    {"EUC-KR", "more than one byte"},
	    {"ISO-2022-JP", "is not accepted"},
	    {"ISO-2022-KR", "is not accepted"},
	    {"HZ", "is not accepted"},
	    {"IBM037", "superset of ASCII"},
	    {"UCS-4", "is not accepted"},
	    {"UTF-8-MAC", "is not accepted"},
	    {"nonsense", "unknown"},
	    {"../../../tmp/x", "not the name"},
	    {"ISO-8859-1//TRANSLIT", "not the name"},
	    {"", "not the name"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[128];

		snprintf(text, sizeof(text), "<?xml version='1.0' encoding='%s'?><a/>", rows[i].name);
		refused(text, strlen(text), rows[i].word);
	}
	refused("\xEF\xBB\xBF<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
		strlen("\xEF\xBB\xBF<?xml version='1.0' encoding='ISO-8859-1'?><a/>"), "byte order mark of UTF-8");
	refused("<a b='\xE4'/>", strlen("<a b='\xE4'/>"), "0xE4 is not valid UTF-8");
	refused("<a b='\xC3'/>", strlen("<a b='\xC3'/>"), "0xC3 is not valid UTF-8");
	refused("<a b='\xF0\x9F\x98'/>", strlen("<a b='\xF0\x9F\x98'/>"), "0xF0 is not valid UTF-8");
	refused("<?xml version='1.0' encoding='US-ASCII'?><a b='\xE4'/>", strlen("<?xml version='1.0' encoding='US-ASCII'?><a b='\xE4'/>"),
		"0xE4 is not valid US-ASCII");
	refused("\x4C\x6F\xA7\x94", 4, "does not begin");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_and_edits), cmocka_unit_test(every_byte),        cmocka_unit_test(new_values),
	    cmocka_unit_test(refuses_wide),    cmocka_unit_test(refuses_encodings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

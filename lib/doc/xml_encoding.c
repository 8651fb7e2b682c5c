/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Converts between the encoding of the file and UTF-8. */
#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "doc/xml_internal.h"

#define FIX_ICONV "Convert the file with 'iconv -t UTF-8' and remove encoding='...' from its first line."

bool sc_xml_is_text(const char *text)
{
	for (uint32_t c; *text;) {
		unsigned n = sc_utf8_get(text, &c);

		if (!n || (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF)
			return false;
		text += n;
	}
	return true;
}

static enum spicecfg_status refuse(struct spicecfg_ctx *ctx, const struct sc_xml *doc, const char *encoding, const char *why)
{
	return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){doc->name, 1, 1}, FIX_ICONV, "the encoding %.40s is not accepted: %s",
			  encoding, why);
}

static enum spicecfg_status refuse_byte(struct spicecfg_ctx *ctx, struct sc_xml *doc, size_t offset, const char *encoding)
{
	doc->text = doc->bytes;
	doc->text_len = doc->len;
	return sc_fail_at(ctx, SPICECFG_INPUT, sc_xml_where_offset(doc, offset),
			  "Declare the actual encoding on the first line: <?xml version='1.0' encoding='...'?>",
			  "the byte 0x%02X is not valid %.40s", (unsigned)(unsigned char)doc->bytes[offset], encoding);
}

/* The offset of the first byte from offset on that is not ASCII; len when all are. */
static size_t find_high(const char *bytes, size_t len, size_t offset)
{
	for (uint64_t word; offset + sizeof(word) <= len; offset += sizeof(word)) {
		memcpy(&word, bytes + offset, sizeof(word));
		if (word & 0x8080808080808080u)
			break;
	}
	while (offset < len && !(bytes[offset] & 0x80))
		offset++;
	return offset;
}

static enum spicecfg_status take_utf8(struct spicecfg_ctx *ctx, struct sc_xml *doc)
{
	for (size_t i = find_high(doc->bytes, doc->len, 0); i < doc->len; i = find_high(doc->bytes, doc->len, i)) {
		uint32_t c;
		unsigned n = sc_utf8_get(doc->bytes + i, &c);

		if (!n)
			return refuse_byte(ctx, doc, i, "UTF-8");
		i += n;
	}
	doc->text = doc->bytes;
	doc->text_len = doc->len;
	return SPICECFG_OK;
}

enum { UNDEFINED = 0 };

/* Converts each single byte with iconv. NULL: every byte is one character or none; else why the encoding can't be used. */
static const char *fill_table(const char *encoding, uint32_t table[static 256])
{
	if (!strcasecmp(encoding, "US-ASCII") || !strcasecmp(encoding, "ASCII") || !strcasecmp(encoding, "ISO-8859-1")) {
		for (uint32_t c = 0; c < 256; c++)
			table[c] = c < 128 || encoding[0] == 'I' || encoding[0] == 'i' ? c : UNDEFINED;
		return NULL;
	}
	iconv_t cd = iconv_open("UTF-8", encoding);
	if (cd == (iconv_t)-1)
		return "it is unknown on this host";
	const char *why = NULL;
	for (unsigned byte = 1; byte < 256 && !why; byte++) {
		char in = (char)byte, utf8[16] = "";
		char *from = &in, *to = utf8;
		size_t in_left = 1, out_left = sizeof(utf8) - 1;

		iconv(cd, NULL, NULL, NULL, NULL);
		if (iconv(cd, &from, &in_left, &to, &out_left) == (size_t)-1) {
			if (errno != EILSEQ)
				why = "a character can have more than one byte";
		} else {
			iconv(cd, NULL, NULL, &to, &out_left);
			if (to == utf8 || sc_utf8_get(utf8, &table[byte]) != (unsigned)(to - utf8))
				why = "a byte is not always one character";
		}
		if (!why && byte < 128 && table[byte] != byte && (byte >= ' ' || strchr("\t\n\r", (int)byte)) && byte != 127)
			why = "it is not a superset of ASCII";
	}
	iconv_close(cd);
	return why;
}

static enum spicecfg_status take_single_byte(struct spicecfg_ctx *ctx, struct sc_xml *doc, const char *encoding)
{
	uint32_t *table = sc_arena_alloc(doc->memory, 256 * sizeof(*table));

	if (!table)
		return sc_fail_memory(ctx);
	const char *why = fill_table(encoding, table);
	if (why)
		return refuse(ctx, doc, encoding, why);
	doc->table = table;
	size_t high = find_high(doc->bytes, doc->len, 0);
	doc->text = doc->bytes;
	doc->text_len = doc->len;
	if (high == doc->len)
		return SPICECFG_OK;
	char *text = sc_arena_alloc(doc->memory, 4 * doc->len + 1);
	if (!text)
		return sc_fail_memory(ctx);
	memcpy(text, doc->bytes, high);
	size_t len = high;
	for (size_t i = high; i < doc->len; i++) {
		uint32_t c = table[(unsigned char)doc->bytes[i]];

		if (c == UNDEFINED)
			return refuse_byte(ctx, doc, i, encoding);
		char utf8[4];
		unsigned n = sc_utf8_put(c, utf8);
		memcpy(text + len, utf8, n);
		len += n;
	}
	doc->text = text;
	doc->text_len = len;
	return SPICECFG_OK;
}

/* The encoding of the XML declaration; NULL when there is none. */
static char *declared(struct sc_xml *doc, uint32_t start)
{
	struct sc_xml_span span;
	uint32_t pos = start + 5;

	if (strncmp(doc->text + start, "<?xml", 5) != 0)
		return NULL;
	while (sc_xml_scan_attr(doc, &pos, &span))
		if (span.name_len == 8 && memcmp(doc->text + span.start, "encoding", 8) == 0)
			return sc_arena_strndup(doc->memory, doc->text + span.value_start, span.value_end - span.value_start);
	return NULL;
}

/* Whether name is a valid encoding name in XML. This also prevents paths and options from reaching iconv. */
static bool is_encoding_name(const char *name)
{
	return *name && strlen(name) <= 40 &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(name);
}

static const char *wide(const char *bytes, size_t len)
{
	if (len >= 4 && (memcmp(bytes, "\0\0\xFE\xFF", 4) == 0 || memcmp(bytes, "\xFF\xFE\0\0", 4) == 0 || memcmp(bytes, "<\0\0", 3) == 0 ||
			 memcmp(bytes, "\0\0\0<", 4) == 0))
		return "UTF-32";
	if (len >= 2 && (memcmp(bytes, "\xFE\xFF", 2) == 0 || memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "<", 2) == 0 ||
			 memcmp(bytes, "\0<", 2) == 0))
		return "UTF-16";
	return NULL;
}

enum spicecfg_status sc_xml_decode(struct spicecfg_ctx *ctx, struct sc_xml *doc)
{
	const char *encoding = wide(doc->bytes, doc->len);

	if (encoding)
		return refuse(ctx, doc, encoding, "only UTF-8 and single-byte encodings can be edited byte by byte");
	doc->text = doc->bytes;
	doc->text_len = doc->len;
	const char *nul = memchr(doc->bytes, '\0', doc->len);
	if (nul)
		return sc_fail_at(ctx, SPICECFG_INPUT, sc_xml_where_offset(doc, (size_t)(nul - doc->bytes)), "Check which file is meant.",
				  "the file contains a NUL byte: it is not XML");
	bool bom = strncmp(doc->bytes, "\xEF\xBB\xBF", 3) == 0;
	size_t first = bom ? 3 : 0;
	first += strspn(doc->bytes + first, " \t\r\n");
	if (doc->bytes[first] != '<') /* libxml2 would guess EBCDIC and other encodings from the first bytes */
		return sc_fail_at(ctx, SPICECFG_INPUT, sc_xml_where_offset(doc, first), "Give an XML file.",
				  doc->bytes[first] ? "the file does not begin with '<': it is not XML" : "the file is empty");
	encoding = declared(doc, bom ? 3 : 0);
	if (!encoding || !strcasecmp(encoding, "UTF-8") || !strcasecmp(encoding, "UTF8"))
		return take_utf8(ctx, doc);
	if (!is_encoding_name(encoding))
		return refuse(ctx, doc, "on the first line", "it is not the name of an encoding");
	if (bom)
		return refuse(ctx, doc, encoding, "the file begins with the byte order mark of UTF-8");
	return take_single_byte(ctx, doc, encoding);
}

void sc_xml_encode(const struct sc_xml *doc, const char *text, struct sc_buf *out)
{
	if (!doc->table) {
		sc_buf_adds(out, text);
		return;
	}
	while (*text) {
		uint32_t c;
		unsigned n = sc_utf8_get(text, &c), byte = c < 128 ? c : 128;

		while (byte < 256 && doc->table[byte] != c)
			byte++;
		sc_buf_addc(out, byte < 256 ? (char)byte : '?');
		text += n ? n : 1;
	}
}

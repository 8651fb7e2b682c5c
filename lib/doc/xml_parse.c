/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxml2 parses the text and calls back for each tag; spicecfg's own scanner follows and records the offsets. Their results are compared
 * tag by tag, so that a document about which they disagree is refused, and an edit is never misplaced.
 */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <string.h>

#include "doc/xml_internal.h"

struct parser {
	struct spicecfg_ctx *ctx;
	struct sc_xml *doc;
	xmlParserCtxtPtr xml;
	struct sc_xml_node *open;
	uint32_t pos;
	unsigned depth;
	bool lost; /* the scanner and libxml2 disagree, at pos */
	enum spicecfg_status status;
};

enum { NAMES = 10000 };

#define FIX_XML "Correct the XML at this place."

static void stop(struct parser *parser, enum spicecfg_status status)
{
	if (!parser->status)
		parser->status = status;
	xmlStopParser(parser->xml);
}

/* Continues without a tree, because libxml2 reports an error next when the text is malformed. */
static void disagree(struct parser *parser)
{
	parser->lost = true;
}

/* A message for libxml2's error without any text or name of the file, because that can be part of a password. */
static const char *error_text(const xmlError *error, char *buf, size_t size)
{
	switch (error->code) {
	case XML_ERR_UNDECLARED_ENTITY:
	case XML_WAR_UNDECLARED_ENTITY:
		return "an entity other than &lt; &gt; &amp; &quot; &apos; is used; write '&amp;' for a '&'";
	case XML_ERR_ATTRIBUTE_WITHOUT_VALUE:
		return "an attribute has no value";
	case XML_ERR_ATTRIBUTE_REDEFINED:
		return "an attribute is set twice";
	case XML_ERR_CDATA_NOT_FINISHED:
		return "a CDATA section is not closed";
	case XML_ERR_PI_NOT_FINISHED:
		return "a processing instruction is not closed";
	case XML_ERR_GT_REQUIRED:
		return "a tag has no '>'";
	case XML_ERR_TAG_NAME_MISMATCH:
		snprintf(buf, size, "the end tag does not match the start tag on line %d", error->int1);
		return buf;
	case XML_ERR_TAG_NOT_FINISHED:
		snprintf(buf, size, "the element that begins on line %d has no end tag", error->int1);
		return buf;
	default:
		break;
	}
	size_t len = error->message && !error->str1 && !error->str2 && !error->str3 ? strcspn(error->message, "\r\n") : 0;
	while (len && error->message[len - 1] == ' ')
		len--;
	if (len)
		snprintf(buf, size, "%.*s", (int)len, error->message);
	else
		snprintf(buf, size, "not well-formed (libxml2 error %d)", error->code);
	return buf;
}

#if LIBXML_VERSION >= 21200
static void on_error(void *opaque, const xmlError *error)
#else
static void on_error(void *opaque, xmlErrorPtr error)
#endif
{
	struct parser *parser = opaque;
	char buf[256];

	if (parser->status || error->level != XML_ERR_FATAL)
		return;
	if (error->code == XML_ERR_NO_MEMORY) {
		parser->status = sc_fail_memory(parser->ctx);
		return;
	}
	long consumed = xmlByteConsumed(parser->xml);
	size_t offset = consumed < 0 ? 0 : (size_t)consumed;
	struct sc_where where = sc_xml_where_offset(parser->doc, offset < parser->doc->text_len ? offset : parser->doc->text_len);
	parser->status = sc_fail_at(parser->ctx, SPICECFG_INPUT, where, FIX_XML, "malformed XML: %s", error_text(error, buf, sizeof(buf)));
}

static void on_doctype(void *opaque, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
	struct parser *parser = opaque;
	(void)name;
	(void)public_id;
	(void)system_id;

	(void)sc_xml_scan_tag(parser->doc, &parser->pos);
	stop(parser, sc_fail_at(parser->ctx, SPICECFG_INPUT, sc_xml_where_offset(parser->doc, parser->pos),
				"Remove the <!DOCTYPE ...> line.", "a DTD is not allowed, because it could include other files"));
}

/* Whether the text at pos is the name prefix:local. */
static bool is_name(const struct sc_xml *doc, uint32_t pos, size_t len, const char *prefix, const char *local)
{
	const char *text = doc->text + pos;
	size_t prefix_len = prefix ? strlen(prefix) + 1 : 0;
	size_t local_len = strlen(local);

	if (len != prefix_len + local_len || memcmp(text + prefix_len, local, local_len) != 0)
		return false;
	return !prefix || (memcmp(text, prefix, prefix_len - 1) == 0 && text[prefix_len - 1] == ':');
}

static bool is_declaration(const char *name, size_t len)
{
	return len >= 5 && memcmp(name, "xmlns", 5) == 0 && (len == 5 || name[5] == ':');
}

static struct sc_xml_attr *take_declaration(struct sc_xml *doc, const struct sc_xml_span *span)
{
	struct sc_xml_attr *attr = sc_arena_alloc(doc->memory, sizeof(*attr));
	SC_BUF value = SC_BUF_INIT;
	const char *name = doc->text + span->start;

	if (!attr)
		return NULL;
	sc_xml_resolve(doc->text + span->value_start, span->value_end - span->value_start, false, &value);
	attr->name = span->name_len > 6 ? sc_arena_strndup(doc->memory, name + 6, span->name_len - 6) : "";
	attr->value = attr->original = sc_arena_strdup(doc->memory, sc_buf_text(&value));
	attr->declares = true;
	return attr->name && attr->value && !value.failed ? attr : NULL;
}

/* attribute: the five pointers of libxml2: local name, prefix, URI, value, end of value. */
static struct sc_xml_attr *take_attribute(struct sc_xml *doc, const xmlChar **attribute)
{
	size_t len = (size_t)(attribute[4] - attribute[3]);
	struct sc_xml_attr *attr = sc_arena_alloc(doc->memory, sizeof(*attr) + len + 1);

	if (!attr)
		return NULL;
	char *value = (char *)(attr + 1);
	memcpy(value, attribute[3], len);
	attr->name = (const char *)attribute[0];
	attr->prefix = (const char *)attribute[1];
	attr->value = attr->original = value;
	return attr;
}

/* Reads the attributes from *pos, comparing them with libxml2's list, and advances to the end of the tag. */
static bool read_attributes(struct parser *parser, struct sc_xml_node *node, uint32_t *pos, int n, const xmlChar **attributes)
{
	struct sc_xml *doc = parser->doc;
	struct sc_xml_span span;
	int used = 0;

	while (sc_xml_scan_attr(doc, pos, &span)) {
		struct sc_xml_attr *attr;

		if (is_declaration(doc->text + span.start, span.name_len)) {
			attr = take_declaration(doc, &span);
		} else if (used < n && is_name(doc, span.start, span.name_len, (const char *)attributes[5 * used + 1],
					       (const char *)attributes[5 * used])) {
			attr = take_attribute(doc, attributes + 5 * (size_t)used++);
		} else {
			disagree(parser);
			return false;
		}
		if (!attr) {
			stop(parser, sc_fail_memory(parser->ctx));
			return false;
		}
		attr->span = span;
		node->prefixed |= attr->prefix != NULL;
		if (!doc->quote)
			doc->quote = doc->text[span.value_end];
		sc_xml_attr_append(node, attr);
	}
	*pos = sc_xml_skip_space(doc, *pos);
	node->closed = doc->text[*pos] == '/';
	*pos += node->closed;
	if (used != n || doc->text[*pos] != '>') {
		disagree(parser);
		return false;
	}
	++*pos;
	return true;
}

static bool name_node(struct sc_xml *doc, struct sc_xml_node *node, const char *local, const char *prefix, const char *uri)
{
	if (prefix && !uri) { /* an undeclared prefix is part of the name, as in libvirt */
		node->name = sc_arena_printf(doc->memory, "%s:%s", prefix, local);
		return node->name != NULL;
	}
	node->name = local;
	node->prefix = prefix;
	node->ns = uri;
	return true;
}

/* libxml2 searches names in lists that grow with their number. No definition of a VM has that many. */
static bool has_too_many_names(struct parser *parser)
{
	if (xmlDictSize(parser->xml->dict) <= NAMES)
		return false;
	stop(parser, sc_fail_at(parser->ctx, SPICECFG_INPUT, sc_xml_where_offset(parser->doc, parser->pos), "Check which file is meant.",
				"the document has more than %d different names", NAMES));
	return true;
}

static void on_instruction(void *opaque, const xmlChar *target, const xmlChar *data)
{
	struct parser *parser = opaque;
	(void)target;
	(void)data;

	if (!parser->status && !parser->lost)
		(void)has_too_many_names(parser);
}

static void on_start(void *opaque, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int n_namespaces,
		     const xmlChar **namespaces, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
	struct parser *parser = opaque;
	struct sc_xml *doc = parser->doc;
	(void)n_namespaces;
	(void)namespaces;
	(void)n_defaulted;

	if (parser->status || parser->lost || has_too_many_names(parser))
		return;
	if (sc_xml_scan_tag(doc, &parser->pos) != SC_XML_MARKUP_START) {
		disagree(parser);
		return;
	}
	if (++parser->depth > SC_XML_DEPTH_MAX) {
		stop(parser, sc_fail_at(parser->ctx, SPICECFG_INPUT, sc_xml_where_offset(doc, parser->pos), FIX_XML,
					"elements are nested more than %d deep", SC_XML_DEPTH_MAX));
		return;
	}
	uint32_t pos = parser->pos + 1;
	uint32_t len = sc_xml_scan_name(doc, pos);
	if (!is_name(doc, pos, len, (const char *)prefix, (const char *)local)) {
		disagree(parser);
		return;
	}
	pos += len;
	struct sc_xml_node *node = sc_arena_alloc(doc->memory, sizeof(*node));
	if (!node || !name_node(doc, node, (const char *)local, (const char *)prefix, (const char *)uri)) {
		stop(parser, sc_fail_memory(parser->ctx));
		return;
	}
	node->start = parser->pos;
	if (!read_attributes(parser, node, &pos, n_attributes, attributes))
		return;
	node->tag_end = node->content_end = node->end = pos;
	if (parser->open)
		sc_xml_link(parser->open, parser->open->last, node);
	else
		doc->root = node;
	parser->open = node;
	parser->pos = pos;
}

static void on_end(void *opaque, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct parser *parser = opaque;
	struct sc_xml *doc = parser->doc;
	(void)uri;

	if (parser->status || parser->lost)
		return;
	struct sc_xml_node *node = parser->open;
	parser->depth--;
	parser->open = node->parent;
	if (node->closed)
		return;
	if (sc_xml_scan_tag(doc, &parser->pos) != SC_XML_MARKUP_END) {
		disagree(parser);
		return;
	}
	uint32_t pos = parser->pos + 2;
	uint32_t len = sc_xml_scan_name(doc, pos);
	uint32_t close = sc_xml_skip_space(doc, pos + len);
	if (!is_name(doc, pos, len, (const char *)prefix, (const char *)local) || doc->text[close] != '>') {
		disagree(parser);
		return;
	}
	node->content_end = parser->pos;
	node->end = parser->pos = close + 1;
}

static enum spicecfg_status run(struct parser *parser)
{
	struct sc_xml *doc = parser->doc;

	*parser->xml->sax = (xmlSAXHandler){
	    .initialized = XML_SAX2_MAGIC,
	    .internalSubset = on_doctype,
	    .startElementNs = on_start,
	    .endElementNs = on_end,
	    .processingInstruction = on_instruction,
	    .serror = on_error,
	};
	parser->xml->userData = parser;
	/* The text is UTF-8, regardless of its declaration. NOENT resolves &amp; in values; without a DTD there are no other entities. */
	xmlCtxtUseOptions(parser->xml, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOENT);
	/* A string input is read in place, so that libxml2 makes no copy that can't be wiped. */
	xmlParserInputPtr input = xmlNewStringInputStream(parser->xml, (const xmlChar *)doc->text);
	if (!input || inputPush(parser->xml, input) < 0)
		return sc_fail_memory(parser->ctx);
	xmlParseDocument(parser->xml);
	if (parser->status)
		return parser->status;
	if (!parser->xml->wellFormed || parser->lost || !doc->root || parser->open)
		return sc_fail_at(parser->ctx, SPICECFG_INPUT, sc_xml_where_offset(doc, parser->pos),
				  "Reformat the file with '`xmllint --format`'.",
				  "the place of this tag can't be determined reliably, so the document can't be edited safely");
	xmlDictReference(parser->xml->dict);
	doc->dict = parser->xml->dict;
	return SPICECFG_OK;
}

static enum spicecfg_status parse(struct spicecfg_ctx *ctx, struct sc_xml *doc)
{
	enum spicecfg_status status = sc_xml_decode(ctx, doc);

	if (!status)
		status = sc_xml_limit(ctx, doc);
	if (status)
		return status;
	struct parser parser = {.ctx = ctx, .doc = doc, .xml = xmlNewParserCtxt()};
	if (!parser.xml)
		return sc_fail_memory(ctx);
	status = run(&parser);
	xmlFreeParserCtxt(parser.xml);
	const char *newline = memchr(doc->text, '\n', doc->text_len);
	if (newline)
		doc->newline = newline > doc->text && newline[-1] == '\r' ? "\r\n" : "\n";
	if (!doc->quote)
		doc->quote = '\'';
	return status;
}

enum spicecfg_status sc_xml_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, struct sc_xml **out)
{
	*out = NULL;
	struct sc_arena *memory = sc_arena_new();
	struct sc_xml *doc = memory ? sc_arena_alloc(memory, sizeof(*doc)) : NULL;
	if (!doc) {
		sc_arena_free(memory);
		return sc_fail_memory(ctx);
	}
	doc->memory = memory;
	enum spicecfg_status status;
	if (len > SC_XML_SIZE_MAX) {
		status = sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){.file = name}, "Check which file is meant.",
				    "the file has %zu bytes, but libvirt accepts at most %d", len, SC_XML_SIZE_MAX);
	} else {
		doc->mark = sc_arena_alloc(memory, sizeof(*doc->mark));
		doc->name = sc_arena_strdup(memory, name ? name : "");
		doc->bytes = sc_arena_strndup(memory, bytes ? bytes : "", len);
		doc->len = len;
		status = doc->mark && doc->name && doc->bytes ? parse(ctx, doc) : sc_fail_memory(ctx);
	}
	if (status) {
		sc_xml_free(doc);
		return status;
	}
	*out = doc;
	return SPICECFG_OK;
}

void sc_xml_free(struct sc_xml *doc)
{
	if (!doc)
		return;
	if (doc->dict)
		xmlDictFree(doc->dict);
	sc_arena_free(doc->memory);
}

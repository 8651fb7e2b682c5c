/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts, before libxml2 reads the text, what costs it quadratic time: attributes of a tag, namespaces in scope. */
#include <string.h>

#include "doc/xml_internal.h"

/* far beyond any definition of a VM */
enum { ATTRIBUTES = 1000, NAMESPACES = 1000, NAME = 1000 };

struct counter {
	struct spicecfg_ctx *ctx;
	const struct sc_xml *doc;
	unsigned depth;
	unsigned namespaces[SC_XML_DEPTH_MAX + 1]; /* in scope within the open elements */
};

static enum spicecfg_status refuse(const struct counter *counter, uint32_t pos, const char *what, int most, const char *of)
{
	return sc_fail_at(counter->ctx, SPICECFG_INPUT, sc_xml_where_offset(counter->doc, pos), "Check which file is meant.",
			  "%s more than %d %s", what, most, of);
}

static enum spicecfg_status count_tag(struct counter *counter, uint32_t *pos)
{
	const struct sc_xml *doc = counter->doc;
	uint32_t start = *pos, len = sc_xml_scan_name(doc, start + 1);
	unsigned attributes = 0, namespaces = counter->namespaces[counter->depth];
	struct sc_xml_span span;

	if (len > NAME)
		return refuse(counter, start, "the name of this element has", NAME, "bytes");
	for (*pos += 1 + len; sc_xml_scan_attr(doc, pos, &span);) {
		namespaces += strncmp(doc->text + span.start, "xmlns", 5) == 0;
		if (span.name_len > NAME)
			return refuse(counter, span.start, "the name of this attribute has", NAME, "bytes");
		if (++attributes > ATTRIBUTES)
			return refuse(counter, start, "this element has", ATTRIBUTES, "attributes");
		if (namespaces > NAMESPACES)
			return refuse(counter, start, "this element has in scope", NAMESPACES, "namespaces");
	}
	*pos = sc_xml_skip_space(doc, *pos);
	if (doc->text[*pos] != '/' && counter->depth < SC_XML_DEPTH_MAX)
		counter->namespaces[++counter->depth] = namespaces;
	return SPICECFG_OK;
}

enum spicecfg_status sc_xml_limit(struct spicecfg_ctx *ctx, const struct sc_xml *doc)
{
	struct counter counter = {.ctx = ctx, .doc = doc};
	enum spicecfg_status status = SPICECFG_OK;
	uint32_t pos = 0;

	while (!status) {
		switch (sc_xml_scan_tag(doc, &pos)) {
		case SC_XML_MARKUP_START:
			status = count_tag(&counter, &pos);
			break;
		case SC_XML_MARKUP_END:
			counter.depth -= counter.depth > 0;
			pos += 2;
			break;
		case SC_XML_MARKUP_NONE:
		case SC_XML_MARKUP_DOCTYPE: /* refused when it is parsed */
			return SPICECFG_OK;
		}
	}
	return status;
}

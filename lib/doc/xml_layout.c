/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determines the style of the document: lines, indentation, quotes. */
#include <string.h>

#include "doc/xml_internal.h"

#define LIBVIRT_INDENT "  "

uint32_t sc_xml_line_start(const struct sc_xml *doc, uint32_t pos)
{
	while (pos && doc->text[pos - 1] != '\n')
		pos--;
	return pos;
}

static uint32_t skip_blanks(const struct sc_xml *doc, uint32_t pos)
{
	while (doc->text[pos] == ' ' || doc->text[pos] == '\t')
		pos++;
	return pos;
}

/* The offset of the text of a line: after its leading blanks, and a byte order mark. */
static uint32_t first_on_line(const struct sc_xml *doc, uint32_t line)
{
	if (!line && strncmp(doc->text, "\xEF\xBB\xBF", 3) == 0)
		line = 3;
	return skip_blanks(doc, line);
}

bool sc_xml_starts_line(const struct sc_xml *doc, uint32_t pos)
{
	return doc->newline && first_on_line(doc, sc_xml_line_start(doc, pos)) == pos;
}

bool sc_xml_ends_line(const struct sc_xml *doc, uint32_t pos, uint32_t *next)
{
	pos = skip_blanks(doc, pos);
	if (doc->text[pos] == '\r')
		pos++;
	*next = pos + (doc->text[pos] == '\n');
	return doc->text[pos] == '\n' || pos == doc->text_len;
}

/* Appends the blanks by which node is indented more than its parent. False when they can't be determined. */
static bool add_unit(const struct sc_xml *doc, const struct sc_xml_node *node, struct sc_buf *out)
{
	if (node->fresh || !node->parent || node->parent->fresh || !sc_xml_starts_line(doc, node->start) ||
	    !sc_xml_starts_line(doc, node->parent->start))
		return false;
	uint32_t inner = sc_xml_line_start(doc, node->start), outer = sc_xml_line_start(doc, node->parent->start);
	uint32_t inner_len = node->start - inner, outer_len = node->parent->start - outer;
	if (inner == outer || inner_len <= outer_len || memcmp(doc->text + inner, doc->text + outer, outer_len) != 0)
		return false;
	sc_buf_add(out, doc->text + inner + outer_len, inner_len - outer_len);
	return true;
}

void sc_xml_unit(const struct sc_xml *doc, const struct sc_xml_node *node, struct sc_buf *out)
{
	for (const struct sc_xml_node *at = node; at; at = at->parent)
		if (add_unit(doc, at, out))
			return;
	for (const struct sc_xml_node *at = doc->root->first; at; at = at->next)
		if (add_unit(doc, at, out))
			return;
	sc_buf_adds(out, LIBVIRT_INDENT);
}

/* The quote character of the element's last attribute; 0 when it has none. */
static char last_quote(const struct sc_xml *doc, const struct sc_xml_node *node)
{
	char quote = 0;

	for (const struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next)
		if (attr->original)
			quote = doc->text[attr->span.value_end];
	return quote;
}

/* How many siblings on either side are examined: enough for ordinary files, and a limit for huge ones. */
enum { NEIGHBOURS = 16 };

char sc_xml_quote(const struct sc_xml *doc, const struct sc_xml_node *node)
{
	for (; node; node = node->parent) {
		const struct sc_xml_node *before = node, *after = node->next;

		for (unsigned i = 0; i < NEIGHBOURS && before; i++, before = before->prev)
			if (last_quote(doc, before))
				return last_quote(doc, before);
		for (unsigned i = 0; i < NEIGHBOURS && after; i++, after = after->next)
			if (last_quote(doc, after))
				return last_quote(doc, after);
	}
	return doc->quote;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds markup in text that libxml2 parses, too. Every loop stops at the NUL after the text, so that even a wrong guess stays within it. */
#include <stdlib.h>
#include <string.h>

#include "doc/xml_internal.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool starts(const struct sc_xml *doc, uint32_t pos, const char *what)
{
	return strncmp(doc->text + pos, what, strlen(what)) == 0;
}

/* The offset after the next `what` from pos on; the end of the text when there is none. */
static uint32_t after(const struct sc_xml *doc, uint32_t pos, const char *what)
{
	size_t len = strlen(what);
	const char *found = pos < doc->text_len ? memmem(doc->text + pos, doc->text_len - pos, what, len) : NULL;

	return found ? (uint32_t)(found - doc->text + len) : (uint32_t)doc->text_len;
}

enum sc_xml_markup sc_xml_scan_tag(const struct sc_xml *doc, uint32_t *pos)
{
	while (*pos < doc->text_len) {
		const char *found = memchr(doc->text + *pos, '<', doc->text_len - *pos);

		if (!found)
			break;
		*pos = (uint32_t)(found - doc->text);
		if (found[1] == '/')
			return SC_XML_MARKUP_END;
		if (found[1] != '!' && found[1] != '?')
			return SC_XML_MARKUP_START;
		if (found[1] == '?')
			*pos = after(doc, *pos + 2, "?>");
		else if (starts(doc, *pos, "<!--"))
			*pos = after(doc, *pos + 4, "-->");
		else if (starts(doc, *pos, "<![CDATA["))
			*pos = after(doc, *pos + 9, "]]>");
		else
			return SC_XML_MARKUP_DOCTYPE;
	}
	return SC_XML_MARKUP_NONE;
}

/* The characters that end a name. */
static const bool ends_name[256] = {
    ['\0'] = true, [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true, ['='] = true,
    ['/'] = true,  ['>'] = true, ['<'] = true,  ['\''] = true, ['"'] = true,  ['&'] = true,
};

uint32_t sc_xml_scan_name(const struct sc_xml *doc, uint32_t pos)
{
	const char *start = doc->text + pos, *end = start;

	while (!ends_name[(unsigned char)*end])
		end++;
	return (uint32_t)(end - start);
}

uint32_t sc_xml_skip_space(const struct sc_xml *doc, uint32_t pos)
{
	while (is_space(doc->text[pos]))
		pos++;
	return pos;
}

uint32_t sc_xml_skip_comment(const struct sc_xml *doc, uint32_t pos)
{
	return starts(doc, pos, "<!--") ? after(doc, pos + 4, "-->") : pos;
}

bool sc_xml_scan_attr(const struct sc_xml *doc, uint32_t *pos, struct sc_xml_span *span)
{
	const char *text = doc->text;
	uint32_t at = sc_xml_skip_space(doc, *pos);

	span->lead = *pos;
	span->start = at;
	span->name_len = sc_xml_scan_name(doc, at);
	if (!span->name_len || at == *pos)
		return false;
	at = sc_xml_skip_space(doc, at + span->name_len);
	if (text[at] != '=')
		return false;
	at = sc_xml_skip_space(doc, at + 1);
	if (text[at] != '"' && text[at] != '\'')
		return false;
	span->value_start = at + 1;
	const char *end = strchr(text + at + 1, text[at]);
	if (!end)
		return false;
	span->value_end = (uint32_t)(end - text);
	*pos = span->value_end + 1;
	return true;
}

/* Appends the character of the reference at text ("&...;"). Returns its length; 0: it is not a reference that XML defines. */
static size_t resolve_reference(const char *text, size_t len, struct sc_buf *out)
{
	static const struct {
		const char *name;
		char c;
	} entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};

	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		size_t n = strlen(entities[i].name);

		if (len >= n && memcmp(text, entities[i].name, n) == 0) {
			sc_buf_addc(out, entities[i].c);
			return n;
		}
	}
	const char *end = memchr(text, ';', len);
	if (!end || len < 4 || text[1] != '#')
		return 0;
	bool hex = text[2] == 'x';
	unsigned long c = strtoul(text + (hex ? 3 : 2), NULL, hex ? 16 : 10);
	if (!c || c > 0x10FFFF)
		return 0;
	char utf8[4];
	sc_buf_add(out, utf8, sc_utf8_put((uint32_t)c, utf8));
	return (size_t)(end - text) + 1;
}

void sc_xml_resolve(const char *text, size_t len, bool cdata, struct sc_buf *out)
{
	for (size_t i = 0; i < len;) {
		size_t n = text[i] == '&' && !cdata ? resolve_reference(text + i, len - i, out) : 0;

		if (n) {
			i += n;
			continue;
		}
		if (text[i] != '\r')
			sc_buf_addc(out, text[i]);
		else if (i + 1 == len || text[i + 1] != '\n')
			sc_buf_addc(out, '\n');
		i++;
	}
}

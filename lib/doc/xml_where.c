/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Converts offsets in the text to bytes of the file, lines and columns. */
#include <string.h>

#include "doc/xml_internal.h"

size_t sc_xml_byte(const struct sc_xml *doc, size_t from, size_t from_byte, size_t offset)
{
	if (doc->text == doc->bytes)
		return offset;
	for (; from < offset; from++)
		from_byte += (doc->text[from] & 0xC0) != 0x80;
	return from_byte;
}

struct sc_where sc_xml_where_offset(const struct sc_xml *doc, size_t offset)
{
	struct sc_xml_mark mark = doc->mark->offset <= offset ? *doc->mark : (struct sc_xml_mark){0};

	for (const char *newline; (newline = memchr(doc->text + mark.offset, '\n', offset - mark.offset)); mark.line++) {
		mark.offset = (size_t)(newline - doc->text) + 1;
		mark.column = 0;
	}
	mark.column += (unsigned)(sc_xml_byte(doc, mark.offset, mark.offset, offset) - mark.offset);
	mark.offset = offset;
	*doc->mark = mark;
	return (struct sc_where){doc->name, mark.line + 1, mark.column + 1};
}

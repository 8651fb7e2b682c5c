/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/lines.h"

#include <string.h>
#include <strings.h>

bool sc_line_next(const struct sc_buf *text, struct sc_line *line)
{
	if (line->next >= text->len)
		return false;
	line->start = line->next;
	line->number++;
	const char *newline = memchr(text->data + line->start, '\n', text->len - line->start);
	line->end = newline ? (size_t)(newline - text->data) : text->len;
	line->next = newline ? line->end + 1 : text->len;
	if (newline && line->end > line->start && text->data[line->end - 1] == '\r')
		line->end--;
	return true;
}

void sc_lines_splice(struct sc_buf *text, size_t at, size_t remove, const char *insert, size_t len)
{
	struct sc_buf fresh = SC_BUF_INIT;

	sc_buf_add(&fresh, text->data, at);
	sc_buf_add(&fresh, insert, len);
	sc_buf_add(&fresh, text->data + at + remove, text->len - at - remove);
	if (fresh.failed) {
		sc_buf_free(&fresh);
		text->failed = true;
		return;
	}
	sc_buf_free(text);
	*text = fresh;
}

static const char *newline_of(const struct sc_buf *text)
{
	const char *newline = text->len ? memchr(text->data, '\n', text->len) : NULL;

	return newline && newline > text->data && newline[-1] == '\r' ? "\r\n" : "\n";
}

void sc_lines_insert(struct sc_buf *text, size_t at, const char *line, const char *newline)
{
	SC_BUF insert = SC_BUF_INIT;

	if (!newline)
		newline = newline_of(text);
	if (at && text->data[at - 1] != '\n')
		sc_buf_adds(&insert, newline);
	sc_buf_adds(&insert, line);
	sc_buf_adds(&insert, newline);
	if (insert.failed)
		text->failed = true;
	else if (!text->len)
		sc_buf_add(text, insert.data, insert.len);
	else
		sc_lines_splice(text, at, 0, insert.data, insert.len);
}

size_t sc_lines_skip(const struct sc_buf *text, size_t from, size_t end)
{
	while (from < end && (text->data[from] == ' ' || text->data[from] == '\t'))
		from++;
	return from;
}

bool sc_lines_commented(const struct sc_buf *text, const struct sc_line *line, const char *key, char separator)
{
	size_t len = strlen(key);
	size_t at = sc_lines_skip(text, line->start, line->end);

	if (at >= line->end || text->data[at] != '#')
		return false;
	while (at < line->end && text->data[at] == '#')
		at++;
	at = sc_lines_skip(text, at, line->end);
	if (line->end - at < len || strncasecmp(text->data + at, key, len) != 0)
		return false;
	at = sc_lines_skip(text, at + len, line->end);
	return at < line->end && text->data[at] == separator;
}

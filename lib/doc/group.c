/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/group.h"

#include <string.h>

#include "doc/lines.h"

static bool is_member(const char *list, size_t len, const char *user)
{
	size_t name = strlen(user);

	for (size_t at = 0; at < len;) {
		const char *comma = memchr(list + at, ',', len - at);
		size_t end = comma ? (size_t)(comma - list) : len;

		if (end - at == name && memcmp(list + at, user, name) == 0)
			return true;
		at = end + 1;
	}
	return false;
}

bool sc_group_add(struct sc_buf *text, const char *group, const char *user)
{
	struct sc_line line = {0};
	size_t name = strlen(group);

	while (sc_line_next(text, &line)) {
		const char *data = text->data + line.start;
		size_t len = line.end - line.start, at = 0;

		if (len <= name || memcmp(data, group, name) != 0 || data[name] != ':')
			continue;
		for (int field = 0; field < 3; field++) {
			const char *colon = memchr(data + at, ':', len - at);

			if (!colon)
				return false;
			at = (size_t)(colon - data) + 1;
		}
		if (is_member(data + at, len - at, user))
			return true;
		SC_BUF insert = SC_BUF_INIT;
		sc_buf_addf(&insert, "%s%s", at < len ? "," : "", user);
		if (insert.failed)
			text->failed = true;
		else
			sc_lines_splice(text, line.end, 0, insert.data, insert.len);
		return true;
	}
	return false;
}

void sc_group_make(struct sc_buf *text, const char *line)
{
	struct sc_line at = {0};
	size_t place = text->len;

	while (sc_line_next(text, &at)) {
		if (at.end > at.start && (text->data[at.start] == '+' || text->data[at.start] == '-')) {
			place = at.start;
			break;
		}
	}
	sc_lines_insert(text, place, line, "\n");
}

/* The bytes of a field of a line. *len is 0 when it is missing. */
static const char *field(const char *data, size_t size, int index, size_t *len)
{
	const char *at = data, *end = data + size;

	for (; index > 0 && at; index--) {
		at = memchr(at, ':', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	const char *colon = at ? memchr(at, ':', (size_t)(end - at)) : NULL;
	*len = at ? (size_t)((colon ? colon : end) - at) : 0;
	return at;
}

bool sc_group_taken(const struct sc_buf *text, const char *name, const char *gid)
{
	struct sc_line line = {0};

	while (sc_line_next(text, &line)) {
		const char *data = text->data + line.start;
		size_t size = line.end - line.start, len, number_len;
		const char *word = field(data, size, 0, &len), *number = field(data, size, 2, &number_len);

		if ((len == strlen(name) && memcmp(word, name, len) == 0) ||
		    (number && number_len == strlen(gid) && memcmp(number, gid, number_len) == 0))
			return true;
	}
	return false;
}

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

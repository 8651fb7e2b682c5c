/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

/* The length of the UTF-8 sequence at text, 0 when there is none. */
static size_t sequence(const unsigned char *text, size_t len)
{
	static const struct {
		unsigned char mask, head;
		uint32_t least;
	} forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

	for (size_t n = 0; n < 4; n++) {
		uint32_t code = text[0] & (unsigned char)~forms[n].mask;

		if ((text[0] & forms[n].mask) != forms[n].head)
			continue;
		if (n >= len)
			return 0;
		for (size_t i = 1; i <= n; i++) {
			if ((text[i] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (text[i] & 0x3f);
		}
		/* Overlong forms, surrogates, what XML can't hold. */
		if (code < forms[n].least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) || code == 0xfffe || code == 0xffff)
			return 0;
		return code < 0x20 || (code >= 0x7f && code < 0xa0) ? 0 : n + 1;
	}
	return 0;
}

bool sc_text_is_printable(const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t n = sequence((const unsigned char *)text + at, len - at);

		if (!n)
			return false;
		at += n;
	}
	return true;
}

bool sc_path_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

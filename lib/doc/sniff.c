/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/sniff.h"

#include <stdbool.h>
#include <string.h>

/* The place after the next mark; NULL: there is none. */
static const char *after(const char *at, const char *end, const char *mark)
{
	const char *found = memmem(at, (size_t)(end - at), mark, strlen(mark));

	return found ? found + strlen(mark) : NULL;
}

/* The place after a document type, whose internal subset, in brackets, can contain '>'. */
static const char *after_doctype(const char *at, const char *end)
{
	bool subset = false;

	for (; at < end; at++) {
		if (*at == '[')
			subset = true;
		else if (*at == ']')
			subset = false;
		else if (*at == '>' && !subset)
			return at + 1;
	}
	return NULL;
}

static bool starts(const char *at, const char *end, const char *with)
{
	size_t len = strlen(with);

	return (size_t)(end - at) >= len && memcmp(at, with, len) == 0;
}

static enum sc_sniff judge(const char *name, const char *end)
{
	const char *at = name;

	while (at < end && !strchr(" \t\r\n/>", *at))
		at++;
	if (at == name || at == end)
		return SC_SNIFF_UNCLEAR;
	return at - name == 6 && memcmp(name, "domain", 6) == 0 ? SC_SNIFF_DOMAIN : SC_SNIFF_OTHER;
}

enum sc_sniff sc_sniff_xml(const char *bytes, size_t len)
{
	const char *at = bytes, *end = bytes + len;

	if (starts(at, end, "\xef\xbb\xbf"))
		at += 3;
	while (at && at < end) {
		if (strchr(" \t\r\n", *at) && *at)
			at++;
		else if (starts(at, end, "<?"))
			at = after(at, end, "?>");
		else if (starts(at, end, "<!--"))
			at = after(at + 4, end, "-->");
		else if (starts(at, end, "<!DOCTYPE"))
			at = after_doctype(at, end);
		else
			return *at == '<' ? judge(at + 1, end) : SC_SNIFF_UNCLEAR;
	}
	return SC_SNIFF_UNCLEAR;
}

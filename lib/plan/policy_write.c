/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes the sections of a policy. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "plan/policy.h"

/* Of the line of 1,000 bytes that a policy may have (doc/ini.h). */
enum { VALUE_MAX = 900, LABEL_MAX = 60 };

bool sc_policy_can_write(const char *value)
{
	size_t len = strlen(value);

	return len && len <= VALUE_MAX && sc_text_is_printable(value, len) && sc_text_is_shown(value) && value[len - 1] != '\\' &&
	       !(strchr(value, '"') && strchr(value, '\''));
}

/* A value that ends, begins or is cut otherwise is quoted. */
static const char *quote_of(const char *value)
{
	if (strchr(value, '"'))
		return "'";
	return strpbrk(value, "#;'=[]") || strchr(" \t", value[0]) || strchr(" \t", value[strlen(value) - 1]) ? "\"" : "";
}

void sc_policy_write(struct sc_buf *out, const char *name, const struct sc_policy_line *lines, size_t n, bool notes)
{
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= !lines[i].omitted;
	sc_buf_addf(out, "%s%s[%s]\n", out->len ? "\n" : "", any ? "" : "; ", name);
	for (size_t i = 0; i < n; i++) {
		const char *quote = quote_of(lines[i].value);

		if (!lines[i].omitted)
			sc_buf_addf(out, "%s = %s%s%s\n", lines[i].key, quote, lines[i].value, quote);
		else if (notes)
			sc_buf_addf(out, "; omitted, because applying it would change something: %s = %s\n", lines[i].key, lines[i].value);
	}
}

const char *sc_policy_label(struct sc_arena *memory, const char *kind, const char *name)
{
	char *label = sc_arena_printf(memory, "%s.%.*s", kind, LABEL_MAX, name);

	for (char *c = label ? label + strlen(kind) + 1 : NULL; c && *c; c++)
		*c = isalnum((unsigned char)*c) || strchr("._-", *c) ? (char)tolower((unsigned char)*c) : '-';
	return label;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/mask.h"

#include <string.h>
#include <strings.h>

/* Words whose value is a secret, in quotes or as an option of QEMU ("password=x,port=1", ",," is a comma). A slip of the pen, such as
 * Password, is one too. */
static const char *const words[] = {"passwd", "password", "data"};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/* data= is a secret only behind "secret," within the same attribute value. */
static bool in_secret_object(const char *begin, const char *at)
{
	const char *from = at;

	while (from > begin && at - from < 512 && from[-1] != '"' && from[-1] != '\'' && from[-1] != '<' && from[-1] != '\n')
		from--;
	return at - from >= 7 && strncmp(from, "secret,", 7) == 0;
}

/* Where the value of a word that starts at `at` begins, NULL when none does. */
static const char *find_value(const char *begin, const char *at, const char *end)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i]);
		const char *value = at + len;

		if ((size_t)(end - at) <= len || strncasecmp(at, words[i], len) != 0)
			continue;
		if (words[i][0] == 'd' && !in_secret_object(begin, at))
			continue;
		while (value < end && is_space(*value))
			value++;
		if (value == end || *value != '=')
			continue;
		for (value++; value < end && is_space(*value);)
			value++;
		return value;
	}
	return NULL;
}

/* Behind the value: its closing quote, or what ends an option. */
static const char *value_end(const char *value, const char *end)
{
	if (value < end && (*value == '"' || *value == '\'')) {
		const char *close = memchr(value + 1, *value, (size_t)(end - value - 1));

		return close ? close : end;
	}
	while (value < end && *value != '"' && *value != '\'' && *value != '<' && *value != '>' && !is_space(*value)) {
		if (*value == ',' && (value + 1 == end || value[1] != ','))
			break;
		value += *value == ',' ? 2 : 1;
	}
	return value;
}

bool sc_mask_find(const char *begin, const char *end, const char *from, const char **value, const char **stop)
{
	for (const char *at = from; at < end; at++) {
		/* A word may be the tail of another ("vnc_password"), but not its head: the '=' decides. */
		if (*at != 'p' && *at != 'P' && *at != 'd' && *at != 'D')
			continue;
		if ((*at | 0x20) == 'd' && at > begin && is_name(at[-1]))
			continue;
		*value = find_value(begin, at, end);
		if (!*value)
			continue;
		*stop = value_end(*value, end);
		if (*value < end && (**value == '"' || **value == '\''))
			++*value;
		if (*stop > *value)
			return true;
	}
	return false;
}

void sc_mask_xml(const char *bytes, size_t len, struct sc_buf *out)
{
	const char *end = bytes + len, *done = bytes, *value, *stop;

	while (sc_mask_find(bytes, end, done, &value, &stop)) {
		sc_buf_add(out, done, (size_t)(value - done));
		sc_buf_adds(out, SC_MASK);
		for (const char *c = value; c < stop; c++)
			if (*c == '\n')
				sc_buf_addc(out, '\n');
		done = stop;
	}
	sc_buf_add(out, done, (size_t)(end - done));
}

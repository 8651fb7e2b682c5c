/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/mask.h"

#include <string.h>
#include <strings.h>

#include "doc/mask_tag.h"

/* Words whose value is a secret, in quotes, as an option of QEMU ("password=x,port=1", ",," is a comma), or as an element. A slip of the
 * pen, such as Password, is one too. */
static const char *const words[] = {"passwd", "password", "passphrase", "pass", "pwd", "pw", "data"};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

bool sc_mask_is_secret(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words) - 1; i++) {
		size_t tail = strlen(words[i]);

		if (len >= tail && strcasecmp(name + len - tail, words[i]) == 0)
			return true;
	}
	return false;
}

/* <x:passwd>: the name that ends at `end` is that of a start tag. */
static bool opens_element(const char *begin, const char *end)
{
	while (end > begin && (is_name(end[-1]) || end[-1] == ':'))
		end--;
	return end > begin && end[-1] == '<';
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
		if (value < end && *value == '>' && opens_element(begin, at))
			return value + 1;
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

/* Behind the value: its closing quote, the next tag, or what ends an option. */
static const char *value_end(const char *value, const char *end)
{
	if (value < end && (*value == '"' || *value == '\'')) {
		const char *close = memchr(value + 1, *value, (size_t)(end - value - 1));

		return close ? close : end;
	}
	if (value[-1] == '>') {
		const char *tag = memchr(value, '<', (size_t)(end - value));

		return tag ? tag : end;
	}
	while (value < end && *value != '"' && *value != '\'' && *value != '<' && *value != '>' && !is_space(*value)) {
		if (*value == ',' && (value + 1 == end || value[1] != ','))
			break;
		value += *value == ',' ? 2 : 1;
	}
	return value < end ? value : end;
}

/* The password of "scheme://user:password@host"; at: its "://". */
static bool find_in_url(const char *at, const char *end, const char **value, const char **stop)
{
	*value = NULL;
	for (const char *c = at + 3; c < end && !is_space(*c) && !memchr("/?#<>\"'", *c, 7); c++) {
		if (*c == ':' && !*value)
			*value = c + 1;
		else if (*c == '@' && *value) {
			*stop = c;
			return true;
		}
	}
	return false;
}

/* The secret that a word, or a URL, at `at` announces. */
static bool find_at(const char *begin, const char *end, const char *at, const char **value, const char **stop)
{
	if (*at == ':')
		return end - at > 3 && at[1] == '/' && at[2] == '/' && find_in_url(at, end, value, stop);
	/* A word may be the tail of another ("vnc_password"), but not its head: the '=' decides. */
	if ((*at | 0x20) != 'p' && (*at | 0x20) != 'd')
		return false;
	if ((*at | 0x20) == 'd' && at > begin && is_name(at[-1]))
		return false;
	*value = find_value(begin, at, end);
	if (!*value)
		return false;
	*stop = value_end(*value, end);
	if (*value < end && (**value == '"' || **value == '\''))
		++*value;
	return *stop > *value;
}

bool sc_mask_find(const char *begin, const char *end, const char *from, const char **value, const char **stop)
{
	const char *open = memrchr(begin, '<', (size_t)(from - begin));
	struct sc_mask_hit tag = {NULL, NULL};

	if (open)
		sc_mask_tag_find(begin, end, open, from, &tag);
	for (const char *at = from; at < end; at++) {
		if (*at == '<' && !tag.from)
			sc_mask_tag_find(begin, end, at, from, &tag);
		bool found = find_at(begin, end, at, value, stop);
		if (tag.from && (at >= tag.from || (found && *value >= tag.from))) {
			/* Both may have the same bytes. */
			*stop = found && *value <= tag.to && *stop > tag.to ? *stop : tag.to;
			*value = tag.from;
			return true;
		}
		if (found)
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

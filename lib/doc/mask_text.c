/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/mask_text.h"

#include <string.h>

/*
 * LONGEST_NAME: only the end of a longer name is examined. LONGEST_WORD: the most bytes that are searched for an account. LOOK_BACK: how
 * far the kind of an object is searched backwards.
 */
enum { LONGEST_NAME = 64, LONGEST_WORD = 1024, LOOK_BACK = 256 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == ':';
}

static bool ends_with(const char *name, size_t len, const char *tail)
{
	size_t n = strlen(tail);

	return len >= n && memcmp(name + len - n, tail, n) == 0;
}

/* Whether a name of libvirt or another program only looks like that of a secret. One that ends in -secret is the ID of a QEMU object. */
static bool is_harmless(const char *name, size_t len)
{
	static const char *const names[] = {"keymap",        "keyfile",           "keywrap",     "keyboard", "keytab",
					    "keycode",       "keyslot",           "passthrough", "bypass",   "passt",
					    "passwdvalidto", "disable-ticketing", "privatedata", "private",  NULL};

	for (size_t i = 0; names[i]; i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return true;
	return ends_with(name, len, "secret_uuid") || ends_with(name, len, "password-secret") || ends_with(name, len, "key-secret") ||
	       ends_with(name, len, "cookie-secret") || ends_with(name, len, "key-file");
}

bool sc_mask_is_secret(struct sc_piece name)
{
	static const char *const inside[] = {"pass",   "pwd",    "secret", "token",   "credential", "cookie",
					     "phrase", "ticket", "key",    "private", NULL};
	static const char *const whole[] = {"psk", "pin", "auth", NULL}; /* also after '-', '_' or '.' */
	const char *colon = memrchr(name.at, ':', name.len);
	char low[LONGEST_NAME + 1];
	size_t len = 0;

	const char *end = name.at + name.len, *begin = colon ? colon + 1 : name.at;

	if (end - begin > LONGEST_NAME)
		begin = end - LONGEST_NAME;
	for (const char *c = begin; c < end; c++)
		low[len++] = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
	low[len] = '\0';
	if (is_harmless(low, len))
		return false;
	if (memchr(low, '&', len)) /* its meaning is unknown */
		return true;
	for (size_t i = 0; inside[i]; i++)
		if (strstr(low, inside[i]))
			return true;
	if (ends_with(low, len, "pw"))
		return true;
	for (size_t i = 0; whole[i]; i++)
		if (ends_with(low, len, whole[i]) && (len == strlen(whole[i]) || strchr("-_.", low[len - strlen(whole[i]) - 1])))
			return true;
	return false;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/* The length of a quote, or of a reference to one, at `at`; 0: there is none. */
static size_t quote_at(const char *at, const char *end)
{
	static const char *const quotes[] = {"\"", "'", "&quot;", "&apos;", "&#34;", "&#39;", "\\\"", NULL};

	for (size_t i = 0; quotes[i]; i++) {
		size_t len = strlen(quotes[i]);

		if ((size_t)(end - at) >= len && memcmp(at, quotes[i], len) == 0)
			return len;
	}
	return 0;
}

/* The beginning of the value that follows the name that ends at `at`; NULL: none. *to_end: it is a sentence, up to the end of its line. */
static const char *said_of(const char *at, const char *end, bool *to_end)
{
	at += quote_at(at, end);
	at = skip_blanks(at, end);
	*to_end = false;
	if (at < end && (*at == '=' || *at == ':')) {
		*to_end = *at == ':';
		while (at < end && (*at == '=' || *at == ':'))
			at++;
		return skip_blanks(at, end);
	}
	if (end - at > 3 && (at[0] | 0x20) == 'i' && (at[1] | 0x20) == 's' && (is_blank(at[2]) || at[2] == ':')) {
		*to_end = true;
		return skip_blanks(at + 3, end);
	}
	return NULL;
}

/* The end of a value: its closing quote, the comma of an option list, or a blank; the end of the line for a sentence. */
static const char *value_end(const char *value, const char *end, size_t quote, bool to_end)
{
	if (quote) {
		const char *close = memmem(value, (size_t)(end - value), value - quote, quote);

		return close ? close : end;
	}
	while (value < end && *value != '<' && *value != '\n' && (to_end || !is_blank(*value))) {
		if (!to_end && *value == ',' && (value + 1 == end || value[1] != ','))
			break;
		value += !to_end && *value == ',' && value + 1 < end ? 2 : 1;
	}
	return value < end ? value : end;
}

/* Whether name is "data", a key of QEMU's secret objects, and "secret" is not far before it. */
static bool is_data(struct sc_piece text, struct sc_piece name)
{
	size_t ahead = (size_t)(name.at - text.at) < LOOK_BACK ? (size_t)(name.at - text.at) : LOOK_BACK;

	return name.len == 4 && memcmp(name.at, "data", 4) == 0 && memmem(name.at - ahead, ahead, "secret", 6);
}

/* What follows the name of a secret. */
struct said {
	const char *value; /* after its quote */
	size_t quote;
	bool to_end; /* a sentence */
};

/* Reads the value of the name, or part of "a:b", at *at, and advances. False: it is not the name of a secret. */
static bool next_said(struct sc_piece text, const char **at, struct said *out)
{
	const char *end = text.at + text.len, *part = *at;

	while (*at < end && is_name(**at)) {
		++*at;
		if (*at < end && is_name(**at) && **at != ':' && (*at)[-1] != ':')
			continue;
		struct sc_piece name = {part, (size_t)(*at - part)};
		part = *at;
		if (name.at[0] == ':' || !(is_data(text, name) || sc_mask_is_secret(name)))
			continue;
		out->value = said_of(*at, end, &out->to_end);
		if (!out->value)
			continue;
		out->quote = quote_at(out->value, end);
		out->value += out->quote;
		return true;
	}
	return false;
}

/* Extends a hit whose value is itself the name of a secret, as in "key: passwd =". sentence: the hit extends to the end of its line. */
static void extend(struct sc_piece text, bool sentence, struct sc_mask_hit *hit)
{
	const char *end = text.at + text.len;
	struct said said;

	for (const char *c = hit->from; c < hit->to;) {
		if (!is_name(*c)) {
			c++;
			continue;
		}
		if (!next_said(text, &c, &said) || (!said.quote && said.value < hit->to && (sentence || !said.to_end)))
			continue;
		const char *stop = value_end(said.value, end, said.quote, said.to_end);
		if (stop > hit->to)
			hit->to = stop;
		sentence |= said.to_end && !said.quote;
	}
}

static bool find_named(struct sc_piece text, const char **at, struct sc_mask_hit *out)
{
	const char *end = text.at + text.len;
	struct said said;

	while (next_said(text, at, &said)) {
		*out = (struct sc_mask_hit){said.value, value_end(said.value, end, said.quote, said.to_end)};
		if (out->to == out->from)
			continue;
		if (!said.quote)
			extend(text, said.to_end, out);
		return true;
	}
	*out = (struct sc_mask_hit){NULL, NULL};
	return false;
}

/* Finds the secrets in a word without blanks: "scheme://user:password@host/path?query", "user:password@host". */
static struct sc_mask_hit find_account(const char *at, const char *end)
{
	const char *scheme = memmem(at, (size_t)(end - at), "://", 3);
	const char *user = scheme ? scheme + 3 : at, *host = user;

	while (host < end && *host != '/' && *host != '?' && *host != '#')
		host++;
	const char *sign = memrchr(user, '@', (size_t)(host - user));
	const char *colon = sign ? memchr(user, ':', (size_t)(sign - user)) : NULL;
	if (colon && sign > colon + 1)
		return (struct sc_mask_hit){colon + 1, sign};
	const char *query = scheme ? memchr(host, '?', (size_t)(end - host)) : NULL;
	if (query && query + 1 < end)
		return (struct sc_mask_hit){query + 1, end};
	return (struct sc_mask_hit){NULL, NULL};
}

/* The end of a word, of which at most LONGEST_WORD bytes are examined. */
static const char *word_end(const char *at, const char *end)
{
	const char *limit = end - at > LONGEST_WORD ? at + LONGEST_WORD : end;

	while (at < limit && !is_blank(*at) && *at != '<')
		at++;
	return at;
}

static struct sc_mask_hit first_of_ordered(struct sc_mask_hit a, struct sc_mask_hit b)
{
	if (b.from && b.from < a.to && b.to > a.to)
		a.to = b.to;
	return a;
}

/* The first of two hits, merged when they overlap. */
static struct sc_mask_hit first_of(struct sc_mask_hit a, struct sc_mask_hit b)
{
	if (!a.from || (b.from && b.from < a.from))
		return first_of_ordered(b, a);
	return first_of_ordered(a, b);
}

static bool find(struct sc_piece text, bool names, struct sc_mask_hit *out)
{
	const char *end = text.at + text.len;

	for (const char *at = text.at; at < end;) {
		const char *next = word_end(at, end);
		struct sc_mask_hit named = {NULL, NULL}, account = find_account(at, next);

		for (const char *c = at; names && c < next && !named.from;) {
			if (!is_name(*c))
				c++;
			else if (!find_named(text, &c, &named) && c > next)
				next = c;
		}
		/* the query of a long URL continues */
		while (account.from && account.to == next && next < end && word_end(next, end) > next)
			account.to = next = word_end(next, end);
		*out = first_of(named, account);
		if (out->from)
			return true;
		at = next > at ? next : at + 1;
	}
	*out = (struct sc_mask_hit){NULL, NULL};
	return false;
}

bool sc_mask_text_find(struct sc_piece text, struct sc_mask_hit *out)
{
	return find(text, true, out);
}

bool sc_mask_account_find(struct sc_piece text, struct sc_mask_hit *out)
{
	return find(text, false, out);
}

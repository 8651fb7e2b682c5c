/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The line of a document that a finding is about, for reports. */
#include <string.h>

#include "system/check.h"

enum { WINDOW = 160, BEFORE = 60 }; /* bytes of a long line that are shown, and those before the place */

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Bytes from at on that the finding is about: an element's name, or an attribute with its value. */
static size_t extent(const char *at, const char *end)
{
	const char *to = at;

	if (*at == '<') {
		while (to < end && !strchr(" \t\r/>", *to))
			to++;
		return (size_t)(to - at);
	}
	const char *equals = memchr(at, '=', (size_t)(end - at));
	if (!equals)
		return 1;
	to = equals + 1;
	while (to < end && (*to == ' ' || *to == '\t'))
		to++;
	if (to == end || (*to != '"' && *to != '\''))
		return (size_t)(to - at);
	const char *close = memchr(to + 1, *to, (size_t)(end - to - 1));
	return (size_t)((close ? close + 1 : end) - at);
}

/* A value that nobody may read: [from, to) in the document. */
struct secret {
	const char *from, *to;
};

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && strchr(" \t\r\n", *at))
		at++;
	return at;
}

/* Behind the word at hit: passwd = "…" of a console, or password=… in QEMU's own arguments. */
static struct secret secret_behind(const char *hit, const char *end)
{
	bool option = end - hit > 9 && memcmp(hit, "password=", 9) == 0 && hit[9] != '"' && hit[9] != '\'';
	const char *at = hit + strspn(hit, "abcdefghijklmnopqrstuvwxyz"), *to;

	if (option) {
		for (to = hit + 9; to < end && !strchr(",'\"<>", *to); to++)
			;
		return (struct secret){hit + 9, to};
	}
	at = skip_space(at, end);
	if (at == end || *at != '=')
		return (struct secret){NULL, NULL};
	at = skip_space(at + 1, end);
	if (at == end || (*at != '"' && *at != '\''))
		return (struct secret){NULL, NULL};
	to = memchr(at + 1, *at, (size_t)(end - at - 1));
	return (struct secret){at + 1, to ? to : end};
}

/* The first secret that ends behind at; from: where to look from. Values can span lines, so the search begins before the line. */
static struct secret next_secret(const char *from, const char *at, const char *end)
{
	for (const char *hit = from; (hit = memmem(hit, (size_t)(end - hit), "passw", 5)); hit += 5) {
		struct secret secret = secret_behind(hit, end);

		if (secret.from && secret.to > at && secret.to > secret.from)
			return secret;
	}
	return (struct secret){end, end};
}

/* Length of the UTF-8 character at c, 0: no such. */
static size_t utf8_length(const char *c, const char *to)
{
	unsigned char byte = (unsigned char)*c;
	size_t len = byte < 0x80 ? 1 : (byte & 0xe0) == 0xc0 ? 2 : (byte & 0xf0) == 0xe0 ? 3 : (byte & 0xf8) == 0xf0 ? 4 : 0;

	for (size_t i = 1; i < len; i++)
		if (c + i >= to || !continues(c[i]))
			return 0;
	return len;
}

/*
 * Appends [from, to) as UTF-8 that a terminal can't be played with: control characters become spaces, stray bytes U+FFFD, secrets ***.
 * Returns how many characters that made.
 */
static unsigned put_clean(struct sc_buf *out, const struct sc_check_text *doc, const char *from, const char *to)
{
	struct secret secret = next_secret(doc->bytes, from, doc->bytes + doc->len);
	unsigned count = 0;

	for (const char *c = from; c < to; count++) {
		size_t len = utf8_length(c, to);

		if (c >= secret.from) {
			sc_buf_adds(out, "***");
			count += 2;
			c = secret.to;
			secret = next_secret(doc->bytes, c, doc->bytes + doc->len);
			continue;
		}
		if (len && (unsigned char)*c >= ' ' && *c != 0x7f)
			sc_buf_add(out, c, len);
		else
			sc_buf_adds(out, len == 1 ? " " : "\xef\xbf\xbd");
		c += len ? len : 1;
	}
	return count;
}

/* Moves *start to the start of the wanted line; false: the document has fewer. */
static bool seek_line(struct sc_check_text *doc, unsigned wanted)
{
	if (wanted < doc->line) {
		doc->start = 0;
		doc->line = 1;
	}
	while (doc->line < wanted) {
		const char *newline = memchr(doc->bytes + doc->start, '\n', doc->len - doc->start);

		if (!newline)
			return false;
		doc->start = (size_t)(newline - doc->bytes) + 1;
		doc->line++;
	}
	return true;
}

/* Narrows a long line to what is around the place. */
static void narrow(const char **from, const char **to, const char *at)
{
	const char *start = *from, *end = *to;

	if (end - start <= WINDOW)
		return;
	*from = at - start > BEFORE ? at - BEFORE : start;
	*to = end - *from > WINDOW ? *from + WINDOW : end;
	while (*from < at && continues(**from))
		++*from;
	while (*to > at && *to < end && continues(**to))
		--*to;
}

void sc_check_excerpt(struct spicecfg_finding *finding, struct sc_check_text *doc, struct sc_arena *memory)
{
	SC_BUF text = SC_BUF_INIT;

	if (!finding->line || !finding->column || !seek_line(doc, finding->line))
		return;
	const char *from = doc->bytes + doc->start, *start = from;
	const char *newline = memchr(from, '\n', doc->len - doc->start);
	const char *to = newline ? newline : doc->bytes + doc->len;
	const char *at = start + finding->column - 1;
	if (at >= to)
		return;
	const char *about = at + extent(at, to);
	narrow(&from, &to, at);
	if (about > to)
		about = to;
	while (to > about && strchr("\r \t", to[-1]))
		to--;
	finding->character = 1;
	for (const char *c = start; c < at; c++)
		finding->character += !continues(*c);
	finding->caret = put_clean(&text, doc, from, at);
	finding->width = put_clean(&text, doc, at, about);
	(void)put_clean(&text, doc, about, to);
	if (!finding->width)
		finding->width = 1;
	finding->excerpt = text.failed ? NULL : sc_arena_strdup(memory, sc_buf_text(&text));
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The line of a document that a finding is about, for reports. */
#include <string.h>

#include "base/text.h"
#include "doc/mask.h"
#include "system/check.h"

/* WINDOW: bytes of a long line that are shown, BEFORE: those before the place, REACH: how long a password may be and not be seen. */
enum { WINDOW = 160, BEFORE = 60, REACH = 4096 };

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

/* A value that nobody may read: [from, to) in the document; until: where its line ends. */
struct secret {
	const char *from, *to, *until;
};

/* The first secret that ends behind at and begins before to; it can begin lines before. */
static struct secret next_secret(const struct sc_check_text *doc, const char *at, const char *to)
{
	const char *begin = at - doc->bytes > REACH ? at - REACH : doc->bytes, *end = doc->bytes + doc->len;
	/* a long tag is seen from its beginning */
	const char *tag = begin > doc->bytes ? memrchr(doc->bytes, '<', (size_t)(begin - doc->bytes)) : NULL;
	const char *limit = end - to > REACH ? to + REACH : end;
	struct secret secret = {.until = to};

	begin = tag ? tag : begin;
	for (const char *from = begin; from < to && sc_mask_find(begin, limit, from, &secret.from, &secret.to); from = secret.to)
		if (secret.to > at)
			return secret;
	return (struct secret){end, end, to};
}

/* The character at c and its length; a byte that is none is U+FFFD. */
static size_t character_at(const struct sc_check_text *doc, const char *c, const char *to, uint32_t *character)
{
	unsigned char byte = (unsigned char)*c;
	size_t len = byte < 0x80 || doc->table ? 1 : (byte & 0xe0) == 0xc0 ? 2 : (byte & 0xf0) == 0xe0 ? 3 : (byte & 0xf8) == 0xf0 ? 4 : 0;

	if (len == 1) {
		*character = doc->table ? doc->table[byte] : byte;
	} else if (!len || len > (size_t)(to - c) || sc_utf8_get(c, character) != len) {
		*character = 0xfffd;
		len = 1;
	}
	return len;
}

/*
 * Appends [from, to) as UTF-8 that a terminal can't be played with: control characters become spaces, those that turn the direction of
 * writing U+FFFD, secrets ***. *secret is the first one that ends behind from. Returns how many columns of a terminal that takes.
 */
static unsigned put_clean(struct sc_buf *out, const struct sc_check_text *doc, const char *from, const char *to, struct secret *secret)
{
	unsigned columns = 0;

	for (const char *c = from; c < to;) {
		uint32_t character;
		char utf8[4];

		if (c >= secret->from) {
			sc_buf_adds(out, "***");
			columns += 3;
			c = secret->to;
			if (c <= to)
				*secret = next_secret(doc, c, secret->until);
			continue;
		}
		c += character_at(doc, c, to, &character);
		if (sc_text_is_control(character))
			character = ' ';
		else if (sc_text_is_trick(character))
			character = 0xfffd;
		sc_buf_add(out, utf8, sc_utf8_put(character, utf8));
		columns += sc_text_columns(character);
	}
	return columns;
}

static unsigned count_characters(const struct sc_check_text *doc, const char *from, const char *to)
{
	unsigned count = 0;
	uint32_t character;

	for (; from < to; count++)
		from += character_at(doc, from, to, &character);
	return count;
}

static void begin_line(struct sc_check_text *doc, size_t start)
{
	doc->start = doc->counted = start;
	doc->characters = 0;
	doc->end = 0;
}

/* The end of the line that begins at doc->start. */
static const char *end_of_line(struct sc_check_text *doc)
{
	if (!doc->end) {
		const char *newline = memchr(doc->bytes + doc->start, '\n', doc->len - doc->start);

		doc->end = newline ? (size_t)(newline - doc->bytes) : doc->len;
	}
	return doc->bytes + doc->end;
}

/* Characters between start, where a line's own begin, and at: findings come sorted, so that a long line is counted once. */
static unsigned characters_before(struct sc_check_text *doc, const char *start, const char *at)
{
	const char *counted = doc->bytes + doc->counted;

	if (at < start)
		return 0;
	if (counted < start || counted > at) {
		counted = start;
		doc->characters = 0;
	}
	doc->characters += count_characters(doc, counted, at);
	doc->counted = (size_t)(at - doc->bytes);
	return doc->characters;
}

/* Moves *start to the start of the wanted line; false: the document has fewer. */
static bool seek_line(struct sc_check_text *doc, unsigned wanted)
{
	if (wanted < doc->line) {
		begin_line(doc, 0);
		doc->line = 1;
	}
	while (doc->line < wanted) {
		const char *newline = memchr(doc->bytes + doc->start, '\n', doc->len - doc->start);

		if (!newline)
			return false;
		begin_line(doc, (size_t)(newline - doc->bytes) + 1);
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
	const char *to = end_of_line(doc);
	const char *at = start + finding->column - 1;
	if (at >= to)
		return;
	const char *about = at + extent(at, to);
	narrow(&from, &to, at);
	if (about > to)
		about = to;
	while (to > about && strchr("\r \t", to[-1]))
		to--;
	/* A byte order mark is no character of the first line. */
	if (start == doc->bytes && doc->len > 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0)
		start += 3;
	finding->character = 1 + characters_before(doc, start, at);
	finding->characters = count_characters(doc, at, about);
	struct secret secret = next_secret(doc, from, to);
	finding->caret = put_clean(&text, doc, from, at, &secret);
	finding->width = put_clean(&text, doc, at, about, &secret);
	(void)put_clean(&text, doc, about, to, &secret);
	if (!finding->width)
		finding->width = 1;
	if (!finding->characters)
		finding->characters = 1;
	finding->excerpt = text.failed ? NULL : sc_arena_strdup(memory, sc_buf_text(&text));
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The line of a document that a finding is about, for reports. */
#include <string.h>

#include "base/text.h"
#include "doc/mask.h"
#include "system/check/check.h"

/* WINDOW: bytes of a long line that are shown; BEFORE: those of them before the position. */
enum { WINDOW = 160, BEFORE = 60 };

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* The number of bytes at `at` that the finding is about: an element's name, or an attribute with its value. */
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

static void count_secret(void *opaque, const char *from, const char *to)
{
	struct sc_check_text *doc = opaque;

	(void)from;
	(void)to;
	doc->n_secrets++;
}

static void keep_secret(void *opaque, const char *from, const char *to)
{
	struct sc_check_text *doc = opaque;

	doc->secrets[doc->n_secrets++] = (struct sc_mask_hit){from, to};
}

/* Finds the document's secrets, once. False: out of memory. */
static bool find_secrets(struct sc_check_text *doc, struct sc_arena *memory)
{
	if (doc->scanned)
		return doc->n_secrets == 0 || doc->secrets;
	doc->scanned = true;
	sc_mask_scan(doc->bytes, doc->len, count_secret, doc);
	if (!doc->n_secrets)
		return true;
	doc->secrets = sc_arena_alloc(memory, doc->n_secrets * sizeof(*doc->secrets));
	doc->n_secrets = doc->secrets ? 0 : doc->n_secrets;
	if (doc->secrets)
		sc_mask_scan(doc->bytes, doc->len, keep_secret, doc);
	return doc->secrets != NULL;
}

/* The first secret that ends after at; it may begin on an earlier line. */
static size_t secret_at(const struct sc_check_text *doc, const char *at)
{
	size_t low = 0, high = doc->n_secrets;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (doc->secrets[middle].to > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The character at c and its length; an invalid byte is U+FFFD. */
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
 * Appends [from, to) as UTF-8 that is safe for a terminal: control characters become spaces, those that change the writing direction
 * U+FFFD, secrets ***. *secret: the index of the first one that ends after from. Returns the number of terminal columns.
 */
static unsigned put_clean(struct sc_buf *out, const struct sc_check_text *doc, const char *from, const char *to, size_t *secret)
{
	unsigned columns = 0;

	for (const char *c = from; c < to;) {
		uint32_t character;
		char utf8[4];

		if (*secret < doc->n_secrets && c >= doc->secrets[*secret].from) {
			sc_buf_adds(out, SC_MASK);
			columns += 3;
			c = doc->secrets[*secret].to;
			*secret += c <= to;
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

/* The number of characters between the line's start and at: findings are sorted, so a long line is counted once. */
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

/* Narrows a long line to the part around the position. */
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

	if (!finding->line || !finding->column || !seek_line(doc, finding->line) || !find_secrets(doc, memory))
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
	/* A byte order mark is not a character of the first line. */
	if (start == doc->bytes && doc->len > 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0)
		start += 3;
	finding->character = 1 + characters_before(doc, start, at);
	finding->characters = count_characters(doc, at, about);
	size_t secret = secret_at(doc, from);
	finding->caret = put_clean(&text, doc, from, at, &secret);
	finding->width = put_clean(&text, doc, at, about, &secret);
	(void)put_clean(&text, doc, about, to, &secret);
	if (!finding->width)
		finding->width = 1;
	if (!finding->characters)
		finding->characters = 1;
	finding->excerpt = text.failed ? NULL : sc_arena_strdup(memory, sc_buf_text(&text));
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "outside.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool at(const char *p, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(end - p) >= len && memcmp(p, word, len) == 0;
}

static const char *behind(const char *p, const char *end, const char *word)
{
	while (p < end && !at(p, end, word))
		p++;
	return p < end ? p + strlen(word) : end;
}

/* The position after the '>' of the tag at p; quoted '>' are skipped. */
static const char *tag_end(const char *p, const char *end)
{
	char quote = 0;

	for (; p < end; p++) {
		if (quote)
			quote = *p == quote ? 0 : quote;
		else if (*p == '"' || *p == '\'')
			quote = *p;
		else if (*p == '>')
			return p + 1;
	}
	return end;
}

static const char *edited(const char *p, const char *end)
{
	static const char *const names[] = {"graphics", "video", "channel"};

	for (size_t i = 0; i < 3; i++) {
		size_t len = strlen(names[i]);

		if (at(p + 1, end, names[i]) && p + 1 + len < end && strchr(" \t\r\n>/", p[1 + len]))
			return names[i];
	}
	return NULL;
}

/* The position after the whole element at p. At this level elements don't nest in their own kind, except that <channel> occurs in
 * <graphics>. */
static const char *element_end(const char *p, const char *end)
{
	int depth = 0;

	while (p < end) {
		if (at(p, end, "<!--")) {
			p = behind(p, end, "-->");
		} else if (*p == '<') {
			const char *next = tag_end(p, end);
			bool closes = p[1] == '/', empty = next[-2] == '/';

			depth += closes ? -1 : empty ? 0 : 1;
			p = next;
			if (depth == 0)
				return p;
		} else {
			p++;
		}
	}
	return end;
}

char *outside(const char *bytes, size_t len, size_t *out_len)
{
	const char *p = bytes, *end = bytes + len;
	char *out = malloc(len + 1);
	size_t n = 0;

	while (out && p < end) {
		if (at(p, end, "<!--") || at(p, end, "<![CDATA[")) {
			const char *next = behind(p, end, p[2] == '-' ? "-->" : "]]>");

			memcpy(out + n, p, (size_t)(next - p));
			n += (size_t)(next - p);
			p = next;
		} else if (*p == '<' && edited(p, end)) {
			while (n && strchr(" \t\r\n", out[n - 1]))
				n--;
			p = element_end(p, end);
		} else {
			out[n++] = *p++;
		}
	}
	*out_len = n;
	return out;
}

struct lines {
	const char **start;
	size_t *len;
	size_t count;
};

static struct lines split(const char *bytes, size_t len)
{
	struct lines lines = {calloc(len + 1, sizeof(char *)), calloc(len + 1, sizeof(size_t)), 0};

	for (const char *p = bytes, *end = bytes + len; p < end;) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *next = newline ? newline + 1 : end;

		lines.start[lines.count] = p;
		lines.len[lines.count++] = (size_t)(next - p);
		p = next;
	}
	return lines;
}

static bool same(const struct lines *a, size_t i, const struct lines *b, size_t j)
{
	return a->len[i] == b->len[j] && memcmp(a->start[i], b->start[j], a->len[i]) == 0;
}

/* Length of the longest common subsequence between the differing middles. */
static size_t common(const struct lines *a, size_t a_from, size_t a_to, const struct lines *b, size_t b_from, size_t b_to)
{
	size_t width = b_to - b_from + 1;
	size_t *row = calloc(width, sizeof(*row)), result;

	for (size_t i = a_from; i < a_to; i++) {
		size_t corner = 0;

		for (size_t j = 1; j < width; j++) {
			size_t above = row[j];

			if (same(a, i, b, b_from + j - 1))
				row[j] = corner + 1;
			else if (row[j - 1] > row[j])
				row[j] = row[j - 1];
			corner = above;
		}
	}
	result = row[width - 1];
	free(row);
	return result;
}

size_t changed_lines(const char *old_bytes, size_t old_len, const char *new_bytes, size_t new_len)
{
	struct lines a = split(old_bytes, old_len), b = split(new_bytes, new_len);
	size_t head = 0, tail = 0;

	while (head < a.count && head < b.count && same(&a, head, &b, head))
		head++;
	while (tail < a.count - head && tail < b.count - head && same(&a, a.count - 1 - tail, &b, b.count - 1 - tail))
		tail++;
	size_t kept = common(&a, head, a.count - tail, &b, head, b.count - tail);
	size_t changed = a.count - head - tail - kept + b.count - head - tail - kept;
	free(a.start);
	free(a.len);
	free(b.start);
	free(b.len);
	return changed;
}

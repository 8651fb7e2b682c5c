/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/mask_tag.h"

#include <string.h>

#include "doc/mask_args.h"

/* FAR: how long a tag may be ahead of its value, BACK and TAGS: how far the word ahead on the command line is looked for. */
enum { FAR = 16384, BACK = 8192, TAGS = 6 };

struct tag {
	struct sc_piece local, name, value; /* the element's local name, its attributes name and value */
	const char *end;                    /* its '>', or where the text ends */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is(struct sc_piece text, const char *word)
{
	return text.len == strlen(word) && memcmp(text.at, word, text.len) == 0;
}

/* Behind the prefix. */
static struct sc_piece local_name(const char *at, const char *end)
{
	const char *colon = memrchr(at, ':', (size_t)(end - at));

	at = colon ? colon + 1 : at;
	return (struct sc_piece){at, (size_t)(end - at)};
}

/* Behind a name: at a blank, '=', '/', '<' or '>'. */
static const char *skip_name(const char *at, const char *end)
{
	while (at < end && !is_blank(*at) && !memchr("=/<>\"'", *at, 6))
		at++;
	return at;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/* The value at `at` (its quote, or where it begins without one) and what follows. */
static const char *take_value(const char *at, const char *end, struct sc_piece *value)
{
	const char *close;

	if (at < end && (*at == '"' || *at == '\'')) {
		close = memchr(at + 1, *at, (size_t)(end - at - 1));
		close = close ? close : end;
		*value = (struct sc_piece){at + 1, (size_t)(close - at - 1)};
		return close < end ? close + 1 : end;
	}
	close = at;
	while (close < end && !is_blank(*close) && *close != '>' && *close != '<')
		close++;
	*value = (struct sc_piece){at, (size_t)(close - at)};
	return close;
}

/* Elements of which something may be hidden. */
static bool is_looked_at(struct sc_piece local)
{
	return is(local, "arg") || is(local, "env") || is(local, "property") || is(local, "entry");
}

/* False: the tag at open is not looked at. */
static bool read_tag(const char *open, const char *end, struct tag *out)
{
	const char *at = skip_name(open + 1, end), *limit = end - open > FAR ? open + FAR : end;

	*out = (struct tag){.local = local_name(open + 1, at)};
	if (!is_looked_at(out->local))
		return false;
	while (at < limit && *at != '>' && *at != '<') {
		const char *name = skip_blanks(at, end);
		const char *name_end = skip_name(name, end);
		struct sc_piece value, local = local_name(name, name_end);

		at = skip_blanks(name_end, end);
		if (at == end || *at != '=') {
			at = name_end > name || at == end || *at == '>' || *at == '<' ? at : at + 1;
			continue;
		}
		at = take_value(skip_blanks(at + 1, end), end, &value);
		if (is(local, "value") && !out->value.at)
			out->value = value;
		else if (is(local, "name") && !out->name.at)
			out->name = value;
	}
	out->end = at;
	return true;
}

/* The word ahead on the command line, from the tag before the one at open; at NULL: not found. */
static struct sc_piece word_before(const char *begin, const char *open)
{
	const char *limit = open - begin > BACK ? open - BACK : begin, *at = open;
	struct tag tag;

	for (int tries = 0; tries < TAGS && (at = memrchr(limit, '<', (size_t)(at - limit))); tries++)
		if (read_tag(at, open, &tag) && is(tag.local, "arg"))
			return tag.value;
	return (struct sc_piece){NULL, 0};
}

/* Text behind the tag: data for the guest's firmware, of which nobody knows what it is. */
static void find_text(const struct tag *tag, const char *end, const char *from, struct sc_mask_hit *out)
{
	if (tag->end == end || *tag->end != '>' || tag->end[-1] == '/' ||
	    (tag->name.at && (tag->name.len < 4 || memcmp(tag->name.at, "opt/", 4) != 0)))
		return;
	const char *text = tag->end + 1, *close = memchr(text, '<', (size_t)(end - text));
	close = close ? close : end;
	if (close > from && close > text)
		*out = (struct sc_mask_hit){text, close};
}

void sc_mask_tag_find(const char *begin, const char *end, const char *open, const char *from, struct sc_mask_hit *out)
{
	const char *value, *stop;
	struct tag tag;
	bool found = false;

	*out = (struct sc_mask_hit){NULL, NULL};
	if (!read_tag(open, end, &tag))
		return;
	if (is(tag.local, "entry")) {
		find_text(&tag, end, from, out);
		return;
	}
	if (!tag.value.at || !tag.value.len)
		return;
	if (is(tag.local, "arg"))
		found = sc_mask_word_find(tag.value, word_before(begin, open), from, &value, &stop);
	else if (is(tag.local, "env"))
		found = sc_mask_env_find(tag.value, tag.name, from, &value, &stop);
	else if (!tag.name.at || !sc_mask_property_is_plain(tag.name, tag.value))
		found = sc_mask_env_find(tag.value, (struct sc_piece){NULL, 0}, from, &value, &stop);
	if (found)
		*out = (struct sc_mask_hit){value, stop};
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/mask.h"

#include <string.h>

#include "doc/mask_tag.h"
#include "doc/xml_internal.h"

struct scan {
	sc_mask_fn fn;
	void *opaque;
	const char *end;
	struct sc_piece before; /* the previous word of QEMU's command line; at NULL: none */
	size_t secret_depth;    /* depth of elements below the one whose text is a secret */
	bool in_commandline, in_comment;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool starts(const char *at, const char *end, const char *what)
{
	size_t len = strlen(what);

	return (size_t)(end - at) >= len && memcmp(at, what, len) == 0;
}

/* The next occurrence of `what`, else the end. */
static const char *find(const char *at, const char *end, const char *what)
{
	const char *found = at < end ? memmem(at, (size_t)(end - at), what, strlen(what)) : NULL;

	return found ? found : end;
}

/* Hides a piece, except for the blanks around it. */
static void hide(const struct scan *scan, const char *from, const char *to)
{
	while (from < to && is_blank(*from))
		from++;
	while (to > from && is_blank(to[-1]))
		to--;
	if (from < to)
		scan->fn(scan->opaque, from, to);
}

/* Whether text contains a secret when its references are resolved. Also true when that can't be determined. */
static bool has_secret_in_references(const struct sc_mask_tag *tag, struct sc_piece attr, struct sc_piece text)
{
	struct sc_mask_hit hit;
	SC_BUF plain = SC_BUF_INIT;

	if (!memchr(text.at, '&', text.len))
		return false;
	sc_xml_resolve(text.at, text.len, false, &plain);
	const struct sc_piece resolved = {sc_buf_text(&plain), plain.len};
	if (plain.failed)
		return true;
	return tag ? sc_mask_attr_find(tag, attr, resolved, resolved.at, &hit) : sc_mask_text_find(resolved, &hit);
}

/* Handles the text between tags, comments and the like. */
static void take_text(const struct scan *scan, const char *from, const char *to)
{
	struct sc_mask_hit hit;

	if (from == to)
		return;
	if (scan->secret_depth || (scan->in_commandline && !scan->in_comment) ||
	    has_secret_in_references(NULL, (struct sc_piece){NULL, 0}, (struct sc_piece){from, (size_t)(to - from)})) {
		hide(scan, from, to);
		return;
	}
	for (; sc_mask_text_find((struct sc_piece){from, (size_t)(to - from)}, &hit); from = hit.to)
		scan->fn(scan->opaque, hit.from, hit.to);
}

/* The end of a name: a blank, '=', '/', '<', '>' or a quote. */
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

/* Reads the value at `at`, quoted or not. Returns what follows it. */
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

/* Reads the next attribute of a tag from *at on, skipping anything else. False: the tag ends at *at. */
static bool next_attr(const char **at, const char *end, struct sc_piece *name, struct sc_piece *value)
{
	while (*at < end && **at != '>' && **at != '<') {
		const char *begin = skip_blanks(*at, end), *stop = skip_name(begin, end), *equals = skip_blanks(stop, end);

		*name = (struct sc_piece){begin, (size_t)(stop - begin)};
		*value = (struct sc_piece){stop, 0};
		if (equals < end && *equals == '=') {
			*at = take_value(skip_blanks(equals + 1, end), end, value);
			return true;
		}
		if (stop < end && (*stop == '"' || *stop == '\'')) {
			*at = take_value(stop, end, value);
			return true;
		}
		*at = stop > begin || stop == end || *stop == '>' || *stop == '<' ? stop : stop + 1;
		if (stop > begin) {
			*value = *name; /* a single word can be the rest of a value */
			return true;
		}
	}
	return false;
}

static void take_attr(const struct scan *scan, const struct sc_mask_tag *tag, struct sc_piece name, struct sc_piece value)
{
	const char *from = value.at, *end = value.at + value.len;
	struct sc_mask_hit hit;

	if (!value.len)
		return;
	if (has_secret_in_references(tag, name, value)) {
		scan->fn(scan->opaque, from, end);
		return;
	}
	for (; sc_mask_attr_find(tag, name, value, from, &hit); from = hit.to)
		scan->fn(scan->opaque, hit.from, hit.to);
}

/* Handles a start tag. Returns what follows it. */
static const char *take_start(struct scan *scan, const char *open)
{
	const char *begin = skip_name(open + 1, scan->end), *at = begin;
	struct sc_mask_tag tag = {.name = {open + 1, (size_t)(begin - open - 1)},
				  .before = scan->before,
				  .in_commandline = scan->in_commandline,
				  .in_secret = scan->secret_depth > 0};
	struct sc_piece name, value, word = {NULL, 0}, key = {NULL, 0};

	while (next_attr(&at, scan->end, &name, &value)) {
		if (!tag.label.at && sc_mask_is_name(name, "name"))
			tag.label = value;
		else if (!key.at && sc_mask_is_name(name, "key"))
			key = value;
		else if (!word.at && name.len == 5 && sc_mask_is_name(name, "value"))
			word = value;
	}
	if (!tag.label.at)
		tag.label = key;
	for (at = begin; next_attr(&at, scan->end, &name, &value);)
		take_attr(scan, &tag, name, value);
	if (sc_mask_is_name(tag.name, "arg"))
		scan->before = word;
	bool closed = at > begin && at[-1] == '/';
	if (!closed && (scan->secret_depth || sc_mask_tag_is_secret(&tag)))
		scan->secret_depth++;
	if (!closed && sc_mask_is_name(tag.name, "commandline")) {
		scan->in_commandline = true;
		scan->before = (struct sc_piece){NULL, 0};
	}
	return at < scan->end && *at == '>' ? at + 1 : at;
}

/* Handles an end tag. Returns what follows it. */
static const char *take_end(struct scan *scan, const char *open)
{
	const char *begin = open + 2, *at = skip_name(begin, scan->end);

	if (scan->secret_depth)
		scan->secret_depth--;
	if (sc_mask_is_name((struct sc_piece){begin, (size_t)(at - begin)}, "commandline"))
		scan->in_commandline = false;
	begin = at;
	while (at < scan->end && *at != '>' && *at != '<')
		at++;
	take_text(scan, begin, at);
	return at < scan->end && *at == '>' ? at + 1 : at;
}

static void take_all(struct scan *scan, const char *at);

/* A comment can contain former markup, which neither opens nor closes the elements around the comment. */
static const char *take_comment(const struct scan *scan, const char *open)
{
	struct scan inner = *scan;

	inner.end = find(open + 4, scan->end, "-->");
	inner.in_comment = true;
	inner.before = (struct sc_piece){NULL, 0};
	if (scan->secret_depth)
		hide(scan, open + 4, inner.end);
	else
		take_all(&inner, open + 4);
	return inner.end < scan->end ? inner.end + 3 : scan->end;
}

/* <![CDATA[…]]>, <?…?>, <!…> */
static const char *take_section(const struct scan *scan, const char *open)
{
	bool data = starts(open, scan->end, "<![CDATA["), instruction = open[1] == '?';
	const char *begin = open + (data ? 9 : 2);
	const char *close = data ? "]]>" : instruction ? "?>" : ">", *end = find(begin, scan->end, close);

	take_text(scan, begin, end);
	return end < scan->end ? end + strlen(close) : end;
}

static bool opens_tag(const char *at, const char *end)
{
	return end - at > 1 && *at == '<' && !is_blank(at[1]) && !memchr("=<>\"'0123456789", at[1], 15);
}

static void take_all(struct scan *scan, const char *at)
{
	while (at < scan->end) {
		const char *text = at;

		while (at < scan->end && !opens_tag(at, scan->end))
			at++;
		take_text(scan, text, at);
		if (at == scan->end)
			break;
		if (!scan->in_comment && starts(at, scan->end, "<!--"))
			at = take_comment(scan, at);
		else if (at[1] == '!' || at[1] == '?')
			at = take_section(scan, at);
		else if (at[1] == '/')
			at = take_end(scan, at);
		else
			at = take_start(scan, at);
	}
}

void sc_mask_scan(const char *bytes, size_t len, sc_mask_fn fn, void *opaque)
{
	struct scan scan = {.fn = fn, .opaque = opaque, .end = bytes + len};

	if (len)
		take_all(&scan, bytes);
}

struct copy {
	const char *done; /* the end of what has been copied */
	struct sc_buf *out;
};

static void copy_masked(void *opaque, const char *from, const char *to)
{
	struct copy *copy = opaque;

	sc_buf_add(copy->out, copy->done, (size_t)(from - copy->done));
	sc_buf_adds(copy->out, SC_MASK);
	for (const char *c = from; c < to; c++)
		if (*c == '\n')
			sc_buf_addc(copy->out, '\n');
	copy->done = to;
}

void sc_mask_xml(const char *bytes, size_t len, struct sc_buf *out)
{
	struct copy copy = {bytes, out};

	sc_mask_scan(bytes, len, copy_masked, &copy);
	sc_buf_add(out, copy.done, (size_t)(bytes + len - copy.done));
}

void sc_mask_text(const char *bytes, size_t len, struct sc_buf *out)
{
	struct copy copy = {bytes, out};
	const char *end = bytes + len;
	struct sc_mask_hit hit;

	while (sc_mask_text_find((struct sc_piece){copy.done, (size_t)(end - copy.done)}, &hit))
		copy_masked(&copy, hit.from, hit.to);
	sc_buf_add(out, copy.done, (size_t)(end - copy.done));
}

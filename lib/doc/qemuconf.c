/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/qemuconf.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "doc/qemuconf_impl.h"

struct parser {
	struct spicecfg_ctx *ctx; /* NULL: failures are not recorded */
	const char *name;
	const char *bytes;
	const char *cur, *end;
	struct sc_arena *memory; /* NULL: values are only skipped */
	unsigned depth;
	/* the end of what has been counted, and the beginning of its last line */
	const char *counted, *line_start;
	unsigned line;
};

static const char quote_strings[] = "Put strings in quotes: KEY = \"VALUE\".";

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Counts forward only, because entries are read in order. To libvirt only '\n' ends a line. */
static void count(struct parser *p, const char *to, unsigned *line, unsigned *column)
{
	for (; p->counted < to; p->counted++) {
		if (*p->counted == '\n') {
			p->line++;
			p->line_start = p->counted + 1;
		}
	}
	*line = p->line;
	*column = (unsigned)(to - p->line_start) + 1;
}

static enum spicecfg_status fail(struct parser *p, const char *at, const char *fix, const char *what)
{
	struct sc_where where = {.file = p->name};

	if (!p->ctx)
		return SPICECFG_INPUT;
	if (at < p->counted) {
		p->counted = p->line_start = p->bytes;
		p->line = 1;
	}
	count(p, at, &where.line, &where.column);
	return sc_fail_at(p->ctx, SPICECFG_INPUT, where, fix, "%s", what);
}

static char peek(const struct parser *p)
{
	return p->cur < p->end ? *p->cur : '\0';
}

static void skip_blanks(struct parser *p)
{
	while (p->cur < p->end && sc_qemuconf_blank(*p->cur))
		p->cur++;
}

static void skip_space(struct parser *p)
{
	while (p->cur < p->end && (sc_qemuconf_blank(*p->cur) || sc_qemuconf_eol(*p->cur)))
		p->cur++;
}

static void skip_line(struct parser *p)
{
	while (p->cur < p->end && !sc_qemuconf_eol(*p->cur))
		p->cur++;
}

static enum spicecfg_status parse_number(struct parser *p, struct sc_qemuconf_value *out)
{
	uint64_t number = 0;

	out->kind = SC_QEMUCONF_INT;
	out->negative = peek(p) == '-';
	if (peek(p) == '-' || peek(p) == '+')
		p->cur++;
	if (!is_digit(peek(p)))
		return fail(p, p->cur, NULL, "a digit is expected after the sign");
	for (; is_digit(peek(p)); p->cur++)
		number = number * 10 + (uint64_t)(*p->cur - '0');
	if (out->negative)
		number = -number;
	memcpy(&out->number, &number, sizeof(number));
	return SPICECFG_OK;
}

static enum spicecfg_status parse_string(struct parser *p, struct sc_qemuconf_value *out)
{
	static const char triple[] = "\"\"\"";
	const char *open = p->cur, *base, *close;

	out->kind = SC_QEMUCONF_STRING;
	/* six more bytes must follow, not five: to libvirt, too, """""" at the very end is not a string */
	if (p->end - p->cur > 6 && strncmp(p->cur, triple, 3) == 0) {
		base = p->cur + 3;
		close = memmem(base, (size_t)(p->end - base), triple, 3);
		if (!close)
			return fail(p, open, "Close the string with \"\"\".", "the string that begins here with \"\"\" is not closed");
		p->cur = close + 3;
	} else {
		char quote = *p->cur++;

		base = p->cur;
		while (p->cur < p->end && *p->cur != quote && !sc_qemuconf_eol(*p->cur))
			p->cur++;
		if (peek(p) != quote)
			return fail(p, open, "Close the string with the same quote, on the same line.",
				    "the string that begins here is not closed");
		close = p->cur++;
	}
	if (p->memory) {
		out->text = sc_arena_strndup(p->memory, base, (size_t)(close - base));
		if (!out->text)
			return sc_fail_memory(p->ctx);
	}
	return SPICECFG_OK;
}

static enum spicecfg_status parse_value(struct parser *p, struct sc_qemuconf_value *out);

static enum spicecfg_status parse_list(struct parser *p, struct sc_qemuconf_value *out)
{
	const struct sc_qemuconf_value **last = &out->items;

	out->kind = SC_QEMUCONF_LIST;
	if (++p->depth > SC_QEMUCONF_DEPTH_MAX)
		return fail(p, p->cur, NULL, "lists are nested more than 16 deep");
	p->cur++;
	skip_space(p);
	while (p->cur < p->end && *p->cur != ']') {
		struct sc_qemuconf_value skipped = {0};
		struct sc_qemuconf_value *item = p->memory ? sc_arena_alloc(p->memory, sizeof(*item)) : &skipped;

		if (!item)
			return sc_fail_memory(p->ctx);
		enum spicecfg_status status = parse_value(p, item);
		if (status != SPICECFG_OK)
			return status;
		if (p->memory) {
			*last = item;
			last = &item->next;
		}
		skip_space(p);
		if (peek(p) == ',') {
			p->cur++;
			skip_space(p);
			if (p->cur >= p->end)
				return fail(p, p->cur, "Close the list with ].", "a value or ']' is expected in the list");
		} else if (p->cur < p->end && *p->cur != ']') {
			return fail(p, p->cur, "Put commas between the values; a list can't contain a comment.",
				    "',' or ']' is expected in the list");
		}
	}
	if (peek(p) != ']')
		return fail(p, p->cur, "Close the list with ].", "the list is not closed");
	p->cur++;
	p->depth--;
	return SPICECFG_OK;
}

static enum spicecfg_status parse_value(struct parser *p, struct sc_qemuconf_value *out)
{
	skip_blanks(p);
	char c = peek(p);
	if (c == '"' || c == '\'')
		return parse_string(p, out);
	if (c == '[')
		return parse_list(p, out);
	if (is_digit(c) || c == '-' || c == '+')
		return parse_number(p, out);
	return fail(p, p->cur, quote_strings, "a value is expected: a number, a string in quotes or a list in [ ]");
}

/* Parses KEY = VALUE from cur to the end of the value. */
static enum spicecfg_status parse_assignment(struct parser *p, struct sc_qemuconf_entry *entry)
{
	const char *key = p->cur;

	if (!is_alpha(peek(p)))
		return fail(p, p->cur, "Write KEY = VALUE, or put # before a comment.",
			    p->cur < p->end ? "the name of a setting is expected" : "the file contains only blanks, which libvirt refuses");
	while (is_alpha(peek(p)) || is_digit(peek(p)) || peek(p) == '_')
		p->cur++;
	size_t key_len = (size_t)(p->cur - key);
	skip_blanks(p);
	if (peek(p) != '=')
		return fail(p, p->cur, "Write KEY = VALUE, or put # before a comment.", "'=' is expected after the name of the setting");
	p->cur++;
	skip_blanks(p);
	entry->start = (size_t)(key - p->bytes);
	entry->value_start = (size_t)(p->cur - p->bytes);
	enum spicecfg_status status = parse_value(p, &entry->value);
	if (status != SPICECFG_OK)
		return status;
	entry->value_end = (size_t)(p->cur - p->bytes);
	if (p->memory) {
		entry->key = sc_arena_strndup(p->memory, key, key_len);
		if (!entry->key)
			return sc_fail_memory(p->ctx);
	}
	return SPICECFG_OK;
}

static enum spicecfg_status parse_statement(struct parser *p, struct sc_qemuconf_entry *entry)
{
	skip_space(p);
	const char *start = p->cur;
	if (peek(p) == '#') {
		entry->start = (size_t)(start - p->bytes);
		skip_line(p);
	} else {
		enum spicecfg_status status = parse_assignment(p, entry);

		if (status != SPICECFG_OK)
			return status;
		const char *value_end = p->cur;
		skip_blanks(p);
		if (peek(p) == '#')
			skip_line(p);
		else
			p->cur = value_end;
	}
	entry->end = (size_t)(p->cur - p->bytes);
	count(p, start, &entry->line, &entry->column);
	if (entry->key)
		count(p, p->bytes + entry->value_start, &entry->value_line, &entry->value_column);
	/* what can separate it from the next one */
	skip_blanks(p);
	if (p->cur < p->end && *p->cur != ';' && !sc_qemuconf_eol(*p->cur))
		return fail(p, p->cur, quote_strings, "the end of the line, ';' or '#' is expected after the value");
	if (peek(p) == ';')
		p->cur++;
	skip_space(p);
	return SPICECFG_OK;
}

static enum spicecfg_status parse_all(struct parser *p, struct sc_qemuconf *out)
{
	const char *nul = memchr(p->bytes, '\0', out->len);

	if (out->len >= 3 && memcmp(p->bytes, "\xef\xbb\xbf", 3) == 0)
		return fail(p, p->bytes, "Remove the byte order mark.", "the file begins with a byte order mark, which libvirt refuses");
	if (nul)
		return fail(p, nul, "Check which file is meant.", "the file contains a NUL byte");
	while (p->cur < p->end) {
		if (out->n_entries == SC_QEMUCONF_ENTRIES_MAX)
			return fail(p, p->cur, NULL, "the file has more than 100000 statements");
		struct sc_qemuconf_entry *entries = sc_grow(out->entries, out->n_entries, sizeof(*entries));

		if (!entries)
			return sc_fail_memory(p->ctx);
		out->entries = entries;
		struct sc_qemuconf_entry *entry = &out->entries[out->n_entries];
		*entry = (struct sc_qemuconf_entry){0};
		enum spicecfg_status status = parse_statement(p, entry);
		if (status != SPICECFG_OK)
			return status;
		out->n_entries++;
	}
	return SPICECFG_OK;
}

/* Sorts by key, and those of the same key by position. */
static int by_key(const void *a, const void *b)
{
	const struct sc_qemuconf_entry *x = *(struct sc_qemuconf_entry *const *)a, *y = *(struct sc_qemuconf_entry *const *)b;
	int keys = strcmp(x->key, y->key);

	return keys ? keys : (x > y) - (x < y);
}

/* Sorts the assignments by key, because a file can contain up to 100000. */
static enum spicecfg_status index_keys(struct spicecfg_ctx *ctx, struct sc_qemuconf *out)
{
	out->keys = calloc(out->n_entries + 1, sizeof(struct sc_qemuconf_entry *));
	if (!out->keys)
		return sc_fail_memory(ctx);
	for (size_t i = 0; i < out->n_entries; i++)
		if (out->entries[i].key)
			out->keys[out->n_keys++] = &out->entries[i];
	qsort(out->keys, out->n_keys, sizeof(struct sc_qemuconf_entry *), by_key);
	for (size_t i = 1; i < out->n_keys; i++)
		if (strcmp(out->keys[i - 1]->key, out->keys[i]->key) == 0)
			out->keys[i - 1]->next = (size_t)(out->keys[i] - out->entries);
	return SPICECFG_OK;
}

/* Reads out->bytes into entries. */
static enum spicecfg_status read_entries(struct spicecfg_ctx *ctx, struct sc_qemuconf *out)
{
	out->memory = sc_arena_new();
	if (!out->memory)
		return sc_fail_memory(ctx);
	struct parser p = {.ctx = ctx,
			   .name = out->name,
			   .bytes = out->bytes,
			   .cur = out->bytes,
			   .end = out->bytes + out->len,
			   .memory = out->memory,
			   .counted = out->bytes,
			   .line_start = out->bytes,
			   .line = 1};
	enum spicecfg_status status = parse_all(&p, out);
	return status ? status : index_keys(ctx, out);
}

static void free_entries(struct sc_qemuconf *doc)
{
	sc_wipe_free(doc->bytes, doc->len);
	free(doc->keys);
	sc_arena_free(doc->memory);
	free(doc->entries);
}

enum spicecfg_status sc_qemuconf_take(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, char *bytes, size_t len)
{
	struct sc_qemuconf fresh = *doc;

	fresh.bytes = bytes;
	fresh.len = len;
	fresh.memory = NULL;
	fresh.entries = NULL;
	fresh.keys = NULL;
	fresh.n_entries = fresh.n_keys = 0;
	enum spicecfg_status status = read_entries(ctx, &fresh);
	free_entries(status == SPICECFG_OK ? doc : &fresh);
	if (status == SPICECFG_OK)
		*doc = fresh;
	return status;
}

enum spicecfg_status sc_qemuconf_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, struct sc_qemuconf **out)
{
	SC_QEMUCONF *doc = NULL;
	SC_BUF copy = SC_BUF_INIT;

	*out = NULL;
	if (len > SC_QEMUCONF_SIZE_MAX)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){.file = name}, "Remove what is not needed from it.",
				  "the file is larger than 10 MiB, which libvirt refuses");
	doc = calloc(1, sizeof(*doc));
	if (!doc)
		return sc_fail_memory(ctx);
	doc->name = strdup(name);
	sc_buf_add(&copy, bytes, len);
	doc->original = sc_buf_steal(&copy, &doc->original_len);
	sc_buf_add(&copy, bytes, len);
	char *content = sc_buf_steal(&copy, NULL);
	if (!doc->name || !doc->original || !content) {
		sc_wipe_free(content, len);
		return sc_fail_memory(ctx);
	}
	enum spicecfg_status status = sc_qemuconf_take(ctx, doc, content, len);
	if (status != SPICECFG_OK)
		return status;
	*out = doc;
	doc = NULL;
	return SPICECFG_OK;
}

void sc_qemuconf_free(struct sc_qemuconf *doc)
{
	if (!doc)
		return;
	free_entries(doc);
	sc_wipe_free(doc->original, doc->original_len);
	free(doc->name);
	free(doc);
}

size_t sc_qemuconf_peek(const char *text, size_t len, size_t *key_len, size_t *value_start)
{
	struct parser p = {.bytes = text, .cur = text, .end = text + len, .counted = text, .line_start = text, .line = 1};
	struct sc_qemuconf_entry entry = {0};
	size_t n = 0;

	while (n < len && (is_alpha(text[n]) || is_digit(text[n]) || text[n] == '_'))
		n++;
	*key_len = n;
	if (parse_assignment(&p, &entry) != SPICECFG_OK)
		return 0;
	*value_start = entry.value_start;
	return entry.value_end;
}

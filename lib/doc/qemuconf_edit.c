/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and editing of a parsed qemu.conf. */
#include <stdlib.h>
#include <string.h>

#include "doc/qemuconf.h"
#include "doc/qemuconf_impl.h"

const char *sc_qemuconf_name(const struct sc_qemuconf *doc)
{
	return doc->name;
}

const struct sc_qemuconf_entry *sc_qemuconf_at(const struct sc_qemuconf *doc, size_t index)
{
	return index < doc->n_entries ? &doc->entries[index] : NULL;
}

const struct sc_qemuconf_entry *sc_qemuconf_get(const struct sc_qemuconf *doc, const char *key, const struct sc_qemuconf_entry *after)
{
	if (after)
		return after->next ? &doc->entries[after->next] : NULL;
	size_t low = 0, high = doc->n_keys;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(doc->keys[middle]->key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < doc->n_keys && strcmp(doc->keys[low]->key, key) == 0 ? doc->keys[low] : NULL;
}

static const struct sc_qemuconf_value *value_of(const struct sc_qemuconf *doc, const char *key, enum sc_qemuconf_kind kind)
{
	const struct sc_qemuconf_entry *entry = doc ? sc_qemuconf_get(doc, key, NULL) : NULL;

	return entry && entry->value.kind == kind ? &entry->value : NULL;
}

const char *sc_qemuconf_text(const struct sc_qemuconf *doc, const char *key, const char *fallback)
{
	const struct sc_qemuconf_value *value = value_of(doc, key, SC_QEMUCONF_STRING);

	return value ? value->text : fallback;
}

int64_t sc_qemuconf_number(const struct sc_qemuconf *doc, const char *key, int64_t fallback)
{
	const struct sc_qemuconf_value *value = value_of(doc, key, SC_QEMUCONF_INT);

	return value ? value->number : fallback;
}

bool sc_qemuconf_switch(const struct sc_qemuconf *doc, const char *key, bool fallback)
{
	return sc_qemuconf_number(doc, key, fallback) == 1;
}

struct sc_where sc_qemuconf_where(const struct sc_qemuconf *doc, const struct sc_qemuconf_entry *entry)
{
	return (struct sc_where){doc->name, entry->line, entry->column};
}

struct sc_where sc_qemuconf_where_value(const struct sc_qemuconf *doc, const struct sc_qemuconf_entry *entry)
{
	return (struct sc_where){doc->name, entry->value_line, entry->value_column};
}

const char *sc_qemuconf_bytes(const struct sc_qemuconf *doc, size_t *len)
{
	*len = doc->len;
	return doc->bytes;
}

bool sc_qemuconf_changed(const struct sc_qemuconf *doc)
{
	return doc->len != doc->original_len || memcmp(doc->bytes, doc->original, doc->len) != 0;
}

bool sc_qemuconf_same(const struct sc_qemuconf_value *a, const struct sc_qemuconf_value *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == SC_QEMUCONF_INT)
		return a->negative == b->negative && a->number == b->number;
	if (a->kind == SC_QEMUCONF_STRING)
		return strcmp(a->text, b->text) == 0;
	const struct sc_qemuconf_value *x = a->items, *y = b->items;
	for (; x && y; x = x->next, y = y->next)
		if (!sc_qemuconf_same(x, y))
			return false;
	return !x && !y;
}

static bool format_string(const char *text, char quote, struct sc_buf *out)
{
	size_t len = strlen(text);
	bool lines = strpbrk(text, "\n\r") != NULL;
	const char *marks;

	if (quote == '\'' && !lines && !strchr(text, '\''))
		marks = "'";
	else if (!lines && !strchr(text, '"'))
		marks = "\"";
	else if (!lines && !strchr(text, '\''))
		marks = "'";
	else if (!strstr(text, "\"\"\"") && text[len - 1] != '"')
		marks = "\"\"\"";
	else
		return false;
	sc_buf_adds(out, marks);
	sc_buf_adds(out, text);
	sc_buf_adds(out, marks);
	return true;
}

bool sc_qemuconf_format(const struct sc_qemuconf_value *value, char quote, struct sc_buf *out)
{
	if (value->kind == SC_QEMUCONF_STRING)
		return format_string(value->text, quote, out);
	if (value->kind == SC_QEMUCONF_INT) {
		uint64_t number = (uint64_t)value->number;

		sc_buf_addf(out, "%s%llu", value->negative ? "-" : "", (unsigned long long)(value->negative ? -number : number));
		return true;
	}
	sc_buf_adds(out, "[");
	for (const struct sc_qemuconf_value *item = value->items; item; item = item->next) {
		sc_buf_adds(out, item == value->items ? " " : ", ");
		if (!sc_qemuconf_format(item, quote, out))
			return false;
	}
	sc_buf_adds(out, " ]");
	return true;
}

/* Replaces [start, end) of the document with text. */
static enum spicecfg_status splice(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, size_t start, size_t end, const struct sc_buf *text)
{
	SC_BUF out = SC_BUF_INIT;
	size_t len;

	sc_buf_add(&out, doc->bytes, start);
	sc_buf_add(&out, text->data, text->len);
	sc_buf_add(&out, doc->bytes + end, doc->len - end);
	out.failed = out.failed || text->failed;
	char *bytes = sc_buf_steal(&out, &len);
	return bytes ? sc_qemuconf_take(ctx, doc, bytes, len) : sc_fail_memory(ctx);
}

static size_t line_start(const struct sc_qemuconf *doc, size_t at)
{
	while (at > 0 && !sc_qemuconf_eol(doc->bytes[at - 1]))
		at--;
	return at;
}

/* The offset after the end of line at offset at; at itself when there is none. */
static size_t after_eol(const struct sc_qemuconf *doc, size_t at)
{
	if (at + 1 < doc->len && doc->bytes[at] == '\r' && doc->bytes[at + 1] == '\n')
		return at + 2;
	return at < doc->len && sc_qemuconf_eol(doc->bytes[at]) ? at + 1 : at;
}

/* The kind of line end that the document uses: that of its first line. */
static const char *document_eol(const struct sc_qemuconf *doc)
{
	size_t first = strcspn(doc->bytes, "\r\n");

	if (doc->bytes[first] == '\r')
		return doc->bytes[first + 1] == '\n' ? "\r\n" : "\r";
	return "\n";
}

/* A commented-out default: its place, and how it is written. */
struct model_line {
	size_t end;         /* of its last line, without the end of line */
	const char *indent; /* before the '#' */
	size_t indent_len;
	bool spaces; /* around '=' */
	bool tight;  /* the key follows '#' at once */
};

/* Whether entry is a comment at the beginning of its line. */
static bool own_line(const struct sc_qemuconf *doc, const struct sc_qemuconf_entry *entry)
{
	size_t start = line_start(doc, entry->start);

	return !entry->key && start + strspn(doc->bytes + start, " \t") == entry->start;
}

/* Whether the comment at index, together with those directly below it, is an assignment of key after its '#'. */
static bool model_at(const struct sc_qemuconf *doc, size_t index, const char *key, struct model_line *out)
{
	const struct sc_qemuconf_entry *first = &doc->entries[index];
	size_t text = first->start + 1 + strspn(doc->bytes + first->start + 1, " \t");
	size_t key_len = strlen(key), found_len, value_start, used = 0, last = index;
	SC_BUF lines = SC_BUF_INIT;

	if (strncmp(doc->bytes + text, key, key_len) != 0)
		return false;
	sc_buf_add(&lines, doc->bytes + text, first->end - text);
	/* a list can continue for some lines */
	while (!lines.failed && last - index < 64) {
		used = sc_qemuconf_peek(sc_buf_text(&lines), lines.len, &found_len, &value_start);
		if (used || found_len != key_len)
			break;
		const struct sc_qemuconf_entry *next = sc_qemuconf_at(doc, last + 1);
		if (!next || !own_line(doc, next) || line_start(doc, next->start) != after_eol(doc, doc->entries[last].end))
			break;
		last++;
		sc_buf_addc(&lines, '\n');
		sc_buf_add(&lines, doc->bytes + next->start + 1, next->end - next->start - 1);
	}
	if (!used || found_len != key_len)
		return false;
	const char *rest = sc_buf_text(&lines) + used;
	rest += strspn(rest, " \t");
	if (*rest != '\0' && *rest != '#' && *rest != ';') /* a sentence that begins like an assignment */
		return false;
	*out = (struct model_line){.end = doc->entries[last].end,
				   .indent = doc->bytes + line_start(doc, first->start),
				   .indent_len = first->start - line_start(doc, first->start),
				   .spaces = lines.data[key_len] != '=',
				   .tight = text == first->start + 1};
	return true;
}

/* Finds the last commented-out assignment of key. Those without a blank after '#' are preferred. */
static bool find_model(const struct sc_qemuconf *doc, const char *key, struct model_line *out)
{
	bool found = false;

	for (size_t i = 0; i < doc->n_entries; i++) {
		struct model_line line;

		if (!own_line(doc, &doc->entries[i]) || !model_at(doc, i, key, &line) || (found && out->tight && !line.tight))
			continue;
		*out = line;
		found = true;
	}
	return found;
}

static enum spicecfg_status insert(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, const char *key, const struct sc_buf *value)
{
	struct model_line model = {.end = doc->len, .spaces = true};
	SC_BUF text = SC_BUF_INIT;
	const char *eol = document_eol(doc);

	find_model(doc, key, &model);
	size_t at = after_eol(doc, model.end);
	/* when the file does not end with a newline, the new line begins with one, and the file still does not end with one */
	bool open_end = at > 0 && !sc_qemuconf_eol(doc->bytes[at - 1]);
	if (open_end)
		sc_buf_adds(&text, eol);
	else if (at > 0) /* in a file with mixed line ends that of the previous line is used */
		eol = doc->bytes[at - 1] == '\r' ? "\r" : at > 1 && doc->bytes[at - 2] == '\r' ? "\r\n" : "\n";
	sc_buf_add(&text, model.indent, model.indent_len);
	sc_buf_addf(&text, model.spaces ? "%s = " : "%s=", key);
	sc_buf_add(&text, value->data, value->len);
	if (!open_end)
		sc_buf_adds(&text, eol);
	return splice(ctx, doc, at, at, &text);
}

enum spicecfg_status sc_qemuconf_set(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, const char *key,
				     const struct sc_qemuconf_value *value)
{
	const struct sc_qemuconf_entry *entry = sc_qemuconf_get(doc, key, NULL);
	SC_BUF text = SC_BUF_INIT;

	if (entry && sc_qemuconf_same(&entry->value, value))
		return SPICECFG_OK;
	if (!sc_qemuconf_format(value, entry ? doc->bytes[entry->value_start] : '"', &text))
		return sc_fail(ctx, SPICECFG_USAGE, "Leave out one kind of quote.", "the value of '%s' can't be quoted in qemu.conf", key);
	if (entry)
		return splice(ctx, doc, entry->value_start, entry->value_end, &text);
	return insert(ctx, doc, key, &text);
}

static bool is_key(const struct sc_qemuconf_entry *entry, const char *key)
{
	return entry->key && strcmp(entry->key, key) == 0;
}

/* The index after the last entry of the line that begins with entry first, whose entries are separated by ';'. */
static size_t run_end(const struct sc_qemuconf *doc, size_t first)
{
	size_t i = first;

	while (i + 1 < doc->n_entries) {
		size_t from = doc->entries[i].end, to = doc->entries[i + 1].start;

		if (memchr(doc->bytes + from, '\n', to - from) || memchr(doc->bytes + from, '\r', to - from))
			break;
		i++;
	}
	return i + 1;
}

/* Appends the lines of entries [first, last) from offset at, without the assignments of key. Returns the offset after them. */
static size_t keep_run(const struct sc_qemuconf *doc, size_t first, size_t last, const char *key, size_t at, struct sc_buf *out)
{
	size_t kept = last; /* the last one that is kept */

	for (size_t i = first; i < last; i++)
		if (!is_key(&doc->entries[i], key))
			kept = i;
	if (kept == last) {
		size_t start = line_start(doc, doc->entries[first].start), end = doc->entries[last - 1].end;

		end += strspn(doc->bytes + end, " \t");
		if (end < doc->len && doc->bytes[end] == ';')
			end += 1 + strspn(doc->bytes + end + 1, " \t");
		sc_buf_add(out, doc->bytes + at, start - at);
		return after_eol(doc, end);
	}
	for (size_t i = first; i < kept; i++) {
		if (!is_key(&doc->entries[i], key))
			continue;
		sc_buf_add(out, doc->bytes + at, doc->entries[i].start - at);
		at = doc->entries[i + 1].start;
	}
	if (kept + 1 < last) {
		sc_buf_add(out, doc->bytes + at, doc->entries[kept].end - at);
		at = doc->entries[last - 1].end;
	}
	return at;
}

enum spicecfg_status sc_qemuconf_unset(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, const char *key)
{
	SC_BUF out = SC_BUF_INIT;
	size_t at = 0, len, last;

	if (!sc_qemuconf_get(doc, key, NULL))
		return SPICECFG_OK;
	for (size_t first = 0; first < doc->n_entries; first = last) {
		last = run_end(doc, first);
		bool here = false;

		for (size_t i = first; i < last; i++)
			here = here || is_key(&doc->entries[i], key);
		if (here)
			at = keep_run(doc, first, last, key, at, &out);
	}
	sc_buf_add(&out, doc->bytes + at, doc->len - at);
	/* the last line was removed and had no newline: the file still does not end with one */
	if (at == doc->len && !sc_qemuconf_eol(doc->bytes[doc->len - 1]) && out.len && sc_qemuconf_eol(out.data[out.len - 1])) {
		out.len -= out.len > 1 && out.data[out.len - 1] == '\n' && out.data[out.len - 2] == '\r' ? 2 : 1;
		out.data[out.len] = '\0';
	}
	/* libvirt accepts an empty file, but not one that contains only blanks */
	if (out.len && strspn(out.data, " \t\r\n") == out.len) {
		out.len = 0;
		out.data[0] = '\0';
	}
	char *bytes = sc_buf_steal(&out, &len);
	return bytes ? sc_qemuconf_take(ctx, doc, bytes, len) : sc_fail_memory(ctx);
}

/* Masks what a comment assigns to a secret key, even if it is not a complete assignment. */
static void mask_comment(const char *text, size_t len, bool (*secret)(const char *key), struct sc_buf *out)
{
	size_t blanks = 1 + strspn(text + 1, " \t"), key_len, value_start;
	char key[64];

	if (blanks < len) {
		/* when the value is malformed, everything after the key is masked */
		bool whole = sc_qemuconf_peek(text + blanks, len - blanks, &key_len, &value_start) != 0;

		if (key_len && key_len < sizeof(key)) {
			memcpy(key, text + blanks, key_len);
			key[key_len] = '\0';
			size_t value = blanks + (whole ? value_start : key_len);
			bool assigned = whole || memchr(text + value, '=', len - value);
			if (assigned && secret(key)) {
				sc_buf_add(out, text, value);
				sc_buf_adds(out, whole ? "\"***\"" : " ***");
				return;
			}
		}
	}
	sc_buf_add(out, text, len);
}

void sc_qemuconf_mask(const struct sc_qemuconf *doc, bool (*secret)(const char *key), struct sc_buf *out)
{
	size_t at = 0;

	for (size_t i = 0; i < doc->n_entries; i++) {
		const struct sc_qemuconf_entry *entry = &doc->entries[i];

		if (!entry->key) {
			sc_buf_add(out, doc->bytes + at, entry->start - at);
			mask_comment(doc->bytes + entry->start, entry->end - entry->start, secret, out);
			at = entry->end;
		} else if (secret(entry->key)) {
			sc_buf_add(out, doc->bytes + at, entry->value_start - at);
			sc_buf_adds(out, "\"***\"");
			/* a password that spans several lines is replaced by as many lines */
			for (size_t c = entry->value_start; c < entry->value_end; c++)
				if (doc->bytes[c] == '\n')
					sc_buf_addc(out, '\n');
			at = entry->end;
			if (entry->end > entry->value_end) /* a comment on a password can contain an older one */
				sc_buf_adds(out, " # ***");
		}
	}
	sc_buf_add(out, doc->bytes + at, doc->len - at);
}

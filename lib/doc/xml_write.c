/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies the original bytes with the edits spliced in. */
#include <string.h>

#include "doc/xml_internal.h"

struct writer {
	const struct sc_xml *doc;
	struct sc_buf *out;
	uint32_t pos; /* the end of what has been written or skipped */
	size_t byte;  /* the same place in the original bytes */
};

/* The layout of fresh elements. lines: each on a line of its own, after indent. */
struct style {
	bool lines;
	const char *indent;
};

static void skip_to(struct writer *w, uint32_t offset)
{
	if (offset <= w->pos)
		return;
	w->byte = sc_xml_byte(w->doc, w->pos, w->byte, offset);
	w->pos = offset;
}

static void copy_to(struct writer *w, uint32_t offset)
{
	size_t from = w->byte;

	skip_to(w, offset);
	sc_buf_add(w->out, w->doc->bytes + from, w->byte - from);
}

/* Copies a piece of the original again. */
static void copy_piece(struct writer *w, uint32_t start, uint32_t len)
{
	size_t from = sc_xml_byte(w->doc, 0, 0, start);

	sc_buf_add(w->out, w->doc->bytes + from, sc_xml_byte(w->doc, start, from, start + len) - from);
}

static void add_value(struct writer *w, const char *value, char quote)
{
	for (uint32_t c; *value;) {
		unsigned n = sc_utf8_get(value, &c);

		if (c == '&')
			sc_buf_adds(w->out, "&amp;");
		else if (c == '<')
			sc_buf_adds(w->out, "&lt;");
		else if (c == (unsigned char)quote)
			sc_buf_adds(w->out, quote == '"' ? "&quot;" : "&apos;");
		else if (c < ' ')
			sc_buf_addf(w->out, "&#%u;", c);
		else if (c >= 128 && w->doc->table)
			sc_buf_addf(w->out, "&#x%X;", c);
		else
			sc_buf_add(w->out, value, n);
		value += n ? n : 1;
	}
}

static void add_name(struct writer *w, const char *prefix, const char *name)
{
	if (prefix) {
		sc_xml_encode(w->doc, prefix, w->out);
		sc_buf_addc(w->out, ':');
	}
	sc_xml_encode(w->doc, name, w->out);
}

static void add_attr(struct writer *w, const struct sc_xml_attr *attr, char quote)
{
	if (attr->declares)
		add_name(w, *attr->name ? "xmlns" : NULL, *attr->name ? attr->name : "xmlns");
	else
		add_name(w, attr->prefix, attr->name);
	sc_buf_addc(w->out, '=');
	sc_buf_addc(w->out, quote);
	add_value(w, attr->value, quote);
	sc_buf_addc(w->out, quote);
}

/* Appends the white space before a new attribute: that of the last one when it is on a line of its own. */
static void add_lead(struct writer *w, const struct sc_xml_attr *last)
{
	if (last && memchr(w->doc->text + last->span.lead, '\n', last->span.start - last->span.lead))
		sc_buf_add(w->out, w->doc->text + last->span.lead, last->span.start - last->span.lead);
	else
		sc_buf_addc(w->out, ' ');
}

static void write_attrs(struct writer *w, const struct sc_xml_node *node)
{
	const struct sc_xml_attr *last = NULL;
	const char *text = w->doc->text;

	for (const struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next) {
		if (attr->original) {
			last = attr;
			if (!attr->value) {
				copy_to(w, attr->span.lead);
				skip_to(w, attr->span.value_end + 1);
			} else if (strcmp(attr->value, attr->original) != 0) {
				copy_to(w, attr->span.value_start);
				add_value(w, attr->value, text[attr->span.value_end]);
				skip_to(w, attr->span.value_end);
			}
		} else if (attr->value) {
			copy_to(w, last ? last->span.value_end + 1 : node->start + 1 + sc_xml_scan_name(w->doc, node->start + 1));
			add_lead(w, last);
			add_attr(w, attr, sc_xml_quote(w->doc, node));
		}
	}
}

static void add_break(struct writer *w, const struct style *style, const char *unit)
{
	if (!style->lines)
		return;
	sc_buf_adds(w->out, w->doc->newline);
	sc_buf_adds(w->out, style->indent);
	sc_buf_adds(w->out, unit);
}

static void write_fresh(struct writer *w, const struct sc_xml_node *node, const struct style *style)
{
	sc_buf_addc(w->out, '<');
	add_name(w, node->prefix, node->name);
	for (const struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next) {
		if (!attr->value)
			continue;
		sc_buf_addc(w->out, ' ');
		add_attr(w, attr, sc_xml_quote(w->doc, node));
	}
	if (!node->first) {
		sc_buf_adds(w->out, "/>");
		return;
	}
	sc_buf_addc(w->out, '>');
	SC_BUF indent = SC_BUF_INIT;
	sc_buf_adds(&indent, style->indent);
	sc_xml_unit(w->doc, node, &indent);
	w->out->failed |= indent.failed;
	const struct style inner = {style->lines, sc_buf_text(&indent)};
	for (const struct sc_xml_node *child = node->first; child; child = child->next) {
		add_break(w, &inner, "");
		write_fresh(w, child, &inner);
	}
	add_break(w, style, "");
	sc_buf_adds(w->out, "</");
	add_name(w, node->prefix, node->name);
	sc_buf_addc(w->out, '>');
}

/* Writes the fresh elements from node on. Returns the first sibling that is not fresh. */
static const struct sc_xml_node *write_run(struct writer *w, const struct sc_xml_node *node, const struct style *style, bool first_breaks)
{
	for (; node && node->fresh; node = node->next, first_breaks = true) {
		if (first_breaks)
			add_break(w, style, "");
		write_fresh(w, node, style);
	}
	return node;
}

/* Appends the leading blanks of the line of pos. */
static void line_indent(const struct sc_xml *doc, uint32_t pos, struct sc_buf *out)
{
	uint32_t line = sc_xml_line_start(doc, pos);
	uint32_t start = !line && strncmp(doc->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : line;

	sc_buf_add(out, doc->text + start, strspn(doc->text + start, " \t"));
}

/* The place after an element that ends at end, and after comments that end its line. *lines: the line, or the parent, ends there. */
static uint32_t after_comments(const struct sc_xml *doc, uint32_t end, bool *lines)
{
	uint32_t pos = end, next;

	while (!(*lines = sc_xml_ends_line(doc, pos, &next))) {
		uint32_t start = pos + (uint32_t)strspn(doc->text + pos, " \t");

		if ((*lines = strncmp(doc->text + start, "</", 2) == 0))
			return pos;
		pos = sc_xml_skip_comment(doc, start);
		if (pos == start)
			return end;
	}
	return pos;
}

/* Writes fresh elements after the original sibling before. */
static const struct sc_xml_node *insert_after(struct writer *w, const struct sc_xml_node *before, const struct sc_xml_node *fresh)
{
	SC_BUF indent = SC_BUF_INIT;
	bool lines;
	uint32_t pos = after_comments(w->doc, before->end, &lines);
	struct style style = {lines && sc_xml_starts_line(w->doc, before->start), ""};

	if (style.lines)
		line_indent(w->doc, before->start, &indent);
	w->out->failed |= indent.failed;
	style.indent = sc_buf_text(&indent);
	copy_to(w, style.lines ? pos : before->end);
	return write_run(w, fresh, &style, true);
}

/* Writes fresh elements instead of a removed one. */
static const struct sc_xml_node *replace(struct writer *w, const struct sc_xml_node *removed, const struct sc_xml_node *fresh)
{
	SC_BUF indent = SC_BUF_INIT;
	struct style style = {sc_xml_starts_line(w->doc, removed->start), ""};

	if (style.lines)
		line_indent(w->doc, removed->start, &indent);
	w->out->failed |= indent.failed;
	style.indent = sc_buf_text(&indent);
	copy_to(w, removed->start);
	skip_to(w, removed->end);
	return write_run(w, fresh, &style, false);
}

/* Cuts an element, and its line when that contains nothing else. Removed neighbours on the same line are cut with it. */
static const struct sc_xml_node *cut(struct writer *w, const struct sc_xml_node *node)
{
	const struct sc_xml *doc = w->doc;
	const struct sc_xml_node *last = node, *next = node->next;
	uint32_t next_line;

	while (next && next->removed && !next->fresh && !(next->next && next->next->fresh) &&
	       last->end + strspn(doc->text + last->end, " \t") == next->start) {
		last = next;
		next = next->next;
	}
	if (!sc_xml_ends_line(doc, last->end, &next_line)) {
		copy_to(w, node->start);
		skip_to(w, last->end);
		return next;
	}
	if (sc_xml_starts_line(doc, node->start)) {
		copy_to(w, sc_xml_line_start(doc, node->start));
		skip_to(w, next_line);
		return next;
	}
	uint32_t start = node->start;
	while (doc->text[start - 1] == ' ' || doc->text[start - 1] == '\t')
		start--;
	copy_to(w, start);
	skip_to(w, last->end);
	return next;
}

/* Writes the first children of an element that had none. */
static const struct sc_xml_node *fill(struct writer *w, const struct sc_xml_node *node)
{
	const struct sc_xml *doc = w->doc;
	SC_BUF outer = SC_BUF_INIT, inner = SC_BUF_INIT;
	uint32_t end = node->closed ? node->tag_end : node->content_end;
	uint32_t text_end = end;

	while (!node->closed && text_end > node->tag_end && strchr(" \t\r\n", doc->text[text_end - 1]))
		text_end--;
	bool blank = text_end == node->tag_end;
	bool closes_line = !node->closed && sc_xml_starts_line(doc, end);
	struct style style = {closes_line || (blank && sc_xml_starts_line(doc, node->start)), ""};
	if (style.lines) {
		line_indent(doc, node->start, &outer);
		sc_buf_adds(&inner, sc_buf_text(&outer));
		sc_xml_unit(doc, node, &inner);
	}
	w->out->failed |= outer.failed || inner.failed;
	style.indent = sc_buf_text(&inner);
	if (node->closed) {
		uint32_t slash = node->tag_end - 2;
		while (strchr(" \t\r\n", doc->text[slash - 1]))
			slash--;
		copy_to(w, slash);
		sc_buf_addc(w->out, '>');
		skip_to(w, node->tag_end);
	}
	copy_to(w, text_end);
	const struct sc_xml_node *next = write_run(w, node->first, &style, true);
	if (!closes_line && style.lines) {
		skip_to(w, end);
		style.indent = sc_buf_text(&outer);
		add_break(w, &style, "");
	}
	if (node->closed) {
		sc_buf_adds(w->out, "</");
		copy_piece(w, node->start + 1, sc_xml_scan_name(doc, node->start + 1));
		sc_buf_addc(w->out, '>');
	}
	return next;
}

static void write_node(struct writer *w, const struct sc_xml_node *node)
{
	const struct sc_xml_node *child = node->first;

	write_attrs(w, node);
	if (child && child->fresh) /* then there are no others */
		child = fill(w, node);
	while (child) {
		const struct sc_xml_node *next = child->next;

		if (child->removed)
			child = next && next->fresh ? replace(w, child, next) : cut(w, child);
		else {
			write_node(w, child);
			child = next && next->fresh ? insert_after(w, child, next) : next;
		}
	}
}

bool sc_xml_splice(const struct sc_xml *doc, struct sc_buf *out)
{
	struct writer w = {.doc = doc, .out = out};

	write_node(&w, doc->root);
	copy_to(&w, (uint32_t)doc->text_len);
	return !out->failed;
}

enum spicecfg_status sc_xml_write(struct spicecfg_ctx *ctx, const struct sc_xml *doc, struct sc_buf *out)
{
	return sc_xml_splice(doc, out) ? SPICECFG_OK : sc_fail_memory(ctx);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/ini.h"

#include <ctype.h>
#include <string.h>

#include "base/grow.h"
#include "base/table.h"

enum { LINE_MAX_BYTES = 1000 }; /* iniparser 4.1 truncates at ASCIILINESZ, 1024 */

struct scan {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	const char *name;
	struct sc_ini *ini;
	const char *line; /* the current line */
	const char *end;  /* its end, without trailing blanks */
	unsigned number;
	const char *section;
	struct sc_table names; /* sections, "[NAME", and entries, "SECTION KEY"; times: the line */
};

static enum spicecfg_status refuse(struct scan *scan, const char *at, const char *fix, const char *what)
{
	struct sc_where where = {scan->name, scan->number, (unsigned)(at - scan->line) + 1};

	return sc_fail_at(scan->ctx, SPICECFG_INPUT, where, fix, "%s", what);
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && blank(*at))
		at++;
	return at;
}

static bool name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("._-*", c));
}

static const char *lower(struct scan *scan, const char *from, const char *to)
{
	char *text = sc_arena_strndup(scan->memory, from, (size_t)(to - from));

	for (char *c = text; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return text;
}

/* The entry of a section or key; times is 0 when it is new. Names do not contain blanks. */
static struct sc_table_entry *take_name(struct scan *scan, const char *section, const char *key)
{
	const char *name = sc_arena_printf(scan->memory, "%s %s", section, key);

	return name ? sc_table_add_text(&scan->names, name) : NULL;
}

static enum spicecfg_status take_section(struct scan *scan, const char *at)
{
	struct sc_ini *ini = scan->ini;
	const char *from = ++at;

	while (at < scan->end && name_byte(*at))
		at++;
	if (at == scan->end || *at != ']')
		return refuse(scan, at, "Write letters, digits, '.', '_', '-' and '*' in brackets: [section].",
			      "the line is not a section name");
	const char *rest = skip_blanks(at + 1, scan->end);
	if (rest < scan->end && *rest != ';' && *rest != '#')
		return refuse(scan, rest, "Put it on a line of its own.", "text follows the section name");
	scan->section = lower(scan, from, at);
	if (!scan->section)
		return sc_fail_memory(scan->ctx);
	struct sc_table_entry *twin = take_name(scan, "[", scan->section);
	if (!twin)
		return sc_fail_memory(scan->ctx);
	if (twin->times)
		return sc_fail_at(scan->ctx, SPICECFG_INPUT, (struct sc_where){scan->name, scan->number, (unsigned)(from - scan->line)},
				  "Merge the two sections, or rename one.", "duplicate section [%s], first on line %zu", scan->section,
				  twin->times);
	twin->times = scan->number;
	ini->sections = sc_arena_grow(scan->memory, ini->sections, ini->n_sections, sizeof(*ini->sections));
	if (!ini->sections)
		return sc_fail_memory(scan->ctx);
	ini->sections[ini->n_sections++] = (struct sc_ini_section){scan->section, scan->number, (unsigned)(from - scan->line)};
	return SPICECFG_OK;
}

/* Reads a quoted value. [*from, *to) is the value without its quotes. */
static enum spicecfg_status quoted(struct scan *scan, const char **from, const char **to)
{
	char quote = **from;
	const char *close = memchr(*from + 1, quote, (size_t)(scan->end - *from - 1));

	if (!close)
		return refuse(scan, *from, "Add the closing quote on the same line.", "the closing quote is missing");
	const char *rest = skip_blanks(close + 1, scan->end);
	if (rest < scan->end && *rest != ';' && *rest != '#')
		return refuse(scan, rest, "Quote the whole value, with the other kind of quote if it contains this one.",
			      "text follows the closing quote");
	++*from;
	*to = close;
	return SPICECFG_OK;
}

static enum spicecfg_status unquoted(struct scan *scan, const char *from, const char **to)
{
	const char *at = from;

	for (; at < scan->end; at++) {
		if (*at != ';' && *at != '#')
			continue;
		if (at > from && !blank(at[-1]))
			return refuse(scan, at, "Quote the value, or put a space before the comment.",
				      "an unquoted value contains '#' or ';'");
		break;
	}
	while (at > from && blank(at[-1]))
		at--;
	*to = at;
	return SPICECFG_OK;
}

static enum spicecfg_status add_entry(struct scan *scan, const char *key, const char *key_end, const char *from, const char *to)
{
	struct sc_ini *ini = scan->ini;
	struct sc_ini_entry entry = {.section = scan->section,
				     .key = lower(scan, key, key_end),
				     .value = sc_arena_strndup(scan->memory, from, (size_t)(to - from)),
				     .line = scan->number,
				     .column = (unsigned)(key - scan->line) + 1,
				     .value_column = (unsigned)(from - scan->line) + 1};

	if (!entry.key || !entry.value)
		return sc_fail_memory(scan->ctx);
	struct sc_table_entry *twin = take_name(scan, entry.section, entry.key);
	if (!twin)
		return sc_fail_memory(scan->ctx);
	if (twin->times)
		return sc_fail_at(scan->ctx, SPICECFG_INPUT, (struct sc_where){scan->name, entry.line, entry.column},
				  "Remove one of the two lines.", "'%s' is set twice, first on line %zu", entry.key, twin->times);
	twin->times = scan->number;
	ini->entries = sc_arena_grow(scan->memory, ini->entries, ini->count, sizeof(*ini->entries));
	if (!ini->entries)
		return sc_fail_memory(scan->ctx);
	ini->entries[ini->count++] = entry;
	return SPICECFG_OK;
}

static enum spicecfg_status take_entry(struct scan *scan, const char *key)
{
	const char *key_end = key;

	while (key_end < scan->end && name_byte(*key_end))
		key_end++;
	const char *at = skip_blanks(key_end, scan->end);
	if (key_end == key || at == scan->end || *at != '=')
		return refuse(scan, at, "Write 'key = value', '[section]', or a comment that begins with # or ;.",
			      "the line is not 'key = value'");
	if (!scan->section)
		return refuse(scan, key, "Put it after a '[section]' line.", "the key is outside any section");
	const char *from = skip_blanks(at + 1, scan->end), *to = from;
	enum spicecfg_status status;
	if (from < scan->end && (*from == '"' || *from == '\''))
		status = quoted(scan, &from, &to);
	else
		status = unquoted(scan, from, &to);
	return status ? status : add_entry(scan, key, key_end, from, to);
}

static enum spicecfg_status take_line(struct scan *scan)
{
	for (const char *c = scan->line; c < scan->end; c++)
		if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
			return refuse(scan, c, "Remove it.", "the line contains a control character");
	if (scan->end - scan->line > LINE_MAX_BYTES)
		return refuse(scan, scan->line + LINE_MAX_BYTES, "Make it shorter.", "the line is longer than 1,000 bytes");
	const char *at = skip_blanks(scan->line, scan->end);
	if (at == scan->end || *at == '#' || *at == ';')
		return SPICECFG_OK;
	if (scan->end[-1] == '\\')
		return refuse(scan, scan->end - 1, "Write the value on one line.",
			      "the line ends with a backslash, but lines can't be continued");
	return *at == '[' ? take_section(scan, at) : take_entry(scan, at);
}

enum spicecfg_status sc_ini_scan(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, struct sc_arena *memory,
				 struct sc_ini *out)
{
	struct scan scan = {.ctx = ctx, .memory = memory, .name = name, .ini = out, .names = SC_TABLE_INIT};
	const char *at = bytes, *end = bytes + len;
	enum spicecfg_status status = SPICECFG_OK;

	*out = (struct sc_ini){0};
	while (at < end && !status) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		scan.number++;
		scan.line = at;
		scan.end = newline ? newline : end;
		at = newline ? newline + 1 : end;
		if (scan.end > scan.line && scan.end[-1] == '\r')
			scan.end--;
		while (scan.end > scan.line && blank(scan.end[-1]))
			scan.end--;
		status = take_line(&scan);
	}
	sc_table_free(&scan.names);
	return status;
}

const struct sc_ini_entry *sc_ini_find(const struct sc_ini *ini, const char *section, const char *key)
{
	for (size_t i = 0; i < ini->count; i++)
		if (strcmp(ini->entries[i].section, section) == 0 && strcmp(ini->entries[i].key, key) == 0)
			return &ini->entries[i];
	return NULL;
}

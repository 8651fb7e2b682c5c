/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/sysconfig.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "doc/lines.h"

struct entry {
	const char *key;
	const char *value;
	unsigned line;
	size_t value_start, value_end; /* quotes included */
};

struct sc_sysconfig {
	char *name;
	struct sc_buf text;
	struct sc_arena *memory;
	struct entry *entries;
	size_t n_entries;
};

/* Where the bytes of a word go that stay when some characters of its value are dropped. */
struct cut {
	const bool *drop; /* by index in the value */
	struct sc_buf *text;
};

/*
 * Reads one shell word (parts in both quotes and bare ones) at *at and stops at a blank, ';' or the end. False: a quote is not closed.
 * cut may be NULL.
 */
static bool read_word(const char *data, size_t *at, size_t end, struct sc_buf *out, const struct cut *cut)
{
	char quote = 0;

	for (; *at < end; (*at)++) {
		size_t from = *at;
		char c = data[from];
		bool mark = (!quote && (c == '"' || c == '\'')) || (quote && c == quote);
		bool escaped = !mark && c == '\\' && quote != '\'' && from + 1 < end && (!quote || strchr("\"\\$`", data[from + 1]));

		if (!quote && (c == ' ' || c == '\t' || c == ';'))
			return true;
		if (cut && (mark || !cut->drop[out->len]))
			sc_buf_add(cut->text, data + from, 1 + (size_t)escaped);
		if (mark)
			quote = quote ? 0 : c;
		else if (escaped)
			sc_buf_addc(out, data[++*at]);
		else
			sc_buf_addc(out, c);
	}
	return !quote;
}

static enum spicecfg_status read_line(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, const struct sc_line *line)
{
	const char *data = conf->text.data;
	size_t at = sc_lines_skip(&conf->text, line->start, line->end);

	if (line->end - at > 7 && memcmp(data + at, "export ", 7) == 0)
		at = sc_lines_skip(&conf->text, at + 7, line->end);
	size_t key = at;
	while (at < line->end && (isalnum((unsigned char)data[at]) || data[at] == '_'))
		at++;
	if (at == key || at == line->end || data[at] != '=' || isdigit((unsigned char)data[key]))
		return SPICECFG_OK;
	struct entry *entry = &conf->entries[conf->n_entries];
	SC_BUF value = SC_BUF_INIT;
	entry->line = line->number;
	entry->key = sc_arena_strndup(conf->memory, data + key, at - key);
	entry->value_start = ++at;
	if (!read_word(data, &at, line->end, &value, NULL))
		return sc_fail_at(ctx, SPICECFG_INPUT,
				  (struct sc_where){conf->name, line->number, (unsigned)(entry->value_start - line->start + 1)},
				  "Close the quote on the same line.", "the quote that begins the value of %s is not closed", entry->key);
	entry->value_end = at;
	entry->value = sc_arena_strndup(conf->memory, sc_buf_text(&value), value.len);
	if (!entry->key || !entry->value || value.failed)
		return sc_fail_memory(ctx);
	conf->n_entries++;
	return SPICECFG_OK;
}

static enum spicecfg_status read_all(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf)
{
	struct sc_line line = {0};
	size_t count = 0;

	if (conf->text.failed)
		return sc_fail_memory(ctx);
	sc_arena_free(conf->memory);
	conf->memory = sc_arena_new();
	conf->n_entries = 0;
	while (sc_line_next(&conf->text, &line))
		count++;
	conf->entries = conf->memory ? sc_arena_alloc(conf->memory, (count + 1) * sizeof(*conf->entries)) : NULL;
	if (!conf->entries)
		return sc_fail_memory(ctx);
	line = (struct sc_line){0};
	while (sc_line_next(&conf->text, &line)) {
		enum spicecfg_status status = read_line(ctx, conf, &line);
		if (status != SPICECFG_OK)
			return status;
	}
	return SPICECFG_OK;
}

enum spicecfg_status sc_sysconfig_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
					struct sc_sysconfig **out)
{
	*out = NULL;
	SC_SYSCONFIG *conf = calloc(1, sizeof(*conf));
	if (!conf || !(conf->name = strdup(name)))
		return sc_fail_memory(ctx);
	sc_buf_add(&conf->text, bytes, len);
	enum spicecfg_status status = read_all(ctx, conf);
	if (status != SPICECFG_OK)
		return status;
	*out = conf;
	conf = NULL;
	return SPICECFG_OK;
}

void sc_sysconfig_free(struct sc_sysconfig *conf)
{
	if (!conf)
		return;
	sc_buf_free(&conf->text);
	sc_arena_free(conf->memory);
	free(conf->name);
	free(conf);
}

static const struct entry *find(const struct sc_sysconfig *conf, const char *key)
{
	for (size_t i = conf->n_entries; i-- > 0;)
		if (strcmp(conf->entries[i].key, key) == 0)
			return &conf->entries[i];
	return NULL;
}

const char *sc_sysconfig_get(const struct sc_sysconfig *conf, const char *key, unsigned *line)
{
	const struct entry *entry = find(conf, key);

	if (line)
		*line = entry ? entry->line : 0;
	return entry ? entry->value : NULL;
}

bool sc_sysconfig_at(const struct sc_sysconfig *conf, size_t index, const char **key, const char **value, unsigned *line)
{
	const struct entry *entry = index < conf->n_entries ? &conf->entries[index] : NULL;

	if (!entry)
		return false;
	if (key)
		*key = entry->key;
	if (value)
		*value = entry->value;
	if (line)
		*line = entry->line;
	return true;
}

enum spicecfg_status sc_sysconfig_cut(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, size_t index, const bool *drop)
{
	const struct entry *entry = &conf->entries[index];
	SC_BUF value = SC_BUF_INIT;
	SC_BUF text = SC_BUF_INIT;
	size_t at = entry->value_start;

	(void)read_word(conf->text.data, &at, entry->value_end, &value, &(struct cut){drop, &text});
	if (value.failed || text.failed)
		return sc_fail_memory(ctx);
	sc_lines_splice(&conf->text, entry->value_start, entry->value_end - entry->value_start, sc_buf_text(&text), text.len);
	return read_all(ctx, conf);
}

/* quote: '"', '\'' or 0 for a bare word. */
static void write_value(struct sc_buf *out, const char *value, char quote)
{
	if (quote == '\'' && strchr(value, '\''))
		quote = '"';
	if (!quote && (!*value || strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,") != strlen(value)))
		quote = '"';
	if (quote)
		sc_buf_addc(out, quote);
	for (const char *c = value; *c; c++) {
		if (quote == '"' && strchr("\"\\$`", *c))
			sc_buf_addc(out, '\\');
		sc_buf_addc(out, *c);
	}
	if (quote)
		sc_buf_addc(out, quote);
}

static size_t place_for(const struct sc_sysconfig *conf, const char *key)
{
	struct sc_line line = {0};

	while (sc_line_next(&conf->text, &line))
		if (sc_lines_commented(&conf->text, &line, key, '='))
			return line.next;
	return conf->text.len;
}

enum spicecfg_status sc_sysconfig_set(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, const char *key, const char *value)
{
	const struct entry *entry = find(conf, key);
	SC_BUF text = SC_BUF_INIT;

	if (strpbrk(value, "\r\n"))
		return sc_fail(ctx, SPICECFG_USAGE, NULL, "a line end can't stand in the value of %s", key);
	if (entry && strcmp(entry->value, value) == 0)
		return SPICECFG_OK;
	if (entry) {
		char first = entry->value_end > entry->value_start ? conf->text.data[entry->value_start] : '"';

		write_value(&text, value, first == '"' || first == '\'' ? first : 0);
		if (text.failed)
			return sc_fail_memory(ctx);
		sc_lines_splice(&conf->text, entry->value_start, entry->value_end - entry->value_start, text.data, text.len);
	} else {
		sc_buf_addf(&text, "%s=", key);
		write_value(&text, value, '"');
		if (text.failed)
			return sc_fail_memory(ctx);
		sc_lines_insert(&conf->text, place_for(conf, key), text.data, NULL);
	}
	return read_all(ctx, conf);
}

const struct sc_buf *sc_sysconfig_bytes(const struct sc_sysconfig *conf)
{
	return &conf->text;
}

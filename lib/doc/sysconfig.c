/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/sysconfig.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "doc/keyfile.h"

struct sc_sysconfig {
	struct sc_keyfile file;
	unsigned command; /* the line of the first command that is not only an assignment; 0: none */
	bool exports;     /* the current command is "export" */
};

/* Collects the bytes of a word that remain when some characters of its value are dropped. */
struct cut {
	const bool *drop; /* by index in the value */
	struct sc_buf *text;
};

/* Whether an unquoted word ends at a line end, "\n" or "\r\n". */
static bool ends_line(const char *data, size_t at, size_t end)
{
	return data[at] == '\n' || (data[at] == '\r' && (at + 1 == end || data[at + 1] == '\n'));
}

/*
 * Reads one shell word (with quoted and unquoted parts) at *at, up to a blank, ';', a line end or the end. Quotes can span lines, and a
 * backslash removes a line end. False: a quote is not closed. cut can be NULL.
 */
static bool read_word(const char *data, size_t *at, size_t end, struct sc_buf *out, const struct cut *cut)
{
	char quote = 0;

	for (; *at < end; (*at)++) {
		size_t from = *at;
		char c = data[from];
		bool mark = (!quote && (c == '"' || c == '\'')) || (quote && c == quote);
		bool escaped = !mark && c == '\\' && quote != '\'' && from + 1 < end && (!quote || strchr("\"\\$`\n", data[from + 1]));
		bool joins = escaped && data[from + 1] == '\n';

		if (!quote && (c == ' ' || c == '\t' || c == ';' || ends_line(data, from, end)))
			return true;
		if (cut && (mark || joins || !cut->drop[out->len]))
			sc_buf_add(cut->text, data + from, 1 + (size_t)escaped);
		*at += escaped;
		if (mark)
			quote = quote ? 0 : c;
		else if (!joins)
			sc_buf_addc(out, data[*at]);
	}
	return !quote;
}

/* Whether an assignment that follows this word on the same line takes effect. */
static bool leads_on(const char *word, size_t len)
{
	static const char *const words[] = {"export", "readonly", "declare", "local", "typeset", "then", "else", "do", "{"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == len && memcmp(words[i], word, len) == 0)
			return true;
	return false;
}

/* The end of what is not an assignment: of its first word, of the command, or of the line for a comment. */
static size_t end_of_command(const char *data, size_t at, size_t len)
{
	size_t word = at;

	while (word < len && !strchr(" \t;&|\r\n", data[word]))
		word++;
	if (leads_on(data + at, word - at))
		return word;
	for (bool comment = data[at] == '#'; at < len && data[at] != '\n' && (comment || !strchr(";&|", data[at])); at++)
		comment = comment || (data[at] == '#' && strchr(" \t", data[at - 1]));
	return at;
}

/* Handles what is not an assignment. Comments, words before an assignment, and names to export have no effect. */
static void read_command(struct sc_sysconfig *conf, size_t at, size_t end, unsigned line)
{
	const char *word = conf->file.text.data + at;
	bool names = true;

	for (size_t i = at; i < end; i++)
		names = names && (isalnum((unsigned char)conf->file.text.data[i]) || strchr("_ \t\r", conf->file.text.data[i]));
	bool leads = leads_on(word, end - at), exported = conf->exports && names;

	if (*word != '#' && !leads && !exported && !conf->command)
		conf->command = line;
	conf->exports = leads && *word == 'e' && word[1] == 'x';
}

static void skip(const struct sc_sysconfig *conf, size_t *at, size_t to, unsigned *line)
{
	for (; *at < to; (*at)++)
		*line += conf->file.text.data[*at] == '\n';
}

/* Reads the assignment at *at, or skips what is not one. */
static enum spicecfg_status read_part(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, size_t *at, unsigned *line, size_t start)
{
	const char *data = conf->file.text.data;
	size_t key = *at, end = key, len = conf->file.text.len;

	while (end < len && (isalnum((unsigned char)data[end]) || data[end] == '_'))
		end++;
	if (end == key || end == len || data[end] != '=' || isdigit((unsigned char)data[key])) {
		*at = end_of_command(data, key, len);
		read_command(conf, key, *at, *line);
		return SPICECFG_OK;
	}
	struct sc_keyfile_entry *entry = &conf->file.entries[conf->file.n_entries];
	SC_BUF value = SC_BUF_INIT;
	entry->line = *line;
	entry->key = sc_arena_strndup(conf->file.memory, data + key, end - key);
	entry->value_start = entry->value_end = end + 1;
	if (!read_word(data, &entry->value_end, len, &value, NULL))
		return sc_fail_at(ctx, SPICECFG_INPUT,
				  (struct sc_where){conf->file.name, *line, (unsigned)(entry->value_start - start + 1)}, "Close the quote.",
				  "the quote in the value of %s is not closed", entry->key);
	skip(conf, at, entry->value_end, line);
	entry->value = sc_arena_strndup(conf->file.memory, sc_buf_text(&value), value.len);
	if (!entry->key || !entry->value || value.failed)
		return sc_fail_memory(ctx);
	conf->file.n_entries++;
	return SPICECFG_OK;
}

static enum spicecfg_status read_all(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf)
{
	size_t count = 0, at = 0, start = 0;
	unsigned line = 1;

	conf->command = 0;
	conf->exports = false;
	for (size_t i = 0; i < conf->file.text.len; i++)
		count += conf->file.text.data[i] == '=';
	enum spicecfg_status status = sc_keyfile_forget(ctx, &conf->file, count);
	while (!status && at < conf->file.text.len) {
		char c = conf->file.text.data[at];

		if (c == '\n')
			start = at + 1;
		if (strchr(";&|\n", c))
			conf->exports = false;
		/* what is before or after these might not be executed, or only in another shell */
		if (strchr("&|", c) && !conf->command)
			conf->command = line;
		if (strchr(" \t;&|\r\n", c))
			skip(conf, &at, at + 1, &line);
		else
			status = read_part(ctx, conf, &at, &line, start);
	}
	return status;
}

enum spicecfg_status sc_sysconfig_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
					struct sc_sysconfig **out)
{
	*out = NULL;
	SC_SYSCONFIG *conf = calloc(1, sizeof(*conf));
	enum spicecfg_status status = conf ? sc_keyfile_begin(ctx, &conf->file, name, bytes, len) : sc_fail_memory(ctx);
	if (!status)
		status = read_all(ctx, conf);
	if (status)
		return status;
	*out = conf;
	conf = NULL;
	return SPICECFG_OK;
}

void sc_sysconfig_free(struct sc_sysconfig *conf)
{
	if (!conf)
		return;
	sc_keyfile_end(&conf->file);
	free(conf);
}

/* The last entry of a key, which a shell uses; NULL: it is not set. */
static const struct sc_keyfile_entry *last(const struct sc_keyfile *file, const char *key)
{
	for (size_t i = file->n_entries; i-- > 0;)
		if (strcmp(file->entries[i].key, key) == 0)
			return &file->entries[i];
	return NULL;
}

const char *sc_sysconfig_get(const struct sc_sysconfig *conf, const char *key, unsigned *line)
{
	return sc_keyfile_value(last(&conf->file, key), line);
}

bool sc_sysconfig_at(const struct sc_sysconfig *conf, size_t index, const char **key, const char **value, unsigned *line)
{
	const struct sc_keyfile_entry *entry = index < conf->file.n_entries ? &conf->file.entries[index] : NULL;

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

unsigned sc_sysconfig_command(const struct sc_sysconfig *conf)
{
	return conf->command;
}

/* Appends the characters of value that are not dropped. */
static void keep(const struct sc_buf *value, const bool *drop, struct sc_buf *out)
{
	for (size_t i = 0; i < value->len; i++)
		if (!drop[i])
			sc_buf_addc(out, value->data[i]);
}

enum spicecfg_status sc_sysconfig_cut(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, size_t index, const bool *drop)
{
	const struct sc_keyfile_entry *entry = &conf->file.entries[index];
	const struct sc_where where = {.file = conf->file.name, .line = entry->line};
	size_t at = entry->value_start, n_entries = conf->file.n_entries;
	SC_BUF value = SC_BUF_INIT;
	SC_BUF text = SC_BUF_INIT;
	SC_BUF kept = SC_BUF_INIT;

	/* to where the file ends, as when it was read: a carriage return at the end of the value is one of a line end only there */
	(void)read_word(conf->file.text.data, &at, conf->file.text.len, &value, &(struct cut){drop, &text});
	keep(&value, drop, &kept);
	if (value.failed || text.failed || kept.failed)
		return sc_fail_memory(ctx);
	sc_keyfile_replace(&conf->file, entry, sc_buf_text(&text), text.len);
	enum spicecfg_status status = read_all(ctx, conf);
	/* a remaining backslash can now escape the quote that follows what was dropped */
	if (status || conf->file.n_entries != n_entries || strcmp(conf->file.entries[index].value, sc_buf_text(&kept)) != 0)
		return sc_fail_at(ctx, SPICECFG_INPUT, where, "Edit the line by hand.",
				  "characters can't be removed from the value: the others would be read differently");
	return SPICECFG_OK;
}

/* quote: '"', '\'', or 0 for an unquoted word. */
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

/* Whether a line at offset at would be part of a value. */
static bool is_within(const struct sc_sysconfig *conf, size_t at)
{
	for (size_t i = 0; i < conf->file.n_entries; i++)
		if (at > conf->file.entries[i].value_start && at <= conf->file.entries[i].value_end)
			return true;
	return false;
}

static size_t place_for(const struct sc_sysconfig *conf, const char *key)
{
	size_t len = conf->file.text.len;
	struct sc_line line = {0};

	while (sc_line_next(&conf->file.text, &line))
		if (sc_lines_commented(&conf->file.text, &line, key, '=') && !is_within(conf, line.next))
			return line.next;
	/* a backslash at the end, or before the last line end, would join the line to the previous one */
	size_t last = len && conf->file.text.data[len - 1] == '\n' ? len - 1 : len;
	return last && conf->file.text.data[last - 1] == '\\' ? 0 : len;
}

enum spicecfg_status sc_sysconfig_set(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, const char *key, const char *value)
{
	const struct sc_keyfile_entry *entry = last(&conf->file, key);
	SC_BUF text = SC_BUF_INIT;

	if (strpbrk(value, "\r\n"))
		return sc_fail(ctx, SPICECFG_USAGE, NULL, "the value of %s can't contain a newline", key);
	if (entry && strcmp(entry->value, value) == 0)
		return SPICECFG_OK;
	if (entry) {
		char first = entry->value_end > entry->value_start ? conf->file.text.data[entry->value_start] : '"';

		write_value(&text, value, first == '"' || first == '\'' ? first : 0);
		if (text.failed)
			return sc_fail_memory(ctx);
		sc_keyfile_replace(&conf->file, entry, text.data, text.len);
	} else {
		sc_buf_addf(&text, "%s=", key);
		write_value(&text, value, '"');
		if (text.failed)
			return sc_fail_memory(ctx);
		sc_lines_insert(&conf->file.text, place_for(conf, key), text.data, NULL);
	}
	return read_all(ctx, conf);
}

const struct sc_buf *sc_sysconfig_bytes(const struct sc_sysconfig *conf)
{
	return &conf->file.text;
}

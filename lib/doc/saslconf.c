/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/saslconf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "doc/keyfile.h"

struct sc_saslconf {
	struct sc_keyfile file;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static enum spicecfg_status refuse(struct spicecfg_ctx *ctx, const struct sc_saslconf *conf, const struct sc_line *line, size_t at,
				   const char *what)
{
	struct sc_where where = {conf->file.name, line->number, (unsigned)(at - line->start + 1)};

	return sc_fail_at(ctx, SPICECFG_INPUT, where, "Write it as \"key: value\", or put a # before it.",
			  "%s: libsasl2 refuses the whole file", what);
}

/* The offset after the leading blanks of a line. */
static size_t skip_blanks(const struct sc_saslconf *conf, const struct sc_line *line)
{
	size_t at = line->start;

	while (at < line->end && is_blank(conf->file.text.data[at]))
		at++;
	return at;
}

/* False for a comment or an empty line. */
static bool has_entry(const struct sc_saslconf *conf, const struct sc_line *line)
{
	size_t at = skip_blanks(conf, line);

	return at < line->end && conf->file.text.data[at] != '#';
}

/* Parses a line into *entry; key NULL: a comment or an empty line. */
static enum spicecfg_status read_line(struct spicecfg_ctx *ctx, struct sc_saslconf *conf, const struct sc_line *line,
				      struct sc_keyfile_entry *entry)
{
	const char *data = conf->file.text.data;
	size_t at = line->start, end = line->end;

	*entry = (struct sc_keyfile_entry){.line = line->number, .start = line->start, .next = line->next};
	if (memchr(data + at, '\0', end - at))
		return refuse(ctx, conf, line, at, "the line contains a NUL byte");
	if (end - at > SC_SASLCONF_LINE_MAX)
		return refuse(ctx, conf, line, at, "the line is longer than 4094 bytes");
	if (!has_entry(conf, line))
		return SPICECFG_OK;
	at = skip_blanks(conf, line);
	size_t key = at;
	while (at < end && (isalnum((unsigned char)data[at]) || data[at] == '-' || data[at] == '_'))
		at++;
	if (at == end || data[at] != ':')
		return refuse(ctx, conf, line, at, at == key ? "the key is missing" : "the key is not followed by a colon");
	char *name = sc_arena_strndup(conf->file.memory, data + key, at - key);
	at++;
	while (at < end && is_blank(data[at]))
		at++;
	while (end > at && is_blank(data[end - 1]))
		end--;
	if (at == end)
		return refuse(ctx, conf, line, at, "the value is missing");
	char *value = sc_arena_strndup(conf->file.memory, data + at, end - at);
	if (!name || !value)
		return sc_fail_memory(ctx);
	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	entry->key = name;
	entry->value = value;
	entry->value_start = at;
	entry->value_end = end;
	return SPICECFG_OK;
}

static enum spicecfg_status read_all(struct spicecfg_ctx *ctx, struct sc_saslconf *conf)
{
	struct sc_line line = {0};
	size_t count = 0;

	while (sc_line_next(&conf->file.text, &line))
		count += has_entry(conf, &line);
	enum spicecfg_status status = sc_keyfile_forget(ctx, &conf->file, count);
	line = (struct sc_line){0};
	while (!status && sc_line_next(&conf->file.text, &line)) {
		struct sc_keyfile_entry *entry = &conf->file.entries[conf->file.n_entries];

		status = read_line(ctx, conf, &line, entry);
		conf->file.n_entries += !status && entry->key;
	}
	return status;
}

enum spicecfg_status sc_saslconf_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, struct sc_saslconf **out)
{
	*out = NULL;
	if (len > SC_SASLCONF_SIZE_MAX)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){name, 0, 0}, "Name a SASL file.",
				  "the file is larger than 1 MiB, too large for a SASL file");
	SC_SASLCONF *conf = calloc(1, sizeof(*conf));
	enum spicecfg_status status = conf ? sc_keyfile_begin(ctx, &conf->file, name, bytes, len) : sc_fail_memory(ctx);
	if (!status)
		status = read_all(ctx, conf);
	if (status)
		return status;
	*out = conf;
	conf = NULL;
	return SPICECFG_OK;
}

void sc_saslconf_free(struct sc_saslconf *conf)
{
	if (!conf)
		return;
	sc_keyfile_end(&conf->file);
	free(conf);
}

/* The first entry of a key, which libsasl2 uses; NULL: it is not set. */
static const struct sc_keyfile_entry *first(const struct sc_keyfile *file, const char *key)
{
	for (size_t i = 0; i < file->n_entries; i++)
		if (strcmp(file->entries[i].key, key) == 0)
			return &file->entries[i];
	return NULL;
}

const char *sc_saslconf_get(const struct sc_saslconf *conf, const char *key, unsigned *line)
{
	return sc_keyfile_value(first(&conf->file, key), line);
}

unsigned sc_saslconf_count(const struct sc_saslconf *conf, const char *key)
{
	unsigned count = 0;

	for (size_t i = 0; i < conf->file.n_entries; i++)
		count += strcmp(conf->file.entries[i].key, key) == 0;
	return count;
}

static size_t place_for(const struct sc_saslconf *conf, const char *key)
{
	struct sc_line line = {0};

	while (sc_line_next(&conf->file.text, &line))
		if (sc_lines_commented(&conf->file.text, &line, key, ':'))
			return line.next;
	return conf->file.text.len;
}

enum spicecfg_status sc_saslconf_set(struct spicecfg_ctx *ctx, struct sc_saslconf *conf, const char *key, const char *value)
{
	const struct sc_keyfile_entry *entry = first(&conf->file, key);
	size_t len = strlen(value);

	if (!len || strpbrk(value, "\r\n") || is_blank(value[0]) || is_blank(value[len - 1]) ||
	    strlen(key) + len + 2 > SC_SASLCONF_LINE_MAX)
		return sc_fail(ctx, SPICECFG_USAGE, "Use a value without newlines and blanks at its ends.",
			       "'%s' can't be the value of %s in a SASL file", value, key);
	if (entry && strcmp(entry->value, value) == 0)
		return SPICECFG_OK;
	if (entry) {
		sc_keyfile_replace(&conf->file, entry, value, len);
	} else {
		SC_BUF line = SC_BUF_INIT;

		sc_buf_addf(&line, "%s: %s", key, value);
		if (line.failed)
			return sc_fail_memory(ctx);
		sc_lines_insert(&conf->file.text, place_for(conf, key), line.data, NULL);
	}
	return read_all(ctx, conf);
}

enum spicecfg_status sc_saslconf_unset(struct spicecfg_ctx *ctx, struct sc_saslconf *conf, const char *key)
{
	for (const struct sc_keyfile_entry *entry = first(&conf->file, key); entry; entry = first(&conf->file, key)) {
		sc_lines_splice(&conf->file.text, entry->start, entry->next - entry->start, "", 0);
		enum spicecfg_status status = read_all(ctx, conf);
		if (status != SPICECFG_OK)
			return status;
	}
	return SPICECFG_OK;
}

const struct sc_buf *sc_saslconf_bytes(const struct sc_saslconf *conf)
{
	return &conf->file.text;
}

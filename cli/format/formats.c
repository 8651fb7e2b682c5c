/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of forms, and quoting. */
#include "format.h"

#include <stdlib.h>
#include <string.h>

static const struct cli_format *const formats[] = {
    &cli_format_text, &cli_format_json, &cli_format_sarif, &cli_format_junit, &cli_format_github,
};

const struct cli_format *cli_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

#define REPLACEMENT "\xef\xbf\xbd"

/* Bytes of the UTF-8 character at text and the character, 0 where there is none (bad byte, overlong, surrogate, beyond U+10FFFF). */
static size_t utf8_get(const unsigned char *text, unsigned *code)
{
	static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = text[0] < 0x80 ? 1 : (text[0] & 0xe0) == 0xc0 ? 2 : (text[0] & 0xf0) == 0xe0 ? 3 : (text[0] & 0xf8) == 0xf0 ? 4 : 0;

	*code = len == 1 ? text[0] : text[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3fU);
	}
	if (len > 1 && (*code < least[len] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000)))
		return 0;
	return len;
}

/* Writes text; escape() gives the replacement of a character, NULL: as it is. */
static void put(FILE *out, const char *text, const char *(*escape)(unsigned c, char *room))
{
	const unsigned char *run = (const unsigned char *)text, *at = run;
	char room[8];
	unsigned code;

	while (*at) {
		size_t len = utf8_get(at, &code);
		const char *instead = len ? escape(code, room) : REPLACEMENT;

		if (instead) {
			fwrite(run, 1, (size_t)(at - run), out);
			fputs(instead, out);
			run = at + (len ? len : 1);
		}
		at += len ? len : 1;
	}
	fwrite(run, 1, (size_t)(at - run), out);
}

/* What a terminal obeys, or what turns the direction of writing: a line would not read as it is. */
static bool is_trick(unsigned c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f || c == 0x2028 || c == 0x2029 ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static const char *escape_json(unsigned c, char *room)
{
	if (c == '"')
		return "\\\"";
	if (c == '\\')
		return "\\\\";
	if (c == '\n')
		return "\\n";
	if (c == '\t')
		return "\\t";
	if (c >= ' ' && c != 0x7f)
		return NULL;
	snprintf(room, 8, "\\u%04x", c);
	return room;
}

void cli_put_json(FILE *out, const char *text)
{
	if (!text) {
		fputs("null", out);
		return;
	}
	fputc('"', out);
	put(out, text, escape_json);
	fputc('"', out);
}

static const char *escape_xml(unsigned c, char *room)
{
	(void)room;
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\n':
		return "&#10;";
	case '\t':
		return "&#9;";
	default:
		return c < ' ' || c == 0x7f || c == 0xfffe || c == 0xffff ? REPLACEMENT : NULL;
	}
}

void cli_put_xml(FILE *out, const char *text)
{
	put(out, text, escape_xml);
}

static const char *escape_plain(unsigned c, char *room)
{
	(void)room;
	return is_trick(c) ? REPLACEMENT : NULL;
}

void cli_put_plain(FILE *out, const char *text)
{
	put(out, text, escape_plain);
}

void cli_put_fix(FILE *out, const char *before, const struct spicecfg_fix *fix, void (*put_text)(FILE *out, const char *text))
{
	char *text = spicecfg_fix_text(fix, NULL);

	if (text) {
		fputs(before, out);
		put_text(out, text);
	}
	free(text);
}

void cli_put_uri(FILE *out, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

	if (*path == '/')
		fputs("file://", out);
	else
		while (strncmp(path, "./", 2) == 0)
			path += 2;
	for (; *path; path++) {
		if (strchr(plain, *path))
			fputc(*path, out);
		else
			fprintf(out, "%%%02X", (unsigned char)*path);
	}
}

static const char *escape_data(unsigned c, char *room)
{
	(void)room;
	switch (c) {
	case '%':
		return "%25";
	case '\r':
		return "%0D";
	case '\n':
		return "%0A";
	default:
		return c != '\t' && is_trick(c) ? REPLACEMENT : NULL;
	}
}

static const char *escape_property(unsigned c, char *room)
{
	if (c == ':')
		return "%3A";
	if (c == ',')
		return "%2C";
	return escape_data(c, room);
}

void cli_put_github(FILE *out, const char *text, bool property)
{
	put(out, text, property ? escape_property : escape_data);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Foreign text, quoted for a format. */
#include <stdlib.h>
#include <string.h>

#include "format.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Number of bytes of the UTF-8 character at text, which goes to *code; 0: not UTF-8 (bad byte, overlong, surrogate, beyond U+10FFFF). */
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

/* A character and its place in the text. */
struct place {
	const unsigned char *text, *at;
	unsigned c;
};

/* Writes text; escape() returns the replacement of a character, or NULL to keep it. */
static void put(FILE *out, const char *text, const char *(*escape)(const struct place *place, char *buffer))
{
	const unsigned char *run = (const unsigned char *)text, *at = run;
	struct place place = {.text = run};
	char buffer[8];

	while (*at) {
		size_t len = utf8_get(at, &place.c);
		place.at = at;
		const char *instead = len ? escape(&place, buffer) : REPLACEMENT;

		if (instead) {
			fwrite(run, 1, (size_t)(at - run), out);
			fputs(instead, out);
			run = at + (len ? len : 1);
		}
		at += len ? len : 1;
	}
	fwrite(run, 1, (size_t)(at - run), out);
}

/* Characters that a terminal interprets, or that change the writing direction: the line would not read as it is. */
static bool is_trick(unsigned c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f || c == 0x2028 || c == 0x2029 ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* The first character of a mark by which CI runners find a command anywhere in a line: "##[" (GitHub's older form, Azure), "##vso[",
 * "##teamcity[". */
static bool is_command(const struct place *place)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *at = (const char *)place->at;

	return place->c == '#' && at[1] == '#' && at[2 + strspn(at + 2, letters)] == '[';
}

/* What the runner strips before it examines a line, and invisible characters. */
static bool is_blank(unsigned c)
{
	return c == ' ' || c == '\t' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200d) || c == 0x202f || c == 0x205f ||
	       c == 0x2060 || c == 0x3000 || c == 0xfeff;
}

/* Whether only blanks precede it in its line. */
static bool begins_line(const struct place *place)
{
	const unsigned char *at = place->at;
	unsigned c;

	while (at > place->text && at[-1] != '\n') {
		do
			at--;
		while (at > place->text && (*at & 0xc0) == 0x80);
		if (!utf8_get(at, &c) || !is_blank(c))
			return false;
	}
	return true;
}

/* The first of the two colons that make a line a command of GitHub's runner. */
static bool is_line_command(const struct place *place)
{
	return place->c == ':' && place->at[1] == ':' && begins_line(place);
}

static const char *escape_json(const struct place *place, char *buffer)
{
	unsigned c = place->c;

	if (c == '"')
		return "\\\"";
	if (c == '\\')
		return "\\\\";
	if (c == '\n')
		return "\\n";
	if (c == '\t')
		return "\\t";
	if (!is_trick(c) && !is_command(place))
		return NULL;
	snprintf(buffer, 8, "\\u%04x", c);
	return buffer;
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

/* Escapes what jansson leaves as it is; newlines are jansson's own. */
static const char *escape_dump(const struct place *place, char *buffer)
{
	if (place->c == '\n' || (!is_trick(place->c) && !is_command(place)))
		return NULL;
	snprintf(buffer, 8, "\\u%04x", place->c);
	return buffer;
}

void cli_put_json_dump(FILE *out, const char *text)
{
	put(out, text, escape_dump);
}

static const char *escape_xml(const struct place *place, char *buffer)
{
	unsigned c = place->c;

	(void)buffer;
	if (is_command(place))
		return "&#35;";
	if (is_line_command(place))
		return "&#58;";
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
		return is_trick(c) || c == 0xfffe || c == 0xffff ? REPLACEMENT : NULL;
	}
}

void cli_put_xml(FILE *out, const char *text)
{
	put(out, text, escape_xml);
}

static const char *escape_plain(const struct place *place, char *buffer)
{
	(void)buffer;
	return is_trick(place->c) || is_command(place) ? REPLACEMENT : NULL;
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

/* One colon is enough: another may follow the text. */
static const char *escape_start(const struct place *place, char *buffer)
{
	return place->c == ':' && begins_line(place) ? REPLACEMENT : escape_plain(place, buffer);
}

void cli_put_start(FILE *out, const char *text)
{
	put(out, text, escape_start);
}

static const char *escape_block(const struct place *place, char *buffer)
{
	if (place->c == '\n' || place->c == '\t')
		return NULL;
	return is_line_command(place) ? REPLACEMENT : escape_plain(place, buffer);
}

void cli_put_block(FILE *out, const char *text)
{
	put(out, text, escape_block);
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

static const char *escape_data(const struct place *place, char *buffer)
{
	(void)buffer;
	switch (place->c) {
	case '%':
		return "%25";
	case '\r':
		return "%0D";
	case '\n':
		return "%0A";
	default:
		return (place->c != '\t' && is_trick(place->c)) || is_command(place) ? REPLACEMENT : NULL;
	}
}

static const char *escape_property(const struct place *place, char *buffer)
{
	if (place->c == ':')
		return "%3A";
	if (place->c == ',')
		return "%2C";
	return escape_data(place, buffer);
}

void cli_put_github(FILE *out, const char *text, bool property)
{
	put(out, text, property ? escape_property : escape_data);
}

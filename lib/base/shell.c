/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/shell.h"

#include <string.h>

#include "base/text.h"

/* Whether a character beyond ASCII is invisible or misleading. Combining marks are not. */
static bool is_hidden(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} hidden[] = {{0xa0, 0xa0},     {0xad, 0xad},     {0x34f, 0x34f},   {0x115f, 0x1160},   {0x1680, 0x1680},
		      {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x2000, 0x200f}, {0x2028, 0x202f},   {0x205f, 0x206f},
		      {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164}, {0xe000, 0xf8ff},   {0xfe00, 0xfe0f},
		      {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xffff}, {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff}};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (c >= hidden[i].from && c <= hidden[i].to)
			return true;
	return false;
}

/* Length of the character at word if it can be written as it is, else 0: its byte is written as a number. */
static unsigned shown(const char *word)
{
	uint32_t c;
	unsigned len = sc_utf8_get(word, &c);

	return len && !sc_text_is_control(c) && !sc_text_is_trick(c) && !is_hidden(c) ? len : 0;
}

/* Appends, in single quotes, the characters that can be written as they are. Returns what follows them. */
static const char *add_shown(struct sc_buf *out, const char *word)
{
	unsigned len;

	sc_buf_addc(out, '\'');
	for (; *word && (len = shown(word)); word += len) {
		if (*word == '\'')
			sc_buf_adds(out, "'\\''");
		else
			sc_buf_add(out, word, len);
	}
	sc_buf_addc(out, '\'');
	return word;
}

static const char *add_number(struct sc_buf *out, const char *byte)
{
	sc_buf_addf(out, "\\%03o", (unsigned)(unsigned char)*byte);
	return byte + 1;
}

/*
 * Appends bytes as numbers. Returns what follows them. $(…) strips trailing newlines, so the character after them is included; where there
 * is none, the newline is taken from IFS, whose third character it is.
 */
static const char *add_numbers(struct sc_buf *out, const char *word)
{
	size_t newlines = strspn(word, "\n");

	if (!word[newlines]) {
		for (; *word; word++)
			sc_buf_adds(out, "\"${IFS#??}\"");
		return word;
	}
	sc_buf_adds(out, "\"$(printf '");
	while (*word && !shown(word) && word[strspn(word, "\n")]) {
		bool newline = *word == '\n';

		word = add_number(out, word);
		/* a whole character, so that the rest begins with a whole one, too */
		if (newline)
			for (unsigned len = shown(word); len; len--)
				word = add_number(out, word);
	}
	sc_buf_adds(out, "')\"");
	return word;
}

void sc_shell_add(struct sc_buf *out, const char *word)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";

	/* zsh expands =x to the path of x */
	if (*word && *word != '=' && strspn(word, safe) == strlen(word)) {
		sc_buf_adds(out, word);
		return;
	}
	if (!*word)
		sc_buf_adds(out, "''");
	while (*word)
		word = shown(word) ? add_shown(out, word) : add_numbers(out, word);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "say.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "format/format.h"

/* Text that is built in memory and wiped before it is freed: the document may contain a secret. */
struct text {
	char *bytes;
	size_t len;
};

/* The errno with which stdout lost text, 0: it lost none. */
static int lost;

int cli_say_lost(void)
{
	return lost;
}

static void out_of_memory(void)
{
	fputs("spicecfg: out of memory\n", stderr);
}

static void wipe(char *bytes)
{
	if (bytes)
		explicit_bzero(bytes, strlen(bytes));
	free(bytes);
}

/* text as put() writes it, for free(). NULL: out of memory. */
static char *cleaned(const char *text, void (*put)(FILE *out, const char *text))
{
	struct text clean = {NULL, 0};
	FILE *memory = open_memstream(&clean.bytes, &clean.len);

	if (!memory)
		return NULL;
	put(memory, text);
	if (fclose(memory) == 0)
		return clean.bytes;
	free(clean.bytes);
	return NULL;
}

/* A conversion of a format. */
struct conversion {
	const char *start, *end; /* from its '%' */
	int width, precision;    /* of a string: negative width: to the left; precision -1: none */
	char length, type;       /* length: 0, 'l', 'L' (ll), 'z' */
};

static int read_number(const char **at, va_list *args)
{
	int value = 0;

	if (**at == '*') {
		++*at;
		return va_arg(*args, int);
	}
	for (; **at >= '0' && **at <= '9'; ++*at)
		value = value * 10 + (**at - '0');
	return value;
}

static void read_conversion(const char *start, va_list *args, struct conversion *out)
{
	const char *at = start + 1;
	bool left = false;

	*out = (struct conversion){.start = start, .precision = -1};
	for (; *at && strchr("-+ #0", *at); at++)
		left |= *at == '-';
	out->width = read_number(&at, args);
	if (left && out->width > 0)
		out->width = -out->width;
	if (*at == '.') {
		at++;
		out->precision = read_number(&at, args);
	}
	for (; *at == 'l' || *at == 'z'; at++)
		out->length = out->length == 'l' ? 'L' : *at;
	out->type = *at;
	out->end = *at ? at + 1 : at;
}

static void put_string(FILE *out, const struct conversion *how, const char *text)
{
	/* most strings have neither width nor limit, and need no copy */
	if (!how->width && how->precision < 0) {
		cli_put_plain(out, text ? text : "(null)");
		return;
	}
	char *cut = strndup(text ? text : "(null)", how->precision < 0 ? SIZE_MAX / 2 : (size_t)how->precision);
	char *clean = cut ? cleaned(cut, cli_put_plain) : NULL;

	if (clean)
		fprintf(out, "%*s", how->width, clean);
	wipe(cut);
	wipe(clean);
}

/* args is past the stars of the conversion; whole is at its first argument. */
static void put_number(FILE *out, const struct conversion *how, va_list *args, va_list whole)
{
	char format[32];

	snprintf(format, sizeof(format), "%.*s", (int)(how->end - how->start), how->start);
	/* the format is a conversion of one that the compiler has checked */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	vfprintf(out, format, whole);
#pragma GCC diagnostic pop
	switch (how->length) {
	case 'L':
		(void)va_arg(*args, long long);
		break;
	case 'l':
		(void)va_arg(*args, long);
		break;
	case 'z':
		(void)va_arg(*args, size_t);
		break;
	default:
		(void)va_arg(*args, int);
	}
}

static const char *put_conversion(FILE *out, const char *start, va_list *args)
{
	struct conversion how;
	va_list whole;

	va_copy(whole, *args);
	read_conversion(start, args, &how);
	if (how.type == 's')
		put_string(out, &how, va_arg(*args, const char *));
	else if (how.type == 'c')
		put_string(out, &how, (char[]){(char)va_arg(*args, int), '\0'});
	else if (how.type == '%')
		fputc('%', out);
	else
		put_number(out, &how, args, whole);
	va_end(whole);
	return how.end;
}

void cli_vsay(FILE *out, const char *prefix, const char *format, va_list args)
{
	struct text text = {NULL, 0};
	FILE *memory = open_memstream(&text.bytes, &text.len);
	const char *percent;
	va_list rest;

	if (!memory) {
		out_of_memory();
		return;
	}
	va_copy(rest, args);
	fputs(prefix, memory);
	while ((percent = strchr(format, '%'))) {
		fwrite(format, 1, (size_t)(percent - format), memory);
		format = put_conversion(memory, percent, &rest);
	}
	fputs(format, memory);
	va_end(rest);
	/* without memory for the text, fclose() can succeed and leave none */
	if (fclose(memory) == 0 && text.bytes)
		cli_say_block(out, text.bytes);
	else
		out_of_memory();
	wipe(text.bytes);
}

void cli_say(FILE *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	cli_vsay(out, "", format, args);
	va_end(args);
}

void cli_say_block(FILE *out, const char *text)
{
	size_t len = strlen(text);

	/* Where both go to the same file, a partly written line of stdout would be split, and the second part could begin with anything. */
	if (out == stderr && fflush(stdout) != 0 && !lost)
		lost = errno;
	cli_put_block(out, text);
	if (!len || text[len - 1] != '\n')
		fputc('\n', out);
}

void cli_say_own(FILE *out, const char *text)
{
	fputs(text, out);
}

void cli_say_json_text(FILE *out, const char *text)
{
	cli_put_json_dump(out, text);
}

void cli_say_json(FILE *out, const json_t *value, int depth)
{
	const size_t flags = JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_ENCODE_ANY;
	size_t size = json_dumpb(value, NULL, 0, flags); /* measured first: a buffer that grows leaves copies of a password behind */
	char *text = calloc(size + 1, 1);

	if (!text) {
		out_of_memory();
		return;
	}
	json_dumpb(value, text, size, flags);
	for (char *line = text, *end; line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		cli_put_json_dump(out, line);
		if (end)
			fprintf(out, "\n%*s", depth, "");
	}
	explicit_bzero(text, size);
	free(text);
}

char *cli_clean(const char *text, bool starts_line)
{
	return cleaned(text, starts_line ? cli_put_start : cli_put_plain);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/pamtime.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { FIELD_MAX = 1000 /* PAM_TIME_BUFLEN, including the character that ends the field */, FIELDS = 4, DAY = 2400 };

/* A field: a part of the file. */
struct field {
	const char *text; /* in the file */
	size_t len;       /* up to the character that ends it */
};

struct judge {
	const struct sc_buf *text;
	const char *service;
	sc_pamtime_fn fn;
	void *opaque;
	unsigned count;
	const char *rule; /* the beginning of the current rule, and its line */
	unsigned line;
};

static void report(struct judge *judge, const char *at, const char *message)
{
	unsigned line = judge->line, column = 1;

	for (const char *c = judge->rule; c < at; c++) {
		column = *c == '\n' ? 1 : column + 1;
		line += *c == '\n';
	}
	judge->count++;
	judge->fn(judge->opaque, line, column, message);
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("*_-./:", c));
}

/* Skips blanks, and backslashes followed by a newline, which pam_time drops. */
static size_t skip(const struct field *field, size_t at)
{
	while (at < field->len && (strchr(" \t\r", field->text[at]) || (field->text[at] == '\\' && field->text[at + 1] == '\n')))
		at += field->text[at] == '\\' ? 2 : 1;
	return at;
}

/* is_same() of pam_time.c: one '*' matches any text. */
static bool matches(const char *pattern, size_t len, const char *name)
{
	const char *star = memchr(pattern, '*', len);
	size_t name_len = strlen(name), head = star ? (size_t)(star - pattern) : len, tail = star ? len - head - 1 : 0;

	if (!star)
		return name_len == len && memcmp(pattern, name, len) == 0;
	return name_len >= head + tail && memcmp(pattern, name, head) == 0 && memcmp(star + 1, name + name_len - tail, tail) == 0;
}

/* Returns what is wrong with a word of a field; NULL: nothing. */
typedef const char *(*word_fn)(const char *word, size_t len);

static const char *one_star(const char *word, size_t len)
{
	const char *star = memchr(word, '*', len);

	return star && memchr(star + 1, '*', len - (size_t)(star + 1 - word)) ? "a name can contain only one *: this one matches nobody"
									      : NULL;
}

static int number(const char *text)
{
	int value = 0;

	for (int i = 0; i < 4; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

static const char *check_hours(const char *text, size_t len)
{
	for (size_t i = 0; i < 9; i++)
		if (len < 9 || (i == 4 ? text[i] != '-' : !isdigit((unsigned char)text[i])))
			return "times are written HHMM-HHMM: Linux-PAM reads this as any time, or as another one";
	if (len > 9)
		return "the text after the times is ignored";
	int from = number(text), to = number(text + 5);
	if (from % 100 > 59 || to % 100 > 59 || from >= DAY || to > DAY)
		return "not a time of day: a period beyond 2400 never ends";
	return from == to ? "the times are equal, which means 24 hours" : NULL;
}

/* A day that is named twice is not included. */
static const char *check_time(const char *word, size_t len)
{
	static const struct {
		char name[3];
		unsigned days;
	} known[] = {{"su", 1},   {"mo", 2},    {"tu", 4},    {"we", 010},  {"th", 020},
		     {"fr", 040}, {"sa", 0100}, {"wk", 0076}, {"wd", 0101}, {"al", 0177}};
	unsigned days = 0;
	size_t at = 0;

	for (; at < len && isalpha((unsigned char)word[at]); at += 2) {
		bool found = false;

		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			if (at + 1 < len && tolower((unsigned char)word[at]) == known[i].name[0] &&
			    tolower((unsigned char)word[at + 1]) == known[i].name[1]) {
				days ^= known[i].days;
				found = true;
			}
		if (!found)
			return "not a day (Mo Tu We Th Fr Sa Su Wk Wd Al): nobody whom the line names is admitted";
	}
	return days ? check_hours(word + at, len - at) : "no day is left: nobody whom the line names is admitted";
}

/* logic_field() of pam_time.c: words separated by & and |, evaluated from left to right. name NULL: only the syntax is checked. */
static bool read_logic(struct judge *judge, const struct field *field, word_fn word_is, const char *name, bool *match)
{
	bool left = false, and = false, not = false, value = true;
	size_t at = skip(field, 0), start = at;

	for (; at < field->len; at = skip(field, at)) {
		const char *word = field->text + at;
		size_t len = 0;

		while (at + len < field->len && is_name(word[len]))
			len++;
		const char *wrong = NULL;
		if (len && value) {
			bool right = name && matches(word, len, name);

			wrong = word_is(word, len);
			left = and? left & (right != not ) : left | (right != not );
			value = false;
		} else if (!len && value && *word == '!') {
			not = !not ;
		} else if (!len && !value && (*word == '&' || *word == '|')) {
			and = *word == '&';
			value = true;
			not = false;
		} else if (!len && !strchr("&|!", *word)) {
			wrong = *word == '@'   ? "@ is for netgroups, and groups can't be named here: the line is ignored"
				: *word == '%' ? "groups can't be named here: % is read as part of the name of an account"
					       : "invalid character: the line is ignored or means something else";
		} else {
			wrong = value ? "a name is missing: the line is ignored or means something else"
				      : "& or | is missing: the line is ignored or means something else";
		}
		if (wrong) {
			report(judge, word, wrong);
			return false;
		}
		at += len ? len : 1;
	}
	if (value) {
		report(judge, field->text + start, "a name is missing: the line is ignored or means something else");
		return false;
	}
	*match = left;
	return true;
}

static void judge_rule(struct judge *judge, const struct field *fields, size_t n)
{
	bool match, ours;

	if (n != FIELDS) {
		report(judge, fields[0].text,
		       n < FIELDS ? "a rule is SERVICES;TERMINALS;USERS;TIMES: the line has fewer fields and is ignored"
				  : "a rule is SERVICES;TERMINALS;USERS;TIMES: the line has more fields and is ignored");
		return;
	}
	if (!read_logic(judge, &fields[0], one_star, judge->service, &ours))
		return;
	if (!ours)
		return;
	if (!read_logic(judge, &fields[1], one_star, "", &match))
		return;
	if (!match)
		report(judge, fields[1].text, "saslauthd has no terminal, and only * matches that: the line is ignored");
	if (read_logic(judge, &fields[2], one_star, NULL, &match))
		(void)read_logic(judge, &fields[3], check_time, NULL, &match);
}

/* Reads the field at *at. *ends is the character that ends it. True when it fits into pam_time's buffer. */
static bool read_field(const struct sc_buf *text, size_t *at, struct field *field, char *ends)
{
	size_t from = *at;
	bool comment = false;

	*field = (struct field){text->data + from, 0};
	for (; *at < text->len; ++*at) {
		char c = text->data[*at];

		if (c == '\n' || (c == ';' && !comment))
			break;
		if (c == '#' && !comment) {
			comment = true;
			field->len = *at - from;
		}
		if (c == '\\' && !comment && *at + 1 < text->len && text->data[*at + 1] == '\n')
			++*at;
	}
	if (!comment)
		field->len = *at - from;
	/* a comment need not end with a newline */
	*ends = *at < text->len ? text->data[*at] : comment ? '\n' : '\0';
	*at += *at < text->len;
	return comment ? field->len < FIELD_MAX : *at - from <= FIELD_MAX;
}

/* Reads one rule, up to the end of its line. */
static void read_rule(struct judge *judge, size_t *at)
{
	struct field fields[FIELDS + 1];
	size_t n = 0;
	char ends = ';';
	bool fits = true;
	const char *start = judge->text->data + *at;

	judge->rule = start;
	while (ends == ';') {
		struct field field;

		fits = read_field(judge->text, at, &field, &ends) && fits;
		if (n <= FIELDS)
			fields[n++] = field;
	}
	if (n == 1 && skip(&fields[0], 0) == fields[0].len)
		return;
	if (!fits)
		report(judge, start, "a field is longer than 999 bytes: the line is ignored");
	else if (memchr(start, '\0', (size_t)(judge->text->data + *at - start)))
		report(judge, start, "the file contains a NUL byte: Linux-PAM ignores the rest of it");
	else if (!ends)
		report(judge, start, "the last line does not end with a newline: nobody whom it names is admitted");
	else
		judge_rule(judge, fields, n);
}

unsigned sc_pamtime_judge(const struct sc_buf *text, const char *service, sc_pamtime_fn fn, void *opaque)
{
	struct judge judge = {text, service, fn, opaque, 0, text->data, 1};

	for (size_t at = 0, from = 0; at < text->len; from = at) {
		read_rule(&judge, &at);
		for (; from < at; from++)
			judge.line += text->data[from] == '\n';
	}
	return judge.count;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The decision of pam_time as Linux-PAM 1.3 to 1.7 make it (modules/pam_time/pam_time.c): each function answers as the module's own does.
 */
#include <ctype.h>
#include <string.h>

#include "doc/pamtime.h"

enum { FIELD_MAX = 1000 /* PAM_TIME_BUFLEN */, ALL_DAYS = 0177 };

enum state { NEWLINE, COMMENT, FIELD, END };

struct ask {
	const char *text;
	size_t len, at;
	unsigned line; /* at which the reader is */
	enum state state;
	bool overlong; /* the module's buffer ended before a field: what it takes for the next one is not followed */
	bool maybe;    /* a word of the rule can't be decided */
	const struct sc_pamtime_login *login;
	char field[FIELD_MAX + 1];
};

static void trim(char *field, size_t len)
{
	while (len && field[len - 1] == ' ')
		field[--len] = '\0';
}

/* Adds a character, as the module squeezes blanks. */
static void add(char *field, size_t *n, char c, bool *on_space)
{
	bool blank = c == ' ' || c == '\t';

	if (!blank || !*on_space)
		field[(*n)++] = blank ? ' ' : c;
	*on_space = blank || c == '!';
}

/* read_field: the next field, in ask->field; false: the end. */
static bool read_field(struct ask *ask)
{
	const size_t from = ask->at;
	size_t n = 0;
	bool on_space = true;

	ask->field[0] = '\0';
	if (ask->at >= ask->len) {
		ask->state = END;
		return false;
	}
	for (; ask->at < ask->len; ask->at++) {
		const char c = ask->text[ask->at];

		if (ask->at - from >= FIELD_MAX) {
			ask->overlong = true;
			return false;
		}
		ask->line += c == '\n';
		if (c == '\n' || (c == ';' && ask->state != COMMENT)) {
			ask->state = c == '\n' ? NEWLINE : FIELD;
			ask->at++;
			ask->field[n] = '\0';
			trim(ask->field, n);
			return true;
		}
		if (ask->state == COMMENT)
			continue;
		if (c == '#') {
			ask->state = COMMENT;
		} else if (c == '\\' && ask->at + 1 < ask->len && ask->text[ask->at + 1] == '\n') {
			ask->at++;
			ask->line++;
		} else {
			add(ask->field, &n, c, &on_space);
		}
	}
	/* a last field without a newline is dropped, unless a comment follows it */
	ask->field[ask->state == COMMENT ? n : 0] = '\0';
	trim(ask->field, strlen(ask->field));
	ask->state = COMMENT;
	return true;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("*_-./:", c));
}

/* logic_member: the length of the next member, and *at moved to it; 0: the end. */
static size_t member(const char *text, size_t *at)
{
	size_t n = 0;

	while (text[*at] && !strchr("&|!", text[*at]) && !is_word(text[*at]))
		++*at;
	if (text[*at] && strchr("&|!", text[*at]))
		return 1;
	while (is_word(text[*at + n]))
		n++;
	return n;
}

/* is_same; a name that no rule names is like none of those without a star. */
static bool is_same(struct ask *ask, const char *name, const char *word, size_t len)
{
	size_t i = 0, name_len = name ? strlen(name) : 0;

	if (!name) {
		ask->maybe |= memchr(word, '*', len) && len > 1;
		return len == 1 && *word == '*';
	}
	for (; i < len; i++) {
		if (i <= name_len && word[i] == name[i])
			continue;
		if (word[i] != '*')
			return false;
		size_t rest = len - i - 1;
		/* the module then reads before the name */
		ask->maybe |= rest > name_len;
		return rest <= name_len && memcmp(word + i + 1, name + name_len - rest, rest) == 0;
	}
	return i == name_len;
}

/* A number of up to four digits, within the word. */
static int digits(const char *text, size_t *at, size_t len)
{
	int value = 0;

	for (size_t end = *at + 4; *at < end && *at < len && isdigit((unsigned char)text[*at]); ++*at)
		value = value * 10 + (text[*at] - '0');
	return value;
}

/* The days of a word, of which one that is named twice is none; 0: none, or a word that is not a day. */
static unsigned days_of(const char *word, size_t *at, size_t len)
{
	static const struct {
		char name[3];
		unsigned days;
	} known[] = {{"su", 1},   {"mo", 2},    {"tu", 4},    {"we", 010},  {"th", 020},
		     {"fr", 040}, {"sa", 0100}, {"wk", 0076}, {"wd", 0101}, {"al", ALL_DAYS}};
	unsigned days = 0;

	for (; *at < len && isalpha((unsigned char)word[*at]); *at += 2) {
		size_t i = 0;

		while (i < sizeof(known) / sizeof(*known) && !(tolower((unsigned char)word[*at]) == known[i].name[0] && *at + 1 < len &&
							       tolower((unsigned char)word[*at + 1]) == known[i].name[1]))
			i++;
		if (i == sizeof(known) / sizeof(*known))
			return 0;
		days ^= known[i].days;
	}
	return days;
}

/* check_time */
static bool is_now(struct ask *ask, const char *word, size_t len)
{
	const struct sc_wall *now = ask->login->now;
	size_t at = 0, second;

	const unsigned days = days_of(word, &at, len);
	if (!days)
		return false;
	const int from = digits(word, &at, len);
	if (at >= len || word[at] != '-')
		return true;
	second = ++at;
	const int to = digits(word, &at, len);
	if (at - second != 4) /* the module logs it, and takes any time */
		return true;
	if (!now) {
		const bool always = days == ALL_DAYS && from == 0 && to > 2359;

		ask->maybe |= !always;
		return always;
	}
	const int clock = now->minute / 60 * 100 + now->minute % 60;
	const unsigned today = 1U << now->weekday, before = 1U << (now->weekday + 6) % 7;
	if (from < to)
		return days & today && clock >= from && clock < to;
	return (days & today && clock >= from) || (days & before && clock <= to);
}

/* logic_field: words between & and |, from left to right. */
static bool holds(struct ask *ask, const char *name, bool time)
{
	const char *text = ask->field;
	bool left = false, and = false, not = false, value = true;
	size_t at = 0, len;

	for (; (len = member(text, &at)) > 0; at += len) {
		const char c = text[at];

		if (value && c == '!') {
			not = !not ;
		} else if (value && is_word(c)) {
			bool right = not != (time ? is_now(ask, text + at, len) : is_same(ask, name, text + at, len));

			left = and? left && right : left || right;
			value = false;
		} else if (!value && (c == '&' || c == '|')) {
			and = c == '&';
			value = true;
			not = false;
		} else {
			return false;
		}
	}
	return left;
}

/* Whether the field has the name, or may have. */
static bool has(struct ask *ask, const char *name)
{
	return holds(ask, name, false) || ask->maybe;
}

/* The fields after the first; false: the module ignores the rule, or it is about others. */
static bool denies(struct ask *ask)
{
	static const char no_terminal[] = "";

	if (ask->state != FIELD)
		return false;
	bool ours = has(ask, ask->login->service);
	if (!read_field(ask) || ask->state != FIELD)
		return false;
	ours = has(ask, no_terminal) && ours;
	if (!read_field(ask) || ask->state != FIELD)
		return false;
	/* a netgroup: whom it has is not known */
	ask->maybe |= ask->field[0] == '@';
	ours = has(ask, ask->login->user) && ours;
	if (!read_field(ask)) {
		/* a file that ends after the third field: the module reads a field that it has freed */
		ask->maybe = true;
		return !ask->overlong;
	}
	if (ask->state == FIELD)
		return false;
	const bool maybe_ours = ask->maybe;
	ask->maybe = false;
	const bool late = !holds(ask, NULL, true) || ask->maybe;
	ask->maybe |= maybe_ours;
	return late && ours;
}

enum sc_pamtime sc_pamtime_ask(const char *text, size_t len, const struct sc_pamtime_login *login, unsigned *line)
{
	struct ask ask = {.text = text, .len = len, .line = 1, .login = login};
	enum sc_pamtime answer = SC_PAMTIME_ADMITS;

	*line = 0;
	/* its buffer ends at a NUL byte: what follows is not followed here */
	const char *nul = len ? memchr(text, '\0', len) : NULL;
	ask.len = nul ? (size_t)(nul - text) : len;
	while (ask.state != END && !ask.overlong && answer != SC_PAMTIME_DENIES) {
		unsigned start = ask.line;

		ask.maybe = false;
		if (!read_field(&ask) || !ask.field[0] || !denies(&ask) || ask.overlong)
			continue;
		answer = ask.maybe ? SC_PAMTIME_UNCLEAR : SC_PAMTIME_DENIES;
		*line = start;
	}
	return answer == SC_PAMTIME_DENIES ? answer : ask.overlong || nul ? SC_PAMTIME_UNCLEAR : answer;
}

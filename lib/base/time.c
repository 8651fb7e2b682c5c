/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DAY = 86400 };
static const int64_t longest = (int64_t)100 * 366 * DAY;

bool sc_duration_parse(const char *text, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', DAY}};
	int64_t total = 0;

	if (!*text)
		return false;
	while (*text) {
		int64_t count = 0, unit = 0;

		if (*text < '0' || *text > '9')
			return false;
		for (; *text >= '0' && *text <= '9'; text++) {
			count = count * 10 + (*text - '0');
			if (count > longest)
				return false;
		}
		for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
			if (*text == units[i].unit)
				unit = units[i].seconds;
		if (!unit || (total += count * unit) > longest)
			return false;
		text++;
	}
	*seconds = total;
	return total > 0;
}

/* Reads count digits, a number from least to most. */
static bool digits(const char **text, int count, int least, int most, int *out)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		char c = *(*text)++;

		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	*out = value;
	return value >= least && value <= most;
}

static bool expect(const char **text, const char *any)
{
	if (!**text || !strchr(any, **text))
		return false;
	++*text;
	return true;
}

/* Converts "Z", "+01:00" or "-0530" to seconds. */
static bool parse_zone(const char *text, int64_t *offset)
{
	int hours, minutes;
	int sign = *text == '-' ? -1 : 1;

	*offset = 0;
	if ((*text == 'Z' || *text == 'z') && !text[1])
		return true;
	if (!expect(&text, "+-") || !digits(&text, 2, 0, 14, &hours))
		return false;
	if (*text == ':')
		text++;
	if (!digits(&text, 2, 0, 59, &minutes) || *text)
		return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return true;
}

static bool parse_fields(const char **text, struct tm *tm)
{
	if (!digits(text, 4, 1970, 9999, &tm->tm_year) || !expect(text, "-") || !digits(text, 2, 1, 12, &tm->tm_mon) ||
	    !expect(text, "-") || !digits(text, 2, 1, 31, &tm->tm_mday) || !expect(text, "Tt ") || !digits(text, 2, 0, 23, &tm->tm_hour) ||
	    !expect(text, ":") || !digits(text, 2, 0, 59, &tm->tm_min))
		return false;
	if (**text == ':') {
		++*text;
		if (!digits(text, 2, 0, 59, &tm->tm_sec))
			return false;
	}
	if (**text == '.')
		for (++*text; **text >= '0' && **text <= '9';)
			++*text;
	tm->tm_year -= 1900;
	tm->tm_mon -= 1;
	return true;
}

bool sc_time_parse(const char *text, int64_t *seconds)
{
	struct tm tm = {0}, check;
	int64_t offset;

	if (!parse_fields(&text, &tm))
		return false;
	int day = tm.tm_mday;
	if (!*text) {
		tm.tm_isdst = -1;
		*seconds = mktime(&tm);
		return tm.tm_mday == day;
	}
	if (!parse_zone(text, &offset))
		return false;
	time_t utc = timegm(&tm);
	*seconds = utc - offset;
	return gmtime_r(&utc, &check) && check.tm_mday == day;
}

void sc_time_libvirt(int64_t seconds, char out[SC_TIME_SIZE])
{
	time_t time = seconds;
	struct tm tm;

	out[0] = '\0';
	if (gmtime_r(&time, &tm))
		strftime(out, SC_TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
}

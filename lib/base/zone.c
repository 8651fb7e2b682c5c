/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/zone.h"

#include <string.h>

enum { HEADER = 44, DAY = 86400, RULE_MAX = 128 };

/* The counts of a header, in its order. */
enum { UTC_FLAGS, STD_FLAGS, LEAPS, TIMES, TYPES, CHARS, COUNTS };

static int64_t read_number(const char *at, int bytes)
{
	uint64_t value = bytes == 8 ? 0 : (unsigned char)*at & 0x80 ? UINT64_MAX : 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | (unsigned char)at[i];
	return (int64_t)value;
}

/* A part of the file: a header and its data, with times of that many bytes. */
struct part {
	const char *data;
	uint32_t counts[COUNTS];
	int bytes;
	size_t size;
};

static bool read_part(const char *data, size_t len, int bytes, struct part *out)
{
	if (len < HEADER || memcmp(data, "TZif", 4) != 0)
		return false;
	for (int i = 0; i < COUNTS; i++)
		out->counts[i] = (uint32_t)read_number(data + 20 + i * 4, 4);
	for (int i = 0; i < COUNTS; i++)
		if (out->counts[i] > len)
			return false;
	out->data = data + HEADER;
	out->bytes = bytes;
	out->size = HEADER + (size_t)out->counts[TIMES] * (size_t)(bytes + 1) + (size_t)out->counts[TYPES] * 6 + out->counts[CHARS] +
		    (size_t)out->counts[LEAPS] * (size_t)(bytes + 4) + out->counts[STD_FLAGS] + out->counts[UTC_FLAGS];
	return out->size <= len && out->counts[TYPES] > 0;
}

/* The offset of a type; false: there is no such type. */
static bool type_offset(const struct part *part, unsigned type, int64_t *seconds)
{
	const char *types = part->data + (size_t)part->counts[TIMES] * (size_t)(part->bytes + 1);

	if (type >= part->counts[TYPES])
		return false;
	*seconds = read_number(types + (size_t)type * 6, 4);
	return true;
}

/* How many changes are not after the instant. */
static size_t changes_until(const struct part *part, int64_t instant)
{
	size_t low = 0, high = part->counts[TIMES];

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (read_number(part->data + middle * (size_t)part->bytes, part->bytes) <= instant)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970 to the first day of a year. */
static int64_t days_before(int64_t year)
{
	int64_t before = year - 1;

	return (year - 1970) * 365 + (before / 4 - before / 100 + before / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
}

static int64_t year_of(int64_t instant)
{
	int64_t year = 1970 + instant / (366 * (int64_t)DAY);

	while (days_before(year + 1) * DAY <= instant)
		year++;
	return year;
}

static bool read_count(const char **at, int max, int *value)
{
	const char *from = *at;

	for (*value = 0; **at >= '0' && **at <= '9'; ++*at) {
		*value = *value * 10 + (**at - '0');
		if (*value > max)
			return false;
	}
	return *at > from;
}

/* "[+-]HH[:MM[:SS]]" */
static bool read_hours(const char **at, int64_t *seconds)
{
	static const int units[] = {3600, 60, 1};
	const bool minus = **at == '-';
	int value;

	*at += **at == '-' || **at == '+';
	*seconds = 0;
	for (int i = 0; i < 3; i++) {
		if (!read_count(at, i ? 59 : 167, &value))
			return false;
		*seconds += (int64_t)value * units[i];
		if (i == 2 || **at != ':')
			break;
		++*at;
	}
	*seconds = minus ? -*seconds : *seconds;
	return true;
}

static bool skip_name(const char **at)
{
	const char *from = *at;

	if (**at == '<') {
		*at += strcspn(*at, ">");
		return *(*at)++ == '>' && *at - from > 2;
	}
	while ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z'))
		++*at;
	return *at - from >= 3;
}

/* The day of "M3.5.0": the fifth (the last) Sunday of March. */
static bool read_weekday(const char **at, int64_t year, int64_t *day)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int month, week, weekday;

	if (!read_count(at, 12, &month) || !month || *(*at)++ != '.' || !read_count(at, 5, &week) || !week || *(*at)++ != '.' ||
	    !read_count(at, 6, &weekday))
		return false;
	int64_t first = days_before(year);
	for (int i = 0; i < month - 1; i++)
		first += lengths[i] + (i == 1 && is_leap(year));
	int length = lengths[month - 1] + (month == 2 && is_leap(year));
	int of_first = (int)(((first + 4) % 7 + 7) % 7), in_month = (weekday - of_first + 7) % 7 + (week - 1) * 7;
	*day = first + (in_month < length ? in_month : in_month - 7);
	return true;
}

/* A change of the rule: the second since 1970, as the clock showed it before the change. */
static bool read_change(const char **at, int64_t year, int64_t *when)
{
	int64_t day, seconds = 7200;
	int count;

	if (**at == 'M') {
		++*at;
		if (!read_weekday(at, year, &day))
			return false;
	} else if (**at == 'J') {
		++*at;
		if (!read_count(at, 365, &count) || !count)
			return false;
		day = days_before(year) + count - 1 + (is_leap(year) && count >= 60);
	} else {
		if (!read_count(at, 365, &count))
			return false;
		day = days_before(year) + count;
	}
	if (**at == '/') {
		++*at;
		if (!read_hours(at, &seconds))
			return false;
	}
	*when = day * DAY + seconds;
	return true;
}

bool sc_zone_rule_offset(const char *rule, int64_t instant, int64_t *seconds)
{
	int64_t standard, summer, begins, ends;

	if (instant < 0 || instant > INT64_MAX / 4 || !skip_name(&rule) || !read_hours(&rule, &standard))
		return false;
	*seconds = -standard;
	if (!*rule)
		return true;
	if (!skip_name(&rule))
		return false;
	summer = standard - 3600;
	if (*rule != ',' && *rule && !read_hours(&rule, &summer))
		return false;
	const int64_t year = year_of(instant - standard > 0 ? instant - standard : 0);
	if (*rule++ != ',' || !read_change(&rule, year, &begins) || *rule++ != ',' || !read_change(&rule, year, &ends) || *rule)
		return false;
	begins += standard;
	ends += summer;
	bool in = begins < ends ? instant >= begins && instant < ends : instant >= begins || instant < ends;
	*seconds = in ? -summer : -standard;
	return true;
}

/* The rule between two newlines at the end of the file, for instants after the last change. */
static bool offset_by_footer(const char *at, size_t len, int64_t instant, int64_t *seconds)
{
	char rule[RULE_MAX];
	const char *end = len > 1 && *at == '\n' ? memchr(at + 1, '\n', len - 1) : NULL;

	if (!end || end - at < 2 || end - at >= RULE_MAX || memchr(at, '\0', (size_t)(end - at)))
		return false;
	memcpy(rule, at + 1, (size_t)(end - at - 1));
	rule[end - at - 1] = '\0';
	return sc_zone_rule_offset(rule, instant, seconds);
}

bool sc_zone_offset(const char *data, size_t len, int64_t instant, int64_t *seconds)
{
	struct part part;

	*seconds = 0;
	if (!data)
		return true;
	if (!read_part(data, len, 4, &part))
		return false;
	const bool wide = data[4] >= '2';
	const char *end = data + part.size;
	if (wide && !read_part(end, len - part.size, 8, &part))
		return false;
	end = wide ? end + part.size : end;
	/* files with leap seconds ("right/") count other seconds */
	if (part.counts[LEAPS])
		return false;
	size_t changes = changes_until(&part, instant);
	if (wide && changes == part.counts[TIMES] && offset_by_footer(end, len - (size_t)(end - data), instant, seconds))
		return true;
	const char *types = part.data + (size_t)part.counts[TIMES] * (size_t)part.bytes;
	return type_offset(&part, changes ? (unsigned char)types[changes - 1] : 0, seconds);
}

bool sc_zone_wall(const char *data, size_t len, int64_t instant, struct sc_wall *out)
{
	int64_t offset;

	if (instant < 0 || instant > INT64_MAX / 4 || !sc_zone_offset(data, len, instant, &offset) || offset > 2 * DAY || offset < -2 * DAY)
		return false;
	int64_t local = instant + offset + 7 * (int64_t)DAY;
	out->weekday = (int)((local / DAY + 4) % 7);
	out->minute = (int)(local % DAY / 60);
	return true;
}

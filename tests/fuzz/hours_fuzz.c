/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/doc/pamtime_ask.c lib/base/zone.c
 * A file of pam_time, and the file of a zone. Promises:
 * - at an unknown time the answer is that of every time, or unclear; the same for an account that no rule names;
 * - a rule that denies everybody, added in front, denies everybody; an empty line changes nothing;
 * - a zone's offset is within two days and the same each time; the wall clock follows it.
 */
#include "doc/pamtime.h"
#include "fuzz.h"

static enum sc_pamtime ask(const char *text, size_t len, const char *user, const struct sc_wall *now)
{
	const struct sc_pamtime_login login = {"spice", user, now};
	unsigned line;
	enum sc_pamtime answer = sc_pamtime_ask(text, len, &login, &line);

	must((answer == SC_PAMTIME_DENIES) <= (line > 0), "a denial has its line");
	return answer;
}

static void check_file(const char *text, size_t len)
{
	static const char never[] = "*;*;*;!Al0000-2400\n";
	const enum sc_pamtime blind = ask(text, len, "anne", NULL);
	SC_BUF more = SC_BUF_INIT, blank = SC_BUF_INIT;

	sc_buf_addc(&blank, '\n');
	sc_buf_add(&blank, text, len);
	sc_buf_add(&more, never, sizeof(never) - 1);
	sc_buf_add(&more, text, len);
	for (int weekday = 0; weekday < 7; weekday++)
		for (int minute = 0; minute < 1440; minute += 239) {
			const struct sc_wall now = {weekday, minute};
			enum sc_pamtime seen = ask(text, len, "anne", &now), other = ask(text, len, NULL, &now);

			must(blind == seen || blind == SC_PAMTIME_UNCLEAR, "an unknown time");
			must(other == ask(text, len, "zzzzzzzzzz0", &now) || other == SC_PAMTIME_UNCLEAR ||
				 contains(text, len, "zzzzzzzzzz0"),
			     "an account that no rule names");
			must(ask(sc_buf_text(&more), more.len, "anne", &now) == SC_PAMTIME_DENIES, "a rule that denies everybody");
			must(ask(sc_buf_text(&blank), blank.len, "anne", &now) == seen, "an empty line changes nothing");
		}
}

static void check_zone(const char *data, size_t len)
{
	static const int64_t instants[] = {0, 951782400, 1774746000, 2147483648, 4102444800, 253402300799};
	struct sc_wall wall;
	int64_t seconds, again;

	for (size_t i = 0; i < sizeof(instants) / sizeof(*instants); i++) {
		bool read = sc_zone_offset(data, len, instants[i], &seconds);

		must(read == sc_zone_offset(data, len, instants[i], &again) && (!read || seconds == again), "the same offset");
		if (!sc_zone_wall(data, len, instants[i], &wall))
			continue;
		must(read && wall.weekday >= 0 && wall.weekday < 7 && wall.minute >= 0 && wall.minute < 1440, "a time of day");
		must((instants[i] + seconds + 7 * 86400) % 86400 / 60 == wall.minute, "the wall clock follows the offset");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	char rule[256];
	int64_t seconds;

	if (size > 65536)
		return 0;
	check_file(bytes, size);
	check_zone(size ? bytes : NULL, size);
	if (size < sizeof(rule)) {
		memcpy(rule, bytes, size);
		rule[size] = '\0';
		if (sc_zone_rule_offset(rule, 1774746000, &seconds))
			must(seconds <= 168 * 3600 && seconds >= -168 * 3600, "an offset of at most a week");
	}
	return 0;
}

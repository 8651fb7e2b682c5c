/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What pam_time answers, also where a file does not mean what it seems to; and rules of time zones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "doc/pamtime.h"

#define IN SC_PAMTIME_ADMITS
#define OUT SC_PAMTIME_DENIES
#define MAYBE SC_PAMTIME_UNCLEAR
#define NEVER "!Al0000-2400\n"

/* On a Monday, 10:00; the time is unknown where text begins with '?'. */
static const struct {
	const char *text, *user;
	enum sc_pamtime want;
} rows[] = {
    {"", "anne", IN},
    {"# nothing\n\n  \n", "anne", IN},
    {"spice;*;anne;Mo0900-1700\n", "anne", IN},
    {"spice;*;anne;Tu0900-1700\n", "anne", OUT},
    {"spice;*;anne;Tu0900-1700\n", "bob", IN},
    {"spice;*;anne;Mo1000-1100\n", "anne", IN},
    {"spice;*;anne;Mo0900-1000\n", "anne", OUT}, /* its end is not included */
    {"spice;*;anne;Su2200-1000\n", "anne", IN},  /* over midnight it is */
    {"spice;*;anne;Su2200-0959\n", "anne", OUT},
    {"spice;*;anne;Mo1000-1000\n", "anne", IN},
    {"spice;*;anne;MoMo0000-2400\n", "anne", OUT}, /* a day named twice */
    {"spice;*;anne;AlTh0000-2400\n", "anne", IN},
    {"spice;*;anne;WkMo0000-2400\n", "anne", OUT},
    {"spice;*;anne;Mo0900-170\n", "anne", IN}, /* malformed times are any time */
    {"spice;*;anne;Mo\n", "anne", IN},
    {"spice;*;anne;Xx0900-1700\n", "anne", OUT}, /* no day is no time */
    {"spice;*;anne;0900-1700\n", "anne", OUT},
    {"spice;*;anne;\n", "anne", OUT},
    {"spice;*;!anne&!bob;" NEVER, "anne", IN},
    {"spice;*;!anne&!bob;" NEVER, "bob", IN},
    {"spice;*;!anne&!bob;" NEVER, "carol", OUT},
    {"spice;*;anne|bob&carol;" NEVER, "anne", IN}, /* from left to right: nobody is two */
    {"spice;*;an*;" NEVER, "anne", OUT},
    {"spice;*;*ne;" NEVER, "anne", OUT},
    {"spice;*;a*b;" NEVER, "anne", IN},
    {"spice;*;ann;" NEVER, "anne", IN},
    {"spice;*;anne bob;" NEVER, "bob", IN}, /* garbled: for nobody */
    {"spice;tty*;anne;" NEVER, "anne", IN}, /* a daemon has no terminal */
    {"spice;!tty*;anne;" NEVER, "anne", OUT},
    {"sshd|spice;*;anne;" NEVER, "anne", OUT},
    {"sshd;*;anne;" NEVER, "anne", IN},
    {"* ; * ; anne ; ! Al0000-2400 # never\n", "anne", OUT},
    {"spice;*;\\\nanne;" NEVER, "anne", OUT},
    {"spice;*;%staff;" NEVER, "staff", OUT}, /* % is skipped */
    {"spice;*;%staff;" NEVER, "anne", IN},
    {"spice;*;@staff;" NEVER, "anne", MAYBE},
    {"spice;*;@staff;Al0000-2400\n", "anne", IN},
    {"spice;*;anne\n", "anne", IN},              /* fields are missing */
    {"spice;*;anne;Tu0000-2400;\n", "anne", IN}, /* one too many */
    {"spice;*;anne;Mo0900-1700", "anne", OUT},   /* no newline: no times */
    {"spice;*;anne;Mo0900-1700 # x", "anne", IN},
    {"spice;*;anne;", "anne", MAYBE},
    {";spice;*;anne;" NEVER, "anne", OUT}, /* an empty field is none */
    {"spice;*;bob;" NEVER "spice;*;anne;" NEVER, "anne", OUT},
    {"spice;*;*;" NEVER, NULL, OUT},
    {"spice;*;anne;" NEVER, NULL, IN},
    {"spice;*;!anne;" NEVER, NULL, OUT},
    {"spice;*;a*;" NEVER, NULL, MAYBE},
    {"?spice;*;anne;Mo0900-1700\n", "anne", MAYBE},
    {"?spice;*;anne;Mo0900-1700\n", "bob", IN},
    {"?spice;*;anne;Al0000-2400\n", "anne", IN},
    {"?spice;*;anne;" NEVER, "anne", OUT},
    {"?spice;*;anne;Mo0000-2400\n", "anne", MAYBE},
};

static void test_rows(void **state)
{
	const struct sc_wall monday = {1, 600};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const bool blind = *rows[i].text == '?';
		const char *text = rows[i].text + blind;
		const struct sc_pamtime_login login = {"spice", rows[i].user, blind ? NULL : &monday};
		unsigned line;
		enum sc_pamtime got = sc_pamtime_ask(text, strlen(text), &login, &line);

		if (got != rows[i].want)
			fail_msg("row %zu, %s: %d, expected %d", i, rows[i].text, (int)got, (int)rows[i].want);
	}
}

static void test_long(void **state)
{
	const struct sc_wall monday = {1, 600};
	const struct sc_pamtime_login login = {"spice", "anne", &monday};
	static char text[4096];
	unsigned line;

	(void)state;
	/* 999 bytes and the character that ends the field fit into the module's buffer */
	for (int names = 994; names <= 996; names++) {
		int len = snprintf(text, sizeof(text), "spice;*;%0*d|anne;" NEVER, names, 0);

		assert_int_equal(sc_pamtime_ask(text, (size_t)len, &login, &line), names <= 994 ? OUT : MAYBE);
	}
	/* an earlier rule denies whatever follows */
	int len = snprintf(text, sizeof(text), "# x\nspice;*;anne;" NEVER "spice;*;%02000d;" NEVER, 0);
	assert_int_equal(sc_pamtime_ask(text, (size_t)len, &login, &line), OUT);
	assert_int_equal(line, 2);
	assert_int_equal(sc_pamtime_ask("# x\n\0spice;*;anne;!Al0000-2400\n", 32, &login, &line), MAYBE);
}

static void test_zone_rules(void **state)
{
	static const struct {
		const char *rule;
		int64_t instant, want; /* -1: no rule */
	} zones[] = {
	    {"UTC0", 0, 0},
	    {"CET-1CEST,M3.5.0,M10.5.0/3", 1774745999, 3600}, /* 2026-03-29 00:59:59 UTC */
	    {"CET-1CEST,M3.5.0,M10.5.0/3", 1774746000, 7200},
	    {"CET-1CEST,M3.5.0,M10.5.0/3", 1792889999, 7200}, /* 2026-10-25 00:59:59 UTC */
	    {"CET-1CEST,M3.5.0,M10.5.0/3", 1792890000, 3600},
	    {"EST5EDT,M3.2.0,M11.1.0", 1772953199, -18000},
	    {"EST5EDT,M3.2.0,M11.1.0", 1772953200, -14400},
	    {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 1767225600, 39600}, /* summer over the new year */
	    {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 1782864000, 37800},
	    {"A3", 0, -1},
	    {"CET", 0, -1},
	    {"CET-1CEST", 0, -1},
	    {"CET-1CEST,M13.1.0,M1.1.0", 0, -1},
	    {"CET-1CEST,M3.5.0,M10.5.0/3x", 0, -1},
	    {"", 0, -1},
	};
	int64_t seconds;

	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		bool read = sc_zone_rule_offset(zones[i].rule, zones[i].instant, &seconds);

		if (read != (zones[i].want != -1) || (read && seconds != zones[i].want))
			fail_msg("row %zu, %s: %d %d", i, zones[i].rule, (int)read, (int)seconds);
	}
	assert_false(sc_zone_offset("TZif2", 5, 0, &seconds));
	assert_false(sc_zone_offset("text", 4, 0, &seconds));
	assert_true(sc_zone_offset(NULL, 0, 0, &seconds));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_long), cmocka_unit_test(test_zone_rules)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

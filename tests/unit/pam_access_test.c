/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What pam_access answers to a login through saslauthd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../access/world.h"

enum { IN = 1 << SC_PAM_SUCCESS, OUT = 1 << SC_PAM_PERM_DENIED, MAYBE = IN | OUT, ABORT = 1 << SC_PAM_ABORT };

#define FILE_ "/access.conf"
#define OURS "accessfile=" FILE_

/* bob is in the group consoles, anne is not. text NULL: the file is missing. */
static const struct {
	const char *text, *args, *user;
	unsigned want;
} rows[] = {
    {"", OURS, "anne", IN},
    {NULL, OURS, "anne", ABORT},
    {"# nobody\n\n", OURS, "anne", IN},
    {"-:ALL:ALL\n", OURS, "anne", OUT},
    {"+:anne:ALL\n-:ALL:ALL\n", OURS, "anne", IN},
    {"+:anne:ALL\n-:ALL:ALL\n", OURS, "bob", OUT},
    {"+ : anne : ALL \t\n- : ALL : ALL\n", OURS, "anne", IN},
    {"-:ALL EXCEPT anne:ALL\n", OURS, "anne", IN},
    {"-:ALL EXCEPT anne:ALL\n", OURS, "bob", OUT},
    {"-:ALL EXCEPT anne EXCEPT anne:ALL\n", OURS, "anne", MAYBE},
    {"-:bob EXCEPT anne EXCEPT anne:ALL\n", OURS, "anne", IN},
    {"+:(consoles):ALL\n-:ALL:ALL\n", OURS, "bob", IN},
    {"+:(consoles):ALL\n-:ALL:ALL\n", OURS, "anne", OUT},
    {"+:consoles:ALL\n-:ALL:ALL\n", OURS, "bob", IN},
    {"+:consoles:ALL\n-:ALL:ALL\n", OURS " nodefgroup", "bob", OUT},
    {"+:(missing):ALL\n-:ALL:ALL\n", OURS, "anne", OUT},
    {"+:Anne:ALL\n-:ALL:ALL\n", OURS, "anne", MAYBE},
    {"+:@staff:ALL\n-:ALL:ALL\n", OURS, "anne", MAYBE},
    {"+:1000:ALL\n-:ALL:ALL\n", OURS, "anne", MAYBE},
    {"+:anne:LOCAL\n-:ALL:ALL\n", OURS, "anne", IN},
    {"+:anne:192.168.2.0/24\n-:ALL:ALL\n", OURS, "anne", OUT},
    {"+:anne:tty1 .example.org\n-:ALL:ALL\n", OURS, "anne", OUT},
    {"+:anne:ALL EXCEPT LOCAL\n-:ALL:ALL\n", OURS, "anne", OUT},
    {"+:anne:spice\n-:ALL:ALL\n", OURS, "anne", MAYBE},
    {"-:ALL:ALL", OURS, "anne", IN}, /* a last line without a newline is ignored */
    {"-:ALL\n", OURS, "anne", IN},   /* so is one without all fields */
    {"x:ALL:ALL\n", OURS, "anne", IN},
    {" -:ALL:ALL\n", OURS, "anne", IN},
    {":+:ALL:ALL\n", OURS, "anne", OUT}, /* it looks at the first byte */
    {"-:ALL:ALL\r\n", OURS, "anne", OUT},
    {"-|ALL|ALL\n", OURS " fieldsep=|", "anne", OUT},
    {"-:x;anne:ALL\n", OURS " listsep=;", "anne", OUT},
    {"-:x anne:ALL\n", OURS " listsep=;", "anne", IN},
    {"-:ALL:ALL\n", "", "anne", SC_PAM_ANY}, /* the default file is not among the facts */
    {"+:anne:ALL\n-:ALL:ALL\n", OURS, NULL, OUT},
    {"-:anne:ALL\n", OURS, NULL, IN},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct world world;
		struct sc_pam_reason reason = {NULL, NULL, 0};
		struct sc_pam_list_fact list = {.path = FILE_, .exists = rows[i].text ? SC_TRUE : SC_FALSE, .text = rows[i].text};

		list.len = rows[i].text ? strlen(rows[i].text) : 0;
		world_make(&world, "", "");
		assert_true(sc_host_pam_list_add(world.host, &list));
		const struct sc_access_person person = {rows[i].user ? sc_host_account_of(world.host, rows[i].user) : NULL, rows[i].user,
							NULL, true};
		unsigned got = sc_access_pam_access(world.host, rows[i].args, &person, &reason);
		if (got != rows[i].want)
			fail_msg("row %zu, %s: %x, expected %x", i, rows[i].text ? rows[i].text : "no file", got, rows[i].want);
		world_free(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

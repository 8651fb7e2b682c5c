#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "doc/nft.h"

struct reported {
	char text[256];
};

static void tell(void *opaque, unsigned first, unsigned last)
{
	struct reported *reported = opaque;
	size_t used = strlen(reported->text);

	snprintf(reported->text + used, sizeof(reported->text) - used, "%s%u-%u", used ? " " : "", first, last);
}

#define CHAIN(family, hook, policy)                                                                                                        \
	"{\"chain\": {\"family\": \"" family "\", \"table\": \"f\", \"name\": \"i\", \"type\": \"filter\", \"hook\": \"" hook              \
	"\", \"prio\": 0, \"policy\": \"" policy "\"}}"
#define RULE_IN(chain, expr) ", {\"rule\": {\"family\": \"inet\", \"table\": \"f\", \"chain\": \"" chain "\", \"expr\": [" expr "]}}"
#define RULE(expr) RULE_IN("i", expr)
#define MATCH(op, left, right) "{\"match\": {\"op\": \"" op "\", \"left\": {" left "}, \"right\": " right "}}"
#define DPORT "\"payload\": {\"protocol\": \"tcp\", \"field\": \"dport\"}"
#define SADDR "\"payload\": {\"protocol\": \"ip\", \"field\": \"saddr\"}"
#define STATE "\"ct\": {\"key\": \"state\"}"
#define DEVICE "\"meta\": {\"key\": \"iifname\"}"
#define ON "{\"accept\": null}"
#define OFF "{\"drop\": null}"

static void assert_ports(int family, const char *items, const char *expected)
{
	struct reported reported = {""};
	char text[4096];

	int len =
	    snprintf(text, sizeof(text), "{\"nftables\": [{\"metainfo\": {}}, {\"table\": {\"family\": \"inet\", \"name\": \"f\"}}%s%s]}",
		     *items ? ", " : "", items);
	assert_true(len > 0 && (size_t)len < sizeof(text));
	assert_true(sc_nft_open_ports(text, (size_t)len, family, tell, &reported));
	assert_string_equal(reported.text, expected);
}

static void policies(void **state)
{
	(void)state;
	assert_ports(4, "", "1-65535");
	assert_ports(4, CHAIN("inet", "input", "accept"), "1-65535");
	assert_ports(4, CHAIN("inet", "input", "drop"), "");
	assert_ports(4, CHAIN("inet", "forward", "drop"), "1-65535");
	assert_ports(4, CHAIN("inet", "prerouting", "drop"), "");
	assert_ports(4, CHAIN("ip6", "input", "drop"), "1-65535");
	assert_ports(6, CHAIN("ip6", "input", "drop"), "");
}

#define SHUT CHAIN("inet", "input", "drop")
#define OPEN CHAIN("inet", "input", "accept")

static void ports(void **state)
{
	(void)state;
	assert_ports(4, SHUT RULE(MATCH("==", DPORT, "{\"set\": [22, {\"range\": [5900, 5999]}]}") ", " ON), "22-22 5900-5999");
	assert_ports(4, SHUT RULE(MATCH("!=", DPORT, "5900") ", " ON), "1-5899 5901-65535");
	assert_ports(4, OPEN RULE(MATCH("==", DPORT, "5900") ", {\"counter\": {}}, {\"reject\": null}"), "1-5899 5901-65535");
	assert_ports(4, OPEN RULE(MATCH("==", DPORT, "{\"range\": [1, 65535]}") ", " OFF), "");
	/* a set that is filled elsewhere, and a comparison that is not evaluated */
	assert_ports(4, SHUT RULE(MATCH("==", DPORT, "\"@s\"") ", " ON), "");
	assert_ports(4, OPEN RULE(MATCH("==", DPORT, "\"@s\"") ", " OFF), "");
	assert_ports(4, OPEN RULE(MATCH(">", DPORT, "5900") ", " OFF), "");
}

static void sources_and_states(void **state)
{
	(void)state;
	/* only certain clients */
	assert_ports(4, SHUT RULE(MATCH("==", SADDR, "\"10.0.0.1\"") ", " MATCH("==", DPORT, "5900") ", " ON), "");
	assert_ports(4, OPEN RULE(MATCH("!=", SADDR, "\"10.0.0.1\"") ", " MATCH("==", DPORT, "5900") ", " OFF), "1-5899 5901-65535");
	/* rules of the other family are ignored */
	assert_ports(6, OPEN RULE(MATCH("!=", SADDR, "\"10.0.0.1\"") ", " OFF), "1-65535");
	assert_ports(4, SHUT RULE(MATCH("in", STATE, "[\"established\", \"related\"]") ", " ON) RULE(MATCH("==", DEVICE, "\"lo\"") ", " ON),
		     "");
	assert_ports(4,
		     OPEN RULE(MATCH("in", STATE, "\"invalid\"") ", " OFF)
			 RULE(MATCH("!=", DEVICE, "\"lo\"") ", " MATCH("==", DPORT, "7") ", " OFF),
		     "1-6 8-65535");
	assert_ports(4, SHUT RULE(MATCH("in", STATE, "\"new\"") ", " MATCH("==", DPORT, "7") ", " ON), "7-7");
	assert_ports(4, SHUT RULE(MATCH("==", DEVICE, "\"eth0\"") ", " MATCH("==", DPORT, "7") ", " ON), "");
	assert_ports(4, OPEN RULE("{\"limit\": {\"rate\": 1, \"per\": \"second\"}}, " OFF), "");
	assert_ports(4, OPEN RULE("{\"xt\": {\"type\": \"target\", \"name\": \"REJECT\"}}"), "");
	assert_ports(4, OPEN RULE("{\"queue\": null}"), "");
}

static void chains_and_maps(void **state)
{
	(void)state;
	assert_ports(4,
		     OPEN RULE("{\"jump\": {\"target\": \"t\"}}") RULE(MATCH("==", DPORT, "8") ", " OFF)
			 RULE_IN("t", MATCH("==", DPORT, "7") ", " OFF) RULE_IN("t", MATCH("==", DPORT, "8") ", " ON),
		     "1-6 8-65535");
	assert_ports(4,
		     SHUT RULE("{\"goto\": {\"target\": \"t\"}}") RULE(MATCH("==", DPORT, "8") ", " ON)
			 RULE_IN("t", MATCH("==", DPORT, "7") ", " ON),
		     "7-7");
	assert_ports(4, OPEN RULE(MATCH("==", DPORT, "7") ", {\"return\": null}") RULE(OFF), "7-7");
	assert_ports(4, OPEN RULE("{\"jump\": {\"target\": \"i\"}}"), "");
	assert_ports(4, OPEN RULE("{\"vmap\": {\"key\": {" DPORT "}, \"data\": {\"set\": [[80, " ON "], [81, " OFF "]]}}}"),
		     "1-80 82-65535");
	assert_ports(4,
		     SHUT RULE("{\"vmap\": {\"key\": {" STATE "}, \"data\": {\"set\": [[\"invalid\", " OFF "], [\"established\", " ON
			       "]]}}}") RULE(MATCH("==", DPORT, "7") ", " ON),
		     "7-7");
	assert_ports(4, OPEN RULE("{\"vmap\": {\"key\": {" DPORT "}, \"data\": \"@m\"}}"), "");
	/* every base chain must accept it */
	assert_ports(4, OPEN ", " SHUT, "");
}

static void other_texts(void **state)
{
	struct reported reported = {""};

	(void)state;
	assert_false(sc_nft_open_ports("", 0, 4, tell, &reported));
	assert_false(sc_nft_open_ports("{}", 2, 4, tell, &reported));
	assert_false(sc_nft_open_ports("[1", 2, 4, tell, &reported));
	assert_string_equal(reported.text, "");
	assert_ports(4, "{\"rule\": 7}, {\"chain\": null}, 7", "1-65535");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(policies),        cmocka_unit_test(ports),       cmocka_unit_test(sources_and_states),
	    cmocka_unit_test(chains_and_maps), cmocka_unit_test(other_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

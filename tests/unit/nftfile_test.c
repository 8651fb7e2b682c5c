/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What files of nftables rules do to connections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "doc/nftfile.h"

#define OPEN SC_NFT_OPEN
#define CLOSED SC_NFT_CLOSED
#define UNCLEAR SC_NFT_UNCLEAR
#define NET(from)                                                                                                                          \
	{                                                                                                                                  \
		4, false, 5900, from, NULL, -2, -2                                                                                         \
	}
#define LOCAL(uid)                                                                                                                         \
	{                                                                                                                                  \
		4, true, 5900, NULL, NULL, uid, 64055                                                                                      \
	}
#define IN "chain in { type filter hook input priority 0; policy accept;\n"
#define OUT "chain out { type filter hook output priority 0; policy accept;\n"

static const struct {
	const char *rules; /* of a table inet; one that begins with '=' is the whole file */
	struct sc_nft_connection connection;
	enum sc_nft_answer want;
} rows[] = {
    {"", NET(NULL), OPEN},
    {"=", NET(NULL), OPEN},
    {"=include \"/etc/other.nft\"\n", NET(NULL), UNCLEAR},
    {"=define x = 1\n", NET(NULL), UNCLEAR},
    {"=table netdev x { chain in { type filter hook ingress device eth0 priority 0; } }\n", NET(NULL), UNCLEAR},
    {"=table ip x { " IN "drop\n } }\nflush ruleset\n", NET(NULL), OPEN},
    {"=table ip x { " IN "drop\n } }\n", NET(NULL), CLOSED},
    {"=table ip6 x { " IN "drop\n } }\n", NET(NULL), OPEN},
    {IN "tcp dport 5900 drop\n }", NET(NULL), CLOSED},
    {IN "tcp dport 5900 reject with tcp reset\n }", NET(NULL), CLOSED},
    {IN "tcp dport { 22, 5900-5910 } drop\n }", NET(NULL), CLOSED},
    {IN "tcp dport { 22,\n 5901 } drop\n }", NET(NULL), OPEN},
    {IN "tcp dport 5890 - 5910 drop\n }", NET(NULL), UNCLEAR},
    {IN "tcp dport >= 5900 drop\n }", NET(NULL), UNCLEAR},
    {IN "tcp dport ssh drop\n }", NET(NULL), UNCLEAR},
    {IN "udp dport 5900 drop\n }", NET(NULL), OPEN},
    {IN "tcp dport != 22 drop\n }", NET(NULL), CLOSED},
    {IN "tcp dport 5900 accept\ndrop\n }", NET(NULL), OPEN},
    {IN "tcp dport 5900 drop comment \"accept\"\n }", NET(NULL), CLOSED},
    {IN "tcp dport 5900 counter packets 1 bytes 2 log prefix \"accept \" drop\n }", NET(NULL), CLOSED},
    {IN "tcp dport 5900 limit rate 5/second accept\n tcp dport 5900 drop\n }", NET(NULL), UNCLEAR},
    {IN "tcp dport vmap { 5900 : drop }\n }", NET(NULL), UNCLEAR},
    {IN "iifname vmap { \"lo\" : accept }\n }", LOCAL(1001), UNCLEAR},
    {IN "# tcp dport 5900 drop\n }", NET(NULL), OPEN},
    {"chain in { type filter hook input priority 0; policy drop;\ntcp dport 5900 accept\n }", NET(NULL), OPEN},
    {"chain in { type filter hook input priority 0; policy drop;\ntcp dport 22 accept\n }", NET(NULL), CLOSED},
    {"chain in { type filter hook input priority 0; policy drop;\nct state established,related accept\ntcp dport 5900 accept\n }",
     NET(NULL), OPEN},
    /* by the source */
    {IN "ip saddr 192.168.2.0/25 drop\n }", NET("192.168.2.50"), CLOSED},
    {IN "ip saddr 192.168.2.0/25 drop\n }", NET("192.168.2.150"), OPEN},
    {IN "ip saddr 192.168.2.0/25 drop\n }", NET(NULL), UNCLEAR},
    {IN "ip saddr != 192.168.2.0/25 drop\n }", NET("192.168.2.50"), OPEN},
    {IN "ip saddr 0.0.0.0/0 drop\n }", NET(NULL), CLOSED},
    {IN "ip saddr 10.0.0.1-10.0.0.9 drop\n }", NET("10.0.0.9"), CLOSED},
    {IN "ip6 saddr ::/0 drop\n }", NET(NULL), OPEN},
    {IN "ip saddr example.org drop\n }", NET("10.0.0.1"), UNCLEAR},
    {IN "ip daddr 127.0.0.0/8 drop\n }", NET(NULL), OPEN},
    {IN "ip daddr 192.168.2.2 drop\n }", NET(NULL), UNCLEAR},
    {"set clients { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.168.2.50 } }\n" IN "ip saddr @clients drop\n }",
     NET("192.168.2.50"), CLOSED},
    {"set clients { type ipv4_addr; elements = { 10.0.0.1 } }\n" IN "ip saddr @clients drop\n }", NET("192.168.2.50"), OPEN},
    {"set clients { type ipv4_addr; flags dynamic; }\n" IN "ip saddr @clients drop\n }", NET("192.168.2.50"), UNCLEAR},
    {IN "ip saddr @missing drop\n }", NET("192.168.2.50"), UNCLEAR},
    /* interfaces, and the account of a local client */
    {IN "iifname != \"lo\" tcp dport 5900 drop\n }", NET(NULL), CLOSED},
    {IN "iifname != \"lo\" tcp dport 5900 drop\n }", LOCAL(1001), OPEN},
    {IN "iif lo accept\n drop\n }", LOCAL(1001), OPEN},
    {IN "iifname eth0 drop\n }", NET(NULL), UNCLEAR},
    {IN "iifname eth0 drop\n }", LOCAL(1001), OPEN},
    {OUT "oifname \"lo\" tcp dport 5900 meta skuid { 0, 1001 } accept\noifname lo tcp dport 5900 reject\n }", LOCAL(1001), OPEN},
    {OUT "oifname \"lo\" tcp dport 5900 meta skuid { 0, 1001 } accept\noifname lo tcp dport 5900 reject\n }", LOCAL(1002), CLOSED},
    {OUT "oifname \"lo\" tcp dport 5900 meta skuid { 0, 1001 } accept\noifname lo tcp dport 5900 reject\n }", LOCAL(-1), CLOSED},
    {OUT "oifname \"lo\" tcp dport 5900 meta skuid { 0, 1001 } accept\noifname lo tcp dport 5900 reject\n }", LOCAL(-2), UNCLEAR},
    {OUT "meta skuid anne drop\n }", LOCAL(1001), UNCLEAR},
    {OUT "meta skuid 64055 drop\n }", NET(NULL), UNCLEAR},  /* QEMU's account is unknown */
    {OUT "meta skuid 64055 drop\n }", LOCAL(1001), CLOSED}, /* its answers */
    {IN "meta skuid 1001 drop\n }", LOCAL(1001), UNCLEAR},
    {OUT "oifname lo ip daddr 127.0.0.1 drop\n }", LOCAL(1001), OPEN},   /* by 127.0.0.2 */
    {OUT "oifname lo ip daddr 127.0.0.0/8 drop\n }", LOCAL(1001), OPEN}, /* by the host's own address */
    {OUT "oifname lo ip daddr 0.0.0.0/0 drop\n }", LOCAL(1001), UNCLEAR},
    {OUT "oifname lo ip daddr 127.0.0.1 drop\n }", {4, true, 5900, NULL, "127.0.0.1", 1001, 64055}, CLOSED},
    {IN "ip saddr 127.0.0.1 drop\n }", LOCAL(1001), OPEN}, /* by another address */
    {OUT "tcp sport 5900 drop\n }", NET(NULL), CLOSED},
    {"chain out { type filter hook output priority 0; policy drop; }", NET(NULL), CLOSED},
    {"chain f { type filter hook forward priority 0; policy drop; }", NET(NULL), OPEN},
    {OUT "tcp dport 40000-50000 drop\n }", NET(NULL), UNCLEAR}, /* the client's port */
    /* chains */
    {"chain closed { drop; }\n" IN "tcp dport 5900 jump closed\n }", NET(NULL), CLOSED},
    {"chain most { tcp dport 22 drop; }\n" IN "jump most\n }", NET(NULL), OPEN},
    {"chain most { return; }\n" IN "jump most\n }", NET(NULL), UNCLEAR},
    {"chain loop { jump loop; }\n" IN "jump loop\n }", NET(NULL), UNCLEAR},
    {IN "jump missing\n }", NET(NULL), UNCLEAR},
    {IN "tcp dport 5900 accept\n }\nchain late { type filter hook input priority 10; tcp dport 5900 drop\n }", NET(NULL), CLOSED},
    {"chain nat { type nat hook prerouting priority -100; tcp dport 5900 redirect to :22\n }", NET(NULL), UNCLEAR},
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sc_arena *memory = sc_arena_new();
		const bool whole = *rows[i].rules == '=';
		const char *text =
		    sc_arena_printf(memory, whole ? "%s" : "#!/usr/sbin/nft -f\ntable inet x {\n%s\n}\n", rows[i].rules + whole);
		const struct sc_nft_file *file = sc_nft_file_read(text, strlen(text), memory);
		enum sc_nft_answer got = file ? sc_nft_file_ask(file, &rows[i].connection) : UNCLEAR;

		if (got != rows[i].want)
			print_error("row %zu, %s: %d, expected %d\n", i, rows[i].rules, (int)got, (int)rows[i].want);
		if (got != rows[i].want)
			*(bool *)*state = true;
		sc_arena_free(memory);
	}
	assert_false(*(bool *)*state);
}

int main(void)
{
	bool failed = false;
	const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(test_rows, &failed)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

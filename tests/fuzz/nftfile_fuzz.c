/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/doc/nftfile.c lib/doc/nftfile_ask.c
 * A file of nftables rules. Promises: a table that drops everything, added, closes each connection; one that accepts everything changes
 * nothing; less knowledge (of the port, the address, the account) changes an answer to unclear or not at all; a flush at the end opens all.
 */
#include "doc/nftfile.h"
#include "fuzz.h"

static const struct sc_nft_connection connections[] = {{4, false, 5900, "192.168.2.50", NULL, -2, -2},
						       {4, true, 5900, NULL, "127.0.0.1", 1001, 64055},
						       {4, true, 5900, NULL, NULL, 1001, 64055},
						       {6, false, 5900, "2001:db8::1", NULL, -2, 64055},
						       {6, true, 5900, NULL, "::1", 0, 64055}};
enum { N_CONNECTIONS = sizeof(connections) / sizeof(*connections) };

static void with(const char *text, size_t len, struct sc_arena *memory, const char *more, const struct sc_nft_file *without,
		 enum sc_nft_answer want, bool same)
{
	SC_BUF all = SC_BUF_INIT;

	sc_buf_add(&all, text, len);
	sc_buf_addf(&all, "\n%s\n", more);
	const struct sc_nft_file *file = sc_nft_file_read(sc_buf_text(&all), all.len, memory);
	for (size_t i = 0; file && i < N_CONNECTIONS; i++)
		must(sc_nft_file_ask(file, &connections[i]) == (same ? sc_nft_file_ask(without, &connections[i]) : want),
		     "an additional table has its meaning");
}

static void knows_less(const struct sc_nft_file *file, struct sc_nft_connection less, const struct sc_nft_connection *known)
{
	enum sc_nft_answer answer = sc_nft_file_ask(file, &less);

	must(answer == SC_NFT_UNCLEAR || answer == sc_nft_file_ask(file, known), "less knowledge is unclear or changes nothing");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct sc_arena *memory = size < 16384 ? sc_arena_new() : NULL;
	const struct sc_nft_file *file = memory ? sc_nft_file_read(text, size, memory) : NULL;

	for (size_t i = 0; file && i < N_CONNECTIONS; i++) {
		struct sc_nft_connection less = connections[i];

		less.port = 0;
		knows_less(file, less, &connections[i]);
		less = connections[i];
		less.uid = less.server = -2;
		knows_less(file, less, &connections[i]);
	}
	if (file) {
		with(text, size, memory, "table inet fuzzer { chain x { type filter hook input priority 0; policy drop; }; }", file,
		     SC_NFT_CLOSED, false);
		with(text, size, memory, "table inet fuzzer { chain x { type filter hook input priority 0; policy accept; }; }", file,
		     SC_NFT_OPEN, true);
		with(text, size, memory, "flush ruleset", file, SC_NFT_OPEN, false);
	}
	sc_arena_free(memory);
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the reader of nftables files and its evaluation. */
#ifndef SC_DOC_NFTFILE_IMPL_H
#define SC_DOC_NFTFILE_IMPL_H

#include <string.h>

#include "doc/nftfile.h"

/* A word, or one of { } , != == < > <= >=; the end of a statement is the text ";". */
struct sc_nft_rule {
	const char **words; /* NULL after the last */
	size_t n;
};

enum sc_nft_hook { SC_NFT_NO_HOOK, SC_NFT_PREROUTING, SC_NFT_INPUT, SC_NFT_OUTPUT, SC_NFT_POSTROUTING, SC_NFT_OTHER_HOOK };

struct sc_nft_chain {
	const char *table, *name;
	int family; /* 4, 6; 0: both */
	enum sc_nft_hook hook;
	bool drops; /* its policy */
	struct sc_nft_rule *rules;
	size_t n_rules;
};

struct sc_nft_set {
	const char *table, *name;
	const char **words; /* its elements, with commas; NULL: they are not constant */
	size_t n;
};

struct sc_nft_file {
	struct sc_nft_chain *chains;
	struct sc_nft_set *sets;
	size_t n_chains, n_sets;
};

enum { SC_NFT_BYTES = 16, SC_NFT_CLIENT_PORT = 65536 /* the client's own, one that no rule names alone */ };

/* Whether a rule matches a packet. */
enum sc_nft_match { SC_NFT_NO, SC_NFT_MAYBE, SC_NFT_YES };

/* An address of the family. */
struct sc_nft_address {
	bool known;
	bool outside; /* unknown, but not a loopback one */
	unsigned char bytes[SC_NFT_BYTES];
};

struct sc_nft_packet {
	const struct sc_nft_file *file;
	enum sc_nft_hook hook;
	int family;
	bool loopback, established;
	struct sc_nft_address source, destination;
	unsigned from_port, to_port; /* 0: unknown; SC_NFT_CLIENT_PORT */
	size_t *work;                /* words that were looked at */
	long long uid;               /* -1: one that no rule names, -2: unknown */
};

/* What a rule can compare, by its first words. need: it matches no packets of another family; 0: of any. */
struct sc_nft_matcher {
	const char *words[2];
	enum sc_nft_match (*is)(const struct sc_nft_packet *packet, const char *word);
	int need;
};
/* The one that the words of a rule name, from at on; NULL: none. */
const struct sc_nft_matcher *sc_nft_find_match(const struct sc_nft_rule *rule, size_t at);
/* Compares with the value from *at on, and moves *at behind it, unless the answer is SC_NFT_MAYBE. */
enum sc_nft_match sc_nft_compare(const struct sc_nft_packet *packet, const struct sc_nft_matcher *match, const struct sc_nft_chain *chain,
				 const struct sc_nft_rule *rule, size_t *at);

/* Reads both ends of "a.b.c.d", "a.b.c.d/bits" and "a-b"; false: it is none of them in that family. */
bool sc_nft_read_range(const char *word, int family, unsigned char low[SC_NFT_BYTES], unsigned char high[SC_NFT_BYTES]);
bool sc_nft_is_loopback(int family, const unsigned char *bytes);

static inline enum sc_nft_match sc_nft_least(enum sc_nft_match a, enum sc_nft_match b)
{
	return a < b ? a : b;
}

static inline enum sc_nft_match sc_nft_most(enum sc_nft_match a, enum sc_nft_match b)
{
	return a > b ? a : b;
}

static inline bool sc_nft_is(const struct sc_nft_rule *rule, size_t at, const char *word)
{
	return at < rule->n && strcmp(rule->words[at], word) == 0;
}

#endif

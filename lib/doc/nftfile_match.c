/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the rules of an nftables file compare: ports, addresses, interfaces, accounts, states. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "doc/nftfile_impl.h"

enum { PORT_MAX = 65535 };

static bool read_number(const char *word, long long *value)
{
	char *end;

	*value = strtoll(word, &end, 10);
	return *word >= '0' && *word <= '9' && !*end;
}

/* "5900", "5900-5910"; names of services and accounts can't be evaluated. */
static enum sc_nft_match in_numbers(const char *word, long long low, long long high)
{
	char first[32];
	const char *dash = strchr(word, '-');
	long long from, to;

	if (dash && (size_t)(dash - word) < sizeof(first)) {
		memcpy(first, word, (size_t)(dash - word));
		first[dash - word] = '\0';
		if (!read_number(first, &from) || !read_number(dash + 1, &to))
			return SC_NFT_MAYBE;
	} else if (!read_number(word, &from)) {
		return SC_NFT_MAYBE;
	} else {
		to = from;
	}
	return high < from || low > to ? SC_NFT_NO : low >= from && high <= to ? SC_NFT_YES : SC_NFT_MAYBE;
}

/* The client's port: Linux takes one of a range, and one that is not named alone in a rule. */
enum { CLIENT_FIRST = 32768, CLIENT_LAST = 60999 };

static enum sc_nft_match is_port(const char *word, unsigned port)
{
	if (port == SC_NFT_CLIENT_PORT)
		return strchr(word, '-')              ? in_numbers(word, CLIENT_FIRST, CLIENT_LAST)
		       : *word >= '0' && *word <= '9' ? SC_NFT_NO
						      : SC_NFT_MAYBE;
	return in_numbers(word, port ? port : 1, port ? port : PORT_MAX);
}

static enum sc_nft_match is_from_port(const struct sc_nft_packet *packet, const char *word)
{
	return is_port(word, packet->from_port);
}

static enum sc_nft_match is_to_port(const struct sc_nft_packet *packet, const char *word)
{
	return is_port(word, packet->to_port);
}

/* The account of the socket is known for packets that go out; one that no rule names is in no range that is certain. */
static enum sc_nft_match is_uid(const struct sc_nft_packet *packet, const char *word)
{
	if (packet->hook != SC_NFT_OUTPUT || packet->uid == -2)
		return SC_NFT_MAYBE;
	if (strcmp(word, "root") == 0)
		return packet->uid == 0 ? SC_NFT_YES : SC_NFT_NO;
	if (packet->uid == -1)
		return strchr(word, '-') || !(*word >= '0' && *word <= '9') ? SC_NFT_MAYBE : SC_NFT_NO;
	return in_numbers(word, packet->uid, packet->uid);
}

static enum sc_nft_match is_interface(const struct sc_nft_packet *packet, const char *word, bool in)
{
	const bool set = in ? packet->hook == SC_NFT_PREROUTING || packet->hook == SC_NFT_INPUT
			    : packet->hook == SC_NFT_OUTPUT || packet->hook == SC_NFT_POSTROUTING;

	if (!set || strchr(word, '*') || (*word >= '0' && *word <= '9'))
		return SC_NFT_MAYBE;
	if (strcmp(word, "lo") == 0)
		return packet->loopback ? SC_NFT_YES : SC_NFT_NO;
	return packet->loopback ? SC_NFT_NO : SC_NFT_MAYBE;
}

static enum sc_nft_match is_in(const struct sc_nft_packet *packet, const char *word)
{
	return is_interface(packet, word, true);
}

static enum sc_nft_match is_out(const struct sc_nft_packet *packet, const char *word)
{
	return is_interface(packet, word, false);
}

/* Both ends of "a.b.c.d", "a.b.c.d/bits" and "a-b". */
bool sc_nft_read_range(const char *word, int family, unsigned char low[SC_NFT_BYTES], unsigned char high[SC_NFT_BYTES])
{
	const int kind = family == 4 ? AF_INET : AF_INET6, bytes = family == 4 ? 4 : SC_NFT_BYTES;
	char text[64];
	size_t len = strcspn(word, "/-");
	long long bits;

	if (len >= sizeof(text))
		return false;
	memset(low, 0, SC_NFT_BYTES);
	memset(high, 0, SC_NFT_BYTES);
	memcpy(text, word, len);
	text[len] = '\0';
	if (inet_pton(kind, text, low) != 1)
		return false;
	if (word[len] == '-')
		return inet_pton(kind, word + len + 1, high) == 1;
	memcpy(high, low, SC_NFT_BYTES);
	if (!word[len])
		return true;
	if (!read_number(word + len + 1, &bits) || bits > bytes * 8)
		return false;
	for (int i = (int)bits; i < bytes * 8; i++) {
		low[i / 8] &= (unsigned char)~(0x80 >> i % 8);
		high[i / 8] |= (unsigned char)(0x80 >> i % 8);
	}
	return true;
}

bool sc_nft_is_loopback(int family, const unsigned char *bytes)
{
	static const unsigned char one[SC_NFT_BYTES] = {[15] = 1};

	return family == 4 ? bytes[0] == 127 : memcmp(bytes, one, SC_NFT_BYTES) == 0;
}

static enum sc_nft_match in_range(const struct sc_nft_packet *packet, const char *word, const struct sc_nft_address *address)
{
	unsigned char low[SC_NFT_BYTES], high[SC_NFT_BYTES];

	if (!sc_nft_read_range(word, packet->family, low, high))
		return SC_NFT_MAYBE;
	if (!address->known)
		return address->outside && sc_nft_is_loopback(packet->family, low) && sc_nft_is_loopback(packet->family, high)
			   ? SC_NFT_NO
			   : SC_NFT_MAYBE;
	return memcmp(address->bytes, low, SC_NFT_BYTES) >= 0 && memcmp(address->bytes, high, SC_NFT_BYTES) <= 0 ? SC_NFT_YES : SC_NFT_NO;
}

static enum sc_nft_match is_source(const struct sc_nft_packet *packet, const char *word)
{
	return in_range(packet, word, &packet->source);
}

static enum sc_nft_match is_destination(const struct sc_nft_packet *packet, const char *word)
{
	return in_range(packet, word, &packet->destination);
}

static enum sc_nft_match is_protocol(const struct sc_nft_packet *packet, const char *word)
{
	long long number;

	(void)packet;
	if (read_number(word, &number))
		return number == 6 ? SC_NFT_YES : SC_NFT_NO;
	return strchr(word, '-') ? SC_NFT_MAYBE : strcmp(word, "tcp") == 0 ? SC_NFT_YES : SC_NFT_NO;
}

static enum sc_nft_match is_family(const struct sc_nft_packet *packet, const char *word)
{
	return strcmp(word, "ipv4") == 0   ? packet->family == 4 ? SC_NFT_YES : SC_NFT_NO
	       : strcmp(word, "ipv6") == 0 ? packet->family == 6 ? SC_NFT_YES : SC_NFT_NO
					   : SC_NFT_MAYBE;
}

static enum sc_nft_match is_state(const struct sc_nft_packet *packet, const char *word)
{
	if (strcmp(word, "new") == 0)
		return packet->established ? SC_NFT_NO : SC_NFT_YES;
	if (strcmp(word, "established") == 0)
		return packet->established ? SC_NFT_YES : SC_NFT_NO;
	return strcmp(word, "related") == 0 || strcmp(word, "invalid") == 0 || strcmp(word, "untracked") == 0 ? SC_NFT_NO : SC_NFT_MAYBE;
}

/* What a rule can compare. */
static const struct sc_nft_matcher matches[] = {{{"iif", NULL}, is_in, 0},
						{{"iifname", NULL}, is_in, 0},
						{{"oif", NULL}, is_out, 0},
						{{"oifname", NULL}, is_out, 0},
						{{"meta", "iif"}, is_in, 0},
						{{"meta", "iifname"}, is_in, 0},
						{{"meta", "oif"}, is_out, 0},
						{{"meta", "oifname"}, is_out, 0},
						{{"tcp", "dport"}, is_to_port, 0},
						{{"tcp", "sport"}, is_from_port, 0},
						{{"th", "dport"}, is_to_port, 0},
						{{"th", "sport"}, is_from_port, 0},
						{{"ip", "saddr"}, is_source, 4},
						{{"ip", "daddr"}, is_destination, 4},
						{{"ip6", "saddr"}, is_source, 6},
						{{"ip6", "daddr"}, is_destination, 6},
						{{"ip", "protocol"}, is_protocol, 4},
						{{"ip6", "nexthdr"}, is_protocol, 6},
						{{"meta", "l4proto"}, is_protocol, 0},
						{{"meta", "nfproto"}, is_family, 0},
						{{"meta", "skuid"}, is_uid, 0},
						{{"skuid", NULL}, is_uid, 0},
						{{"ct", "state"}, is_state, 0}};

static enum sc_nft_match in_words(const struct sc_nft_packet *packet, const struct sc_nft_matcher *match, const char *const *words,
				  size_t n)
{
	enum sc_nft_match any = SC_NFT_NO;

	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], ",") != 0)
			any = sc_nft_most(any, match->is(packet, words[i]));
	return any;
}

static enum sc_nft_match in_set(const struct sc_nft_packet *packet, const struct sc_nft_matcher *match, const struct sc_nft_chain *chain,
				const char *name)
{
	for (size_t i = 0; i < packet->file->n_sets; i++) {
		const struct sc_nft_set *set = &packet->file->sets[i];

		if (strcmp(set->name, name) == 0 && strcmp(set->table, chain->table) == 0)
			return set->words ? in_words(packet, match, set->words, set->n) : SC_NFT_MAYBE;
	}
	return SC_NFT_MAYBE;
}

/* The value of a match, from *at on, which is moved behind it. */
enum sc_nft_match sc_nft_compare(const struct sc_nft_packet *packet, const struct sc_nft_matcher *match, const struct sc_nft_chain *chain,
				 const struct sc_nft_rule *rule, size_t *at)
{
	const bool not = sc_nft_is(rule, *at, "!=");
	size_t end;
	enum sc_nft_match answer;

	*at += not || sc_nft_is(rule, *at, "==");
	if (*at >= rule->n || strchr("<>=&|^", *rule->words[*at]) || sc_nft_is(rule, *at, "vmap") || sc_nft_is(rule, *at, "map"))
		return SC_NFT_MAYBE;
	if (sc_nft_is(rule, *at, "{")) {
		for (end = ++*at; end < rule->n && !sc_nft_is(rule, end, "}"); end++)
			if (sc_nft_is(rule, end, "{") || sc_nft_is(rule, end, ":"))
				return SC_NFT_MAYBE;
		answer = in_words(packet, match, rule->words + *at, end - *at);
		*at = end + 1;
	} else if (*rule->words[*at] == '@') {
		answer = in_set(packet, match, chain, rule->words[(*at)++] + 1);
	} else {
		/* "established,related" */
		for (end = *at + 1; end + 1 < rule->n && sc_nft_is(rule, end, ","); end += 2)
			continue;
		answer = in_words(packet, match, rule->words + *at, end - *at);
		*at = end;
	}
	/* "5900 - 5910", "tcp dport . ip saddr": it was only a part of the value */
	if (*at < rule->n && strchr("-.&|^<>", *rule->words[*at]))
		return SC_NFT_MAYBE;
	answer = not ? (enum sc_nft_match)(SC_NFT_YES - answer) : answer;
	return match->need && match->need != packet->family ? SC_NFT_NO : answer;
}

const struct sc_nft_matcher *sc_nft_find_match(const struct sc_nft_rule *rule, size_t at)
{
	for (size_t i = 0; i < sizeof(matches) / sizeof(*matches); i++)
		if (sc_nft_is(rule, at, matches[i].words[0]) && (!matches[i].words[1] || sc_nft_is(rule, at + 1, matches[i].words[1])))
			return &matches[i];
	return NULL;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the rules of an nftables file do to the packets of one connection. */
#include <arpa/inet.h>
#include <string.h>

#include "doc/nftfile_impl.h"

enum { DEPTH_MAX = 8, ADDRESSES_MAX = 256, WORK_MAX = 1000 * 1000 /* words */ };

/* What can happen to a packet in a chain; flags. */
enum { ACCEPT = 1, DROP = 2, GO_ON = 4, ANYTHING = ACCEPT | DROP | GO_ON };

/* Protocols that a TCP packet never is. */
static const char *const others[] = {"udp", "icmp", "icmpv6", "igmp", "sctp", "dccp", "udplite", "esp", "ah"};

static bool is_one_of(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

static int run_named(const struct sc_nft_packet *packet, const struct sc_nft_chain *from, const char *name, int depth);

/* The end of a rule: a verdict at *at; 0: there is none. */
static int verdict(const struct sc_nft_packet *packet, const struct sc_nft_chain *chain, const struct sc_nft_rule *rule, size_t at,
		   int depth)
{
	const bool last = at + 1 == rule->n || (sc_nft_is(rule, at + 1, "comment") && at + 3 == rule->n);

	if (sc_nft_is(rule, at, "accept") && last)
		return ACCEPT;
	if ((sc_nft_is(rule, at, "drop") && last) || sc_nft_is(rule, at, "reject"))
		return DROP;
	if (sc_nft_is(rule, at, "continue") && last)
		return GO_ON;
	if (sc_nft_is(rule, at, "jump") && at + 2 == rule->n)
		return run_named(packet, chain, rule->words[at + 1], depth + 1);
	/* "return" ends the chain, "goto" too: what follows is not followed */
	return 0;
}

/* What a rule can do to the packet. */
static int run_rule(const struct sc_nft_packet *packet, const struct sc_nft_chain *chain, const struct sc_nft_rule *rule, int depth)
{
	enum sc_nft_match matched = SC_NFT_YES;
	int outcome = GO_ON;

	*packet->work += rule->n;
	if (*packet->work > WORK_MAX)
		return ANYTHING;
	for (size_t at = 0; at < rule->n && matched != SC_NFT_NO;) {
		const struct sc_nft_matcher *match = sc_nft_find_match(rule, at);

		if (match) {
			at += match->words[1] ? 2 : 1;
			matched = sc_nft_least(matched, sc_nft_compare(packet, match, chain, rule, &at));
		} else if (is_one_of(rule->words[at], others, sizeof(others) / sizeof(*others))) {
			matched = SC_NFT_NO;
		} else if (sc_nft_is(rule, at, "comment")) {
			at += 2;
		} else if (sc_nft_is(rule, at, "counter") && sc_nft_is(rule, at + 1, "packets") && sc_nft_is(rule, at + 3, "bytes")) {
			at += 5;
		} else if (sc_nft_is(rule, at, "log") && sc_nft_is(rule, at + 1, "prefix")) {
			at += 3;
		} else if (sc_nft_is(rule, at, "counter") || sc_nft_is(rule, at, "log")) {
			at++;
		} else {
			outcome = verdict(packet, chain, rule, at, depth);
			/* not understood, from here on */
			if (!outcome)
				return ANYTHING;
			break;
		}
	}
	return matched == SC_NFT_YES ? outcome : matched == SC_NFT_NO ? GO_ON : outcome | GO_ON;
}

/* What a chain can do, without its policy. */
static int run_chain(const struct sc_nft_packet *packet, const struct sc_nft_chain *chain, int depth)
{
	int out = 0;

	if (depth > DEPTH_MAX)
		return ANYTHING;
	for (size_t i = 0; i < chain->n_rules; i++) {
		int outcome = run_rule(packet, chain, &chain->rules[i], depth);

		out |= outcome & ~GO_ON;
		if (!(outcome & GO_ON))
			return out;
	}
	return out | GO_ON;
}

static int run_named(const struct sc_nft_packet *packet, const struct sc_nft_chain *from, const char *name, int depth)
{
	for (size_t i = 0; i < packet->file->n_chains; i++) {
		const struct sc_nft_chain *chain = &packet->file->chains[i];

		if (strcmp(chain->name, name) == 0 && strcmp(chain->table, from->table) == 0)
			return run_chain(packet, chain, depth);
	}
	return ANYTHING;
}

/* All base chains of a hook: an accept ends one of them only. */
static enum sc_nft_match passes(const struct sc_nft_packet *from, enum sc_nft_hook hook)
{
	struct sc_nft_packet packet = *from;
	enum sc_nft_match all = SC_NFT_YES;

	packet.hook = hook;
	for (size_t i = 0; i < packet.file->n_chains; i++) {
		const struct sc_nft_chain *chain = &packet.file->chains[i];

		if (chain->hook != hook || (chain->family && chain->family != packet.family))
			continue;
		int out = run_chain(&packet, chain, 0);
		if (out & GO_ON)
			out |= chain->drops ? DROP : ACCEPT;
		all = sc_nft_least(all, !(out & DROP) ? SC_NFT_YES : out & ACCEPT ? SC_NFT_MAYBE : SC_NFT_NO);
	}
	return all;
}

static enum sc_nft_match travels(const struct sc_nft_packet *packet, bool out, bool in)
{
	enum sc_nft_match all = SC_NFT_YES;

	if (out)
		all = sc_nft_least(passes(packet, SC_NFT_OUTPUT), passes(packet, SC_NFT_POSTROUTING));
	if (in)
		all = sc_nft_least(all, sc_nft_least(passes(packet, SC_NFT_PREROUTING), passes(packet, SC_NFT_INPUT)));
	return all;
}

/* The first packet, the later ones, and the answers. */
static enum sc_nft_match connects(const struct sc_nft_packet *first, long long server)
{
	struct sc_nft_packet later = *first, reply = *first;

	later.established = reply.established = true;
	reply.source = first->destination;
	reply.destination = first->source;
	reply.from_port = first->to_port;
	reply.to_port = SC_NFT_CLIENT_PORT;
	reply.uid = server;
	enum sc_nft_match there = sc_nft_least(travels(first, first->loopback, true), travels(&later, first->loopback, true));
	return sc_nft_least(there, travels(&reply, true, first->loopback));
}

/* Addresses of which one stands for each that the rules treat alike. */
struct addresses {
	struct sc_nft_address list[ADDRESSES_MAX];
	size_t n;
	bool failed;
};

static void add_address(struct addresses *out, const unsigned char *bytes)
{
	out->failed |= out->n == ADDRESSES_MAX;
	if (out->failed)
		return;
	out->list[out->n] = (struct sc_nft_address){.known = true};
	memcpy(out->list[out->n++].bytes, bytes, SC_NFT_BYTES);
}

static void add_ends(struct addresses *out, int family, const char *const *words, size_t n)
{
	unsigned char low[SC_NFT_BYTES], high[SC_NFT_BYTES];

	for (size_t i = 0; i < n; i++) {
		if (!strpbrk(words[i], ".:") || !sc_nft_read_range(words[i], family, low, high))
			continue;
		add_address(out, low);
		for (int at = (family == 4 ? 4 : SC_NFT_BYTES) - 1; at >= 0 && ++high[at] == 0; at--)
			continue;
		add_address(out, high);
	}
}

static void find_addresses(const struct sc_nft_file *file, int family, struct addresses *out)
{
	static const unsigned char lowest[2][SC_NFT_BYTES] = {{1, 0, 0, 1}, {0x20}};

	add_address(out, lowest[family == 6]);
	for (size_t i = 0; i < file->n_sets; i++)
		if (file->sets[i].words)
			add_ends(out, family, file->sets[i].words, file->sets[i].n);
	for (size_t i = 0; i < file->n_chains; i++)
		for (size_t j = 0; j < file->chains[i].n_rules; j++)
			add_ends(out, family, file->chains[i].rules[j].words, file->chains[i].rules[j].n);
}

static bool read_address(const char *text, int family, struct sc_nft_address *out)
{
	memset(out, 0, sizeof(*out));
	out->known = inet_pton(family == 4 ? AF_INET : AF_INET6, text, out->bytes) == 1;
	return out->known;
}

static enum sc_nft_answer public_answer(enum sc_nft_match answer)
{
	return answer == SC_NFT_YES ? SC_NFT_OPEN : answer == SC_NFT_NO ? SC_NFT_CLOSED : SC_NFT_UNCLEAR;
}

/* From another machine: one address, or all that can be one. */
static enum sc_nft_answer ask_network(struct sc_nft_packet *packet, const struct sc_nft_connection *connection)
{
	struct addresses addresses;
	enum sc_nft_match worst = SC_NFT_YES, best = SC_NFT_NO;

	if (connection->source)
		return read_address(connection->source, packet->family, &packet->source)
			   ? public_answer(connects(packet, connection->server))
			   : SC_NFT_UNCLEAR;
	addresses.n = 0;
	addresses.failed = false;
	find_addresses(packet->file, packet->family, &addresses);
	for (size_t i = 0; i < addresses.n; i++) {
		if (sc_nft_is_loopback(packet->family, addresses.list[i].bytes))
			continue;
		packet->source = addresses.list[i];
		enum sc_nft_match answer = connects(packet, connection->server);
		worst = sc_nft_least(worst, answer);
		best = sc_nft_most(best, answer);
	}
	return addresses.failed || worst != best ? SC_NFT_UNCLEAR : public_answer(best);
}

/* A client on the host can send from the address that it connects to, or from another one. */
static enum sc_nft_match connects_locally(const struct sc_nft_packet *first, long long server)
{
	struct sc_nft_packet packet = *first;

	packet.source = packet.destination;
	return sc_nft_most(connects(&packet, server), connects(first, server));
}

/* On the host: by any of the addresses that are listened on, the best one. */
static enum sc_nft_answer ask_loopback(struct sc_nft_packet *packet, const struct sc_nft_connection *connection)
{
	struct addresses addresses = {.n = 0};
	struct sc_nft_address first;
	enum sc_nft_match best;

	if (connection->address)
		return public_answer(connects_locally(packet, connection->server));
	packet->destination.outside = true;
	best = connects_locally(packet, connection->server);
	(void)read_address(packet->family == 4 ? "127.0.0.1" : "::1", packet->family, &first);
	add_address(&addresses, first.bytes);
	find_addresses(packet->file, packet->family, &addresses);
	for (size_t i = 0; i < addresses.n && best != SC_NFT_YES; i++) {
		packet->destination = addresses.list[i];
		if (sc_nft_is_loopback(packet->family, packet->destination.bytes))
			best = sc_nft_most(best, connects_locally(packet, connection->server));
	}
	return best == SC_NFT_NO && addresses.failed ? SC_NFT_UNCLEAR : public_answer(best);
}

enum sc_nft_answer sc_nft_file_ask(const struct sc_nft_file *file, const struct sc_nft_connection *connection)
{
	size_t work = 0;
	struct sc_nft_packet packet = {.file = file,
				       .work = &work,
				       .family = connection->family,
				       .loopback = connection->loopback,
				       .from_port = SC_NFT_CLIENT_PORT,
				       .to_port = connection->port,
				       .uid = connection->loopback ? connection->uid : -2};

	/* a host's own address, from another machine; what a local client sends from, it chooses */
	packet.destination.outside = !connection->loopback;
	if (connection->address && !read_address(connection->address, connection->family, &packet.destination))
		return SC_NFT_UNCLEAR;
	return connection->loopback ? ask_loopback(&packet, connection) : ask_network(&packet, connection);
}

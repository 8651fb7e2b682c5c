/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/nft.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 16, PORTS = 65536, WORK_MAX = 20 * 1000 * 1000 };

enum answer { NO, MAYBE, YES };

/* What can happen to the packet in a chain; flags. */
enum { ACCEPT = 1, DROP = 2, GO_ON = 4 };

struct judge {
	json_t *items; /* of the listing */
	int family;
	unsigned port;
};

static enum answer negate(enum answer a)
{
	return (enum answer)(YES - a);
}

static enum answer lesser(enum answer a, enum answer b)
{
	return a < b ? a : b;
}

static bool is(const json_t *value, const char *text)
{
	return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

/* Whether any element of right matches: a single value, a list, or a set. */
static enum answer any(const struct judge *judge, const json_t *right, enum answer (*one)(const struct judge *judge, const json_t *value))
{
	json_t *set = json_is_object(right) ? json_object_get(right, "set") : json_is_array(right) ? (json_t *)(right) : NULL;
	enum answer best = NO;
	json_t *value;
	size_t i;

	if (json_is_string(right) && *json_string_value(right) == '@')
		return MAYBE;
	if (!set)
		return one(judge, right);
	json_array_foreach(set, i, value)
	{
		json_t *element = json_object_get(value, "elem");
		enum answer answer = one(judge, element ? json_object_get(element, "val") : value);

		best = answer > best ? answer : best;
	}
	return best;
}

static enum answer one_port(const struct judge *judge, const json_t *value)
{
	json_t *range = json_object_get(value, "range");

	if (json_is_integer(value))
		return json_integer_value(value) == judge->port ? YES : NO;
	if (json_array_size(range) == 2 && json_is_integer(json_array_get(range, 0)) && json_is_integer(json_array_get(range, 1)))
		return json_integer_value(json_array_get(range, 0)) <= judge->port &&
			       json_integer_value(json_array_get(range, 1)) >= judge->port
			   ? YES
			   : NO;
	return MAYBE;
}

static enum answer one_protocol(const struct judge *judge, const json_t *value)
{
	(void)judge;
	if (json_is_integer(value))
		return json_integer_value(value) == 6 ? YES : NO;
	return json_is_string(value) ? is(value, "tcp") ? YES : NO : MAYBE;
}

static enum answer one_family(const struct judge *judge, const json_t *value)
{
	if (is(value, "ipv4") || is(value, "ip"))
		return judge->family == 4 ? YES : NO;
	if (is(value, "ipv6") || is(value, "ip6"))
		return judge->family == 6 ? YES : NO;
	return json_is_string(value) ? NO : MAYBE;
}

/* A packet from another host does not arrive on the loopback device. */
static enum answer one_device(const struct judge *judge, const json_t *value)
{
	(void)judge;
	return is(value, "lo") ? NO : MAYBE;
}

static enum answer one_state(const struct judge *judge, const json_t *value)
{
	(void)judge;
	if (is(value, "new"))
		return YES;
	return is(value, "established") || is(value, "related") || is(value, "invalid") ? NO : MAYBE;
}

static enum answer match_payload(const struct judge *judge, const json_t *payload, const json_t *right)
{
	const char *protocol = json_string_value(json_object_get(payload, "protocol"));
	const char *field = json_string_value(json_object_get(payload, "field"));

	if (!protocol || !field)
		return MAYBE;
	if ((strcmp(protocol, "tcp") == 0 || strcmp(protocol, "th") == 0) && strcmp(field, "dport") == 0)
		return any(judge, right, one_port);
	return MAYBE;
}

/* A payload of another protocol than the packet's is never present, so that no comparison with it matches. */
static bool is_foreign(const struct judge *judge, const json_t *payload)
{
	static const char *const others[] = {"udp", "udplite", "sctp", "dccp", "icmp", "icmpv6", "esp", "ah", "comp", "igmp", "arp"};
	const char *protocol = json_string_value(json_object_get(payload, "protocol"));

	for (size_t i = 0; protocol && i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(protocol, others[i]) == 0)
			return true;
	return protocol && ((strcmp(protocol, "ip") == 0 && judge->family != 4) || (strcmp(protocol, "ip6") == 0 && judge->family != 6));
}

/* left == right, where right is one value or several. */
static enum answer equals(const struct judge *judge, const json_t *left, const json_t *right)
{
	const json_t *meta = json_object_get(json_object_get(left, "meta"), "key");
	const json_t *ct = json_object_get(json_object_get(left, "ct"), "key");
	const json_t *payload = json_object_get(left, "payload");

	if (payload)
		return match_payload(judge, payload, right);
	if (is(meta, "l4proto"))
		return any(judge, right, one_protocol);
	if (is(meta, "nfproto") || is(meta, "protocol"))
		return any(judge, right, one_family);
	if (is(meta, "iifname") || is(meta, "iif"))
		return any(judge, right, one_device);
	if (is(ct, "state") && !json_object_get(json_object_get(left, "ct"), "dir"))
		return any(judge, right, one_state);
	return MAYBE;
}

static enum answer compare(const struct judge *judge, const json_t *match)
{
	const json_t *left = json_object_get(match, "left"), *right = json_object_get(match, "right");
	const json_t *op = json_object_get(match, "op"), *payload = json_object_get(left, "payload");

	if (payload && is_foreign(judge, payload))
		return NO;
	if (is(op, "==") || is(op, "in"))
		return equals(judge, left, right);
	if (is(op, "!="))
		return negate(equals(judge, left, right));
	return MAYBE;
}

static unsigned run_chain(const struct judge *judge, const json_t *like, const char *name, int depth);

/* The effect of a verdict; 0: it is not a verdict. *ends: the chain ends there. */
static unsigned verdict(const struct judge *judge, const json_t *chain, const char *key, const json_t *value, int depth, bool *ends)
{
	*ends = true;
	if (strcmp(key, "accept") == 0)
		return ACCEPT;
	if (strcmp(key, "drop") == 0 || strcmp(key, "reject") == 0)
		return DROP;
	if (strcmp(key, "return") == 0)
		return GO_ON;
	if (strcmp(key, "jump") == 0 || strcmp(key, "goto") == 0) {
		const char *target = json_string_value(json_object_get(value, "target"));
		unsigned may = target ? run_chain(judge, chain, target, depth + 1) : ACCEPT | DROP | GO_ON;

		if (strcmp(key, "jump") == 0 && (may & GO_ON)) {
			*ends = false;
			may &= ~(unsigned)GO_ON;
		}
		return may;
	}
	return 0;
}

/* The state of the current rule within its chain. */
struct step {
	const json_t *chain;
	int depth;
	enum answer met;
	unsigned may; /* of the chain so far */
	bool ended;
};

static void apply(const struct judge *judge, struct step *step, const char *key, const json_t *value, enum answer met)
{
	bool ends;
	unsigned may = verdict(judge, step->chain, key, value, step->depth, &ends);

	step->may |= may;
	if (ends && met == YES)
		step->ended = true;
}

static void run_map(const struct judge *judge, struct step *step, const json_t *vmap)
{
	const json_t *key = json_object_get(vmap, "key"), *data = json_object_get(vmap, "data");
	json_t *pair, *value, *set = json_object_get(data, "set");
	const char *word;
	size_t i;

	if (!set) {
		/* a named map, whose contents are unknown */
		step->may |= ACCEPT | DROP;
		return;
	}
	const json_t *payload = json_object_get(key, "payload");
	if (payload && is_foreign(judge, payload))
		return;
	json_array_foreach(set, i, pair)
	{
		json_t *element = json_array_get(pair, 0), *inner = json_object_get(element, "elem");
		enum answer met = lesser(step->met, equals(judge, key, inner ? json_object_get(inner, "val") : element));

		if (met == NO || step->ended)
			continue;
		json_object_foreach(json_array_get(pair, 1), word, value) apply(judge, step, word, value, met);
	}
}

static void run_statement(const struct judge *judge, struct step *step, const char *key, const json_t *value)
{
	static const char *const harmless[] = {"counter", "log", "comment", "notrack", "ct helper", "ct timeout", "set", "flow"};
	static const char *const verdicts[] = {"accept", "drop", "reject", "return", "jump", "goto"};

	if (strcmp(key, "match") == 0) {
		step->met = lesser(step->met, compare(judge, value));
		return;
	}
	if (strcmp(key, "vmap") == 0) {
		run_map(judge, step, value);
		return;
	}
	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		if (strcmp(key, harmless[i]) == 0)
			return;
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++)
		if (strcmp(key, verdicts[i]) == 0) {
			apply(judge, step, key, value, step->met);
			return;
		}
	/* a limit, a target of iptables, or a changed packet: whether the rest applies is unknown, and the chain can end here */
	step->met = lesser(step->met, MAYBE);
	if (strcmp(key, "limit") != 0)
		step->may |= DROP;
}

static bool same_table(const json_t *a, const json_t *b)
{
	return json_equal(json_object_get(a, "family"), json_object_get(b, "family")) &&
	       json_equal(json_object_get(a, "table"), json_object_get(b, "table"));
}

static unsigned run_chain(const struct judge *judge, const json_t *like, const char *name, int depth)
{
	struct step step = {.chain = like, .depth = depth};
	json_t *item, *statement, *value;
	const char *key;
	size_t i, j;

	if (!name || depth > DEPTH_MAX) /* unknown */
		return ACCEPT | DROP | GO_ON;
	json_array_foreach(judge->items, i, item)
	{
		const json_t *rule = json_object_get(item, "rule");

		if (!rule || !same_table(rule, like) || !is(json_object_get(rule, "chain"), name))
			continue;
		step.met = YES;
		json_array_foreach(json_object_get(rule, "expr"), j, statement)
		{
			if (step.met == NO || step.ended)
				break;
			json_object_foreach(statement, key, value) run_statement(judge, &step, key, value);
		}
		if (step.ended)
			return step.may;
	}
	return step.may | GO_ON;
}

/* Whether a packet to this host passes the base chain. */
static bool is_on_the_way(const struct judge *judge, const json_t *chain)
{
	const json_t *hook = json_object_get(chain, "hook"), *family = json_object_get(chain, "family");

	if (!is(hook, "ingress") && !is(hook, "prerouting") && !is(hook, "input"))
		return false;
	return !((is(family, "ip") && judge->family != 4) || (is(family, "ip6") && judge->family != 6) || is(family, "arp"));
}

static bool is_open(const struct judge *judge)
{
	json_t *item;
	size_t i;

	json_array_foreach(judge->items, i, item)
	{
		const json_t *chain = json_object_get(item, "chain");

		if (!chain || !is_on_the_way(judge, chain))
			continue;
		unsigned may = run_chain(judge, chain, json_string_value(json_object_get(chain, "name")), 0);
		if (may & GO_ON)
			may |= is(json_object_get(chain, "policy"), "accept") ? ACCEPT : DROP;
		if (may & DROP)
			return false;
	}
	return true;
}

/* Marks the ports at which an answer can change: every number in the rules, and the one after it. */
static void mark(const json_t *value, unsigned char *marks, size_t *count)
{
	const char *key;
	json_t *inner;
	size_t i;

	if (json_is_integer(value) && json_integer_value(value) > 0 && json_integer_value(value) < PORTS - 1) {
		size_t at = (size_t)json_integer_value(value);

		*count += (size_t)!marks[at] + !marks[at + 1];
		marks[at] = marks[at + 1] = 1;
	}
	json_array_foreach(value, i, inner) mark(inner, marks, count);
	json_object_foreach((json_t *)(value), key, inner) mark(inner, marks, count);
}

static bool report(struct judge *judge, void (*fn)(void *opaque, unsigned first, unsigned last), void *opaque)
{
	unsigned char *marks = calloc(PORTS + 1, 1);
	size_t count = 1, i;
	unsigned first = 0;
	json_t *item;

	if (!marks)
		return false;
	json_array_foreach(judge->items, i, item) mark(json_object_get(json_object_get(item, "rule"), "expr"), marks, &count);
	bool fine = count * (json_array_size(judge->items) + 1) < WORK_MAX;
	marks[1] = marks[PORTS] = 1;
	for (unsigned port = 1; fine && port <= PORTS; port++) {
		if (!marks[port])
			continue;
		judge->port = port;
		bool open = port < PORTS && is_open(judge);
		if (open && !first)
			first = port;
		if (!open && first) {
			fn(opaque, first, port - 1);
			first = 0;
		}
	}
	free(marks);
	return fine;
}

bool sc_nft_open_ports(const char *json, size_t len, int family, void (*fn)(void *opaque, unsigned first, unsigned last), void *opaque)
{
	json_t *root = json_loadb(json, len, 0, NULL);
	struct judge judge = {.items = json_object_get(root, "nftables"), .family = family};
	bool fine = json_is_array(judge.items) && report(&judge, fn, opaque);

	json_decref(root);
	return fine;
}

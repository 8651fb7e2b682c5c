/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/doc/nft.c
 * A listing of nftables. Promises: the ranges are valid, sorted and don't touch; a chain that drops everything closes all ports; one that
 * accepts everything, and anything that is not a rule, changes nothing.
 */
#include <jansson.h>

#include "doc/nft.h"
#include "fuzz.h"

struct ranges {
	unsigned last; /* port of the previous range, 0: none */
	bool any;
	struct sc_buf text;
};

static void take(void *opaque, unsigned first, unsigned last)
{
	struct ranges *ranges = opaque;

	must(first >= 1 && first <= last && last <= 65535, "a range of ports");
	must(!ranges->any || first > ranges->last + 1, "ranges in order that do not touch");
	ranges->last = last;
	ranges->any = true;
	sc_buf_addf(&ranges->text, "%u-%u ", first, last);
}

/* The same listing with one more item yields expected ("": nothing is open). */
static void with(json_t *root, int family, json_t *item, const char *expected)
{
	json_t *items = json_object_get(root, "nftables");
	struct ranges ranges = {0};

	json_array_append_new(items, item);
	char *text = json_dumps(root, 0);
	if (text && sc_nft_open_ports(text, strlen(text), family, take, &ranges))
		must(strcmp(sc_buf_text(&ranges.text), expected) == 0, "an additional item has its meaning");
	json_array_remove(items, json_array_size(items) - 1);
	sc_buf_free(&ranges.text);
	free(text);
}

static json_t *chain(const char *policy)
{
	return json_pack("{s:{s:s, s:s, s:s, s:s, s:s, s:i, s:s}}", "chain", "family", "inet", "table", "of the fuzzer alone", "name", "x",
			 "type", "filter", "hook", "input", "prio", 0, "policy", policy);
}

/* Whether a rule of the listing belongs to the table that the fuzzer adds. */
static bool has_table(const char *bytes, size_t len)
{
	return contains(bytes, len, "fuzzer") || contains(bytes, len, "\\u");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	json_t *root = json_loadb(bytes, size, 0, NULL);

	for (int family = 4; family <= 6; family += 2) {
		struct ranges ranges = {0};
		bool fine = sc_nft_open_ports(bytes, size, family, take, &ranges);

		must(!fine || json_is_array(json_object_get(root, "nftables")), "only a listing is judged");
		must(fine || !ranges.any, "what can't be evaluated opens nothing");
		if (fine && !has_table(bytes, size)) {
			with(root, family, chain("drop"), "");
			with(root, family, chain("accept"), sc_buf_text(&ranges.text));
			with(root, family, json_pack("{s:{s:s}}", "metainfo", "version", "1"), sc_buf_text(&ranges.text));
		}
		sc_buf_free(&ranges.text);
	}
	json_decref(root);
	return 0;
}

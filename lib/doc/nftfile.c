/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <string.h>

#include "base/grow.h"
#include "doc/nftfile_impl.h"

enum { WORDS_MAX = 200000, SIZE_MAX_ = 4 * 1024 * 1024 };

struct reader {
	struct sc_arena *memory;
	const char **words;
	size_t n, at;
	struct sc_nft_file *file;
	bool failed;
};

static void add_word(struct reader *reader, const char *text, size_t len)
{
	const char **words = sc_arena_grow(reader->memory, reader->words, reader->n, sizeof(*words));
	const char *word = sc_arena_strndup(reader->memory, text, len);

	reader->failed |= !words || !word || reader->n >= WORDS_MAX;
	if (reader->failed)
		return;
	reader->words = words;
	words[reader->n++] = word;
}

static size_t sign_length(const char *text, size_t len)
{
	if (len > 1 && text[1] == '=' && strchr("!=<>", *text))
		return 2;
	return strchr("{},<>=", *text) ? 1 : 0;
}

static size_t word_length(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && !isspace((unsigned char)text[n]) && !strchr("{},<>=!;\"#", text[n]))
		n++;
	return n;
}

/* Splits the text into words; a newline ends a statement, but within the braces of a set only blanks follow. */
static void split(struct reader *reader, const char *text, size_t len)
{
	for (size_t at = 0, n; at < len && !reader->failed; at += n) {
		const char *from = text + at;

		n = 1;
		if (*from == '#') {
			while (at + n < len && from[n] != '\n')
				n++;
		} else if (*from == '\\' && at + 1 < len && from[1] == '\n') {
			n = 2;
		} else if (*from == '\n' || *from == ';') {
			add_word(reader, ";", 1);
		} else if (*from == '"') {
			const char *end = memchr(from + 1, '"', len - at - 1);

			reader->failed |= !end;
			if (end)
				add_word(reader, from + 1, (size_t)(end - from - 1));
			n = end ? (size_t)(end - from) + 1 : 1;
		} else if (!isspace((unsigned char)*from)) {
			n = sign_length(from, len - at);
			n = n ? n : word_length(from, len - at);
			reader->failed |= !n;
			if (n)
				add_word(reader, from, n);
		}
		n = n ? n : 1;
	}
}

static const char *peek(const struct reader *reader)
{
	return reader->at < reader->n ? reader->words[reader->at] : "";
}

static const char *next(struct reader *reader)
{
	reader->failed |= reader->at >= reader->n;
	return reader->failed ? "" : reader->words[reader->at++];
}

static bool accept(struct reader *reader, const char *word)
{
	bool is = strcmp(peek(reader), word) == 0;

	reader->at += is;
	return is;
}

static void expect(struct reader *reader, const char *word)
{
	reader->failed |= !accept(reader, word);
}

static void skip_ends(struct reader *reader)
{
	while (accept(reader, ";"))
		continue;
}

/* A statement up to its end; a newline within braces is none. */
static struct sc_nft_rule read_statement(struct reader *reader)
{
	struct sc_nft_rule rule = {NULL, 0};
	size_t depth = 0;

	while (!reader->failed && reader->at < reader->n && (depth || (strcmp(peek(reader), ";") != 0 && strcmp(peek(reader), "}") != 0))) {
		const char *word = next(reader);
		const char **words = sc_arena_grow(reader->memory, rule.words, rule.n, sizeof(*words));

		depth += strcmp(word, "{") == 0;
		depth -= depth && strcmp(word, "}") == 0;
		reader->failed |= !words;
		if (reader->failed || strcmp(word, ";") == 0)
			continue;
		rule.words = words;
		words[rule.n++] = word;
	}
	reader->failed |= depth != 0;
	return rule;
}

static bool is(const struct sc_nft_rule *rule, size_t at, const char *word)
{
	return at < rule->n && strcmp(rule->words[at], word) == 0;
}

static enum sc_nft_hook hook_of(const char *word)
{
	static const char *const names[] = {"prerouting", "input", "output", "postrouting"};

	for (int i = 0; i < 4; i++)
		if (strcmp(names[i], word) == 0)
			return (enum sc_nft_hook)(SC_NFT_PREROUTING + i);
	/* forwarded packets are not for this host */
	return strcmp(word, "forward") == 0 ? SC_NFT_NO_HOOK : SC_NFT_OTHER_HOOK;
}

/* Lines of a chain that are no rules; false: it is a rule. */
static bool read_property(struct reader *reader, struct sc_nft_chain *chain, const struct sc_nft_rule *rule)
{
	if (is(rule, 0, "type") && is(rule, 2, "hook") && rule->n > 3) {
		chain->hook = hook_of(rule->words[3]);
		reader->failed |= chain->hook == SC_NFT_OTHER_HOOK;
		return true;
	}
	if (is(rule, 0, "policy") && rule->n == 2) {
		chain->drops = strcmp(rule->words[1], "accept") != 0;
		return true;
	}
	return is(rule, 0, "comment");
}

static void read_chain(struct reader *reader, const char *table, int family)
{
	struct sc_nft_chain chain = {.table = table, .name = next(reader), .family = family};
	struct sc_nft_chain *chains = sc_arena_grow(reader->memory, reader->file->chains, reader->file->n_chains, sizeof(*chains));

	expect(reader, "{");
	for (skip_ends(reader); !reader->failed && !accept(reader, "}"); skip_ends(reader)) {
		const struct sc_nft_rule rule = read_statement(reader);

		reader->failed |= !rule.n;
		if (reader->failed || read_property(reader, &chain, &rule))
			continue;
		struct sc_nft_rule *rules = sc_arena_grow(reader->memory, chain.rules, chain.n_rules, sizeof(*rules));
		reader->failed |= !rules;
		if (!rules)
			return;
		chain.rules = rules;
		rules[chain.n_rules++] = rule;
	}
	/* a chain that is written in two places is one */
	for (size_t i = 0; i < reader->file->n_chains; i++)
		reader->failed |= strcmp(reader->file->chains[i].name, chain.name) == 0 &&
				  strcmp(reader->file->chains[i].table, table) == 0 && reader->file->chains[i].family == family;
	reader->failed |= !chains;
	if (!chains)
		return;
	reader->file->chains = chains;
	chains[reader->file->n_chains++] = chain;
}

/* A set: its elements count where nothing else than rules of their form is written. */
static void read_set(struct reader *reader, const char *table)
{
	struct sc_nft_set set = {.table = table, .name = next(reader)};
	struct sc_nft_set *sets = sc_arena_grow(reader->memory, reader->file->sets, reader->file->n_sets, sizeof(*sets));
	bool constant = true;

	expect(reader, "{");
	for (skip_ends(reader); !reader->failed && !accept(reader, "}"); skip_ends(reader)) {
		const struct sc_nft_rule rule = read_statement(reader);

		reader->failed |= !rule.n;
		if (is(&rule, 0, "elements") && is(&rule, 1, "=") && is(&rule, 2, "{")) {
			set.words = rule.words + 3;
			set.n = rule.n - 4;
		} else if (is(&rule, 0, "flags")) {
			constant &= rule.n == 2 && (is(&rule, 1, "interval") || is(&rule, 1, "constant"));
		} else {
			constant &= is(&rule, 0, "type") || is(&rule, 0, "comment") || is(&rule, 0, "auto-merge");
		}
	}
	set.words = constant ? set.words : NULL;
	reader->failed |= !sets;
	if (!sets)
		return;
	reader->file->sets = sets;
	sets[reader->file->n_sets++] = set;
}

static void read_table(struct reader *reader)
{
	static const char *const families[] = {"inet", "ip", "ip6", "arp", NULL};
	static const int numbers[] = {0, 4, 6, -1};
	int family = 4, i = 0;

	while (families[i] && strcmp(peek(reader), families[i]) != 0)
		i++;
	if (families[i]) {
		family = numbers[i];
		reader->at++;
	}
	const char *name = sc_arena_printf(reader->memory, "%d %s", family, next(reader));
	reader->failed |= !name;
	/* "table netdev x": the next word is not a brace */
	expect(reader, "{");
	for (skip_ends(reader); !reader->failed && !accept(reader, "}"); skip_ends(reader)) {
		if (accept(reader, "chain"))
			read_chain(reader, name, family);
		else if (accept(reader, "set"))
			read_set(reader, name);
		else
			reader->failed = true;
	}
}

struct sc_nft_file *sc_nft_file_read(const char *text, size_t len, struct sc_arena *memory)
{
	struct reader reader = {.memory = memory, .file = sc_arena_alloc(memory, sizeof(*reader.file))};

	if (!reader.file || len > SIZE_MAX_ || memchr(text, '\0', len))
		return NULL;
	*reader.file = (struct sc_nft_file){NULL, NULL, 0, 0};
	split(&reader, text, len);
	for (skip_ends(&reader); !reader.failed && reader.at < reader.n; skip_ends(&reader)) {
		if (accept(&reader, "flush")) {
			expect(&reader, "ruleset");
			/* earlier tables go */
			*reader.file = (struct sc_nft_file){NULL, NULL, 0, 0};
		} else if (accept(&reader, "table")) {
			read_table(&reader);
		} else {
			reader.failed = true;
		}
	}
	return reader.failed ? NULL : reader.file;
}

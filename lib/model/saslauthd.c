/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/saslauthd.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"

#define BLANKS " \t\n"
#define DEBIAN_OPTIONS "-m /var/run/saslauthd" /* /etc/init.d/saslauthd, without its -c */

/* An option: the offsets of its letter, of its word, and of its argument (arg == arg_end: none). */
struct option {
	char letter;
	size_t at, word, word_end, arg, arg_end;
};

/* Calls visit for each option; saslauthd-main.c: "a:cdhO:lm:n:rs:t:vV". */
static void each_plain(const char *words, void (*visit)(void *opaque, const char *words, const struct option *option), void *opaque)
{
	for (size_t at = strspn(words, BLANKS), end; words[at]; at = end + strspn(words + end, BLANKS)) {
		end = at + strcspn(words + at, BLANKS);
		if (end - at == 2 && memcmp(words + at, "--", 2) == 0)
			return;
		for (size_t i = at + 1, word = at, word_end = end; words[at] == '-' && i < word_end; i++) {
			struct option option = {words[i], i, word, word_end, i + 1, i + 1};

			if (strchr("aOmnst", words[i])) {
				if (i + 1 == word_end) {
					option.arg = end + strspn(words + end, BLANKS);
					end = option.arg + strcspn(words + option.arg, BLANKS);
				}
				option.arg_end = end;
				i = word_end;
			}
			visit(opaque, words, &option);
		}
	}
}

/*
 * Replaces shell syntax with blanks: around the words of a command and the default of a variable ("${X:--c}" becomes "    -c "), all of
 * which can become options. Offsets are kept.
 */
static void open_up(char *words)
{
	for (char *at = words; *at; at++) {
		if (*at == '`' || *at == '(' || *at == ')' || *at == '}')
			*at = ' ';
		if (at[0] != '$' || at[1] != '{')
			continue;
		at[0] = at[1] = ' ';
		char *mark = at + 2 + strcspn(at + 2, ":-=+? \t\n}`");
		if (*mark == ':')
			*mark++ = ' ';
		if (*mark && strchr("-=+?", *mark))
			*mark = ' ';
	}
}

static void each(const char *words, void (*visit)(void *opaque, const char *words, const struct option *option), void *opaque)
{
	char *open = strpbrk(words, "$`") ? strdup(words) : NULL;

	if (open)
		open_up(open);
	each_plain(open ? open : words, visit, opaque);
	free(open);
}

static void find_cache(void *opaque, const char *words, const struct option *option)
{
	(void)words;
	*(bool *)opaque |= option->letter == 'c';
}

bool sc_saslauthd_caches(const char *words)
{
	bool caches = false;

	each(words, find_cache, &caches);
	return caches;
}

static void find_join(void *opaque, const char *words, const struct option *option)
{
	(void)words;
	*(bool *)opaque |= option->letter == 'r';
}

bool sc_saslauthd_joins(const char *words)
{
	bool joins = false;

	each(words, find_join, &joins);
	return joins;
}

static void find_variable(void *opaque, const char *words, const struct option *option)
{
	(void)words;
	*(bool *)opaque |= option->letter == '$' || option->letter == '%' || option->letter == '`';
}

static size_t name_length(const char *at)
{
	return strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
}

/*
 * Whether the words contain no options that can't be read. Variables are allowed when they are words of their own and known.
 */
static bool is_clear(const char *words, bool (*knows)(const void *opaque, const char *name, size_t len), const void *opaque)
{
	bool variable = false;

	each_plain(words, find_variable, &variable);
	if (variable || strpbrk(words, "`&|<>()"))
		return false;
	for (const char *at = words; (at = strchr(at, '$'));) {
		const char *name = at + 1 + (at[1] == '{');
		size_t len = name_length(name);
		const char *end = name + len;

		if (at[1] == '{' && *end++ != '}')
			return false;
		if ((at > words && !strchr(BLANKS, at[-1])) || (*end && !strchr(BLANKS, *end)) || !len || !knows(opaque, name, len))
			return false;
		at = end;
	}
	return true;
}

static void find_dir(void *opaque, const char *words, const struct option *option)
{
	(void)words;
	if (option->letter == 'm')
		*(struct option *)opaque = *option; /* the last one is effective */
}

const char *sc_saslauthd_dir(const char *words, struct sc_arena *memory)
{
	struct option option = {0};

	each(words, find_dir, &option);
	return option.arg_end > option.arg ? sc_arena_strndup(memory, words + option.arg, option.arg_end - option.arg) : NULL;
}

static void mark(bool *drop, size_t from, size_t end)
{
	for (; from < end; from++)
		drop[from] = true;
}

/* Marks -c, and -t and -s with their arguments. */
static void mark_cache(void *opaque, const char *words, const struct option *option)
{
	bool *drop = opaque;
	bool empty = true;

	(void)words;
	if (!strchr("cts", option->letter))
		return;
	mark(drop, option->at, option->at + 1);
	mark(drop, option->arg, option->arg_end);
	for (size_t i = option->word + 1; i < option->word_end; i++)
		empty = empty && drop[i];
	drop[option->word] = empty;
}

/* Marks the blanks after a word that is removed as a whole, and those before the last word when that is removed. */
static void mark_blanks(const char *words, bool *drop)
{
	size_t len = strlen(words), word = 0;

	for (size_t i = 1; i < len; i++)
		if (!strchr(BLANKS, words[i]))
			word = strchr(BLANKS, words[i - 1]) ? i : word;
		else if (drop[word])
			drop[i] = true;
	for (size_t i = len; i && drop[word] && (drop[i - 1] || strchr(BLANKS, words[i - 1])); i--)
		drop[i - 1] = true;
}

/* Keys whose values the init scripts and units of all distributions pass to saslauthd. */
static const char *const word_keys[] = {
    "OPTIONS",   "PARAMS",           "FLAGS", "SASLAUTHD_PARAMS", "MECHANISMS", "MECH", "THREADS", "SASLAUTHD_AUTHMECH", "MECH_OPTIONS",
    "SOCKETDIR", "SASLAUTHD_THREADS"};
enum { N_WORD_KEYS = sizeof(word_keys) / sizeof(*word_keys) };

static bool is_word_key(const void *opaque, const char *name, size_t len)
{
	(void)opaque;
	for (size_t i = 0; i < N_WORD_KEYS; i++)
		if (strlen(word_keys[i]) == len && memcmp(word_keys[i], name, len) == 0)
			return true;
	return false;
}

bool sc_saslauthd_is_clear(const char *words)
{
	return is_clear(words, is_word_key, NULL);
}

/* The effective values: the last one of each of those keys, and all values of the variables that they refer to. */
struct effective {
	const char *last[N_WORD_KEYS]; /* NULL: not set */
	struct sc_table names;
	struct sc_table keys;    /* keys that the file sets */
	struct sc_arena *memory; /* of names */
	bool all;                /* memory ran out: all values are treated as effective */
};

static void add_names(struct effective *effective, const char *value)
{
	for (const char *at = value; (at = strchr(at, '$'));) {
		at += 1 + (at[1] == '{');
		size_t len = name_length(at);
		const char *name = len ? sc_arena_strndup(effective->memory, at, len) : NULL;

		effective->all |= len && (!name || !sc_table_add_text(&effective->names, name));
	}
}

static void effective_init(struct effective *effective, const struct sc_sysconfig *conf)
{
	const char *key;

	*effective = (struct effective){.memory = sc_arena_new()};
	effective->all = !effective->memory;
	for (size_t i = 0; i < N_WORD_KEYS; i++) {
		effective->last[i] = sc_sysconfig_get(conf, word_keys[i], NULL);
		if (effective->last[i] && effective->memory)
			add_names(effective, effective->last[i]);
	}
	for (size_t i = 0; sc_sysconfig_at(conf, i, &key, NULL, NULL); i++)
		(void)sc_table_add_text(&effective->keys, key);
}

static void effective_free(struct effective *effective)
{
	sc_table_free(&effective->names);
	sc_table_free(&effective->keys);
	sc_arena_free(effective->memory);
}

static bool is_effective(const struct effective *effective, const char *key, const char *value)
{
	if (effective->all || sc_table_find_text(&effective->names, key))
		return true;
	for (size_t i = 0; i < N_WORD_KEYS; i++)
		if (value == effective->last[i])
			return true;
	return false;
}

/* Whether the file sets the variable, and its values are effective. */
static bool is_effective_variable(const void *opaque, const char *name, size_t len)
{
	const struct effective *effective = opaque;

	return sc_table_find(&effective->keys, name, len) && sc_table_find(&effective->names, name, len);
}

/* Variables are examined where they are set. When a shell splits words differently, or runs commands, the result can't be determined. */
static void find_unclear(const struct effective *effective, const struct sc_sysconfig *conf, struct sc_saslauthd_says *out)
{
	const char *key, *value;
	unsigned line;

	out->unclear = sc_sysconfig_command(conf);
	for (size_t i = 0; !out->unclear && sc_sysconfig_at(conf, i, &key, &value, &line); i++)
		if (strcmp(key, "IFS") == 0 || (is_effective(effective, key, value) && !is_clear(value, is_effective_variable, effective)))
			out->unclear = line;
}

void sc_saslauthd_read(const struct sc_sysconfig *conf, bool debian, struct sc_arena *memory, struct sc_saslauthd_says *out)
{
	const char *key, *value, *options = sc_sysconfig_get(conf, "OPTIONS", NULL);
	unsigned line;

	struct effective effective;

	*out = (struct sc_saslauthd_says){0};
	effective_init(&effective, conf);
	for (size_t i = 0; sc_sysconfig_at(conf, i, &key, &value, &line); i++) {
		if (!is_effective(&effective, key, value))
			continue;
		const char *dir = strcmp(key, "SOCKETDIR") == 0 ? sc_arena_strdup(memory, value) : sc_saslauthd_dir(value, memory);

		if (dir && *dir)
			out->dir = dir;
		if (!out->caches && sc_saslauthd_caches(value)) {
			out->caches = true;
			out->line = line;
		}
	}
	find_unclear(&effective, conf, out);
	effective_free(&effective);
	if (debian && (!options || !*options)) {
		(void)sc_sysconfig_get(conf, "OPTIONS", &out->line);
		out->caches = true;
	}
}

enum { CUTS_MAX = 100 }; /* each one parses the whole file again */

/* The first effective value from *at on that enables the cache; NULL: none. */
static const char *find_next(const struct sc_sysconfig *conf, size_t *at)
{
	const char *key, *value, *found = NULL;
	struct effective effective;

	effective_init(&effective, conf);
	for (; sc_sysconfig_at(conf, *at, &key, &value, NULL); ++*at)
		if (sc_saslauthd_caches(value) && is_effective(&effective, key, value)) {
			found = value;
			break;
		}
	effective_free(&effective);
	return found;
}

enum spicecfg_status sc_saslauthd_uncache(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, bool debian)
{
	const char *value;
	enum spicecfg_status status = SPICECFG_OK;
	unsigned cuts = 0;

	for (size_t i = 0; !status && (value = find_next(conf, &i)); i++) {
		if (++cuts > CUTS_MAX)
			return sc_fail(ctx, SPICECFG_INPUT, "Remove -c from them by hand.",
				       "more than %d variables with options of saslauthd contain -c", CUTS_MAX);
		bool *drop = calloc(strlen(value) + 1, sizeof(*drop));

		if (!drop)
			return sc_fail_memory(ctx);
		each(value, mark_cache, drop);
		mark_blanks(value, drop);
		status = sc_sysconfig_cut(ctx, conf, i, drop);
		free(drop);
	}
	const char *options = sc_sysconfig_get(conf, "OPTIONS", NULL);
	if (!status && debian && (!options || !options[strspn(options, BLANKS)]))
		status = sc_sysconfig_set(ctx, conf, "OPTIONS", DEBIAN_OPTIONS);
	return status;
}

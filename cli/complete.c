/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "complete.h"

#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "complete_values.h"
#include "words.h"

/* The option that a word before the last one is or, of a cluster of letters, ends with; *value: what is attached to it, or NULL. */
static const struct cli_option *option_of(const struct cli *line, const char *word, const char **value)
{
	const struct cli_option *option = NULL;

	*value = NULL;
	if (word[1] == '-') {
		*value = strchr(word, '=');
		option = cli_args_option(line, word + 2, *value ? (size_t)(*value - word) - 2 : strlen(word + 2));
		if (*value)
			++*value;
		return option;
	}
	for (const char *letter = word + 1; *letter && (option = cli_args_letter(line, *letter)); letter++)
		if (option->metavar) {
			*value = letter[1] ? letter + 1 : NULL;
			break;
		}
	return option;
}

static void give(struct cli *line, const struct cli_option *option, const char *value)
{
	line->given[line->n_given++] = (struct cli_given){option, value};
}

/* What has been read of the words before the last one. */
struct reader {
	const struct cli_option *pending; /* the last one was this option, whose value follows */
	bool only_words;                  /* after "--" */
	char **first;                     /* the words that are or begin the name of the verb */
	int n_first;
};

static void read_word(struct cli *line, struct reader *r, char *word)
{
	const char *value;

	if (r->pending) {
		give(line, r->pending, word);
		r->pending = NULL;
	} else if (!r->only_words && strcmp(word, "--") == 0) {
		r->only_words = true;
	} else if (!r->only_words && word[0] == '-' && word[1]) {
		const struct cli_option *option = option_of(line, word, &value);

		if (option && option->metavar && !value)
			r->pending = option;
		else if (option)
			give(line, option, value ? value : "");
	} else if (line->verb) {
		line->args[line->n_args++] = word;
	} else {
		r->first[r->n_first++] = word;
		/* of "acl show" the first word is none */
		if (cli_args_verb(line, r->first, r->n_first) < r->n_first)
			line->verb = NULL;
	}
}

static void offer_options(const struct cli_complete *c, const struct cli_option *options)
{
	char word[64];

	for (; options && options->name; options++) {
		if (!options->help)
			continue;
		snprintf(word, sizeof(word), "--%s", options->name);
		cli_complete_offer(c, word, options->help);
	}
}

/* The names of verbs after the words of first. */
static void offer_verbs(const struct cli_complete *c, const struct reader *r)
{
	char group[32] = "", last[32] = "", word[32], help[64];
	size_t len = 0;

	if (r->n_first > 1)
		return;
	if (r->n_first && (len = (size_t)snprintf(group, sizeof(group), "%s ", r->first[0])) >= sizeof(group))
		return;
	for (const struct cli_verb *const *verb = c->line->verbs; *verb; verb++) {
		if (strncmp((*verb)->name, group, len) != 0)
			continue;
		const char *name = (*verb)->name + len;
		size_t end = strcspn(name, " ");

		snprintf(word, sizeof(word), "%.*s", (int)end, name);
		if (!name[end])
			cli_complete_offer(c, word, (*verb)->summary);
		else if (strcmp(word, last) != 0 && snprintf(help, sizeof(help), "several verbs: spicecfg help %s", word) > 0)
			cli_complete_offer(c, word, help);
		memcpy(last, word, sizeof(last));
	}
}

/* Copies the index-th part of a synopsis that is an argument: "[USER]", "(address ADDR|none)"; the last one if it may be repeated. */
static bool synopsis_part(const char *synopsis, int index, char *out, size_t size)
{
	bool found = false;

	for (const char *at = synopsis; *at && index >= 0 && !found;) {
		size_t len = 0;

		for (int depth = 0; at[len] && (depth || at[len] != ' '); len++)
			depth += (strchr("([", at[len]) != NULL) - (strchr(")]", at[len]) != NULL);
		bool is_option = at[0] == '-' || (at[0] == '[' && at[1] == '-');
		if (is_option && at[0] == '-' && at[len] && at[len + 1] != '-' && at[len + 1] != '[')
			len += 1 + strcspn(at + len + 1, " "); /* its value */
		if (!is_option && strncmp(at, "TARGET", len) != 0) {
			bool repeats = len > 3 && strncmp(at + len - 3, "...", 3) == 0;
			bool wraps = strchr("([", at[0]) != NULL;
			size_t n = len - (repeats ? 3 : 0) - (wraps ? 2 : 0);

			found = n < size && (index == 0 || repeats);
			if (found)
				snprintf(out, size, "%.*s", (int)n, at + wraps);
			index -= !repeats;
		}
		at += len + (at[len] == ' ');
	}
	return found;
}

/* Of "address ADDR|socket [/PATH]|none" the word after that of the alternative that word begins. */
static bool second_word(const char *part, const char *word, char *out, size_t size)
{
	for (const char *at = part, *bar; at; at = bar ? bar + 1 : NULL) {
		size_t len = strcspn(at, " |");

		bar = strchr(at, '|');
		if (strlen(word) != len || strncmp(at, word, len) != 0 || at[len] != ' ')
			continue;
		at += len + 1 + (at[len + 1] == '[');
		snprintf(out, size, "%.*s", (int)strcspn(at, "]|"), at);
		return true;
	}
	return false;
}

static void offer_argument(struct cli_complete *c)
{
	const struct cli *line = c->line;
	bool named = cli_get(line, "vm") || cli_has(line, "all") || cli_get(line, "match");
	int index = line->n_args - (line->verb->flags & CLI_TARGET && !named);
	char part[128], second[64];

	if (line->verb->flags & CLI_TARGETS || index < 0) {
		cli_complete_value(c, "TARGET");
	} else if (synopsis_part(line->verb->synopsis, index, part, sizeof(part))) {
		cli_complete_value(c, part);
	} else if (index > 0 && synopsis_part(line->verb->synopsis, index - 1, part, sizeof(part)) &&
		   second_word(part, line->args[line->n_args - 1], second, sizeof(second))) {
		cli_complete_value(c, second);
	}
}

static void offer(struct cli_complete *c, const struct reader *r)
{
	const char *value;

	if (r->pending) {
		cli_complete_value(c, r->pending->metavar);
	} else if (!r->only_words && c->word[0] == '-') {
		const struct cli_option *option = option_of(c->line, c->word, &value);

		if (value && (size_t)(value - c->word) < sizeof(c->lead)) {
			snprintf(c->lead, sizeof(c->lead), "%.*s", (int)(value - c->word), c->word);
			c->word = value;
			cli_complete_value(c, option ? option->metavar : NULL);
			return;
		}
		offer_options(c, c->line->verb ? c->line->verb->options : NULL);
		offer_options(c, cli_args_target_options(c->line->verb));
		offer_options(c, cli_global_options);
	} else if (c->line->verb) {
		offer_argument(c);
	} else {
		offer_verbs(c, r);
	}
}

/* How many words come before those of the program: a wrapper such as sudo, and the program itself. */
static int skip_program(char **words, int count)
{
	for (int i = 0; i + 1 < count; i++) {
		const char *slash = strrchr(words[i], '/');

		if (strcmp(slash ? slash + 1 : words[i], "spicecfg") == 0)
			return i + 1;
	}
	return count > 1;
}

void cli_complete_line(const struct cli *cli, char *text)
{
	struct cli line = {.ctx = cli->ctx, .verbs = cli->verbs, .quiet = true};
	int count = 0;
	char **words = cli_words_begun(text, &count);
	struct reader r = {.first = words ? calloc((size_t)count, sizeof(*words)) : NULL};

	line.args = r.first ? calloc((size_t)count, sizeof(*line.args)) : NULL;
	line.given = line.args ? calloc((size_t)count, sizeof(*line.given)) : NULL;
	if (line.given) {
		struct cli_complete c = {.line = &line, .word = words[count - 1]};

		for (int i = skip_program(words, count); i + 1 < count; i++)
			read_word(&line, &r, words[i]);
		offer(&c, &r);
	}
	free(line.given);
	free((void *)line.args);
	free((void *)r.first);
	free((void *)words);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "args.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"

const struct cli_option cli_global_options[] = {
    {"connect", 'c', "URI", "libvirt URI (default: LIBVIRT_DEFAULT_URI, else qemu:///system)", false},
    {"root", 0, "DIR", "work on the host tree below DIR; no daemon is contacted", false},
    {"dry-run", 'n', NULL, "change nothing, but report what would change", false},
    {"diff", 0, NULL, "show a unified diff of each changed document, with secrets as ***", false},
    {"output", 'o', "FILE", "write the edited document to FILE instead of in place", false},
    {"format", 0, "text|json", "format of the report (default: text)", false},
    {"detailed-exitcode", 0, NULL, "exit with 10 instead of 0 when something changed, or would", false},
    {"message", 'm', "TEXT", "why it is changed, for the history", false},
    {"force", 0, NULL, "proceed despite findings", false},
    {"wait-lock", 0, "DURATION", "how long to wait for another spicecfg (default: 10s)", false},
    {"quiet", 'q', NULL, "print only errors", false},
    {"verbose", 'v', NULL, "print more; twice: debug output", true},
    {"color", 0, "auto|always|never", "whether to use colour (default: auto; NO_COLOR is honoured)", false},
    {"help", 'h', NULL, "show help", false},
    {"version", 0, NULL, "show the version", false},
    {NULL, 0, NULL, NULL, false},
};

/* Options of every verb with a TARGET. */
static const struct cli_option target_options[] = {
    {"vm", 0, "TARGET", "the TARGET, instead of the first argument", false},
    {"all", 0, NULL, "all domains, instead of a TARGET", false},
    {"match", 0, "GLOB", "the domains that match GLOB, instead of a TARGET", false},
    {NULL, 0, NULL, NULL, false},
};

static const struct cli_option *find_in(const struct cli_option *options, const char *name, size_t len)
{
	for (; options && options->name; options++)
		if (strlen(options->name) == len && memcmp(options->name, name, len) == 0)
			return options;
	return NULL;
}

static const struct cli_option *find_letter(const struct cli_option *options, char letter)
{
	for (; options && options->name; options++)
		if (options->letter == letter)
			return options;
	return NULL;
}

const struct cli_option *cli_args_target_options(const struct cli_verb *verb)
{
	return verb && verb->flags & (CLI_TARGET | CLI_TARGETS | CLI_OPTIONAL_VM) ? target_options : NULL;
}

const struct cli_option *cli_args_option(const struct cli *cli, const char *name, size_t len)
{
	const struct cli_option *option = cli->verb ? find_in(cli->verb->options, name, len) : NULL;

	if (!option)
		option = find_in(cli_args_target_options(cli->verb), name, len);
	return option ? option : find_in(cli_global_options, name, len);
}

const struct cli_option *cli_args_letter(const struct cli *cli, char letter)
{
	const struct cli_option *option = cli->verb ? find_letter(cli->verb->options, letter) : NULL;

	return option ? option : find_letter(cli_global_options, letter);
}

static enum spicecfg_status give(struct cli *cli, const struct cli_option *option, const char *value)
{
	if (option->metavar && !*value)
		return cli_usage(cli, "option '--%s' needs a value: %s", option->name, option->metavar);
	struct cli_given *given = reallocarray(cli->given, cli->n_given + 1, sizeof(*given));

	if (!given)
		return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	cli->given = given;
	cli->given[cli->n_given++] = (struct cli_given){option, value ? value : ""};
	return SPICECFG_OK;
}

/* The word may contain a password after the name ("--password=PW", "-pPW"), or be one itself ("--PW"). */
static enum spicecfg_status unknown(struct cli *cli, const char *word)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";
	int len = word[1] == '-' ? (int)strcspn(word, "=") : 2;

	if (len > 2 && (strspn(word, letters) < (size_t)len || len > 32))
		return cli_usage(cli, "there is no such option; it is not shown, because it may be a password");
	if (cli->verb)
		return cli_usage(cli, "'%s' has no option '%.*s'", cli->verb->name, len, word);
	return cli_usage(cli, "there is no option '%.*s'", len, word);
}

/* One "--name[=value]" at argv[*index]. */
static enum spicecfg_status parse_long(struct cli *cli, int argc, char **argv, int *index)
{
	const char *name = argv[*index] + 2;
	const char *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct cli_option *option = cli_args_option(cli, name, len);

	if (!option)
		return unknown(cli, argv[*index]);
	if (!option->metavar && equals)
		return cli_usage(cli, "option '--%s' takes no value", option->name);
	if (!option->metavar)
		return give(cli, option, NULL);
	if (equals)
		return give(cli, option, equals + 1);
	if (*index + 1 >= argc)
		return cli_usage(cli, "option '--%s' needs a value: %s", option->name, option->metavar);
	return give(cli, option, argv[++*index]);
}

/* A cluster of letters, "-nq" or "-cURI". */
static enum spicecfg_status parse_short(struct cli *cli, int argc, char **argv, int *index)
{
	for (const char *letter = argv[*index] + 1; *letter; letter++) {
		const struct cli_option *option = cli_args_letter(cli, *letter);
		enum spicecfg_status status;

		if (!option)
			return unknown(cli, (const char[]){'-', *letter, '\0'});
		if (!option->metavar) {
			status = give(cli, option, NULL);
		} else if (letter[1]) {
			return give(cli, option, letter + 1);
		} else if (*index + 1 < argc) {
			return give(cli, option, argv[++*index]);
		} else {
			return cli_usage(cli, "option '-%c' needs a value: %s", *letter, option->metavar);
		}
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status unknown_verb(struct cli *cli, const char *word)
{
	const char *nearest = NULL;
	unsigned best = 4;

	for (const struct cli_verb *const *verb = cli->verbs; *verb; verb++) {
		unsigned d = spicecfg_text_distance(word, (*verb)->name);

		if (d < best) {
			best = d;
			nearest = (*verb)->name;
		}
	}
	if (nearest)
		return cli_usage(cli, "there is no verb '%s'; did you mean '%s'?", word, nearest);
	return cli_usage(cli, "there is no verb '%s'", word);
}

/* Tries verbs of two words first: "host show". */
int cli_args_verb(struct cli *cli, char **words, int count)
{
	char two[64];

	for (int n = count > 1 ? 2 : 1; n; n--) {
		int len = n == 2 ? snprintf(two, sizeof(two), "%s %s", words[0], words[1]) : snprintf(two, sizeof(two), "%s", words[0]);

		if (len < 0 || (size_t)len >= sizeof(two))
			continue;
		for (const struct cli_verb *const *verb = cli->verbs; *verb; verb++)
			if (strcmp((*verb)->name, two) == 0) {
				cli->verb = *verb;
				return n;
			}
	}
	return 0;
}

bool cli_verb_in_group(const struct cli_verb *verb, const char *group)
{
	size_t len = strlen(group);

	return strncmp(verb->name, group, len) == 0 && verb->name[len] == ' ';
}

/* Finds the verb among the words that are neither options nor their values, before its options are parsed. */
static enum spicecfg_status locate_verb(struct cli *cli, int argc, char **argv)
{
	const char *strange = NULL; /* an unknown option before the first word, which may be its value rather than a verb */
	char *words[2] = {NULL, NULL};
	int count = 0;

	for (int i = 1; i < argc && count < 2; i++) {
		const char *word = argv[i];

		if (strcmp(word, "--") == 0)
			break;
		if (word[0] != '-' || !word[1]) {
			words[count++] = argv[i];
			continue;
		}
		const struct cli_option *option = NULL;
		if (word[1] == '-') {
			option = strchr(word, '=') ? NULL : find_in(cli_global_options, word + 2, strlen(word + 2));
		} else {
			const char *letter = word + 1; /* of a cluster only the last one can take the next word */

			while ((option = find_letter(cli_global_options, *letter)) && !option->metavar && letter[1])
				letter++;
			if (letter[1])
				option = NULL;
		}
		if (!option && !count && word[1] == '-' && !find_in(cli_global_options, word + 2, strcspn(word + 2, "=")))
			strange = word;
		if (option && option->metavar)
			i++;
	}
	if (!count)
		return SPICECFG_OK;
	if (cli_args_verb(cli, words, count))
		return SPICECFG_OK;
	if (strange)
		return unknown(cli, strange);
	for (const struct cli_verb *const *verb = cli->verbs; *verb; verb++)
		if (cli_verb_in_group(*verb, words[0]))
			return count > 1
				   ? cli_usage(cli, "'%s' has no verb '%s'; 'spicecfg help %s' lists them", words[0], words[1], words[0])
				   : cli_usage(cli, "'%s' needs a second word, such as '%s'; 'spicecfg help %s' lists them", words[0],
					       (*verb)->name, words[0]);
	return unknown_verb(cli, words[0]);
}

static enum spicecfg_status parse_all(struct cli *cli, int argc, char **argv)
{
	int skip = 0; /* words of the verb itself */
	bool only_words = false;

	if (cli->verb)
		skip = strchr(cli->verb->name, ' ') ? 2 : 1;
	for (int i = 1; i < argc; i++) {
		char *word = argv[i];
		enum spicecfg_status status = SPICECFG_OK;

		if (!only_words && strcmp(word, "--") == 0)
			only_words = true;
		else if (only_words || word[0] != '-' || !word[1])
			skip ? (void)skip-- : (void)(cli->args[cli->n_args++] = word);
		else if (word[1] == '-')
			status = parse_long(cli, argc, argv, &i);
		else
			status = parse_short(cli, argc, argv, &i);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status check_repeats(struct cli *cli)
{
	for (size_t i = 0; i < cli->n_given; i++)
		for (size_t j = 0; j < i; j++)
			if (cli->given[i].option == cli->given[j].option && !cli->given[i].option->repeat && cli->given[i].option->metavar)
				return cli_usage(cli, "option '--%s' is given twice", cli->given[i].option->name);
	return SPICECFG_OK;
}

enum spicecfg_status cli_args_parse(struct cli *cli, int argc, char **argv)
{
	enum spicecfg_status status;

	cli->args = cli->words = calloc((size_t)argc + 1, sizeof(*cli->words));
	if (!cli->words)
		return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	if ((status = locate_verb(cli, argc, argv)) || (status = parse_all(cli, argc, argv)))
		return status;
	return check_repeats(cli);
}

void cli_args_free(struct cli *cli)
{
	free(cli->words);
	free(cli->given);
}

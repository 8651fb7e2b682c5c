/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "help.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, USAGE_INDENT = 7, RIGHT = 37 };

/* Prints text, breaking lines between words. column: where it begins; indent: where further lines do; whole: not within brackets. */
static void print_wrapped(FILE *out, const char *text, size_t column, size_t indent, bool whole)
{
	for (const char *word = text; *word;) {
		size_t len = 0;

		for (int depth = 0; word[len] && word[len] != '\n' && (depth || word[len] != ' '); len++)
			depth += whole ? (strchr("([", word[len]) != NULL) - (strchr(")]", word[len]) != NULL) : 0;
		if (word != text && column + 1 + len > WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (word != text) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", (int)len, word);
		column += len;
		word += len;
		word += *word != '\0';
	}
}

/* Where the last column of an indented line begins: behind its last two blanks. */
static size_t last_column(const char *line, size_t len)
{
	size_t column = strspn(line, " ");

	for (size_t i = column; i + 2 < len; i++)
		if (line[i] == ' ' && line[i + 1] == ' ' && line[i + 2] != ' ')
			column = i + 2;
	return column;
}

/* Prints paragraphs; an indented line stays one. */
static void print_paragraphs(FILE *out, const char *text)
{
	while (*text) {
		bool indented = *text == ' ';
		size_t len = strcspn(text, "\n");

		while (!indented && text[len] && text[len + 1] && text[len + 1] != '\n' && text[len + 1] != ' ')
			len += 1 + strcspn(text + len + 1, "\n");
		size_t column = indented ? last_column(text, len) : 0;
		char *block = strndup(text + column, len - column);

		fprintf(out, "%.*s", (int)column, text);
		if (block)
			print_wrapped(out, block, column, column, false);
		free(block);
		fputc('\n', out);
		text += len;
		text += *text != '\0';
	}
}

/* Prints a row of two columns; help gets a line of its own where left is too long. */
static void print_row(FILE *out, const char *left, const char *help)
{
	if (strlen(left) + 3 > RIGHT)
		fprintf(out, "  %s\n%*s", left, RIGHT, "");
	else
		fprintf(out, "  %-*s", RIGHT - 2, left);
	print_wrapped(out, help, RIGHT, RIGHT, false);
	fputc('\n', out);
}

static void print_verb(FILE *out, const struct cli_verb *verb)
{
	enum { SUMMARY = 21 };

	fprintf(out, "  %-*s", SUMMARY - 2, verb->name);
	print_wrapped(out, verb->summary, SUMMARY, SUMMARY, false);
	fputc('\n', out);
}

static void print_options(FILE *out, const struct cli_option *options)
{
	for (; options && options->name; options++) {
		char left[80];

		if (!options->help)
			continue;
		snprintf(left, sizeof(left), "%s%c%s--%s%s%s", options->letter ? "-" : "  ", options->letter ? options->letter : ' ',
			 options->letter ? ", " : " ", options->name, options->metavar ? " " : "",
			 options->metavar ? options->metavar : "");
		print_row(out, left, options->help);
	}
}

static void print_keys(FILE *out)
{
	struct spicecfg_setting setting = {.size = sizeof(setting)};

	fputs("\nKeys:\n", out);
	for (size_t i = 0; spicecfg_setting_get(i, &setting); i++) {
		char left[80];

		snprintf(left, sizeof(left), "%s=%s", setting.key, setting.metavar);
		print_row(out, left, setting.help);
	}
}

void cli_help_overview(FILE *out, const struct cli_verb *const *verbs)
{
	fputs("usage: spicecfg [OPTIONS] VERB [TARGET] [ARGUMENTS] [OPTIONS]\n\n"
	      "Configures and checks who can see the Spice console of a VM, and how.\n"
	      "TARGET is a libvirt domain, a domain XML file (a word that contains '/' or ends\nin .xml), or - for stdin.\n\nVerbs:\n",
	      out);
	for (const struct cli_verb *const *verb = verbs; *verb; verb++)
		print_verb(out, *verb);
	fputs("\nOptions:\n", out);
	print_options(out, cli_global_options);
	fputs("\nSee 'spicecfg help VERB' for the arguments and options of a verb.\n", out);
}

bool cli_help_group(FILE *out, const struct cli_verb *const *verbs, const char *group)
{
	bool found = false;

	for (const struct cli_verb *const *verb = verbs; *verb; verb++) {
		if (!cli_verb_in_group(*verb, group))
			continue;
		if (!found)
			fprintf(out, "usage: spicecfg [OPTIONS] %s VERB [ARGUMENTS] [OPTIONS]\n\nVerbs:\n", group);
		found = true;
		print_verb(out, *verb);
	}
	if (found)
		fprintf(out, "\nSee 'spicecfg help %s VERB' for the arguments and options of a verb.\n", group);
	return found;
}

void cli_help_verb(FILE *out, const struct cli_verb *verb)
{
	int column = fprintf(out, "usage: spicecfg [OPTIONS] %s ", verb->name);

	print_wrapped(out, verb->synopsis, column > 0 ? (size_t)column : 0, USAGE_INDENT, true);
	fputs("\n\n", out);
	print_wrapped(out, verb->summary, 1, 0, false); /* 1: the full stop */
	fputs(".\n", out);
	if (verb->help) {
		fputc('\n', out);
		print_paragraphs(out, verb->help);
	}
	if (verb->flags & CLI_TARGET)
		fputs("\nInstead of TARGET: --vm TARGET, --all, --match GLOB.\n", out);
	if (verb->options && verb->options->name) {
		fputs("\nOptions:\n", out);
		print_options(out, verb->options);
	}
	if (verb->flags & CLI_KEYS)
		print_keys(out);
	if (verb->example)
		fprintf(out, "\nExamples:\n%s\n", verb->example);
	fputs("\nSee 'spicecfg help' for the global options.\n", out);
}

static json_t *options_json(const struct cli_option *options)
{
	json_t *list = json_array();

	for (; options && options->name; options++) {
		char letter[2] = {options->letter, '\0'};

		if (!options->help)
			continue;
		json_array_append_new(list, json_pack("{s:s, s:s, s:s*, s:s, s:b}", "name", options->name, "letter", letter, "metavar",
						      options->metavar, "help", options->help, "repeat", options->repeat));
	}
	return list;
}

static json_t *settings_json(void)
{
	json_t *list = json_array();
	struct spicecfg_setting setting = {.size = sizeof(setting)};

	for (size_t i = 0; spicecfg_setting_get(i, &setting); i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:b}", "key", setting.key, "verb", setting.verb, "metavar",
						      setting.metavar, "help", setting.help, "argument", setting.argument));
	return list;
}

json_t *cli_help_dump(const struct cli_verb *const *verbs)
{
	json_t *list = json_array();

	for (const struct cli_verb *const *verb = verbs; *verb; verb++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:i, s:o}", "name", (*verb)->name, "synopsis",
						(*verb)->synopsis, "summary", (*verb)->summary, "help", (*verb)->help, "example",
						(*verb)->example, "flags", (int)(*verb)->flags, "options", options_json((*verb)->options)));
	return json_pack("{s:o, s:o, s:o}", "options", options_json(cli_global_options), "verbs", list, "settings", settings_json());
}

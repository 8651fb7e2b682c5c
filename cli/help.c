/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "help.h"

#include <string.h>

/* Prints text, breaking lines between words outside of brackets; column: where it begins. */
static void print_wrapped(FILE *out, const char *text, size_t column)
{
	enum { WIDTH = 80, INDENT = 7 };

	for (const char *word = text; *word;) {
		size_t len = 0;

		for (int depth = 0; word[len] && (depth || word[len] != ' '); len++)
			depth += (strchr("([", word[len]) != NULL) - (strchr(")]", word[len]) != NULL);
		if (word != text && column + 1 + len > WIDTH) {
			fprintf(out, "\n%*s", INDENT, "");
			column = INDENT;
		} else if (word != text) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", (int)len, word);
		column += len;
		word += len + (word[len] == ' ');
	}
}

/* Prints a row of two columns; help gets a line of its own where left is too long. */
static void print_row(FILE *out, const char *left, const char *help)
{
	enum { LEFT = 34 };

	if (strlen(left) > LEFT)
		fprintf(out, "  %s\n  %*s %s\n", left, LEFT, "", help);
	else
		fprintf(out, "  %-*s %s\n", LEFT, left, help);
}

static void print_options(FILE *out, const struct cli_option *options)
{
	for (; options && options->name; options++) {
		char left[80];

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
	      "TARGET is a libvirt domain, a domain XML file (a word that contains '/' or ends in .xml), or - for stdin.\n\nVerbs:\n",
	      out);
	for (const struct cli_verb *const *verb = verbs; *verb; verb++)
		fprintf(out, "  %-18s %s\n", (*verb)->name, (*verb)->summary);
	fputs("\nOptions:\n", out);
	print_options(out, cli_global_options);
	fputs("\nSee 'spicecfg help VERB' for the arguments and options of a verb.\n", out);
}

void cli_help_verb(FILE *out, const struct cli_verb *verb)
{
	int column = fprintf(out, "usage: spicecfg [OPTIONS] %s ", verb->name);

	print_wrapped(out, verb->synopsis, column > 0 ? (size_t)column : 0);
	fprintf(out, "\n\n%s.\n", verb->summary);
	if (verb->help)
		fprintf(out, "\n%s\n", verb->help);
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

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "help.h"

#include <string.h>

static void print_options(FILE *out, const struct cli_option *options)
{
	for (; options && options->name; options++) {
		char left[80];

		snprintf(left, sizeof(left), "%s%c%s--%s%s%s", options->letter ? "-" : "  ", options->letter ? options->letter : ' ',
			 options->letter ? ", " : " ", options->name, options->metavar ? " " : "",
			 options->metavar ? options->metavar : "");
		fprintf(out, "  %-34s %s\n", left, options->help);
	}
}

void cli_help_overview(FILE *out, const struct cli_verb *const *verbs)
{
	fputs("usage: spicecfg [OPTIONS] VERB [TARGET] [ARGUMENTS] [OPTIONS]\n\n"
	      "Configures and checks who sees the Spice console of a VM, and how.\n"
	      "TARGET is a libvirt domain, a file of domain XML (a word with '/' or ending in .xml), or - for stdin.\n\nVerbs:\n",
	      out);
	for (const struct cli_verb *const *verb = verbs; *verb; verb++)
		fprintf(out, "  %-18s %s\n", (*verb)->name, (*verb)->summary);
	fputs("\nOptions:\n", out);
	print_options(out, cli_global_options);
	fputs("\n'spicecfg help VERB' tells more of a verb.\n", out);
}

void cli_help_verb(FILE *out, const struct cli_verb *verb)
{
	fprintf(out, "usage: spicecfg [OPTIONS] %s %s\n\n%s.\n", verb->name, verb->synopsis, verb->summary);
	if (verb->help)
		fprintf(out, "\n%s\n", verb->help);
	if (verb->flags & CLI_TARGET)
		fputs("\nIn place of TARGET: --vm TARGET, --all, --match GLOB.\n", out);
	if (verb->options && verb->options->name) {
		fputs("\nOptions:\n", out);
		print_options(out, verb->options);
	}
	if (verb->example)
		fprintf(out, "\nExamples:\n%s\n", verb->example);
	fputs("\nGlobal options: 'spicecfg help'.\n", out);
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

json_t *cli_help_dump(const struct cli_verb *const *verbs)
{
	json_t *list = json_array();

	for (const struct cli_verb *const *verb = verbs; *verb; verb++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:i, s:o}", "name", (*verb)->name, "synopsis",
						(*verb)->synopsis, "summary", (*verb)->summary, "help", (*verb)->help, "example",
						(*verb)->example, "flags", (int)(*verb)->flags, "options", options_json((*verb)->options)));
	return json_pack("{s:o, s:o}", "options", options_json(cli_global_options), "verbs", list);
}

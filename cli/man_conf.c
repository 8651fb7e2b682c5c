/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* spicecfg.conf(5) as scdoc source, generated from the rows of the keys. */
#include <string.h>

#include "help.h"

static const char intro[] =
    "spicecfg.conf(5)\n\n# NAME\n\nspicecfg.conf, .spicecfg.conf - settings of spicecfg check, for a host or a repository\n\n"
    "# DESCRIPTION\n\n"
    "_/etc/spicecfg/spicecfg.conf_ applies to checks of the domains of a host, and below *--root* of those of the tree. _.spicecfg.conf_ "
    "in "
    "the working directory, or above it in the same git repository, applies to checks of files. Where a check has both, the latter takes "
    "precedence, and options of the command line over both; *--project FILE* names another file for both, *--no-project* uses none.\n\n"
    "A file is used only if it is a regular file that belongs to the caller, to root, or (for root) to the account that called sudo, and "
    "if "
    "nobody else may write to it. Another one is ignored, with a warning.\n\n"
    "A line is *[section]*, _key_ = _value_, a comment that begins with # or ;, or blank. Comments may follow a value, after a space. "
    "Unknown sections, keys, rules and levels are errors.\n\n";

static const char example[] = "[check]\n"
			      "fail-on = warning\n\n"
			      "[rules]\n"
			      "keymap-unknown = off\n"
			      "console-plain = error";

void cli_help_conf_scdoc(FILE *out)
{
	struct spicecfg_project_key key = {.size = sizeof(key)};
	const char *section = "";

	fputs(intro, out);
	for (size_t i = 0; spicecfg_project_key_get(i, &key); i++) {
		if (strcmp(section, key.section) != 0)
			fprintf(out, "# [%s]\n\n", key.section);
		section = key.section;
		fprintf(out, "*%s* = _", key.key);
		cli_help_escaped(out, key.takes);
		fputs("_\n\t", out);
		cli_help_escaped(out, key.help);
		fputs(key.of_host ? "\n\n" : "; only in .spicecfg.conf\n\n", out);
	}
	fprintf(out, "# EXAMPLE\n\n```\n%s\n```\n\n# SEE ALSO\n\n*spicecfg*(1)\n", example);
}

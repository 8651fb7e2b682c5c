/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* spicecfg-policy(5) as scdoc source, generated from the rows of the keys. */
#include <string.h>

#include "help.h"

static const char intro[] =
    "spicecfg-policy(5)\n\n# NAME\n\nspicecfg-policy - the state of a host in a file, for spicecfg apply\n\n"
    "# DESCRIPTION\n\n"
    "A policy is an INI file. *spicecfg apply* brings the host, or a tree below *--root*, to the state in it, as one transaction; applied "
    "again it changes nothing. What a policy does not name stays as it is.\n\n"
    "A line is *[section]*, _key_ = _value_, a comment that begins with # or ;, or blank. Comments may follow a value or a section, after "
    "a "
    "space. A value that contains # or ; is quoted with \" or '. Sections and keys are not case-sensitive, and none may be set twice. "
    "Lists "
    "are separated by blanks or commas. There are no continued lines.\n\n"
    "Before anything of the host is looked at, the whole file is checked: unknown sections and keys, values that a key does not take, and "
    "settings that contradict each other are reported with line and column.\n\n"
    "A policy contains no passwords: it names files that contain them, or has them generated.\n\n"
    "Of several *[vm.*_NAME_*]* that match a VM, the first in the file decides; the others are reported. _NAME_ is a word of your choice, "
    "like that of *[user.*_NAME_*]*. *[host.*_NAME_*]* is about the host with that short or full name, and takes precedence over *[host]*. "
    "Sections *[access.*_NAME_*]* are refused.\n\n";

static const char example[] = "[host]\n"
			      "tls = yes\n"
			      "sasl = per-vm\n"
			      "restart-daemon = yes\n\n"
			      "[pki]\n"
			      "host = \"mysrv.example.org mysrv\"\n\n"
			      "[vm.office]\n"
			      "name = debianx\n"
			      "heads = 2\n"
			      "listen = address 0.0.0.0\n"
			      "tls-port = 20002\n"
			      "mode = secure\n\n"
			      "[user.anne]\n"
			      "user = anne\n"
			      "vm = debianx\n"
			      "password = generate\n\n"
			      "[vm.lab]\n"
			      "match = \"lab-*\"\n"
			      "listen = socket\n"
			      "allow = group:spicex\n\n"
			      "[vm.kiosk]\n"
			      "name = kiosk\n"
			      "password = ticket          ; only live tickets open it: spicecfg set-password --live";

void cli_help_policy_scdoc(FILE *out)
{
	struct spicecfg_policy_key key = {.size = sizeof(key)};
	const char *section = "";

	fputs(intro, out);
	for (size_t i = 0; spicecfg_policy_key_get(i, &key); i++) {
		if (strcmp(section, key.section) != 0)
			fprintf(out, "# %s\n\n", key.section); /* scdoc takes a heading as it is */
		section = key.section;
		fprintf(out, "*%s* = _", key.key);
		cli_help_escaped(out, key.takes);
		fprintf(out, "%s_\n\t", key.unsets ? "|default" : "");
		cli_help_escaped(out, key.help);
		fputs(" (like ", out);
		cli_help_escaped(out, key.verb);
		fputs(")\n\n", out);
	}
	fprintf(out, "# EXAMPLE\n\n```\n%s\n```\n\n# SEE ALSO\n\n*spicecfg*(1)\n", example);
}

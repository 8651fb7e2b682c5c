/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The man page as scdoc source, generated from the rows of the verbs. */
#include <string.h>

#include "help.h"

/* Line breaks stay. */
void cli_help_escaped(FILE *out, const char *text)
{
	bool start = true;

	for (; *text; text++) {
		/* scdoc allows only tabs for indentation; an indented line begins one of its own. */
		if (start && *text == ' ')
			continue;
		if (strchr("*_\\<>`~", *text) || (start && strchr("#-.|[]:;", *text)))
			fputc('\\', out);
		fputc(*text, out);
		start = *text == '\n';
	}
}

/* A literal block of scdoc, which keeps its lines. */
static void literal(FILE *out, const char *text)
{
	fputs("```\n", out);
	fputs(text, out);
	fputs("\n```\n\n", out);
}

static void options(FILE *out, const struct cli_option *option)
{
	for (; option && option->name; option++) {
		if (!option->help)
			continue;
		fputc('*', out);
		if (option->letter)
			fprintf(out, "-%c*, *", option->letter);
		fprintf(out, "--%s*", option->name);
		if (option->metavar) {
			fputs(" _", out);
			for (const char *c = option->metavar; *c; c++)
				fprintf(out, "%s%c", strchr("*_\\<>`~", *c) ? "\\" : "", *c);
			fputc('_', out);
		}
		fputs("\n\t", out);
		cli_help_escaped(out, option->help);
		fputs("\n\n", out);
	}
}

static void keys(FILE *out)
{
	struct spicecfg_setting setting = {.size = sizeof(setting)};

	for (size_t i = 0; spicecfg_setting_get(i, &setting); i++) {
		fprintf(out, "*%s*=_", setting.key);
		cli_help_escaped(out, setting.metavar);
		fputs("_\n\t", out);
		cli_help_escaped(out, setting.help);
		fputs("\n\n", out);
	}
}

static void verb_section(FILE *out, const struct cli_verb *verb)
{
	fprintf(out, "## %s\n\n", verb->name);
	fprintf(out, "*spicecfg %s* ", verb->name);
	for (const char *c = verb->synopsis; *c; c++)
		fprintf(out, "%s%c", strchr("*_\\<>`~", *c) ? "\\" : "", *c);
	fputs("\n\n", out);
	cli_help_escaped(out, verb->summary);
	fputs(".\n", out);
	if (verb->help) {
		fputs("\n", out);
		cli_help_escaped(out, verb->help);
		fputs("\n", out);
	}
	fputs("\n", out);
	options(out, verb->options);
	if (verb->flags & CLI_KEYS)
		keys(out);
	if (verb->example)
		literal(out, verb->example);
}

static const char intro[] =
    "# NAME\n\nspicecfg - configure and check who can see the Spice console of a VM, and how\n\n"
    "# SYNOPSIS\n\n*spicecfg* [_OPTIONS_] _VERB_ [_TARGET_] [_ARGUMENTS_] [_OPTIONS_]\n\n"
    "# DESCRIPTION\n\n"
    "spicecfg edits the Spice settings of KVM/QEMU virtual machines and of their host, and checks both for what libvirt or QEMU would "
    "refuse. An edit changes only the bytes that it has to.\n\n"
    "A _TARGET_ is a libvirt domain (name or UUID), a domain XML file (a word that contains '/' or ends in .xml), or \\- to read stdin "
    "and write stdout. Use *domain:*_NAME_ or *file:*_PATH_ where a word could mean either. Verbs for a VM also accept *--vm* _TARGET_, "
    "*--all* or *--match* _GLOB_ instead. Files need no libvirt daemon. The value *default* unsets a setting. Repeating a command "
    "changes nothing.\n\n"
    "Passwords are read from a file, stdin or a prompt, never from an argument, and appear as \\*\\*\\* in all output.\n\n"
    "# OPTIONS\n\n";

static const char outro[] =
    "# EXIT STATUS\n\n"
    "*0*\n\tSuccess, whether or not something had to be changed.\n\n"
    "*1*\n\tFindings at the failing level, or a change whose result libvirt or QEMU would refuse; nothing was changed.\n\n"
    "*2*\n\tWrong usage.\n\n"
    "*3*\n\tInput is missing, unreadable or invalid; nothing was changed.\n\n"
    "*4*\n\tThe system refused; nothing was changed, or everything was rolled back. Where a roll-back failed, the error names what could "
    "not "
    "be restored.\n\n"
    "*10*\n\tWith *--detailed-exitcode*: something changed, or would.\n\n"
    "*130*\n\tInterrupted; everything was rolled back.\n\n"
    "# ENVIRONMENT\n\n"
    "*LIBVIRT_DEFAULT_URI*\n\tThe libvirt URI, unless *--connect* is given.\n\n"
    "*NO_COLOR*\n\tIf set and not empty, output is not coloured.\n\n"
    "# FILES\n\n"
    "_/run/spicecfg/locks/_\n\tLocks, so that only one spicecfg at a time changes a directory or a definition; those of ordinary users "
    "are in _$XDG_RUNTIME_DIR/spicecfg/locks/_.\n\n"
    "# SEE ALSO\n\n*spicecfg-policy*(5), *spicecfg.conf*(5), *virsh*(1), *virt-xml*(1), *remote-viewer*(1)\n";

void cli_help_scdoc(FILE *out, const struct cli_verb *const *verbs)
{
	fprintf(out, "spicecfg(1)\n\n%s", intro);
	options(out, cli_global_options);
	fputs("# VERBS\n\n", out);
	for (const struct cli_verb *const *verb = verbs; *verb; verb++)
		verb_section(out, *verb);
	fputs(outro, out);
}

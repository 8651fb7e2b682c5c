/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Formats of the report of `check`. A format is one file with its row; rows are listed in formats.c. All of them write as they go:
 * nothing is kept per file, so that memory use does not grow with the number of files.
 */
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include <spicecfg/check.h>
#include <stdio.h>

/* "version" of all JSON documents but host facts, which are read again (schemas/). */
enum { CLI_JSON_VERSION = 2 };

/* One report that is being written. */
struct cli_report {
	FILE *out;
	bool color;
	int verbose;
	enum spicecfg_level fail_on;
	const struct spicecfg_check_project *project; /* NULL: none; valid in begin() */
	size_t written;                               /* results so far: decides where a comma is needed */
	struct cli_text_groups *groups;               /* of text: the domains of a host that are not printed yet; NULL: none */
};

struct cli_format {
	const char *name;
	void (*begin)(struct cli_report *report);
	void (*result)(struct cli_report *report, const struct spicecfg_check_result *result);
	/* status: the result of the check */
	void (*end)(struct cli_report *report, const struct spicecfg_check_summary *summary, enum spicecfg_status status);
};

extern const struct cli_format cli_format_text, cli_format_json, cli_format_sarif, cli_format_junit, cli_format_github;

/* The format with this name, NULL: none. */
const struct cli_format *cli_format_find(const char *name);

/*
 * Functions that write text quoted for a format. Bytes that are not UTF-8 become U+FFFD. So do, in all formats but JSON, which has
 * escapes, the characters that a terminal interprets or that change the writing direction (C0, DEL, C1, U+061C, U+200E-F, U+2028-E,
 * U+2066-9), so that names of files and VMs can't deceive the reader. The marks "##[" and "##vso[" are broken everywhere: CI runners take
 * commands from them wherever they appear in a line of output.
 */
void cli_put_json(FILE *out, const char *text); /* with quotes; NULL: null */
void cli_put_xml(FILE *out, const char *text);
void cli_put_plain(FILE *out, const char *text); /* within a line: newlines and tabs are replaced too */
void cli_put_start(FILE *out, const char *text); /* the same at the start of a line: it must not be a command "::…" of GitHub's runner */
void cli_put_block(FILE *out, const char *text); /* whole lines: newlines and tabs are kept, no line begins with "::" */
/* JSON as written by jansson, which does not escape DEL, C1 and the like: they become \uXXXX. */
void cli_put_json_dump(FILE *out, const char *text);
/* before, then the text of a fix, quoted by put; nothing when fix is NULL. */
void cli_put_fix(FILE *out, const char *before, const struct spicecfg_fix *fix, void (*put)(FILE *out, const char *text));
/* A path as a URI reference: absolute ones as file:///, all but unreserved characters and '/' percent-encoded. */
void cli_put_uri(FILE *out, const char *path);
/* The data of a GitHub workflow command, or (property) one of its properties. */
void cli_put_github(FILE *out, const char *text, bool property);

#endif

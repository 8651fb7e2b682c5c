/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Forms of the report of `check`. A form is one file with its row; rows are listed in formats.c. All of them write as they go: nothing is
 * kept per target, so that memory stays flat.
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
	const struct spicecfg_check_project *project; /* NULL: none; while it is begun */
	size_t written;                               /* results so far: says where a comma belongs */
};

struct cli_format {
	const char *name;
	void (*begin)(struct cli_report *report);
	void (*result)(struct cli_report *report, const struct spicecfg_check_result *result);
	/* status: what the check came to */
	void (*end)(struct cli_report *report, const struct spicecfg_check_summary *summary, enum spicecfg_status status);
};

extern const struct cli_format cli_format_text, cli_format_json, cli_format_sarif, cli_format_junit, cli_format_github;

/* The form with this name, NULL: there is none. */
const struct cli_format *cli_format_find(const char *name);

/*
 * Text in the quoting of a language. Bytes that are no UTF-8 become U+FFFD; all but JSON, which has escapes, also lose what a terminal
 * obeys or what turns the direction of writing (C0, DEL, C1, U+061C, U+200E-F, U+2028-E, U+2066-9), so that names of files and VMs can't
 * play with the reader. The marks "##[" and "##vso[" are broken everywhere: runners of pipelines take commands from them wherever they
 * stand in a line of output.
 */
void cli_put_json(FILE *out, const char *text); /* with quotes; NULL: null */
void cli_put_xml(FILE *out, const char *text);
void cli_put_plain(FILE *out, const char *text); /* within a line: newlines and tabs are replaced too */
void cli_put_start(FILE *out, const char *text); /* the same where the line begins: it may not become a command "::…" of GitHub's runner */
void cli_put_block(FILE *out, const char *text); /* whole lines: newlines and tabs stay, no line begins with "::" */
/* JSON as jansson wrote it, which leaves DEL, C1 and the like as they are: they become \uXXXX. */
void cli_put_json_dump(FILE *out, const char *text);
/* A path as a URI reference: absolute ones as file:///, all but unreserved characters and '/' percent-encoded. */
/* A fix (NULL: nothing) in the quoting of put, behind before. */
void cli_put_fix(FILE *out, const char *before, const struct spicecfg_fix *fix, void (*put)(FILE *out, const char *text));
void cli_put_uri(FILE *out, const char *path);
/* Data, or (property) a property, of a GitHub workflow command. */
void cli_put_github(FILE *out, const char *text, bool property);

#endif

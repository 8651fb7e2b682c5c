/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text_line.h"

#include <string.h>

#define BOLD "\033[1m"
#define GREEN "\033[32m"
#define OFF "\033[0m"

static const char *const level_colors[] = {"", "\033[1;36m", "\033[1;35m", "\033[1;31m"};
static const char *const verdict_colors[] = {"\033[32m", "\033[1;31m", "\033[1;33m"};

static const char *color(const struct cli_report *report, const char *code)
{
	return report->color ? code : "";
}

void cli_text_head(const struct cli_report *report, const char *name)
{
	fputs(color(report, BOLD), report->out);
	cli_put_start(report->out, name);
	fprintf(report->out, "%s:", color(report, OFF));
}

void cli_text_verdict(const struct cli_report *report, const char *name, enum spicecfg_verdict verdict, const char *doubt)
{
	FILE *out = report->out;

	cli_text_head(report, name);
	fprintf(out, " %s%s%s", color(report, verdict_colors[verdict]), spicecfg_verdict_name(verdict), color(report, OFF));
	if (doubt) {
		fputs(" (", out);
		cli_put_plain(out, doubt);
		fputc(')', out);
	}
	fputc('\n', out);
}

void cli_text_message(const struct cli_report *report, const struct spicecfg_finding *finding)
{
	FILE *out = report->out;

	fprintf(out, "%s%s%s: ", color(report, level_colors[finding->level]), spicecfg_level_name(finding->level), color(report, OFF));
	cli_put_plain(out, finding->message);
}

void cli_text_excerpt(const struct cli_report *report, const struct spicecfg_finding *finding)
{
	FILE *out = report->out;

	fprintf(out, " %6u | ", finding->line);
	cli_put_plain(out, finding->excerpt);
	fprintf(out, "\n        | %*s%s^", (int)finding->caret, "", color(report, GREEN));
	for (unsigned i = 1; i < finding->width; i++)
		fputc('~', out);
	fprintf(out, "%s\n", color(report, OFF));
}

void cli_text_fix(const struct cli_report *report, const struct spicecfg_finding *finding)
{
	FILE *out = report->out;

	if (finding->fix) {
		cli_put_fix(out, "        = ", finding->fix, cli_put_plain);
		fputc('\n', out);
	}
	if (finding->untried)
		fputs("        ! not tried, to save time: check again after other fixes\n", out);
	if (finding->loses) {
		fputs("        ! takes the console from ", out);
		cli_put_plain(out, finding->loses);
		fputc('\n', out);
	}
}

void cli_text_finding(const struct cli_report *report, const char *document, const struct spicecfg_finding *finding, bool excerpt)
{
	FILE *out = report->out;

	fputs("  ", out);
	if (finding->file && strcmp(finding->file, document) != 0) {
		cli_put_start(out, finding->file);
		fputc(':', out);
	}
	if (finding->line)
		fprintf(out, "%u:%u: ", finding->line, finding->column);
	else if (finding->file)
		fputc(' ', out);
	cli_text_message(report, finding);
	fprintf(out, " [%s]\n", finding->rule);
	if (finding->excerpt && excerpt)
		cli_text_excerpt(report, finding);
	cli_text_fix(report, finding);
}

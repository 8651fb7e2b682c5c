/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For people: grouped by target, with the line of XML and a caret. */
#include <string.h>

#include "format.h"

#define BOLD "\033[1m"
#define GREEN "\033[32m"
#define OFF "\033[0m"

static const char *const level_colors[] = {"", "\033[1;36m", "\033[1;35m", "\033[1;31m"};
static const char *const verdict_colors[] = {"\033[32m", "\033[1;31m", "\033[1;33m"};

static const char *color(const struct cli_report *report, const char *code)
{
	return report->color ? code : "";
}

static void begin(struct cli_report *report)
{
	(void)report;
}

static void put_excerpt(const struct cli_report *report, const struct spicecfg_finding *finding)
{
	FILE *out = report->out;

	fprintf(out, " %6u | ", finding->line);
	cli_put_plain(out, finding->excerpt);
	fprintf(out, "\n        | %*s%s^", (int)finding->caret, "", color(report, GREEN));
	for (unsigned i = 1; i < finding->width; i++)
		fputc('~', out);
	fprintf(out, "%s\n", color(report, OFF));
}

static void put_finding(const struct cli_report *report, const struct spicecfg_check_result *result, const struct spicecfg_finding *finding)
{
	FILE *out = report->out;

	fputs("  ", out);
	if (finding->file && strcmp(finding->file, result->file ? result->file : result->target) != 0) {
		cli_put_start(out, finding->file);
		fputc(':', out);
	}
	if (finding->line)
		fprintf(out, "%u:%u: ", finding->line, finding->column);
	else if (finding->file)
		fputc(' ', out);
	fprintf(out, "%s%s%s: ", color(report, level_colors[finding->level]), spicecfg_level_name(finding->level), color(report, OFF));
	cli_put_plain(out, finding->message);
	fprintf(out, " [%s]\n", finding->rule);
	if (finding->excerpt)
		put_excerpt(report, finding);
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

static void result(struct cli_report *report, const struct spicecfg_check_result *result)
{
	FILE *out = report->out;

	if (result->error || (!result->n_findings && result->verdict == SPICECFG_VERDICT_STARTS && !report->verbose))
		return;
	fputs(color(report, BOLD), out);
	cli_put_start(out, result->target);
	fprintf(out, "%s: %s%s%s", color(report, OFF), color(report, verdict_colors[result->verdict]),
		spicecfg_verdict_name(result->verdict), color(report, OFF));
	if (result->doubt) {
		fputs(" (", out);
		cli_put_plain(out, result->doubt);
		fputc(')', out);
	}
	fputc('\n', out);
	for (size_t i = 0; i < result->n_findings; i++)
		put_finding(report, result, &result->findings[i]);
}

static void put_count(FILE *out, size_t count, const char *one, const char *many, const char *after)
{
	fprintf(out, "%zu %s%s", count, count == 1 ? one : many, after);
}

static void end(struct cli_report *report, const struct spicecfg_check_summary *summary, enum spicecfg_status status)
{
	FILE *out = report->out;

	(void)status;
	put_count(out, summary->targets, "target", "targets", ": ");
	fprintf(out, "%zu starts, %zu refused, %zu unknown; ", summary->starts, summary->refused, summary->unknown);
	put_count(out, summary->error, "error", "errors", ", ");
	put_count(out, summary->warning, "warning", "warnings", ", ");
	put_count(out, summary->note, "note", "notes", "\n");
	if (summary->broken)
		put_count(out, summary->broken, "target could not be read", "targets could not be read", "\n");
	if (summary->known)
		put_count(out, summary->known, "finding is", "findings are", " in the baseline\n");
	if (summary->resolved)
		put_count(out, summary->resolved, "finding of the baseline no longer occurs", "findings of the baseline no longer occur",
			  ": write it again\n");
	if (summary->skipped && report->verbose)
		put_count(out, summary->skipped, "other file", "other files", " skipped\n");
}

const struct cli_format cli_format_text = {"text", begin, result, end};

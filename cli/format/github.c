/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Annotations of GitHub Actions: workflow commands that mark lines of a pull request. */
#include "format.h"

static void begin(struct cli_report *report)
{
	(void)report;
}

static void put_place(FILE *out, const char *file, unsigned line, unsigned column, unsigned width)
{
	if (!file)
		return;
	fputs("file=", out);
	cli_put_github(out, file, true);
	if (line)
		fprintf(out, ",line=%u", line);
	if (column)
		fprintf(out, ",col=%u", column);
	if (column && width)
		fprintf(out, ",endColumn=%u", column + width);
	fputc(',', out);
}

static void put_data(FILE *out, const char *text)
{
	cli_put_github(out, text, false);
}

static void put_finding(FILE *out, const struct spicecfg_check_result *result, const struct spicecfg_finding *finding)
{
	const char *file = result->file ? finding->file ? finding->file : result->file : NULL;

	fprintf(out, "::%s ", finding->level == SPICECFG_LEVEL_NOTE ? "notice" : spicecfg_level_name(finding->level));
	put_place(out, file, finding->line, finding->character ? finding->character : finding->column, finding->characters);
	fputs("title=", out);
	cli_put_github(out, finding->rule, true);
	fputs("::", out);
	if (!file) {
		cli_put_github(out, result->target, false);
		fputs(": ", out);
	}
	cli_put_github(out, finding->message, false);
	cli_put_fix(out, "%0A", finding->fix, put_data);
	fputc('\n', out);
}

static void result(struct cli_report *report, const struct spicecfg_check_result *result)
{
	FILE *out = report->out;

	for (size_t i = 0; i < result->n_findings; i++)
		put_finding(out, result, &result->findings[i]);
	if (!result->error)
		return;
	fputs("::error ", out);
	put_place(out, result->file, result->error->line, result->error->column, 0);
	fputs("title=unreadable::", out);
	cli_put_github(out, result->error->message, false);
	fputc('\n', out);
}

static void end(struct cli_report *report, const struct spicecfg_check_summary *summary, enum spicecfg_status status)
{
	(void)report;
	(void)summary;
	(void)status;
}

const struct cli_format cli_format_github = {"github", begin, result, end};

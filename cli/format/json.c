/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The JSON of docs/cli.md, a result per line, the summary last. */
#include <string.h>

#include "format.h"

static void begin(struct cli_report *report)
{
	const struct spicecfg_check_project *project = report->project;

	fputs("{\"version\":1,", report->out);
	if (project) {
		fputs("\"project\":{\"file\":", report->out);
		cli_put_json(report->out, project->file);
		fprintf(report->out, ",\"used\":%s", project->used ? "true" : "false");
		fputs(project->why ? ",\"why\":" : "", report->out);
		if (project->why)
			cli_put_json(report->out, project->why);
		fputs("},", report->out);
	}
	fputs("\"results\":[", report->out);
}

static void put_number(FILE *out, const char *key, unsigned value)
{
	if (value)
		fprintf(out, ",\"%s\":%u", key, value);
	else
		fprintf(out, ",\"%s\":null", key);
}

static void put_finding(FILE *out, const struct spicecfg_finding *finding, const char *file)
{
	fputs("{\"rule\":", out);
	cli_put_json(out, finding->rule);
	fprintf(out, ",\"level\":\"%s\",\"class\":\"%s\",\"message\":", spicecfg_level_name(finding->level),
		spicecfg_class_name(finding->cls));
	cli_put_json(out, finding->message);
	fputs(",\"path\":", out);
	cli_put_json(out, finding->path);
	if (finding->file && (!file || strcmp(finding->file, file) != 0)) {
		fputs(",\"file\":", out);
		cli_put_json(out, finding->file);
	}
	put_number(out, "line", finding->line);
	put_number(out, "column", finding->column);
	if (finding->fix)
		cli_put_fix(out, ",\"fix\":", finding->fix, cli_put_json);
	else
		fputs(",\"fix\":null", out);
	fputc('}', out);
}

static void put_error(FILE *out, const struct spicecfg_error *error)
{
	fprintf(out, ",\"error\":{\"code\":%d,\"message\":", (int)error->status);
	cli_put_json(out, error->message);
	cli_put_fix(out, ",\"fix\":", error->fix, cli_put_json);
	if (error->file) {
		fputs(",\"file\":", out);
		cli_put_json(out, error->file);
	}
	if (error->line)
		fprintf(out, ",\"line\":%u", error->line);
	if (error->column)
		fprintf(out, ",\"column\":%u", error->column);
	fputc('}', out);
}

static void result(struct cli_report *report, const struct spicecfg_check_result *result)
{
	FILE *out = report->out;

	fputs(report->written++ ? ",\n{\"target\":" : "\n{\"target\":", out);
	cli_put_json(out, result->target);
	fputs(",\"file\":", out);
	cli_put_json(out, result->file);
	fprintf(out, ",\"verdict\":\"%s\"", spicecfg_verdict_name(result->verdict));
	if (result->doubt) {
		fputs(",\"doubt\":", out);
		cli_put_json(out, result->doubt);
	}
	fputs(",\"findings\":[", out);
	for (size_t i = 0; i < result->n_findings; i++) {
		if (i)
			fputc(',', out);
		put_finding(out, &result->findings[i], result->file);
	}
	fputc(']', out);
	if (result->error)
		put_error(out, result->error);
	fputc('}', out);
}

static void end(struct cli_report *report, const struct spicecfg_check_summary *summary, enum spicecfg_status status)
{
	(void)status;
	fprintf(report->out, "%s],\"summary\":{\"targets\":%zu,\"error\":%zu,\"warning\":%zu,\"note\":%zu}}\n", report->written ? "\n" : "",
		summary->targets, summary->error, summary->warning, summary->note);
}

const struct cli_format cli_format_json = {"json", begin, result, end};

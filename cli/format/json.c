/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The JSON of docs/cli.md: one result per line, the summary last. */
#include <stdlib.h>
#include <string.h>

#include "format.h"

static void begin(struct cli_report *report)
{
	const struct spicecfg_check_project *project = report->project;

	fprintf(report->out, "{\"version\":%d,", CLI_JSON_VERSION);
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

static void put_fix(FILE *out, const struct spicecfg_fix *fix)
{
	bool command = spicecfg_fix_is_command(fix);
	char *text = spicecfg_fix_text(fix, NULL), ***commands = spicecfg_fix_argv(fix, NULL);

	fputs(",\"fix\":", out);
	cli_put_json(out, command ? text : NULL);
	fputs(",\"fix_commands\":[", out);
	for (size_t i = 0; commands && commands[i]; i++)
		for (size_t k = 0; commands[i][k]; k++) {
			fputs(k ? "," : i ? "],[" : "[", out);
			cli_put_json(out, commands[i][k]);
		}
	fputs(commands ? "]],\"by_hand\":" : "],\"by_hand\":", out);
	cli_put_json(out, command ? NULL : text);
	free(commands);
	free(text);
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
	put_fix(out, finding->fix);
	fputs(finding->ask && spicecfg_fix_is_command(finding->fix) ? ",\"ask\":true" : "", out);
	fputs(finding->untried ? ",\"untried\":true" : "", out);
	if (finding->loses) {
		fputs(",\"loses\":", out);
		cli_put_json(out, finding->loses);
	}
	fputc('}', out);
}

static void put_error(FILE *out, const struct spicecfg_error *error)
{
	fprintf(out, ",\"error\":{\"code\":%d,\"message\":", (int)error->status);
	cli_put_json(out, error->message);
	put_fix(out, error->fix);
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

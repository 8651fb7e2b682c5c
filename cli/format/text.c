/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For people: grouped by target, with the line of XML and a caret; what many domains of a host share is printed once (text_group.h). */
#include "format.h"
#include "text_group.h"
#include "text_line.h"

static void begin(struct cli_report *report)
{
	(void)report;
}

/* A domain of a host or tree; the host itself has no name. */
static bool is_domain(const struct spicecfg_check_result *result)
{
	return !result->file && *result->name;
}

static void result(struct cli_report *report, const struct spicecfg_check_result *result)
{
	if (result->error)
		return;
	if (is_domain(result) && !report->verbose && cli_text_group_add(report, result))
		return;
	cli_text_group_print(report);
	if (!result->n_findings && result->verdict == SPICECFG_VERDICT_STARTS && !report->verbose)
		return;
	cli_text_verdict(report, result->target, result->verdict, result->doubt);
	for (size_t i = 0; i < result->n_findings; i++)
		cli_text_finding(report, result->file ? result->file : result->target, &result->findings[i], true);
}

static void put_count(FILE *out, size_t count, const char *one, const char *many, const char *after)
{
	fprintf(out, "%zu %s%s", count, count == 1 ? one : many, after);
}

static void end(struct cli_report *report, const struct spicecfg_check_summary *summary, enum spicecfg_status status)
{
	FILE *out = report->out;

	(void)status;
	cli_text_group_print(report);
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

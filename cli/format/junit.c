/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JUnit as Jenkins and GitLab read it: a suite per target, a case per finding, which fails if the finding is at the failing level. */
#include "format.h"

static void begin(struct cli_report *report)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"spicecfg check\">\n", report->out);
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	cli_put_xml(out, value);
	fputc('"', out);
}

static void open_case(FILE *out, const struct spicecfg_check_result *result, const char *name, const char *path)
{
	fputs("  <testcase name=\"", out);
	cli_put_xml(out, name);
	if (path) {
		fputs(" at ", out);
		cli_put_xml(out, path);
	}
	fputc('"', out);
	put_attribute(out, "classname", result->target);
}

static void put_text(FILE *out, const struct spicecfg_check_result *result, const struct spicecfg_finding *finding)
{
	const char *file = finding->file ? finding->file : result->target;

	cli_put_xml(out, file);
	if (finding->line)
		fprintf(out, ":%u:%u", finding->line, finding->column);
	fprintf(out, ": %s: ", spicecfg_level_name(finding->level));
	cli_put_xml(out, finding->message);
	if (finding->excerpt) {
		fprintf(out, "\n%6u | ", finding->line); /* so that no line begins with a word of the document */
		cli_put_xml(out, finding->excerpt);
	}
	cli_put_fix(out, "\nfix: ", finding->fix, cli_put_xml);
}

static void put_finding(const struct cli_report *report, const struct spicecfg_check_result *result, const struct spicecfg_finding *finding)
{
	FILE *out = report->out;
	bool fails = finding->level >= report->fail_on;

	open_case(out, result, finding->rule, finding->path);
	fputs(">\n", out);
	if (fails) {
		fputs("   <failure", out);
		put_attribute(out, "message", finding->message);
		put_attribute(out, "type", spicecfg_level_name(finding->level));
		fputc('>', out);
	} else {
		fputs("   <system-out>", out);
	}
	put_text(out, result, finding);
	fputs(fails ? "</failure>\n  </testcase>\n" : "</system-out>\n  </testcase>\n", out);
}

static void put_error(FILE *out, const struct spicecfg_check_result *result)
{
	open_case(out, result, "readable", NULL);
	fputs(">\n   <error", out);
	put_attribute(out, "message", result->error->message);
	fputs(" type=\"unreadable\">", out);
	cli_put_xml(out, result->error->file ? result->error->file : result->target);
	if (result->error->line)
		fprintf(out, ":%u:%u", result->error->line, result->error->column);
	fputs(": ", out);
	cli_put_xml(out, result->error->message);
	fputs("</error>\n  </testcase>\n", out);
}

static void result(struct cli_report *report, const struct spicecfg_check_result *result)
{
	FILE *out = report->out;
	size_t failures = 0;

	for (size_t i = 0; i < result->n_findings; i++)
		failures += result->findings[i].level >= report->fail_on;
	fputs(" <testsuite", out);
	put_attribute(out, "name", result->target);
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%d\">\n", result->n_findings ? result->n_findings : 1, failures,
		result->error != NULL);
	for (size_t i = 0; i < result->n_findings; i++)
		put_finding(report, result, &result->findings[i]);
	if (result->error) {
		put_error(out, result);
	} else if (!result->n_findings) {
		open_case(out, result, "no findings", NULL);
		fputs("/>\n", out);
	}
	fputs(" </testsuite>\n", out);
}

static void end(struct cli_report *report, const struct spicecfg_check_summary *summary, enum spicecfg_status status)
{
	(void)summary;
	(void)status;
	fputs("</testsuites>\n", report->out);
}

const struct cli_format cli_format_junit = {"junit", begin, result, end};

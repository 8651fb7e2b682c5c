/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SARIF 2.1.0: one run, the whole catalogue as metadata, fixes in the help texts. */
#include <stdint.h>
#include <string.h>

#include "format.h"

/* Not a rule of the catalogue: a target that could not be read. */
#define UNREADABLE "unreadable"

static void put_text(FILE *out, const char *key, const char *text)
{
	fprintf(out, ",\"%s\":{\"text\":", key);
	cli_put_json(out, text);
	fputc('}', out);
}

static void put_help(FILE *out, const struct spicecfg_rule *rule)
{
	char text[4096];

	snprintf(text, sizeof(text), "%s\n\nFix: %s\nSource: %s", rule->text ? rule->text : rule->title,
		 rule->fix ? rule->fix : "depends on what you want", rule->source ? rule->source : "-");
	put_text(out, "help", text);
}

static void put_rule(FILE *out, const struct spicecfg_rule *rule)
{
	fputs("{\"id\":", out);
	cli_put_json(out, rule->id);
	put_text(out, "shortDescription", rule->title);
	put_text(out, "fullDescription", rule->text ? rule->text : rule->title);
	put_help(out, rule);
	fprintf(out, ",\"defaultConfiguration\":{\"level\":\"%s\"}",
		rule->level == SPICECFG_LEVEL_OFF ? "none" : spicecfg_level_name(rule->level));
	fprintf(out, ",\"properties\":{\"tags\":[\"%s\"]}}", spicecfg_class_name(rule->cls));
}

static void begin(struct cli_report *report)
{
	FILE *out = report->out;
	struct spicecfg_rule rule = {.size = sizeof(rule)};

	fprintf(
	    out,
	    "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0-rtm.5.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{"
	    "\"name\":\"spicecfg\",\"version\":\"%s\",\"rules\":[",
	    spicecfg_version());
	for (size_t i = 0; spicecfg_rule_get(i, &rule); i++) {
		put_rule(out, &rule);
		fputs(",\n", out);
	}
	rule = (struct spicecfg_rule){.id = UNREADABLE,
				      .level = SPICECFG_LEVEL_ERROR,
				      .cls = SPICECFG_CLASS_EFFECT,
				      .title = "The definition can't be read",
				      .text = "The file is missing, is not readable, or is malformed XML; nothing in it was checked.",
				      .source = "libxml2"};
	put_rule(out, &rule);
	fputs("]}},\"columnKind\":\"unicodeCodePoints\",\"originalUriBaseIds\":{\"%SRCROOT%\":{\"description\":{\"text\":\"the directory "
	      "in which the check ran\"}}},\"results\":[",
	      out);
}

static long rule_index(const char *id)
{
	struct spicecfg_rule rule = {.size = sizeof(rule)};
	long index = 0;

	for (; spicecfg_rule_get((size_t)index, &rule); index++)
		if (strcmp(rule.id, id) == 0)
			return index;
	return strcmp(id, UNREADABLE) == 0 ? index : -1;
}

/* FNV-1a: stays the same when the finding moves to another line. */
static uint64_t mix(uint64_t hash, const char *text)
{
	for (; text && *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211U;
	return (hash ^ 0xff) * 1099511628211U;
}

static void put_region(FILE *out, const struct spicecfg_finding *finding)
{
	unsigned column = finding->character;

	fprintf(out, ",\"region\":{\"startLine\":%u", finding->line);
	if (column)
		fprintf(out, ",\"startColumn\":%u,\"endColumn\":%u", column, column + (finding->characters ? finding->characters : 1));
	fputc('}', out);
	if (!finding->excerpt)
		return;
	fprintf(out, ",\"contextRegion\":{\"startLine\":%u", finding->line);
	put_text(out, "snippet", finding->excerpt);
	fputc('}', out);
}

static void put_location(FILE *out, const struct spicecfg_check_result *result, const struct spicecfg_finding *finding)
{
	const char *file = finding->file && (result->file || *finding->file == '/') ? finding->file : result->file;

	fputs(",\"locations\":[{", out);
	if (file) {
		fputs("\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"", out);
		cli_put_uri(out, strcmp(file, "-") == 0 ? "stdin" : file);
		/* Relative to where the check ran, which is the top of the source tree in a pipeline. */
		fputs(*file == '/' ? "\"}" : "\",\"uriBaseId\":\"%SRCROOT%\"}", out);
		if (finding->line)
			put_region(out, finding);
		fputs("},", out);
	}
	fputs("\"logicalLocations\":[{\"name\":", out);
	cli_put_json(out, result->name && *result->name ? result->name : result->target);
	if (finding->path) {
		fputs(",\"fullyQualifiedName\":", out);
		cli_put_json(out, finding->path);
	}
	fputs("}]}]", out);
}

static void put_result(struct cli_report *report, const struct spicecfg_check_result *result, const struct spicecfg_finding *finding,
		       bool known)
{
	static const char *const levels[] = {"none", "note", "warning", "error"};
	FILE *out = report->out;
	uint64_t print = mix(mix(mix(14695981039346656037U, finding->rule), result->target), finding->path);

	fputs(report->written++ ? ",\n{\"ruleId\":" : "\n{\"ruleId\":", out);
	cli_put_json(out, finding->rule);
	long index = rule_index(finding->rule);
	if (index >= 0)
		fprintf(out, ",\"ruleIndex\":%ld", index);
	fprintf(out, ",\"level\":\"%s\",\"message\":{\"text\":", levels[finding->level]);
	cli_put_json(out, finding->message);
	fputc('}', out);
	put_location(out, result, finding);
	fprintf(out, ",\"partialFingerprints\":{\"ruleTargetPath/v1\":\"%016llx\"}", (unsigned long long)print);
	if (known)
		fputs(",\"suppressions\":[{\"kind\":\"external\",\"status\":\"accepted\",\"justification\":\"in the baseline\"}]", out);
	if (finding->fix) {
		cli_put_fix(out, ",\"properties\":{\"fix\":", finding->fix, cli_put_json);
		fputc('}', out);
	}
	fputc('}', out);
}

static void result(struct cli_report *report, const struct spicecfg_check_result *result)
{
	for (size_t i = 0; i < result->n_findings + result->n_known; i++)
		put_result(report, result, &result->findings[i], i >= result->n_findings);
	if (!result->error)
		return;
	struct spicecfg_finding finding = {.rule = UNREADABLE,
					   .level = SPICECFG_LEVEL_ERROR,
					   .message = result->error->message,
					   .line = result->error->line,
					   .character = result->error->column};
	put_result(report, result, &finding, false);
}

static void end(struct cli_report *report, const struct spicecfg_check_summary *summary, enum spicecfg_status status)
{
	(void)summary;
	fprintf(report->out, "],\n\"invocations\":[{\"executionSuccessful\":%s,\"exitCode\":%d}]}]}\n",
		status == SPICECFG_OK || status == SPICECFG_FINDINGS ? "true" : "false", (int)status);
}

const struct cli_format cli_format_sarif = {"sarif", begin, result, end};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is done with every plan: check, preview, commit, report. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "error.h"
#include "preview.h"
#include "say.h"

void cli_out(const struct cli *cli, const char *format, ...)
{
	va_list args;

	if (cli->quiet || cli->json)
		return;
	va_start(args, format);
	cli_vsay(cli->reports, "", format, args);
	va_end(args);
}

void cli_warn(const struct cli *cli, const char *format, ...)
{
	va_list args;

	if (cli->quiet)
		return;
	va_start(args, format);
	cli_vsay(stderr, "spicecfg: warning: ", format, args);
	va_end(args);
}

static json_t *effects_json(unsigned effects)
{
	static const char *const names[] = {"now", "on-define", "daemon-restart", "next-start"};
	json_t *list = json_array();

	for (unsigned i = 0; i < 4; i++)
		if (effects & 1U << i)
			json_array_append_new(list, json_string(names[i]));
	return list;
}

static json_t *changes_json(const struct spicecfg_plan *plan)
{
	json_t *list = json_array();
	const struct spicecfg_change *change;

	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)); i++)
		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o}", "document", cli_json_text(change->document), "path",
						      cli_json_text(change->path), "from", cli_json_text(change->from), "to",
						      cli_json_text(change->to), "takes_effect", effects_json(change->effects)));
	return list;
}

bool cli_finding_is_news(const struct spicecfg_finding *finding)
{
	return !finding->before || finding->level == SPICECFG_LEVEL_ERROR || finding->cls == SPICECFG_CLASS_START;
}

json_t *cli_finding_json(const struct cli *cli, const struct spicecfg_finding *finding, const char *target)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:o}", "rule", finding->rule, "level", spicecfg_level_name(finding->level), "class",
				 spicecfg_class_name(finding->cls), "message", cli_json_text(finding->message));

	if (finding->path)
		json_object_set_new(json, "path", cli_json_text(finding->path));
	if (finding->line) {
		json_object_set_new(json, "line", json_integer(finding->line));
		json_object_set_new(json, "column", json_integer(finding->column));
	}
	cli_fix_json(cli, finding->fix, target, json);
	if (finding->ask && spicecfg_fix_is_command(finding->fix))
		json_object_set_new(json, "ask", json_true());
	return json;
}

json_t *cli_file_finding_json(const struct cli *cli, const struct spicecfg_finding *finding, const char *target)
{
	json_t *json = cli_finding_json(cli, finding, target);

	json_object_set_new(json, "file", cli_json_text(finding->file));
	return json;
}

static void print_changes(const struct cli *cli, const char *label, const struct spicecfg_plan *plan)
{
	static const char *const when[] = {"now", "when it is defined", "when the daemon restarts", "at the next start"};
	const struct spicecfg_change *change;
	unsigned effects = 0;
	size_t count = 0;

	while (spicecfg_plan_change(plan, count))
		count++;
	cli_out(cli, "%s: %s%zu change%s\n", label, cli->dry_run ? "would make " : "", count, count == 1 ? "" : "s");
	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)); i++) {
		effects |= change->effects;
		const char *name = change->document + (strncmp(change->document, "domain:", 7) == 0 ? 7 : 0);
		bool other = strcmp(name, label) != 0;
		const char *document = other ? name : "", *in = other ? "  " : "", *at = *change->path || !other ? "  " : "";
		const char *path = change->path, *is = *path || other ? ": " : "";
		/* An element without a value is added or removed. */
		if (change->from ? !change->to && !*change->from : change->to && !*change->to)
			cli_out(cli, "%s%s%s%s%s%s\n", in, document, at, path, is, change->from ? "removed" : "added");
		else if (cli_change_is_masked(change))
			cli_out(cli, "%s%s%s%s%schanged\n", in, document, at, path, is);
		else
			cli_out(cli, "%s%s%s%s%s%s -> %s\n", in, document, at, path, is, change->from ? change->from : "(none)",
				change->to ? change->to : "(none)");
	}
	for (unsigned i = 0; i < 4; i++)
		if (effects & 1U << i && !(i == 1 && effects & 8U))
			cli_out(cli, "  takes effect %s\n", when[i]);
}

/* The TARGET word for which its fix is written. */
static const char *target_of(const struct cli *cli, const struct spicecfg_finding *finding)
{
	return cli->shown || cli->policy ? finding->target : cli->target;
}

static void print_findings(const struct cli *cli, const struct spicecfg_report *report)
{
	const struct spicecfg_finding *finding;

	for (size_t i = 0; (finding = spicecfg_report_finding(report, i)); i++) {
		if (!cli_finding_is_news(finding) || (cli->quiet && finding->level < SPICECFG_LEVEL_ERROR))
			continue;
		if (finding->level == SPICECFG_LEVEL_NOTE && !cli->verbose)
			continue;
		const char *about = (cli->shown || cli->policy) && finding->target ? finding->target : "";
		cli_say(stderr, "spicecfg: %s: %s%s%s [%s]", spicecfg_level_name(finding->level),
			about + (strncmp(about, "domain:", 7) == 0 ? 7 : 0), *about ? ": " : "", finding->message, finding->rule);
		char *fix = cli_fix_text(cli, finding->fix, target_of(cli, finding));
		cli_fix_print(stderr, "  ", fix);
		free(fix);
	}
}

static json_t *findings_json(const struct cli *cli, const struct spicecfg_report *report)
{
	json_t *list = json_array();
	const struct spicecfg_finding *finding;

	for (size_t i = 0; report && (finding = spicecfg_report_finding(report, i)); i++)
		if (cli_finding_is_news(finding))
			json_array_append_new(list, cli_finding_json(cli, finding, target_of(cli, finding)));
	return list;
}

/* A note as one line, NULL after the last. */
static char *note_text(const struct cli *cli, const struct spicecfg_plan *plan, size_t index)
{
	return cli_fix_text(cli, spicecfg_plan_note(plan, index), cli->shown ? cli_batch_target(cli->shown, index) : cli->target);
}

/* Shown once, before it takes effect: one that nobody saw would lock everybody out. */
static void show_password(struct cli *cli)
{
	if (cli->json)
		json_object_set_new(json_array_get(cli->results, json_array_size(cli->results) - 1), "password",
				    json_string(cli->password));
	else
		fprintf(cli->reports, "%s\n", cli->password);
}

static void print_plan(struct cli *cli, const char *label, const struct spicecfg_plan *plan, const char *diff)
{
	char *note;

	if (spicecfg_plan_changed(plan) && cli->policy)
		cli_preview_changes(cli, label, plan);
	else if (spicecfg_plan_changed(plan))
		print_changes(cli, label, plan);
	else
		cli_out(cli, "%s: unchanged\n", label);
	for (size_t i = 0; (note = note_text(cli, plan, i)); free(note), i++)
		if (*note && !cli->quiet)
			cli_fix_print(cli->reports, "  ", note);
	if (diff && *diff && !cli->quiet)
		cli_say_block(cli->reports, diff);
}

/* False where an attempt before this one printed the same. Where memory is short, it is printed again. */
static bool print_once(struct cli *cli, const char *label, const struct spicecfg_plan *plan, const char *diff)
{
	const struct {
		FILE *out;
	} before = {.out = cli->reports};
	char *text = NULL;
	size_t size;
	FILE *memory = cli->attempt ? open_memstream(&text, &size) : NULL;

	if (!memory) {
		print_plan(cli, label, plan, diff);
		return true;
	}
	cli->reports = memory;
	print_plan(cli, label, plan, diff);
	cli->reports = before.out;
	bool known = fclose(memory) == 0 && cli->reported && strcmp(cli->reported, text) == 0;
	if (!known && text)
		cli_say_own(cli->reports, text);
	free(cli->reported);
	cli->reported = text;
	return !known;
}

static enum spicecfg_status preview(struct cli *cli, const char *label, struct spicecfg_plan *plan, const struct spicecfg_report *report)
{
	char *diff = NULL, *note;
	bool first = true;

	if (cli->diff || cli->json) {
		enum spicecfg_status status = spicecfg_plan_diff(plan, &diff);
		if (status)
			return status;
	}
	if (cli->json) {
		json_t *notes = json_array();

		for (size_t i = 0; (note = note_text(cli, plan, i)); free(note), i++)
			if (*note)
				json_array_append_new(notes, cli_json_text(note));
		json_array_append_new(cli->results, json_pack("{s:o, s:b, s:o, s:o, s:o, s:o}", "target", cli_json_text(label), "changed",
							      spicecfg_plan_changed(plan), "changes", changes_json(plan), "diff",
							      cli_json_text(diff), "findings", findings_json(cli, report), "notes", notes));
	} else {
		first = print_once(cli, label, plan, diff);
	}
	if (cli->password && !cli->dry_run && first)
		show_password(cli);
	if (cli->policy && !cli->dry_run && !cli->ask)
		cli_preview_passwords(cli);
	if (first)
		print_findings(cli, report);
	free(diff);
	return SPICECFG_OK;
}

static void report_refused(struct cli *cli, const char *label, const struct spicecfg_report *report)
{
	print_findings(cli, report);
	if (cli->json)
		json_array_append_new(cli->results, json_pack("{s:o, s:b, s:[], s:s, s:o}", "target", cli_json_text(label), "changed", 0,
							      "changes", "diff", "", "findings", findings_json(cli, report)));
}

/* A plan that is being carried out. */
struct work {
	struct cli *cli;
	const char *label;
	struct spicecfg_plan *plan;
	const struct spicecfg_report *report;
	bool shown;
};

/*
 * The preview is made before anything is changed; as text it is printed then. JSON says that the change was made: it is printed after
 * it, while everything can still be rolled back.
 */
static bool on_stage(void *opaque, enum spicecfg_stage stage)
{
	struct work *work = opaque;
	struct cli *cli = work->cli;
	bool before = cli->changed, applied = stage == SPICECFG_STAGE_APPLIED;

	if (!applied && !work->shown && preview(cli, work->label, work->plan, work->report))
		return false;
	work->shown = true;
	if (applied != cli->json)
		return true;
	cli->changed |= spicecfg_plan_changed(work->plan);
	if (cli->json)
		cli_results_print(cli, false);
	enum spicecfg_status status = cli_flush(cli, cli->reports);
	if (status || !cli->json)
		cli->changed = before;
	return !status;
}

/* Carries the plan out: in place, or to stdout through print. */
static enum spicecfg_status carry_out(struct work *work, bool *stale, enum spicecfg_status (*print)(struct cli *, struct spicecfg_plan *))
{
	struct cli *cli = work->cli;

	if (!cli->dry_run && !print) {
		if (cli->ask && spicecfg_plan_changed(work->plan)) {
			enum spicecfg_status status = preview(cli, work->label, work->plan, work->report);

			work->shown = !status;
			if (!status)
				status = cli_preview_ask(cli);
			if (status)
				return status;
		}
		spicecfg_plan_set_stage_fn(work->plan, on_stage, work);
		return spicecfg_plan_commit(work->plan, work->report, stale);
	}
	enum spicecfg_status status = preview(cli, work->label, work->plan, work->report);
	if (!status && !cli->json)
		status = cli_flush(cli, cli->reports);
	return status || cli->dry_run ? status : print(cli, work->plan);
}

static enum spicecfg_status pass(struct cli *cli, const char *label, struct spicecfg_plan *plan, bool *stale,
				 enum spicecfg_status (*print)(struct cli *, struct spicecfg_plan *))
{
	struct spicecfg_report *report = NULL;
	enum spicecfg_status status = spicecfg_plan_check(plan, &report);

	if (stale)
		*stale = false;
	if (status == SPICECFG_FINDINGS && !cli->force) {
		report_refused(cli, label, report);
	} else if (!status || status == SPICECFG_FINDINGS) {
		struct work work = {cli, label, plan, report, false};

		status = carry_out(&work, stale, print);
		if (status && !work.shown && (!stale || !*stale)) /* the findings may say why it failed */
			print_findings(cli, report);
		if (status && work.shown && cli->json) /* the change was not made */
			json_array_remove(cli->results, json_array_size(cli->results) - 1);
		if (!status && spicecfg_plan_changed(plan))
			cli->changed = true;
	}
	spicecfg_report_free(report);
	return status;
}

enum spicecfg_status cli_plan_show(struct cli *cli, const char *label, struct spicecfg_plan *plan, bool *stale)
{
	return pass(cli, label, plan, stale, NULL);
}

enum spicecfg_status cli_plan(struct cli *cli, const char *label, struct spicecfg_plan *plan, bool *stale)
{
	if (cli->batch)
		return SPICECFG_OK;
	enum spicecfg_status status = pass(cli, label, plan, stale, NULL);
	spicecfg_plan_free(plan);
	return status;
}

enum spicecfg_status cli_plan_filter(struct cli *cli, const char *label, struct spicecfg_plan *plan,
				     enum spicecfg_status (*print)(struct cli *cli, struct spicecfg_plan *plan))
{
	if (cli->batch)
		return cli_usage(cli, "a definition on stdin can't be a TARGET here");
	enum spicecfg_status status = pass(cli, label, plan, NULL, print);
	spicecfg_plan_free(plan);
	return status;
}

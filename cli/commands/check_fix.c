/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fix is a command; the words of verbs that edit one VM's settings are parsed as the program's own arguments are, and put into one
 * request per VM. Fixes that would leave more errors than before are not applied.
 */
#include "check_fix.h"

#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "error.h"
#include "say.h"
#include "trial.h"

/* ROUNDS: a fix can reveal other findings, such as heads of a model that was changed; fixes that conflict take a round each.
 * TRIALS: fixes of a target that are tried one by one where they conflict, fewer in later rounds; the rest stays in the report.
 * MANY: after this many fixes of a target at once the rest waits for the next call, so that a large file takes no more rounds than a
 * small one.
 */
enum { ROUNDS = 8, MANY = 500, TRIALS = 16, TRIALS_LATER = 4, TRIED_OF = 256 /* of more, none is tried */ };

/* A command of spicecfg as words, "spicecfg" first. */
struct command {
	char **words;
	int count;
};

/* The fixes of one target. */
struct fix {
	char *target;
	struct command *commands; /* in the order of the findings */
	size_t count;
	size_t errors; /* findings of level error before the fix */
	char **rules;  /* their rules, and those of findings of class start */
	size_t n_rules;
};

struct fixes {
	struct cli_trials *trials;
	enum spicecfg_level fail_on;
	struct fix *items;
	size_t count;
	bool failed;
};

static void drop(struct command *command)
{
	for (int i = 0; i < command->count; i++)
		free(command->words[i]);
	free(command->words);
}

static void release(struct fixes *fixes)
{
	for (size_t i = 0; i < fixes->count; i++) {
		for (size_t j = 0; j < fixes->items[i].count; j++)
			drop(&fixes->items[i].commands[j]);
		for (size_t j = 0; j < fixes->items[i].n_rules; j++)
			free(fixes->items[i].rules[j]);
		free(fixes->items[i].commands);
		free(fixes->items[i].rules);
		free(fixes->items[i].target);
	}
	free(fixes->items);
	*fixes = (struct fixes){0};
}

static void on_begin(void *opaque, enum spicecfg_level fail_on)
{
	((struct fixes *)opaque)->fail_on = fail_on;
}

static bool has_word(char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

/* Adds a copy of word unless the list has it. */
static bool add_word(char ***words, size_t *count, const char *word)
{
	if (has_word(*words, *count, word))
		return true;
	char **more = reallocarray(*words, *count + 1, sizeof(*more));
	if (!more)
		return false;
	*words = more;
	more[*count] = strdup(word);
	return more[*count] && ++*count;
}

/* True for a single, complete spicecfg command: nothing to fill in, no shell syntax. */
static bool is_plain(const struct spicecfg_fix *fix)
{
	for (size_t i = 0; i < fix->n_parts; i++)
		if (fix->parts[i].kind != (i ? SPICECFG_FIX_WORD : SPICECFG_FIX_PROGRAM))
			return false;
	return fix->n_parts && strcmp(fix->parts[0].text, "spicecfg") == 0;
}

static bool is_same(const struct command *a, const struct command *b)
{
	for (int i = 0; i < a->count && a->count == b->count; i++)
		if (strcmp(a->words[i], b->words[i]) != 0)
			return false;
	return a->count == b->count;
}

/* Adds the command unless the list has it; false: out of memory. */
static bool add_command(struct fix *fix, const struct spicecfg_fix *from)
{
	struct command command = {calloc(from->n_parts + 1, sizeof(*command.words)), (int)from->n_parts};
	struct command *more = reallocarray(fix->commands, fix->count + 1, sizeof(*more));
	bool whole = command.words && more;

	if (more)
		fix->commands = more;
	if (!command.words)
		return false;
	for (size_t i = 0; i < from->n_parts; i++)
		whole &= (command.words[i] = strdup(from->parts[i].text)) != NULL;
	for (size_t i = 0; i < fix->count && whole; i++)
		if (is_same(&command, &more[i])) {
			drop(&command);
			return true;
		}
	if (whole)
		more[fix->count++] = command;
	else
		drop(&command);
	return whole;
}

/* True for an error of any report: setters report those that depend on the host as warnings. */
static bool is_error(const struct spicecfg_finding *finding)
{
	struct spicecfg_rule rule = {.size = sizeof(rule)};

	if (finding->level == SPICECFG_LEVEL_ERROR || finding->cls == SPICECFG_CLASS_START)
		return true;
	for (size_t i = 0; spicecfg_rule_get(i, &rule); i++)
		if (strcmp(rule.id, finding->rule) == 0)
			return rule.level == SPICECFG_LEVEL_ERROR;
	return false;
}

static void on_result(void *opaque, const struct spicecfg_check_result *result)
{
	struct fixes *fixes = opaque;
	struct fix fix = {0};

	/* what does not pass, takes the console from somebody, or was not tried on a domain, is not applied */
	result = cli_trials_result(fixes->trials, result);

	/* A definition that was read from stdin can't be written back. */
	if (result->file && strcmp(result->file, "-") == 0)
		return;
	for (size_t i = 0; i < result->n_findings; i++) {
		const struct spicecfg_finding *finding = &result->findings[i];

		fix.errors += finding->level == SPICECFG_LEVEL_ERROR;
		if (is_error(finding))
			fixes->failed |= !add_word(&fix.rules, &fix.n_rules, finding->rule);
		const bool sure = !finding->ask && !(finding->untried && !result->file);
		if (finding->fix && is_plain(finding->fix) && sure && finding->level >= fixes->fail_on)
			fixes->failed |= !add_command(&fix, finding->fix);
	}
	if (!fix.count) {
		for (size_t i = 0; i < fix.n_rules; i++)
			free(fix.rules[i]);
		free(fix.rules);
		return;
	}
	struct fix *items = reallocarray(fixes->items, fixes->count + 1, sizeof(*items));
	bool made = asprintf(&fix.target, "%s:%s", result->file ? "file" : "domain", result->target) >= 0;
	fixes->failed |= !items || !made;
	if (!items)
		return;
	fixes->items = items;
	items[fixes->count++] = fix;
}

/* Puts what the command says into the request if it may be applied; *safe: whether it may. */
static enum spicecfg_status ask(struct cli *cli, const struct command *command, struct spicecfg_request *request, bool *safe)
{
	struct cli sub = {.verbs = cli->verbs, .ctx = cli->ctx, .reports = cli->reports};
	enum spicecfg_status status = SPICECFG_OK;

	*safe = false;
	if (command->count < 3 || cli_args_parse(&sub, command->count, command->words)) {
		spicecfg_ctx_clear_error(cli->ctx);
	} else if (sub.verb && sub.verb->fill && sub.n_args) {
		*safe = true;
		sub.target = sub.args[0];
		sub.args++;
		sub.n_args--;
		status = sub.verb->fill(&sub, request);
		sub.args--;
	}
	cli_args_free(&sub);
	return status;
}

static void show_changes(const struct cli *cli, const struct fix *fix, const struct spicecfg_plan *plan)
{
	const struct spicecfg_change *change;

	for (size_t i = 0; !cli->quiet && (change = spicecfg_plan_change(plan, i)); i++)
		cli_say(stderr, "spicecfg: %s %s: %s: %s -> %s", cli->dry_run ? "would fix" : "fixed", strchr(fix->target, ':') + 1,
			change->path, change->from ? change->from : "(none)", change->to ? change->to : "(none)");
}

static enum spicecfg_status show_diff(const struct cli *cli, struct spicecfg_plan *plan)
{
	char *diff = NULL;
	enum spicecfg_status status = cli->diff ? spicecfg_plan_diff(plan, &diff) : SPICECFG_OK;

	if (diff && *diff)
		cli_say_block(stderr, diff);
	free(diff);
	return status;
}

/* No more errors than before, and none of another rule. */
static bool is_better(const struct spicecfg_report *report, const struct fix *fix)
{
	const struct spicecfg_finding *finding;
	size_t errors = 0;

	for (size_t i = 0; (finding = spicecfg_report_finding(report, i)); i++) {
		if (!cli_finding_is_news(finding))
			continue;
		errors += finding->level == SPICECFG_LEVEL_ERROR;
		if (is_error(finding) && !has_word(fix->rules, fix->n_rules, finding->rule))
			return false;
	}
	return errors <= fix->errors;
}

static enum spicecfg_status carry_out(struct cli *cli, const struct fix *fix, struct spicecfg_plan *plan, bool *changed)
{
	struct spicecfg_report *report = NULL;
	enum spicecfg_status status = spicecfg_plan_check(plan, &report);
	bool better = report && is_better(report, fix);

	if (status == SPICECFG_FINDINGS && better) {
		/* Other errors remain, fewer than before: the check that follows shows them. */
		spicecfg_ctx_clear_error(cli->ctx);
		status = SPICECFG_OK;
	}
	if (!status && better && spicecfg_plan_changed(plan)) {
		if (cli->dry_run)
			show_changes(cli, fix, plan);
		status = show_diff(cli, plan);
		spicecfg_ctx_set_force(cli->ctx, true);
		if (!status && !cli->dry_run)
			status = spicecfg_plan_commit(plan, report, NULL);
		spicecfg_ctx_set_force(cli->ctx, cli->force);
		*changed = !status;
		if (!status && !cli->dry_run)
			show_changes(cli, fix, plan);
	}
	spicecfg_report_free(report);
	return status == SPICECFG_FINDINGS ? SPICECFG_OK : status;
}

/* Applies the fixes [from, to) of a target in one request; of two that set the same, that of the first finding takes precedence. */
static enum spicecfg_status apply_some(struct cli *cli, const struct fix *fix, size_t from, size_t to, bool *changed)
{
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_request *request = NULL;
	struct spicecfg_plan *plan = NULL;
	size_t asked = 0;
	enum spicecfg_status status = spicecfg_request_new(cli->ctx, &request);

	for (size_t i = to; i-- > from && !status;) {
		bool safe;

		status = ask(cli, &fix->commands[i], request, &safe);
		asked += safe;
	}
	if (!status && asked)
		status = spicecfg_vm_open(cli->ctx, fix->target, false, &vm);
	if (!status && asked)
		status = spicecfg_plan_new(cli->ctx, &plan);
	if (!status && asked)
		status = spicecfg_plan_vm(plan, vm, request);
	if (!status && asked)
		status = carry_out(cli, fix, plan, changed);
	spicecfg_plan_free(plan);
	spicecfg_request_free(request);
	spicecfg_vm_free(vm);
	return status;
}

/* Applies all fixes at once, so that no refused state is between them; where they conflict, one after the other. */
static enum spicecfg_status apply(struct cli *cli, const struct fix *fix, size_t trials, bool *changed)
{
	enum spicecfg_status status = apply_some(cli, fix, 0, fix->count, changed);

	if (status && status != SPICECFG_FINDINGS && status != SPICECFG_USAGE)
		return status;
	/* A fix that changes something makes the paths of the others stale: they wait for the next round. */
	trials = fix->count > TRIED_OF ? 0 : trials;
	for (size_t i = 0; i < fix->count && i < trials && fix->count > 1 && !*changed; i++) {
		spicecfg_ctx_clear_error(cli->ctx);
		status = apply_some(cli, fix, i, i + 1, changed);
		if (status && status != SPICECFG_FINDINGS && status != SPICECFG_USAGE)
			return status;
	}
	/* What can't be applied stays in the report. */
	spicecfg_ctx_clear_error(cli->ctx);
	return SPICECFG_OK;
}

static enum spicecfg_status one_round(struct cli *cli, const struct spicecfg_check_options *options, size_t trials, bool *changed,
				      bool *again)
{
	struct fixes fixes = {.trials = cli_trials_new(cli, options)};
	const struct spicecfg_check_sink sink = {.size = sizeof(sink), .begin = on_begin, .result = on_result, .opaque = &fixes};
	struct spicecfg_check_summary summary = {.size = sizeof(summary)};
	enum spicecfg_status status =
	    fixes.trials ? spicecfg_check_run(cli->ctx, options, &sink, &summary) : cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");

	cli_trials_free(fixes.trials);
	*changed = *again = false;
	if (status == SPICECFG_FINDINGS || summary.broken) {
		spicecfg_ctx_clear_error(cli->ctx);
		status = SPICECFG_OK;
	}
	/* A target that can't be written does not keep the others from being fixed; the highest exit code is returned. */
	for (size_t i = 0; i < fixes.count && !fixes.failed && status < SPICECFG_INTERRUPTED; i++) {
		bool this_one = false;
		enum spicecfg_status one = apply(cli, &fixes.items[i], trials, &this_one);

		*changed |= this_one;
		*again |= this_one && fixes.items[i].count < MANY;
		if (one > status)
			status = one;
		if (one && one < SPICECFG_INTERRUPTED) {
			cli_error_print(cli, strchr(fixes.items[i].target, ':') + 1, fixes.items[i].target);
			spicecfg_ctx_clear_error(cli->ctx);
		}
	}
	if (fixes.failed)
		status = cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	release(&fixes);
	return status;
}

enum spicecfg_status cli_fix(struct cli *cli, const struct spicecfg_check_options *options)
{
	struct spicecfg_check_options quiet = *options;
	enum spicecfg_status status = SPICECFG_OK;
	bool changed, again = true;

	/* A baseline is written later, from the findings that remain. */
	quiet.dry_run = true;
	for (int i = 0; i < ROUNDS && again && !status; i++) {
		status = one_round(cli, &quiet, i ? TRIALS_LATER : TRIALS, &changed, &again);
		cli->changed |= changed;
		if (cli->dry_run)
			break;
	}
	return status;
}

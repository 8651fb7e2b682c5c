/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "trial_access.h"
#include "trial_check.h"
#include "trial_form.h"

/* The most trials of a target, none where it is TOO_LARGE, and of a run; the bytes that the trials of a run may plan and check. */
enum {
	TRIALS = 32,
	RUN_TRIALS = 64,
	RUN_BYTES = 2 * 1024 * 1024,
	VM_COMMAND = 8 * 1024, /* bytes that planning a command costs, whatever it plans */
	HOST_COMMAND = 32 * 1024,
	CHECK_COST = 5, /* checking a byte costs what planning so many does */
	TOO_LARGE = 512 * 1024,
};

struct cli_trials {
	struct cli cli; /* quiet, with a context of its own */
	const struct spicecfg_check_options *options;
	bool same_host;
	struct cli_form *forms;
	unsigned run_left; /* trials and bytes of the run */
	size_t bytes_left;
	struct cli_checked all; /* the whole run as it is; made when the first fix needs it */
	bool has_all;
	/* of the target */
	char *word;               /* its TARGET word */
	uint64_t rules;           /* those that report something */
	struct cli_checked alone; /* the target as it is; made when the first fix needs it */
	bool has_alone;
	unsigned left;
	struct cli_batch *shown; /* the fixes that were shown; NULL: none yet */
	char ****shown_commands; /* the same, to plan them again */
	size_t n_shown, n_planned;
	struct cli_writes writes; /* of the fixes that were shown */
	struct spicecfg_check_result result;
	struct spicecfg_finding *findings;
	struct spicecfg_fix *fixes; /* of findings whose fix is another one than that of the check */
	struct spicecfg_fix_part *parts;
	char **texts; /* of fixes and of whom they take the console from */
	size_t n_own, n_texts;
};

struct cli_trials *cli_trials_new(const struct cli *cli, const struct spicecfg_check_options *options)
{
	struct cli_trials *trials = calloc(1, sizeof(*trials));

	if (!trials)
		return NULL;
	trials->cli = *cli;
	trials->cli.quiet = trials->cli.trial = trials->cli.fixes = true;
	trials->cli.json = false;
	trials->cli.results = NULL;
	trials->cli.ctx = spicecfg_ctx_new();
	trials->options = options;
	trials->run_left = RUN_TRIALS;
	trials->bytes_left = RUN_BYTES;
	trials->same_host = options->same_host || !options->n_targets || cli->root;
	if (trials->cli.ctx && !spicecfg_ctx_set_root(trials->cli.ctx, cli->root) && !spicecfg_ctx_set_uri(trials->cli.ctx, cli->uri)) {
		spicecfg_ctx_set_interrupt(trials->cli.ctx, cli->interrupted);
		return trials;
	}
	cli_trials_free(trials);
	return NULL;
}

static void drop_shown(struct cli_trials *trials)
{
	cli_batch_free(trials->shown);
	for (size_t i = 0; i < trials->n_shown; i++)
		free((void *)trials->shown_commands[i]);
	free((void *)trials->shown_commands);
	cli_writes_free(&trials->writes);
	trials->shown = NULL;
	trials->shown_commands = NULL;
	trials->n_shown = trials->n_planned = 0;
}

static void drop_result(struct cli_trials *trials)
{
	for (size_t i = 0; i < trials->n_texts; i++)
		free(trials->texts[i]);
	free((void *)trials->texts);
	free(trials->parts);
	free(trials->fixes);
	free(trials->findings);
	free(trials->word);
	cli_checked_free(&trials->alone);
	trials->has_alone = false;
	trials->word = NULL;
	trials->texts = NULL;
	trials->parts = NULL;
	trials->fixes = NULL;
	trials->findings = NULL;
	trials->n_own = trials->n_texts = 0;
}

void cli_trials_free(struct cli_trials *trials)
{
	if (!trials)
		return;
	drop_shown(trials);
	drop_result(trials);
	cli_checked_free(&trials->all);
	cli_form_free(trials->forms);
	spicecfg_ctx_free(trials->cli.ctx);
	free(trials);
}

static void spend(struct cli_trials *trials, size_t bytes)
{
	trials->bytes_left -= bytes < trials->bytes_left ? bytes : trials->bytes_left;
}

static void check(struct cli_trials *trials, const struct spicecfg_check_options *options, struct cli_batch *batch, struct cli_checked *out)
{
	cli_checked_run(trials->cli.ctx, options, batch ? cli_batch_plan(batch) : NULL, out);
	spend(trials, CHECK_COST * out->bytes);
}

/* Plans one command of a fix. */
static bool plan_one(struct cli_trials *trials, struct cli_batch *batch, char **command)
{
	int count = 0;

	while (command[count])
		count++;
	spend(trials, trials->result.bytes + (count > 1 && cli_form_edits_vm(command[1]) ? VM_COMMAND : HOST_COMMAND));
	return !cli_batch_add(&trials->cli, batch, count, command);
}

/* Plans the commands of a fix; after a failure the reason is recorded. */
static bool plan(struct cli_trials *trials, struct cli_batch *batch, char ***commands)
{
	while (*commands && plan_one(trials, batch, *commands))
		commands++;
	return !*commands;
}

/* Whether the verb itself would refuse to carry out what was planned so far. */
static bool is_refused(struct cli_trials *trials, struct cli_batch *batch)
{
	struct spicecfg_report *report = NULL;
	bool refused = spicecfg_plan_check(cli_batch_plan(batch), &report) == SPICECFG_FINDINGS;

	spicecfg_report_free(report);
	spicecfg_ctx_clear_error(trials->cli.ctx);
	spend(trials, trials->result.bytes + VM_COMMAND);
	return refused;
}

/* Whether the check is of the host that commands for a host change: not an assumed one, or one that only its facts describe. */
static bool is_this_host(const struct cli_trials *trials)
{
	const struct spicecfg_check_options *options = trials->options;
	const struct cli *cli = &trials->cli;

	return !options->no_host && !options->host_facts && (cli->root || (geteuid() == 0 && spicecfg_ctx_is_host(cli->ctx)));
}

/* Only commands of spicecfg can be planned. */
static bool can_try(const struct cli_trials *trials, char ***commands)
{
	bool host = is_this_host(trials);

	for (; commands && *commands; commands++)
		if (strcmp((*commands)[0], "spicecfg") != 0 || !(*commands)[1] || (!host && !cli_form_edits_vm((*commands)[1])))
			return false;
	return commands != NULL;
}

/* The target alone, or the whole run where what the finding is about depends on other targets. */
static struct spicecfg_check_options scope(const struct cli_trials *trials, bool whole)
{
	struct spicecfg_check_options options = *trials->options;

	if (!whole) {
		options.targets = (const char *const *)&trials->word;
		options.n_targets = 1;
		options.same_host = trials->same_host;
	}
	return options;
}

/* What is wrong with the state that the batch leads to, in a word; NULL: nothing. */
static char *judge(struct cli_trials *trials, struct cli_batch *batch, const struct spicecfg_check_options *options,
		   const struct cli_checked *before, const struct spicecfg_finding *finding)
{
	const char *target = trials->result.target;
	struct cli_checked after;
	char *failed = NULL;

	check(trials, options, batch, &after);
	const char *worse = after.failed ? NULL : cli_checked_worse(before, &after);
	if (after.failed)
		failed = strdup("the result of the usual one can't be checked");
	else if (worse && asprintf(&failed, "the usual one brings in %s", worse) < 0)
		failed = NULL;
	else if (!worse && finding && !spicecfg_plan_acts(cli_batch_plan(batch)) &&
		 cli_checked_count(&after, target, finding->rule, false) >= cli_checked_count(before, target, finding->rule, false))
		failed = strdup("the usual one leaves the finding as it is");
	cli_checked_free(&after);
	return failed;
}

/*
 * Why the fix can't be planned. Where the system keeps it from that (a helper that can't run, a tree that can't be written to), that says
 * nothing about the fix: *tried is false.
 */
static char *reason(struct cli_trials *trials, bool *tried)
{
	const struct spicecfg_error *error = spicecfg_ctx_error(trials->cli.ctx);
	char *why = error ? strdup(error->message) : NULL;

	*tried = error && error->status != SPICECFG_SYSTEM && error->status != SPICECFG_INTERRUPTED;
	spicecfg_ctx_clear_error(trials->cli.ctx);
	return why;
}

/* Whether the target is refused for another rule too, for which a verb may refuse to do what the fix asks for. */
static bool is_refused_otherwise(const struct cli_trials *trials, const struct spicecfg_finding *finding)
{
	for (size_t i = 0; i < trials->result.n_findings; i++) {
		const struct spicecfg_finding *other = &trials->result.findings[i];

		if (other->cls == SPICECFG_CLASS_START && strcmp(other->rule, finding->rule) != 0)
			return true;
	}
	return false;
}

/* Why its commands can't be carried out one after the other; NULL: they can, or it could not be tried. What is new is for judge(). */
static char *walk(struct cli_trials *trials, struct cli_batch *batch, char ***commands, const struct spicecfg_finding *finding, bool *tried)
{
	const bool others = is_refused_otherwise(trials, finding);

	for (; *commands; commands++) {
		if (!plan_one(trials, batch, *commands))
			return reason(trials, tried);
		if (others && cli_form_may_be_refused(*commands) && is_refused(trials, batch))
			return strdup("another finding has to be fixed first");
	}
	return NULL;
}

/* Why the fix alone does not pass; NULL: it passes, or could not be tried. *form: what it does. */
static char *try_alone(struct cli_trials *trials, char ***commands, const struct spicecfg_check_options *options,
		       const struct cli_checked *before, const struct spicecfg_finding *finding, bool *tried, struct cli_form *form)
{
	struct cli_batch *batch = cli_batch_new(&trials->cli);
	char *failed = batch ? walk(trials, batch, commands, finding, tried) : reason(trials, tried);

	if (!failed && *tried)
		failed = judge(trials, batch, options, before, finding);
	if (!failed && *tried)
		cli_writes_add(&form->writes, cli_batch_plan(batch), trials->word, commands);
	if (!failed && *tried && is_this_host(trials))
		form->loses =
		    cli_losers(trials->cli.ctx, cli_batch_plan(batch), trials->result.file ? NULL : trials->result.target, before);
	cli_batch_free(batch);
	return failed;
}

static bool keep_shown(struct cli_trials *trials, char ***commands, const struct cli_writes *writes)
{
	cli_writes_join(&trials->writes, writes);
	char ****more = reallocarray(trials->shown_commands, trials->n_shown + 1, sizeof(*more));

	if (!more)
		return false;
	trials->shown_commands = more;
	more[trials->n_shown++] = commands;
	return true;
}

static void plan_shown(struct cli_trials *trials)
{
	cli_batch_free(trials->shown);
	trials->shown = cli_batch_new(&trials->cli);
	for (size_t i = 0; i < trials->n_shown && trials->shown; i++)
		if (!plan(trials, trials->shown, trials->shown_commands[i]))
			spicecfg_ctx_clear_error(trials->cli.ctx);
	trials->n_planned = trials->n_shown;
}

/* Why a fix is not shown beside those that were shown, in whatever order they are carried out; NULL: they do not write to one place. */
static char *clash(const struct cli_trials *trials, const struct cli_writes *writes)
{
	const char *path = cli_writes_clash(&trials->writes, writes);
	char *why = NULL;

	if (path && asprintf(&why, "the usual one clashes with it at %s", path) < 0)
		why = NULL;
	return why;
}

/* Why the fix does not pass behind those that were shown; NULL: it passes, or could not be tried. */
static char *try_behind(struct cli_trials *trials, char ***commands, const struct spicecfg_check_options *options,
			const struct cli_checked *before, const struct cli_writes *writes, bool *tried)
{
	char *clashes = clash(trials, writes);

	if (clashes)
		return clashes;
	if (!trials->shown || trials->n_planned != trials->n_shown)
		plan_shown(trials);
	char *failed = trials->shown && plan(trials, trials->shown, commands) ? judge(trials, trials->shown, options, before, NULL)
									      : reason(trials, tried);

	if (failed || !*tried)
		plan_shown(trials);
	else
		trials->n_planned++;
	return failed;
}

/* Why a fix that passes alone is not shown behind the others. */
static char *explain_behind(char *failed)
{
	char *why = NULL;

	if (failed && asprintf(&why, "behind a fix above, %s: check again after that", failed) < 0)
		why = NULL;
	free(failed);
	return why;
}

/* Parts of a fix that the finding is given in place of its own: prose, or the words of commands. */
static void give(struct cli_trials *trials, struct spicecfg_finding *finding, char *text)
{
	struct spicecfg_fix *fix = &trials->fixes[trials->n_own];
	struct spicecfg_fix_part *part = &trials->parts[trials->n_own];

	finding->fix = NULL;
	if (!text)
		return;
	*part = (struct spicecfg_fix_part){SPICECFG_FIX_TEXT, text};
	*fix = (struct spicecfg_fix){.parts = part, .n_parts = 1};
	trials->texts[trials->n_texts++] = text;
	trials->n_own++;
	finding->fix = fix;
}

static void refuse(struct cli_trials *trials, struct spicecfg_finding *finding, const char *why)
{
	char *text;

	if (asprintf(&text, "no command fixes it here: %s; see 'spicecfg explain %s'", why, finding->rule) < 0)
		text = NULL;
	/* names of files and VMs can contain anything */
	for (char *c = text; c && *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	give(trials, finding, text);
}

static const struct cli_checked *base_of(struct cli_trials *trials, const struct spicecfg_finding *finding, bool *whole)
{
	const char *target = trials->result.target;
	const bool is_vm = trials->result.name && *trials->result.name;

	if (is_vm && !trials->has_alone) {
		const struct spicecfg_check_options options = scope(trials, false);

		check(trials, &options, NULL, &trials->alone);
		trials->has_alone = true;
	}
	if (is_vm && trials->alone.failed)
		return &trials->alone;
	*whole =
	    !is_vm || (trials->same_host && !cli_checked_has(&trials->alone, target, finding->rule, finding->path ? finding->path : ""));
	if (!*whole)
		return &trials->alone;
	if (!trials->has_all) {
		check(trials, trials->options, NULL, &trials->all);
		trials->has_all = true;
	}
	return &trials->all;
}

/* Why the fix does not pass; NULL: it passes, or could not be tried. *form: as above. */
static char *try_fix(struct cli_trials *trials, const struct spicecfg_finding *finding, const char *key, char ***commands,
		     struct cli_form *form)
{
	bool whole = false, tried = true;
	const struct cli_checked *before = base_of(trials, finding, &whole);
	const struct spicecfg_check_options options = scope(trials, whole);

	if (before->failed)
		return NULL;
	trials->left--;
	trials->run_left--;
	char *failed = try_alone(trials, commands, &options, before, finding, &tried, form);
	bool alone = !failed;
	if (alone && tried && trials->n_shown)
		failed = explain_behind(try_behind(trials, commands, &options, before, &form->writes, &tried));
	/* that it does not pass behind another one may be a matter of that one */
	form->failed = failed;
	form->target = (char *)trials->result.target;
	if (tried && (!alone || !failed))
		cli_form_add(&trials->forms, key, form);
	if (!tried) {
		free(failed);
		return NULL;
	}
	return failed;
}

/* A fix that takes the console from somebody is only shown. */
static void ask(struct cli_trials *trials, struct spicecfg_finding *finding, char *loses)
{
	finding->ask = true;
	finding->loses = loses;
	trials->texts[trials->n_texts++] = loses;
}

static bool can_pay(const struct cli_trials *trials)
{
	return trials->left && trials->run_left && trials->bytes_left;
}

/* The same for a form that passed on another target. */
static char *try_known(struct cli_trials *trials, const struct cli_form *known, struct cli_form *form)
{
	char *failed = explain_behind(clash(trials, &known->writes));

	cli_writes_join(&form->writes, &known->writes);
	form->loses = !failed && known->loses ? strdup("those who have it now") : NULL;
	return failed;
}

static void try_one(struct cli_trials *trials, struct spicecfg_finding *finding)
{
	char ***commands = spicecfg_fix_argv(finding->fix, NULL);
	const char *target = trials->result.target;
	char *key = can_try(trials, commands) ? cli_form_key(finding, target, trials->rules, commands) : NULL, *failed = NULL;
	const struct cli_form *form = key ? cli_form_find(trials->forms, key, target) : NULL;
	struct cli_form own = {.failed = NULL};

	if (form && form->failed)
		failed = strdup(form->failed);
	else if (form)
		failed = try_known(trials, form, &own);
	else if (key && can_pay(trials))
		failed = try_fix(trials, finding, key, commands, &own);
	else if (key)
		finding->untried = true;
	if (failed)
		refuse(trials, finding, failed);
	else if (key && can_pay(trials) && keep_shown(trials, commands, &own.writes))
		commands = NULL;
	if (!failed && own.loses)
		ask(trials, finding, own.loses);
	else
		free(own.loses);
	cli_writes_free(&own.writes);
	free(failed);
	free(key);
	free((void *)commands);
}

const struct spicecfg_check_result *cli_trials_result(struct cli_trials *trials, const struct spicecfg_check_result *result)
{
	const size_t n = result->n_findings + result->n_known;
	bool any = false;

	for (size_t i = 0; i < result->n_findings; i++)
		any |= spicecfg_fix_is_command(result->findings[i].fix);
	/* what was read from stdin can't be read again */
	if (!any || result->error || (result->file && strcmp(result->file, "-") == 0))
		return result;
	drop_result(trials);
	drop_shown(trials);
	trials->result = *result;
	trials->left = result->bytes < TOO_LARGE ? TRIALS : 0;
	trials->rules = cli_form_rules(result);
	trials->findings = calloc(n, sizeof(*trials->findings));
	trials->fixes = calloc(n, sizeof(*trials->fixes));
	trials->parts = calloc(n, sizeof(*trials->parts));
	trials->texts = calloc(n, sizeof(*trials->texts));
	if (!trials->findings || !trials->fixes || !trials->parts || !trials->texts ||
	    asprintf(&trials->word, "%s%s", result->file ? "file:" : "domain:", result->target) < 0) {
		trials->word = NULL;
		return result;
	}
	memcpy(trials->findings, result->findings, n * sizeof(*trials->findings));
	trials->result.findings = trials->findings;
	for (size_t i = 0; i < result->n_findings; i++)
		if (spicecfg_fix_is_command(trials->findings[i].fix))
			try_one(trials, &trials->findings[i]);
	return &trials->result;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A whole check, from its options to its summary. */
#include "system/check/check.h"

#include <spicecfg/vm.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/finding.h"
#include "base/fix.h"
#include "system/check/baseline.h"
#include "system/check/check_host.h"
#include "system/check/project.h"
#include "system/facts/hostgather.h"
#include "system/libvirt/qemu_account.h"
#include "system/libvirt/vm_neighbours.h"
#include "system/load/load.h"
#include "system/os/pool.h"

enum { CHUNK = 8, SLOTS_PER_THREAD = 4, MAX_JOBS = 256 };

/* The unit of work of the pool: some targets, and the memory of their results. */
struct slot {
	struct sc_arena *memory;
	struct sc_check_item items[CHUNK];
	size_t count;
};

struct run {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	struct spicecfg_check_options options; /* completed from the project file */
	struct spicecfg_check_sink sink;
	struct spicecfg_check_summary *summary;
	bool whole_host;
	char **domains; /* of a whole host */
	struct sc_neighbours *neighbours;
	struct sc_schema *schema;
	struct sc_baseline *baseline, *new_baseline;
	struct sc_walk *walk;
	struct sc_check check;
	struct sc_check_worker *workers;
	unsigned n_workers;
	bool failed; /* memory was short: some targets were not reached */
	enum spicecfg_status worst;
	struct spicecfg_error first; /* the first error of a target; message NULL: all targets could be read */
};

/* Levels of rules; those that the options have already take precedence. */
static enum spicecfg_status add_levels(struct run *run, const struct sc_project *project)
{
	struct spicecfg_check_options *options = &run->options;
	struct spicecfg_rule_level *rules = sc_arena_alloc(run->memory, (project->n_rules + options->n_rules + 1) * sizeof(*rules));

	if (!rules)
		return sc_fail_memory(run->ctx);
	if (project->n_rules)
		memcpy(rules, project->rules, project->n_rules * sizeof(*rules));
	if (options->n_rules)
		memcpy(rules + project->n_rules, options->rules, options->n_rules * sizeof(*rules));
	options->rules = rules;
	options->n_rules += project->n_rules;
	return SPICECFG_OK;
}

/* Completes the options; what is set already takes precedence. */
static enum spicecfg_status use_project(struct run *run, const struct sc_project *project)
{
	struct spicecfg_check_options *options = &run->options;

	options->schema |= project->schema;
	options->same_host |= project->same_host;
	/* A host given on the command line takes precedence. */
	if (!options->no_host && !options->host_facts && !run->ctx->root) {
		options->no_host = project->no_host;
		options->host_facts = project->no_host ? NULL : project->host_facts;
	}
	if (!options->qemu_conf)
		options->qemu_conf = project->qemu_conf;
	if (!options->versions)
		options->versions = project->versions;
	if (!options->fail_on)
		options->fail_on = project->fail_on;
	if (!options->jobs)
		options->jobs = project->jobs;
	enum spicecfg_status status = add_levels(run, project);
	if (status || options->baseline || options->new_baseline || !project->baseline)
		return status;
	options->baseline = project->baseline;
	if (access(project->baseline, F_OK) == 0)
		return SPICECFG_OK;
	return sc_fail_at(run->ctx, SPICECFG_INPUT, (struct sc_where){.file = project->baseline},
			  "Create it with '`spicecfg check --baseline FILE`'.", "the baseline that %s names is missing", project->file);
}

/* The project file is for files, the settings of the host for its domains; a file that is given is for both. */
static enum spicecfg_status read_project(struct run *run, bool files, bool domains)
{
	const struct spicecfg_check_options *options = &run->options;
	const bool of_project = files || options->project, of_host = domains && !options->project;
	struct sc_project project = {0}, host = {0};
	enum spicecfg_status status = SPICECFG_OK;

	if (options->no_project)
		return SPICECFG_OK;
	if (of_host && !options->no_host && !options->host_facts)
		status = sc_project_read_host(run->ctx, run->memory, &host);
	if (!status && of_project)
		status = sc_project_read(run->ctx, options->project, run->memory, &project);
	const struct sc_project *const both[] = {&host, &project};
	for (size_t i = 0; i < 2 && !status; i++)
		if (both[i]->file && run->sink.project)
			run->sink.project(run->sink.opaque, &(struct spicecfg_check_project){both[i]->file, !both[i]->ignored,
											     both[i]->ignored, both[i] == &host});
	if (!status && project.file && !project.ignored)
		status = use_project(run, &project);
	if (!status && host.file && !host.ignored)
		status = use_project(run, &host);
	return status;
}

static enum spicecfg_status check_rules(struct run *run)
{
	struct spicecfg_rule rule = {.size = sizeof(rule)};

	for (size_t i = 0; i < run->options.n_rules; i++) {
		const char *id = run->options.rules[i].rule;
		const char *nearest = spicecfg_rule_find(id, &rule) ? id : spicecfg_rule_nearest(id);

		if (nearest == id)
			continue;
		if (nearest)
			return sc_fail(run->ctx, SPICECFG_USAGE, "See '`spicecfg rules`' for the rules.",
				       "there is no rule '%s'; did you mean '%s'?", id, nearest);
		return sc_fail(run->ctx, SPICECFG_USAGE, "See '`spicecfg rules`' for the rules.", "there is no rule '%s'", id);
	}
	return SPICECFG_OK;
}

/* Without targets: all domains of the host. */
static enum spicecfg_status name_targets(struct run *run)
{
	struct spicecfg_check_options *options = &run->options;

	if (options->n_targets)
		return SPICECFG_OK;
	options->same_host = run->whole_host = true;
	enum spicecfg_status status = spicecfg_vm_list(run->ctx, NULL, &run->domains);
	/* A host without VMs is not an error; a directory that is not that of a host, or can't be read, is. */
	if (status == SPICECFG_INPUT && sc_host_gather_possible(run->ctx) && !sc_host_gather_domains_exist(run->ctx)) {
		sc_let_go(run->ctx);
		return SPICECFG_OK;
	}
	for (char **name = run->domains; name && *name; name++)
		options->n_targets++;
	options->targets = (const char *const *)run->domains;
	return status;
}

static bool any_target(const struct spicecfg_check_options *options, bool file)
{
	const char *name;

	for (size_t i = 0; i < options->n_targets; i++)
		if ((sc_walk_target(options->targets[i], &name) != SC_TARGET_DOMAIN) == file)
			return true;
	return false;
}

static unsigned count_jobs(const struct spicecfg_check_options *options, bool domains)
{
	bool single = options->n_targets == 1 && !sc_walk_is_directory(options->targets[0]);

	/* Neighbours are added one after the other, and libvirt is asked through one connection. */
	if (options->same_host || domains || single)
		return 1;
	long online = options->jobs ? (long)options->jobs : sysconf(_SC_NPROCESSORS_ONLN);
	return online < 1 ? 1 : online > MAX_JOBS ? MAX_JOBS : (unsigned)online;
}

/* Makes the error of a worker's context, or of a target, the run's. */
static enum spicecfg_status pass_error(struct run *run, const struct spicecfg_error *error)
{
	if (!error)
		return sc_fail_memory(run->ctx);
	bool first = !spicecfg_ctx_error(run->ctx);
	enum spicecfg_status status =
	    sc_fail_at(run->ctx, error->status, (struct sc_where){error->file, error->line, error->column}, NULL, "%s", error->message);
	if (first)
		sc_fail_fix(run->ctx, error->fix);
	return status;
}

static enum spicecfg_status make_workers(struct run *run, bool domains)
{
	run->n_workers = count_jobs(&run->options, domains);
	run->workers = calloc(run->n_workers, sizeof(*run->workers));
	if (!run->workers)
		return sc_fail_memory(run->ctx);
	for (unsigned i = 0; i < run->n_workers; i++) {
		struct spicecfg_ctx *ctx = spicecfg_ctx_new();

		if (!ctx)
			return sc_fail_memory(run->ctx);
		run->workers[i].ctx = ctx;
		if (spicecfg_ctx_set_root(ctx, run->ctx->root) || spicecfg_ctx_set_uri(ctx, run->ctx->uri) ||
		    sc_qemu_account_share(run->ctx, ctx))
			return sc_fail_memory(run->ctx);
		ctx->stage = run->ctx->stage;
		spicecfg_ctx_set_interrupt(ctx, run->ctx->interrupt);
		spicecfg_ctx_set_log(ctx, i ? NULL : run->ctx->log, run->ctx->log_opaque);
		enum spicecfg_status status = sc_check_host(ctx, &run->options, !domains, &run->workers[i].host, &run->check.live);
		if (status)
			return pass_error(run, spicecfg_ctx_error(ctx));
		if (domains && run->check.live)
			sc_host_gather_running(run->ctx, run->workers[i].host);
	}
	return SPICECFG_OK;
}

static enum spicecfg_status open_baselines(struct run *run)
{
	const struct spicecfg_check_options *options = &run->options;
	enum spicecfg_status status = SPICECFG_OK;

	if (options->baseline)
		status = sc_baseline_open(run->ctx, options->baseline, false, &run->baseline);
	if (!status && options->new_baseline)
		status = sc_baseline_open(run->ctx, options->new_baseline, true, &run->new_baseline);
	return status;
}

static enum spicecfg_status prepare(struct run *run)
{
	struct spicecfg_check_options *options = &run->options;
	enum spicecfg_status status = name_targets(run);

	if (status)
		return status;
	bool files = any_target(options, true), domains = any_target(options, false);
	options->same_host |= run->ctx->root != NULL;
	if ((status = read_project(run, files, domains || run->whole_host)) || (status = check_rules(run)) ||
	    (status = open_baselines(run)))
		return status;
	if (options->schema && (status = sc_schema_load(run->ctx, &run->schema)))
		return status;
	run->neighbours = options->same_host ? sc_neighbours_new() : NULL;
	run->walk = sc_walk_new(options->targets, options->n_targets);
	if (!run->walk || (options->same_host && !run->neighbours))
		return sc_fail_memory(run->ctx);
	run->summary->fail_on = options->fail_on ? options->fail_on : SPICECFG_LEVEL_ERROR;
	run->check = (struct sc_check){.neighbours = run->neighbours,
				       .schema = run->schema,
				       .levels = options->rules,
				       .n_levels = options->n_rules,
				       .now = (int64_t)time(NULL),
				       .no_fixes = options->no_fixes,
				       .root = run->ctx->root,
				       .uri = run->ctx->uri,
				       .qemu_conf = options->qemu_conf};
	status = make_workers(run, domains || !options->n_targets);
	run->check.host_told = run->whole_host && run->check.live;
	/* fixes name no port of a domain that is checked later, or not at all */
	if (!status && domains && options->same_host && !options->no_fixes && !sc_vm_offer_ports(run->ctx, run->neighbours))
		status = sc_fail_memory(run->ctx);
	return status;
}

static bool fill(void *opaque, void *place)
{
	struct run *run = opaque;
	struct slot *slot = place;
	struct sc_walk_item found;

	slot->count = 0;
	if (sc_interrupted(run->ctx) || run->failed)
		return false;
	slot->memory = sc_arena_new();
	run->failed = !slot->memory;
	if (run->failed)
		return false;
	while (slot->count < CHUNK && sc_walk_next(run->walk, &found)) {
		struct sc_check_item *item = &slot->items[slot->count];

		*item = (struct sc_check_item){.kind = found.kind, .found = found.found || run->options.skip_others, .error = found.error};
		item->word = sc_arena_strdup(slot->memory, found.path);
		run->failed = !item->word;
		if (run->failed)
			break;
		slot->count++;
	}
	if (slot->count)
		return true;
	sc_arena_free(slot->memory);
	return false;
}

static void work(void *opaque, unsigned worker, void *place)
{
	struct run *run = opaque;
	struct slot *slot = place;

	for (size_t i = 0; i < slot->count; i++)
		sc_check_item_run(&run->check, &run->workers[worker], &slot->items[i], slot->memory);
}

/* Moves the findings in the baseline after the others. */
static void hold_back(struct run *run, struct sc_check_item *item)
{
	struct spicecfg_check_result *result = &item->result;
	size_t kept = 0;

	if (run->new_baseline) {
		sc_baseline_enter(run->new_baseline, result);
		for (size_t i = 0; i < result->n_findings; i++)
			(void)sc_baseline_holds(run->new_baseline, result, &item->findings[i]);
	}
	if (!run->baseline)
		return;
	sc_baseline_enter(run->baseline, result);
	for (size_t i = 0; i < result->n_findings; i++) {
		struct spicecfg_finding finding = item->findings[i];

		if (sc_baseline_holds(run->baseline, result, &finding))
			continue;
		item->findings[i] = item->findings[kept];
		item->findings[kept++] = finding;
	}
	result->n_known = result->n_findings - kept;
	result->n_findings = kept;
	run->summary->known += result->n_known;
}

static void count(struct run *run, const struct spicecfg_check_result *result)
{
	struct spicecfg_check_summary *summary = run->summary;
	size_t *const verdicts[] = {&summary->starts, &summary->refused, &summary->unknown};
	size_t *const levels[] = {NULL, &summary->note, &summary->warning, &summary->error};

	summary->targets++;
	++*verdicts[result->verdict];
	for (size_t i = 0; i < result->n_findings; i++) {
		*levels[result->findings[i].level] += result->findings[i].count ? result->findings[i].count : 1;
		summary->failing += result->findings[i].level >= summary->fail_on;
	}
	if (!result->error)
		return;
	summary->broken++;
	if (result->error->status > run->worst)
		run->worst = result->error->status;
	if (!run->first.message)
		sc_error_copy(run->memory, result->error, &run->first);
}

static void hand_over(struct run *run, struct sc_check_item *item)
{
	hold_back(run, item);
	count(run, &item->result);
	run->sink.result(run->sink.opaque, &item->result);
}

static void emit(void *opaque, void *place)
{
	struct run *run = opaque;
	struct slot *slot = place;

	for (size_t i = 0; i < slot->count; i++) {
		struct sc_check_item *item = &slot->items[i];

		if (item->skipped)
			run->summary->skipped++;
		else
			hand_over(run, item);
	}
	sc_arena_free(slot->memory);
	slot->memory = NULL;
}

/* The findings of a whole host, and of what could not be read, do not belong to a VM. */
static enum spicecfg_status check_services(struct run *run)
{
	__attribute__((cleanup(sc_arena_freep))) struct sc_arena *memory = sc_arena_new();
	const struct sc_check_host host = {run->ctx, run->workers, run->n_workers, run->whole_host && run->check.live};
	struct sc_check_item item;

	if (!memory)
		return sc_fail_memory(run->ctx);
	sc_check_services(&run->check, &host, &item, memory);
	if (item.result.n_findings || item.result.error)
		hand_over(run, &item);
	return SPICECFG_OK;
}

static enum spicecfg_status go(struct run *run)
{
	size_t n_slots = (size_t)run->n_workers * SLOTS_PER_THREAD;
	struct slot *slots = calloc(n_slots, sizeof(*slots));
	static const struct sc_pool_ops ops = {fill, work, emit};

	if (!slots)
		return sc_fail_memory(run->ctx);
	run->sink.begin(run->sink.opaque, run->summary->fail_on);
	sc_pool_run(&ops, run, slots, sizeof(*slots), n_slots, run->n_workers);
	free(slots);
	enum spicecfg_status status = sc_interrupted(run->ctx) ? SPICECFG_OK : check_services(run);
	run->summary->skipped += sc_walk_skipped(run->walk);
	if (sc_interrupted(run->ctx))
		return sc_fail(run->ctx, SPICECFG_INTERRUPTED, NULL, "interrupted");
	return sc_walk_failed(run->walk) || run->failed ? sc_fail_memory(run->ctx) : status;
}

static enum spicecfg_status conclude(struct run *run)
{
	struct sc_baseline *fresh = run->new_baseline;
	struct spicecfg_check_summary *summary = run->summary;

	if (run->baseline && sc_baseline_is_new(run->baseline))
		fresh = run->baseline;
	else if (run->baseline)
		summary->resolved = sc_baseline_resolved(run->baseline);
	if (fresh && !run->options.dry_run) {
		enum spicecfg_status status = sc_baseline_write(run->ctx, fresh);

		if (status)
			return status;
		summary->baseline_written = true;
		summary->failing = 0;
	}
	if (run->worst)
		return run->worst;
	/* a wrong directory must not look like a clean one */
	if (!summary->targets && !run->whole_host && !run->options.skip_others)
		return sc_fail(run->ctx, SPICECFG_INPUT, "Check the path; --skip-others accepts directories without one.",
			       "there is no domain definition in '%s'", run->options.targets[0]);
	return summary->failing ? SPICECFG_FINDINGS : SPICECFG_OK;
}

static void release(struct run *run)
{
	for (unsigned i = 0; run->workers && i < run->n_workers; i++) {
		sc_schema_run_free(run->workers[i].schema);
		sc_buf_free(&run->workers[i].bytes);
		sc_host_free(run->workers[i].host);
		spicecfg_ctx_free(run->workers[i].ctx);
	}
	free(run->workers);
	sc_walk_free(run->walk);
	sc_baseline_free(run->baseline);
	sc_baseline_free(run->new_baseline);
	sc_schema_free(run->schema);
	sc_neighbours_free(run->neighbours);
	spicecfg_names_free(run->domains);
	sc_arena_free(run->memory);
}

static enum spicecfg_status open_plan(const struct run *run)
{
	if (run->options.plan->ctx == run->ctx)
		return sc_stage_open(run->options.plan);
	return sc_fail(run->ctx, SPICECFG_USAGE, NULL, "the plan was not made in the context of the check");
}

enum spicecfg_status spicecfg_check_run(struct spicecfg_ctx *ctx, const struct spicecfg_check_options *options,
					const struct spicecfg_check_sink *sink, struct spicecfg_check_summary *summary)
{
	sc_ctx_enter(ctx);

	struct spicecfg_check_summary counted = {0};
	struct run run = {.ctx = ctx, .summary = &counted, .memory = sc_arena_new()};
	enum spicecfg_status status = run.memory ? SPICECFG_OK : sc_fail_memory(ctx);

	sc_unread_clear(ctx->unread);
	if (!status)
		status = sc_ctx_take(ctx, &counted, sizeof(counted), summary);
	counted = (struct spicecfg_check_summary){0};
	if (!status)
		status = sc_ctx_take(ctx, &run.options, sizeof(run.options), options);
	if (!status)
		status = sc_ctx_take(ctx, &run.sink, sizeof(run.sink), sink);
	if (!status && run.options.plan)
		status = open_plan(&run);
	if (!status)
		status = prepare(&run);
	if (!status)
		status = go(&run);
	if (!status)
		status = conclude(&run);
	counted.failed = ctx->has_error;
	/* An error of the whole run takes precedence. */
	if (run.first.message && !ctx->has_error)
		(void)pass_error(&run, &run.first);
	release(&run);
	if (run.options.plan)
		status = sc_stage_close(run.options.plan, status);
	sc_ctx_give(summary, &counted, sizeof(counted));
	return status;
}

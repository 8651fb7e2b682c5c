/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check: what libvirt and QEMU would say, before they do. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "batch_file.h"
#include "check_fix.h"
#include "error.h"
#include "format/format.h"
#include "say.h"
#include "trial.h"

struct listener {
	struct cli *cli;
	const struct cli_format *format; /* NULL: --quiet */
	struct cli_report report;
	struct spicecfg_check_project project;
	struct cli_trials *trials; /* NULL: fixes are not tried */
	bool begun;
};

static void on_begin(void *opaque, enum spicecfg_level fail_on)
{
	struct listener *listener = opaque;

	listener->report.fail_on = fail_on;
	listener->begun = true;
	if (listener->format)
		listener->format->begin(&listener->report);
}

static void on_project(void *opaque, const struct spicecfg_check_project *project)
{
	struct listener *listener = opaque;

	listener->project = *project;
	listener->report.project = &listener->project;
	if (!project->used && project->of_host)
		cli_warn(listener->cli, "%s is ignored: %s", project->file, project->why);
	else if (!project->used)
		cli_warn(listener->cli, "%s is ignored: %s; to use it anyway: --project %s", project->file, project->why, project->file);
}

/* What could not be read is reported on stderr, whatever the format of the report. */
static void print_error(const struct spicecfg_check_result *result)
{
	const struct spicecfg_error *error = result->error;
	const char *name = error->file ? error->file : result->target;

	fflush(stdout);
	if (error->line)
		cli_say(stderr, "spicecfg: %s:%u:%u: %s", name, error->line, error->column, error->message);
	else
		cli_say(stderr, "spicecfg: %s: %s", name, error->message);
	char *fix = spicecfg_fix_text(error->fix, NULL);
	cli_fix_print(stderr, "  ", fix);
	free(fix);
}

static void on_result(void *opaque, const struct spicecfg_check_result *result)
{
	struct listener *listener = opaque;

	if (result->error)
		print_error(result);
	if (listener->trials && !*listener->cli->interrupted)
		result = cli_trials_result(listener->trials, result);
	if (listener->format)
		listener->format->result(&listener->report, result);
}

static enum spicecfg_status choose_format(struct cli *cli, struct listener *listener)
{
	const char *name = cli_get(cli, "format");

	if (!name)
		name = "text";
	listener->format = cli_format_find(name);
	if (!listener->format)
		return cli_usage(cli, "'%s' is not a format of check: use text, json, sarif, junit or github", name);
	if (cli->quiet && strcmp(name, "text") == 0)
		listener->format = NULL;
	return SPICECFG_OK;
}

/* --rule ID=LEVEL, as often as given; the rows point into a copy of the words, *memory. */
static enum spicecfg_status read_levels(struct cli *cli, struct spicecfg_check_options *options, struct spicecfg_rule_level **rows,
					char **memory)
{
	size_t count = 0, bytes = 0;

	for (const char *word; (word = cli_get_nth(cli, "rule", count)); count++)
		bytes += strlen(word) + 1;
	*rows = calloc(count + 1, sizeof(**rows));
	char *copy = *memory = malloc(bytes + 1);
	if (!*rows || !copy)
		return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	for (size_t i = 0; i < count; i++) {
		const char *word = cli_get_nth(cli, "rule", i);
		const char *equals = strrchr(word, '=');

		if (!equals || equals == word || !spicecfg_level_parse(equals + 1, &(*rows)[i].level))
			return cli_usage(cli, "--rule takes ID=error, ID=warning, ID=note or ID=off, not '%s'", word);
		memcpy(copy, word, (size_t)(equals - word));
		copy[equals - word] = '\0';
		(*rows)[i].rule = copy;
		copy += equals - word + 1;
	}
	options->rules = *rows;
	options->n_rules = count;
	return SPICECFG_OK;
}

static enum spicecfg_status read_options(struct cli *cli, struct spicecfg_check_options *options)
{
	const char *fail_on = cli_get(cli, "fail-on"), *jobs = cli_get(cli, "jobs");

	options->no_host = cli_has(cli, "no-host");
	options->same_host = cli_has(cli, "same-host");
	options->schema = cli_has(cli, "schema");
	options->skip_others = cli_has(cli, "skip-others");
	options->host_facts = cli_get(cli, "host-facts");
	options->qemu_conf = cli_get(cli, "qemu-conf");
	options->versions = cli_get(cli, cli_has(cli, "release") ? "release" : "target");
	options->baseline = cli_get(cli, "baseline");
	options->new_baseline = cli_get(cli, "write-baseline");
	options->dry_run = cli->dry_run;
	options->no_fixes = cli_has(cli, "no-fix");
	options->project = cli_get(cli, "project");
	options->no_project = cli_has(cli, "no-project");
	if (cli_has(cli, "batch") && cli_has(cli, "fix"))
		return cli_usage(cli, "--batch and --fix can't be used together: carry out the batch first");
	if (options->no_fixes && cli_has(cli, "fix"))
		return cli_usage(cli, "--no-fix and --fix can't be used together");
	if (options->no_host && options->host_facts)
		return cli_usage(cli, "--no-host and --host-facts can't be used together");
	if (options->project && options->no_project)
		return cli_usage(cli, "--project and --no-project can't be used together");
	if (options->host_facts && cli->root)
		return cli_usage(cli, "--host-facts and --root can't be used together");
	if (options->baseline && options->new_baseline)
		return cli_usage(cli, "--baseline and --write-baseline can't be used together");
	for (int i = 0; cli_has(cli, "fix") && i < cli->n_args; i++)
		if (strcmp(cli->args[i], "-") == 0)
			return cli_usage(cli, "--fix can't change a definition that is read from stdin: name a file");
	if (fail_on && (!spicecfg_level_parse(fail_on, &options->fail_on) || options->fail_on == SPICECFG_LEVEL_OFF))
		return cli_usage(cli, "--fail-on takes error, warning or note, not '%s'", fail_on);
	if (jobs) {
		char *end;
		unsigned long count = strtoul(jobs, &end, 10);

		if (jobs[0] < '0' || jobs[0] > '9' || *end || !count || count > 1024)
			return cli_usage(cli, "--jobs takes a number from 1 to 1024, not '%s'", jobs);
		options->jobs = (unsigned)count;
	}
	return SPICECFG_OK;
}

/* The words of --skip-others come from programs that list files: a file that exists is a file, whatever its name. */
static enum spicecfg_status name_files(struct cli *cli, struct spicecfg_check_options *options, char ***names)
{
	struct stat st;

	*names = calloc((size_t)cli->n_args + 1, sizeof(**names));
	for (int i = 0; *names && i < cli->n_args; i++) {
		const char *word = cli->args[i];
		bool like_prefix = strncmp(word, "file:", 5) == 0 || strncmp(word, "domain:", 7) == 0;

		if (asprintf(&(*names)[i], "%s%s", like_prefix && lstat(word, &st) == 0 ? "file:" : "", word) < 0) {
			(*names)[i] = NULL;
			spicecfg_names_free(*names);
			*names = NULL;
		}
	}
	if (!*names)
		return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	options->targets = (const char *const *)*names;
	return SPICECFG_OK;
}

/* Targets are the arguments, --vm or --match; without any the whole host. The caller frees *names. */
static enum spicecfg_status read_targets(struct cli *cli, struct spicecfg_check_options *options, char ***names)
{
	const char *match = cli_get(cli, "match");

	if (cli->n_args && (cli->target || match || cli_has(cli, "all")))
		return cli_usage(cli, "a TARGET can't be used together with --vm, --all or --match");
	options->targets = (const char *const *)cli->args;
	options->n_targets = (size_t)cli->n_args;
	if (cli->target) {
		options->targets = &cli->target;
		options->n_targets = 1;
	}
	if (options->skip_others && cli->n_args)
		return name_files(cli, options, names);
	if (!match)
		return SPICECFG_OK;
	enum spicecfg_status status = spicecfg_vm_list(cli->ctx, match, names);
	if (status)
		return status;
	options->targets = (const char *const *)*names;
	while (options->targets[options->n_targets])
		options->n_targets++;
	options->same_host = true;
	return SPICECFG_OK;
}

static enum spicecfg_status check(struct cli *cli, const struct spicecfg_check_options *options, struct listener *listener)
{
	const struct spicecfg_check_sink sink = {
	    .size = sizeof(sink), .begin = on_begin, .result = on_result, .opaque = listener, .project = on_project};
	struct spicecfg_check_summary summary = {.size = sizeof(summary)};

	if (listener->format && !options->no_fixes && !options->plan)
		listener->trials = cli_trials_new(cli, options);
	enum spicecfg_status status = spicecfg_check_run(cli->ctx, options, &sink, &summary);
	cli_trials_free(listener->trials);
	if (!listener->begun)
		return status;
	if (listener->format)
		listener->format->end(&listener->report, &summary, status);
	fflush(stdout);
	if (summary.baseline_written)
		cli_say(stderr, "spicecfg: wrote the baseline %s: these findings no longer fail; commit it",
			options->new_baseline ? options->new_baseline : options->baseline);
	/* Errors of targets were reported one by one; what remains concerns the whole run. */
	if (summary.failed)
		cli_error_print(cli, NULL, NULL);
	spicecfg_ctx_clear_error(cli->ctx);
	return status;
}

/* The verbs of --batch, as a plan that the check is made with. */
static enum spicecfg_status read_batch(struct cli *cli, struct spicecfg_check_options *options, struct cli_batch **batch)
{
	const char *file = cli_get(cli, "batch");
	struct cli_batch_text text = {.name = NULL};

	if (!file)
		return SPICECFG_OK;
	enum spicecfg_status status = cli_batch_text_read(cli, file, &text);
	if (!status && !(*batch = cli_batch_new(cli)))
		status = SPICECFG_SYSTEM;
	/* no password is needed to tell what the state would be */
	cli->trial = true;
	if (!status)
		status = cli_batch_text_add(cli, *batch, &text);
	cli->trial = false;
	if (!status)
		options->plan = cli_batch_plan(*batch);
	cli_batch_text_free(&text);
	return status;
}

static enum spicecfg_status run(struct cli *cli)
{
	struct cli_batch *batch = NULL;
	struct spicecfg_check_options options = {.size = sizeof(options)};
	struct listener listener = {.cli = cli, .report = {.out = stdout, .color = cli->color, .verbose = cli->verbose}};
	struct spicecfg_rule_level *rows = NULL;
	char *memory = NULL, **names = NULL;

	enum spicecfg_status status = choose_format(cli, &listener);
	if (!status)
		status = read_options(cli, &options);
	if (!status)
		status = read_levels(cli, &options, &rows, &memory);
	if (!status)
		status = read_targets(cli, &options, &names);
	if (!status)
		status = read_batch(cli, &options, &batch);
	enum spicecfg_status fixed = !status && cli_has(cli, "fix") ? cli_fix(cli, &options) : SPICECFG_OK;
	/* Files that could not be fixed were reported; the check continues with all. */
	if (fixed && spicecfg_ctx_error(cli->ctx))
		status = fixed;
	if (!status) {
		static char buffer[64 * 1024];

		setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
		status = check(cli, &options, &listener);
		if (fixed > status)
			status = fixed;
	}
	cli_batch_free(batch);
	free(rows);
	free(memory);
	spicecfg_names_free(names);
	return status;
}

static const struct cli_option options[] = {
    {"format", 0, "text|json|sarif|junit|github", "format of the report (default: text)", false},
    {"fail-on", 0, "error|warning|note", "exit with 1 for findings of this level or above (default: error)", false},
    {"rule", 0, "ID=error|warning|note|off", "report the findings of a rule at this level; never changes the verdict", true},
    {"no-host", 0, NULL, "assume a healthy host with a stock qemu.conf", false},
    {"host-facts", 0, "FILE", "check for the host described in FILE, the output of 'spicecfg host facts'", false},
    {"qemu-conf", 0, "FILE", "use FILE instead of the host's qemu.conf", false},
    {"same-host", 0, NULL, "the files belong to one host: report conflicting ports, sockets and names", false},
    {"release", 0, "libvirt=X,qemu=Y", "versions to check for (default: the installed ones, else 9.0 and 7.2)", false},
    {"target", 0, "libvirt=X,qemu=Y", NULL, false}, /* the same in older scripts */
    {"skip-others", 0, NULL, "skip named files that are not domain definitions, as in directories", false},
    {"schema", 0, NULL, "also validate against libvirt's RELAX NG schema", false},
    {"baseline", 0, "FILE", "ignore the findings listed in FILE; a missing FILE is created with the current ones", false},
    {"write-baseline", 0, "FILE", "replace FILE with the current findings", false},
    {"project", 0, "FILE", "use the settings in FILE, whoever owns it, instead of .spicecfg.conf", false},
    {"no-project", 0, NULL, "ignore .spicecfg.conf and the host's spicecfg.conf", false},
    {"jobs", 'j', "N", "number of threads (default: one per processor)", false},
    {"batch", 0, "FILE", "check the state that 'spicecfg batch FILE' would lead to; changes nothing", false},
    {"no-fix", 0, NULL, "omit the fixes, and the time to try them", false},
    {"fix", 0, NULL, "first apply the safe fixes (with --dry-run: show them)", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_check = {
    .name = "check",
    .synopsis = "[TARGET|FILE|DIR]…",
    .summary = "Check whether libvirt and QEMU would start the VMs, and who could reach the consoles",
    .help = "Checks domains, domain XML files, directories (all files in them that end in .xml; other XML is skipped), or stdin; without\n"
	    "an argument, the whole host. Exit code 1: findings at the failing level; 3: a file could not be read or is malformed (the\n"
	    "others were checked). Text prints once what at least three domains of a host share; --verbose lists each domain.\n"
	    "A project file .spicecfg.conf in the working directory, or above it in the same git repository, sets options for everybody\n"
	    "who works there; one that others own or may write to is ignored, with a warning:\n"
	    "  [check]\n"
	    "  no-host = yes\n"
	    "  fail-on = warning\n"
	    "  baseline = spicecfg.baseline\n"
	    "  [rules]\n"
	    "  keymap-unknown = off\n"
	    "/etc/spicecfg/spicecfg.conf does the same for the domains of a host; see spicecfg.conf(5).",
    .example = "  spicecfg check vms/ --no-host\n"
	       "  spicecfg check --format sarif vms/ > spicecfg.sarif\n"
	       "  virsh dumpxml --inactive --security-info debianx | spicecfg check -\n"
	       "  spicecfg check vms/ --baseline spicecfg.baseline",
    .flags = CLI_TARGETS,
    .max_args = -1,
    .options = options,
    .run = run,
};

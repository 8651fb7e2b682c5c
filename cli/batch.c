/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "batch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "args.h"
#include "error.h"
#include "run.h"

/* What the plan was made from, and points into. */
struct kept {
	struct kept *next;
	char *target; /* the TARGET word of vm */
	bool readonly;
	struct spicecfg_vm *vm;
	struct spicecfg_qemuconf *conf;
};

/* A verb with a TARGET: its notes are those before n_notes that no verb before it has added. */
struct line {
	struct line *next;
	size_t n_notes;
	char target[];
};

struct cli_batch {
	struct spicecfg_plan *plan;
	struct kept *kept;
	struct line *lines, **end;
};

struct cli_batch *cli_batch_new(struct cli *cli)
{
	struct cli_batch *batch = calloc(1, sizeof(*batch));

	if (!batch)
		(void)cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	else if (!spicecfg_plan_new(cli->ctx, &batch->plan)) {
		batch->end = &batch->lines;
		return batch;
	}
	free(batch);
	return NULL;
}

void cli_batch_free(struct cli_batch *batch)
{
	if (!batch)
		return;
	spicecfg_plan_free(batch->plan);
	while (batch->kept) {
		struct kept *kept = batch->kept;

		batch->kept = kept->next;
		spicecfg_vm_free(kept->vm);
		spicecfg_qemuconf_free(kept->conf);
		free(kept->target);
		free(kept);
	}
	while (batch->lines) {
		struct line *line = batch->lines;

		batch->lines = line->next;
		free(line);
	}
	free(batch);
}

const char *cli_batch_target(const struct cli_batch *batch, size_t note)
{
	const struct line *line = batch->lines;

	while (line && line->n_notes <= note)
		line = line->next;
	return line && *line->target ? line->target : NULL;
}

/* Where memory is short, the notes name no TARGET. */
static void remember(struct cli_batch *batch, const char *target)
{
	struct line *line = calloc(1, sizeof(*line) + (target ? strlen(target) : 0) + 1);

	if (!line)
		return;
	while (spicecfg_plan_note(batch->plan, line->n_notes))
		line->n_notes++;
	if (target)
		memcpy(line->target, target, strlen(target));
	*batch->end = line;
	batch->end = &line->next;
}

struct spicecfg_plan *cli_batch_plan(struct cli_batch *batch)
{
	return batch->plan;
}

enum spicecfg_status cli_plan_open(struct cli *cli, struct spicecfg_plan **plan)
{
	if (!cli->batch)
		return spicecfg_plan_new(cli->ctx, plan);
	*plan = cli->batch->plan;
	return SPICECFG_OK;
}

void cli_plan_close(struct cli *cli, struct spicecfg_plan *plan)
{
	if (!cli->batch)
		spicecfg_plan_free(plan);
}

/* Where memory is short it is not freed, because the plan points into it. */
static struct kept *keep(struct cli_batch *batch, struct spicecfg_vm *vm, struct spicecfg_qemuconf *conf)
{
	struct kept *kept = vm || conf ? calloc(1, sizeof(*kept)) : NULL;

	if (!kept)
		return NULL;
	*kept = (struct kept){.next = batch->kept, .vm = vm, .conf = conf};
	return batch->kept = kept;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Lines for one VM share its definition as it was read, unless one of them renames it. */
static struct spicecfg_vm *find_vm(const struct cli_batch *batch, const struct cli *cli, const struct spicecfg_vm *vm, bool readonly)
{
	const struct kept *kept = batch->kept;

	while (kept && !(kept->vm && kept->readonly == readonly && same_text(kept->target, cli->target) &&
			 same_text(spicecfg_vm_name(kept->vm), spicecfg_vm_name(vm)) &&
			 same_text(spicecfg_vm_uuid(kept->vm), spicecfg_vm_uuid(vm))))
		kept = kept->next;
	return kept ? kept->vm : NULL;
}

enum spicecfg_status cli_vm_open(struct cli *cli, bool readonly, struct spicecfg_vm **vm)
{
	enum spicecfg_status status = spicecfg_vm_open(cli->ctx, cli->target, readonly, vm);
	struct spicecfg_vm *known = !status && cli->batch ? find_vm(cli->batch, cli, *vm, readonly) : NULL;

	if (status || !cli->batch)
		return status;
	if (known) {
		spicecfg_vm_free(*vm);
		*vm = known;
		return SPICECFG_OK;
	}
	struct kept *kept = keep(cli->batch, *vm, NULL);
	if (kept) {
		kept->target = strdup(cli->target);
		kept->readonly = readonly;
	}
	return SPICECFG_OK;
}

void cli_vm_close(struct cli *cli, struct spicecfg_vm *vm)
{
	if (!cli->batch)
		spicecfg_vm_free(vm);
}

void cli_qemuconf_close(struct cli *cli, struct spicecfg_qemuconf *conf)
{
	if (cli->batch)
		(void)keep(cli->batch, NULL, conf);
	else
		spicecfg_qemuconf_free(conf);
}

static bool is_same_directory(const char *a, const char *b)
{
	struct stat one, other;

	return a && stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* Printed fixes repeat where the run works, and force what findings forbid at once: at the end they count all the same. */
static bool is_repeated(const struct cli *line, const struct cli_given *given)
{
	if (strcmp(given->option->name, "root") == 0)
		return is_same_directory(line->root, given->value);
	if (strcmp(given->option->name, "connect") == 0)
		return line->uri && strcmp(line->uri, given->value) == 0;
	return strcmp(given->option->name, "force") == 0;
}

/* An option that says where or how the whole batch works. */
static const char *find_global(const struct cli *line)
{
	for (size_t i = 0; i < line->n_given; i++)
		for (const struct cli_option *global = cli_global_options; global->name; global++)
			if (line->given[i].option == global && !is_repeated(line, &line->given[i]))
				return global->name;
	return NULL;
}

/* cli: the batch or the check, whose help says what a line may be. */
static enum spicecfg_status check_line(struct cli *cli, const struct cli *line)
{
	const char *global = find_global(line);

	if (!line->verb)
		return cli_usage(cli, "there is no verb in the line");
	if (global)
		return cli_usage(cli, "--%s applies to the batch as a whole: give it before the file", global);
	if (!(line->verb->flags & CLI_CHANGES) || line->verb->flags & CLI_OUTPUT || strcmp(line->verb->name, "batch") == 0 ||
	    strcmp(line->verb->name, "recover") == 0)
		return cli_usage(cli, "'%s' can't be a line: a batch combines verbs that change something", line->verb->name);
	if (cli_has(line, "generate") && !line->fixes)
		return cli_usage(cli, "--generate can't be used in a batch, which shows no password");
	const char *vm = cli_get(line, "vm");
	if ((vm && strcmp(vm, "-") == 0) || (line->verb->flags & CLI_TARGET && line->n_args && strcmp(line->args[0], "-") == 0))
		return cli_usage(cli, "'-' can't be a TARGET here: a batch changes no definition on stdin");
	return SPICECFG_OK;
}

/* Copies of the words, since verbs split KEY=VALUE in place; for free(). NULL: memory is short. */
static char **copy_words(int count, char *const *words)
{
	size_t bytes = 0;

	for (int i = 0; i < count; i++)
		bytes += strlen(words[i]) + 1;
	char **copies = malloc(((size_t)count + 1) * sizeof(*copies) + bytes);
	char *at = copies ? (char *)(copies + count + 1) : NULL;
	for (int i = 0; copies && i < count; i++) {
		copies[i] = at;
		at = stpcpy(at, words[i]) + 1;
	}
	if (copies)
		copies[count] = NULL;
	return copies;
}

enum spicecfg_status cli_batch_add(struct cli *cli, struct cli_batch *batch, int count, char *const *words)
{
	char **copies = copy_words(count, words);
	struct cli line = *cli;

	line.batch = batch;
	line.verb = NULL;
	line.words = line.args = NULL;
	line.n_args = 0;
	line.given = NULL;
	line.n_given = 0;
	line.target = NULL;
	enum spicecfg_status status = copies ? cli_args_parse(&line, count, copies) : cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	if (!status)
		status = check_line(cli, &line);
	if (!status && line.verb->flags & CLI_HOST && spicecfg_ctx_is_remote(cli->ctx))
		status = cli_usage(cli, "'%s' works on this host's own files, but the URI names another host", line.verb->name);
	spicecfg_ctx_set_force(cli->ctx, cli->force || cli_has(&line, "force"));
	if (!status)
		status = cli_run(&line);
	spicecfg_ctx_set_force(cli->ctx, cli->force);
	if (!status)
		remember(batch, line.target);
	cli->secrets = line.secrets;
	cli_args_free(&line);
	free((void *)copies);
	return status;
}

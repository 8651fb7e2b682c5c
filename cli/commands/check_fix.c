/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check_fix.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "format/format.h"

/* The settings that mend one target: "key=value", in the order of the findings. */
struct fix {
	char *target;
	char **settings;
	size_t count;
};

struct fixes {
	struct fix *items;
	size_t count;
	bool failed;
};

static void release(struct fixes *fixes)
{
	for (size_t i = 0; i < fixes->count; i++) {
		for (size_t j = 0; j < fixes->items[i].count; j++)
			free(fixes->items[i].settings[j]);
		free(fixes->items[i].settings);
		free(fixes->items[i].target);
	}
	free(fixes->items);
}

static bool add_setting(struct fix *fix, const char *from, size_t len)
{
	char **settings = reallocarray(fix->settings, fix->count + 1, sizeof(*settings));

	if (!settings)
		return false;
	fix->settings = settings;
	settings[fix->count] = strndup(from, len);
	return settings[fix->count] && ++fix->count;
}

/* The TARGET word that means the result. */
static char *word_of(const struct spicecfg_check_result *result)
{
	char *word = NULL;

	if (strcmp(result->target, "-") == 0)
		return strdup("-");
	return asprintf(&word, "%s:%s", result->file ? "file" : "domain", result->target) < 0 ? NULL : word;
}

/*
 * "spicecfg set TARGET key=value…" with plain words and nothing to fill in is safe to apply: a setting of this VM. Mends of the host, of
 * files beside the VM, with passwords or with a choice are for people. The target is the last but the settings: what stands behind its end.
 */
static const char *settings_of(const char *command)
{
	static const char verb[] = "spicecfg set ";

	if (!command || strncmp(command, verb, strlen(verb)) != 0)
		return NULL;
	const char *at = command + strlen(verb);
	if (*at == '\'') {
		/* A quoted word: '\'' inside is a quote. */
		for (at++; *at && !(*at == '\'' && at[1] != '\\'); at++)
			if (strncmp(at, "'\\''", 4) == 0)
				at += 3;
		at += *at == '\'';
	} else {
		at += strcspn(at, " ");
	}
	if (*at != ' ' || strpbrk(at, "'\"\\$`|;&<>()…") || strpbrk(at, "\n"))
		return NULL;
	for (const char *word = at + 1; *word; word += strcspn(word, " "), word += *word == ' ')
		if (!memchr(word, '=', strcspn(word, " ")))
			return NULL;
	return at + 1;
}

static void on_result(void *opaque, const struct spicecfg_check_result *result)
{
	struct fixes *fixes = opaque;
	struct fix fix = {0};

	for (size_t i = 0; i < result->n_findings; i++)
		for (const char *word = settings_of(result->findings[i].fix); word && *word; word += *word == ' ') {
			size_t len = strcspn(word, " ");

			fixes->failed |= !add_setting(&fix, word, len);
			word += len;
		}
	if (!fix.count)
		return;
	struct fix *items = reallocarray(fixes->items, fixes->count + 1, sizeof(*items));
	fix.target = word_of(result);
	fixes->failed |= !items || !fix.target;
	if (!items)
		return;
	fixes->items = items;
	items[fixes->count++] = fix;
}

static void on_begin(void *opaque, enum spicecfg_level fail_on)
{
	(void)opaque;
	(void)fail_on;
}

/* Two findings may want the same key: the first one's value is set, the next run sees what is left. */
static enum spicecfg_status ask(const struct fix *fix, struct spicecfg_request *request)
{
	for (size_t i = 0; i < fix->count; i++) {
		char *setting = fix->settings[i];
		size_t key = strcspn(setting, "=");
		bool again = false;

		for (size_t j = 0; j < i; j++)
			again |= strncmp(fix->settings[j], setting, key) == 0 && fix->settings[j][key] == '\0';
		setting[key] = '\0';
		if (again)
			continue;
		enum spicecfg_status status = spicecfg_request_set(request, setting, setting + key + 1);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static void show_change(const struct cli *cli, const struct fix *fix, const struct spicecfg_plan *plan)
{
	const struct spicecfg_change *change;

	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)); i++) {
		fprintf(stderr, "spicecfg: %s ", cli->dry_run ? "would mend" : "mended");
		cli_put_plain(stderr, strchr(fix->target, ':') + 1);
		fprintf(stderr, ": %s: %s -> %s\n", change->path, change->from ? change->from : "(none)",
			change->to ? change->to : "(none)");
	}
}

static enum spicecfg_status apply_plan(struct cli *cli, const struct fix *fix, struct spicecfg_plan *plan)
{
	struct spicecfg_report *report = NULL;
	char *diff = NULL;
	enum spicecfg_status status = spicecfg_plan_check(plan, &report);

	/* What the mends leave is shown by the check that follows. */
	if (status == SPICECFG_FINDINGS) {
		spicecfg_ctx_clear_error(cli->ctx);
		spicecfg_ctx_set_force(cli->ctx, true);
		status = SPICECFG_OK;
	}
	if (!status && cli->diff)
		status = spicecfg_plan_diff(plan, &diff);
	if (!status && !cli->dry_run)
		status = spicecfg_plan_commit(plan, report, NULL);
	spicecfg_ctx_set_force(cli->ctx, cli->force);
	if (!status && spicecfg_plan_changed(plan)) {
		cli->changed = true;
		show_change(cli, fix, plan);
		if (diff)
			fputs(diff, stderr);
	}
	free(diff);
	spicecfg_report_free(report);
	return status;
}

static enum spicecfg_status apply(struct cli *cli, const struct fix *fix)
{
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_request *request = NULL;
	struct spicecfg_plan *plan = NULL;

	if (strcmp(fix->target, "-") == 0)
		return SPICECFG_OK; /* there is no place to write to */
	enum spicecfg_status status = spicecfg_vm_open(cli->ctx, fix->target, false, &vm);
	if (!status)
		status = spicecfg_request_new(cli->ctx, &request);
	if (!status)
		status = ask(fix, request);
	if (!status)
		status = spicecfg_plan_vm(cli->ctx, vm, request, &plan);
	if (!status)
		status = apply_plan(cli, fix, plan);
	spicecfg_plan_free(plan);
	spicecfg_request_free(request);
	spicecfg_vm_free(vm);
	return status;
}

enum spicecfg_status cli_fix(struct cli *cli, const struct spicecfg_check_options *options)
{
	struct fixes fixes = {0};
	const struct spicecfg_check_sink sink = {on_begin, on_result, &fixes};
	struct spicecfg_check_options first = *options;
	struct spicecfg_check_summary summary;

	/* Findings that the baseline holds back are not mended behind anybody's back. */
	first.dry_run = true;
	enum spicecfg_status status = spicecfg_check_run(cli->ctx, &first, &sink, &summary);
	if (!status || status == SPICECFG_FINDINGS || summary.broken) {
		spicecfg_ctx_clear_error(cli->ctx);
		status = SPICECFG_OK;
	}
	for (size_t i = 0; i < fixes.count && !fixes.failed && !status; i++)
		status = apply(cli, &fixes.items[i]);
	if (fixes.failed)
		status = cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	release(&fixes);
	return status;
}

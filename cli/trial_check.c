/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "trial_check.h"

#include <stdlib.h>
#include <string.h>

static void free_found(struct cli_found *found)
{
	free(found->target);
	free(found->rule);
	free(found->path);
}

void cli_checked_free(struct cli_checked *checked)
{
	for (size_t i = 0; i < checked->n; i++)
		free_found(&checked->items[i]);
	free(checked->items);
	*checked = (struct cli_checked){0};
}

void cli_checked_add(struct cli_checked *checked, const struct spicecfg_check_result *result)
{
	struct cli_found *items = reallocarray(checked->items, checked->n + result->n_findings + 1, sizeof(*items));

	checked->failed |= result->error || !items;
	checked->refused += result->verdict == SPICECFG_VERDICT_REFUSED;
	checked->unknown += result->verdict == SPICECFG_VERDICT_UNKNOWN;
	if (!items)
		return;
	checked->items = items;
	for (size_t i = 0; i < result->n_findings; i++) {
		const struct spicecfg_finding *from = &result->findings[i];
		struct cli_found *found = &items[checked->n++];

		*found = (struct cli_found){
		    .target = strdup(result->target),
		    .rule = strdup(from->rule),
		    .path = strdup(from->path ? from->path : ""),
		    .error = from->level == SPICECFG_LEVEL_ERROR || from->cls == SPICECFG_CLASS_START,
		};
		checked->failed |= !found->target || !found->rule || !found->path;
	}
}

static void on_begin(void *opaque, enum spicecfg_level fail_on)
{
	(void)opaque;
	(void)fail_on;
}

static void on_result(void *opaque, const struct spicecfg_check_result *result)
{
	cli_checked_add(opaque, result);
}

static void on_project(void *opaque, const struct spicecfg_check_project *project)
{
	(void)opaque;
	(void)project;
}

void cli_checked_run(struct spicecfg_ctx *ctx, const struct spicecfg_check_options *options, struct spicecfg_plan *plan,
		     struct cli_checked *out)
{
	struct spicecfg_check_options own = *options;
	const struct spicecfg_check_sink sink = {
	    .size = sizeof(sink), .begin = on_begin, .result = on_result, .project = on_project, .opaque = out};
	struct spicecfg_check_summary summary = {.size = sizeof(summary)};

	*out = (struct cli_checked){0};
	own.plan = plan;
	own.baseline = own.new_baseline = NULL;
	own.dry_run = true;
	own.jobs = 1;
	own.no_fixes = true;
	own.schema = false;
	enum spicecfg_status status = spicecfg_check_run(ctx, &own, &sink, &summary);
	out->failed |= status && status != SPICECFG_FINDINGS;
	spicecfg_ctx_clear_error(ctx);
}

const struct cli_found *cli_checked_find(const struct cli_checked *checked, const char *target, const char *rule, const char *path)
{
	for (size_t i = 0; i < checked->n; i++) {
		const struct cli_found *found = &checked->items[i];

		if ((!target || strcmp(found->target, target) == 0) && strcmp(found->rule, rule) == 0 && strcmp(found->path, path) == 0)
			return found;
	}
	return NULL;
}

size_t cli_checked_count(const struct cli_checked *checked, const char *target, const char *rule, bool errors)
{
	size_t count = 0;

	for (size_t i = 0; i < checked->n; i++)
		count += strcmp(checked->items[i].target, target) == 0 && strcmp(checked->items[i].rule, rule) == 0 &&
			 (!errors || checked->items[i].error);
	return count;
}

const char *cli_checked_worse(const struct cli_checked *before, const struct cli_checked *after)
{
	for (size_t i = 0; i < after->n; i++) {
		const struct cli_found *found = &after->items[i];

		if (found->error && cli_checked_count(after, found->target, found->rule, true) >
					cli_checked_count(before, found->target, found->rule, true))
			return found->rule;
	}
	if (after->refused > before->refused || after->refused + after->unknown > before->refused + before->unknown)
		return "verdict";
	return NULL;
}

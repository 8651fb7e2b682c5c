/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "trial_check.h"

#include <stdlib.h>
#include <string.h>

/* What a target costs, however small it is. */
enum { OVERHEAD = 4096 };

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

static void add(struct cli_checked *checked, const struct spicecfg_check_result *result)
{
	struct cli_found *items = reallocarray(checked->items, checked->n + result->n_findings + 1, sizeof(*items));

	checked->failed |= result->error || !items;
	checked->bytes += OVERHEAD + result->bytes;
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
	add(opaque, result);
}

static void on_project(void *opaque, const struct spicecfg_check_project *project)
{
	(void)opaque;
	(void)project;
}

/* By target, rule and path. */
static int compare(const void *a, const void *b)
{
	const struct cli_found *one = a, *other = b;
	int order = strcmp(one->target, other->target);

	order = order ? order : strcmp(one->rule, other->rule);
	return order ? order : strcmp(one->path, other->path);
}

/* The first item that is not before the key. */
static const struct cli_found *first(const struct cli_checked *checked, const char *target, const char *rule, const char *path)
{
	const struct cli_found key = {.target = (char *)target, .rule = (char *)rule, .path = (char *)path};
	size_t low = 0, high = checked->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare(&checked->items[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return checked->items + low;
}

static bool is_of(const struct cli_checked *checked, const struct cli_found *found, const char *target, const char *rule)
{
	return found < checked->items + checked->n && strcmp(found->target, target) == 0 && strcmp(found->rule, rule) == 0;
}

bool cli_checked_has(const struct cli_checked *checked, const char *target, const char *rule, const char *path)
{
	const struct cli_found *found = first(checked, target, rule, path);

	return is_of(checked, found, target, rule) && strcmp(found->path, path) == 0;
}

size_t cli_checked_count(const struct cli_checked *checked, const char *target, const char *rule, bool errors)
{
	size_t count = 0;

	for (const struct cli_found *found = first(checked, target, rule, ""); is_of(checked, found, target, rule); found++)
		count += !errors || found->error;
	return count;
}

const char *cli_checked_worse(const struct cli_checked *before, const struct cli_checked *after)
{
	for (size_t i = 0, next; i < after->n; i = next) {
		const struct cli_found *found = &after->items[i];
		size_t errors = 0;

		for (next = i; next < after->n && is_of(after, &after->items[next], found->target, found->rule); next++)
			errors += after->items[next].error;
		if (errors && errors > cli_checked_count(before, found->target, found->rule, true))
			return found->rule;
	}
	if (after->refused > before->refused || after->refused + after->unknown > before->refused + before->unknown)
		return "verdict";
	return NULL;
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
	/* what failed is not looked at, and may lack words */
	if (!out->failed && out->n)
		qsort(out->items, out->n, sizeof(*out->items), compare);
}

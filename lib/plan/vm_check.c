/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The check of a VM's plan: the rules on the new definition and on its host, or a stock host if that is not known. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/vm.h"
#include "rules/rule.h"

struct checked {
	struct sc_xml *doc;
	struct sc_domain *domain;
	struct sc_findings *findings;
};

static void checked_free(struct checked *checked)
{
	sc_findings_free(checked->findings);
	sc_domain_free(checked->domain);
	sc_xml_free(checked->doc);
}

static enum spicecfg_status run(struct spicecfg_plan *plan, const char *name, const char *bytes, size_t len, bool after,
				struct checked *out)
{
	const struct sc_plan_row *check = plan->now;
	SC_HOST_FACTS *stock = check->host ? NULL : sc_host_new(plan->ctx);
	const struct sc_host *host = check->host ? check->host : stock;
	enum spicecfg_status status = host ? sc_xml_parse(plan->ctx, name, bytes, len, &out->doc) : SPICECFG_SYSTEM;

	if (!status)
		status = sc_domain_read(plan->ctx, out->doc, &out->domain);
	if (status)
		return status;
	struct sc_rule_input input = {.domain = out->domain, .host = host};
	/* neighbours and the exposure of a password concern only the new definition */
	if (after) {
		input.neighbours = check->neighbours;
		input.exposure = check->exposure;
	} else if (!out->domain->for_qemu) {
		/* without devices it was not reported, but it is not the edit that makes it foreign */
		out->domain->content = SC_IS_FOREIGN;
	}
	return sc_rules_run(plan->ctx, &input, &out->findings);
}

/* Paths without their indices: an element that is removed shifts those behind it. */
static int compare_paths(const char *a, const char *b)
{
	while (*a && *b) {
		a += *a == '[' ? strcspn(a, "]") : 0;
		b += *b == '[' ? strcspn(b, "]") : 0;
		if (*a != *b)
			break;
		a += *a != '\0';
		b += *b != '\0';
	}
	return (unsigned char)*a - (unsigned char)*b;
}

static int compare(const void *a, const void *b)
{
	const struct spicecfg_finding *x = *(const struct spicecfg_finding *const *)a, *y = *(const struct spicecfg_finding *const *)b;
	int order = strcmp(x->rule, y->rule);

	if (!order)
		order = compare_paths(x->path ? x->path : "", y->path ? y->path : "");
	return order ? order : sc_text_compare(x->message, y->message);
}

/* The findings of a definition, sorted. */
struct known {
	size_t count;
	const struct spicecfg_finding **items;
};

static bool known_new(const struct sc_findings *findings, struct known *known)
{
	size_t count = findings ? sc_findings_count(findings) : 0;

	known->items = calloc(count + 1, sizeof(*known->items));
	if (!known->items)
		return false;
	for (known->count = 0; known->count < count; known->count++)
		known->items[known->count] = sc_findings_get(findings, known->count);
	qsort(known->items, count, sizeof(*known->items), compare);
	return true;
}

/* The index of the first finding that is not before the given one; after: that is behind it. */
static size_t bound(const struct known *known, const struct spicecfg_finding *finding, bool after)
{
	size_t low = 0, high = known->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&known->items[middle], &finding) < after)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t times(const struct known *known, const struct spicecfg_finding *finding)
{
	return bound(known, finding, true) - bound(known, finding, false);
}

/* Whether each call about the VM would have met the finding on the host as it was then: of calls that change both, none is refused alone.
 */
static enum spicecfg_status was_so(struct spicecfg_ctx *ctx, const struct sc_plan_row *row, const struct checked *after,
				   const struct spicecfg_finding *finding, bool *out)
{
	enum spicecfg_status status = SPICECFG_OK;

	*out = row->host;
	for (size_t i = 0; i < row->n_hosts && *out && !status; i++) {
		const struct sc_rule_input input = {.domain = after->domain, .host = row->hosts[i]};
		struct sc_findings *found = NULL;

		if (row->hosts[i] == row->host)
			continue;
		*out = false;
		status = row->hosts[i] ? sc_rules_run(ctx, &input, &found) : SPICECFG_OK;
		for (size_t k = 0; found && k < sc_findings_count(found) && !*out; k++)
			*out = compare(&(const struct spicecfg_finding *){sc_findings_get(found, k)}, &finding) == 0;
		sc_findings_free(found);
	}
	return status;
}

/* A setter reports an error that depends on the host, or that it did not add, as a warning: docs/cli.md, exit codes. */
static enum spicecfg_status take(struct spicecfg_report *report, const struct known *before, const struct known *now,
				 const struct checked *after, size_t index)
{
	struct spicecfg_finding finding = *sc_findings_get(after->findings, index);
	enum sc_certainty certainty = sc_findings_certainty(after->findings, index);
	bool certain = certainty == SC_ALWAYS;

	finding.before = times(now, &finding) <= times(before, &finding);
	finding.target = report->plan->now->document;
	if (certainty == SC_OWN_HOST && !finding.before) {
		enum spicecfg_status status = was_so(report->plan->ctx, report->plan->now, after, &finding, &certain);
		if (status)
			return status;
	}
	if (finding.cls == SPICECFG_CLASS_START && certain && !finding.before)
		report->refused = true;
	else if (finding.level == SPICECFG_LEVEL_ERROR)
		finding.level = SPICECFG_LEVEL_WARNING;
	return sc_report_add(report, &finding);
}

enum spicecfg_status sc_plan_check_vm(struct spicecfg_plan *plan, struct spicecfg_report *report)
{
	const struct sc_findings *known = plan->now->before;
	const struct sc_step *step = sc_plan_step_of(plan, plan->now->document);
	const char *name = plan->now->label;
	struct checked parsed = {NULL, NULL, NULL}, after = {NULL, NULL, NULL};

	if (!step || !step->new)
		return SPICECFG_OK;
	enum spicecfg_status status = run(plan, name, step->new, step->new_len, true, &after);
	if (!status && step->old && !known && sc_findings_count(after.findings))
		status = run(plan, name, step->old, step->old_len, false, &parsed);
	struct known before = {0, NULL}, now = {0, NULL};
	if (!status && (!known_new(known ? known : parsed.findings, &before) || !known_new(after.findings, &now)))
		status = sc_fail_memory(plan->ctx);
	for (size_t i = 0; !status && i < sc_findings_count(after.findings); i++)
		status = take(report, &before, &now, &after, i);
	free(before.items);
	free(now.items);
	checked_free(&parsed);
	checked_free(&after);
	return status;
}

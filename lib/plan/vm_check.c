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
	}
	return sc_rules_run(plan->ctx, &input, &out->findings);
}

static int compare(const void *a, const void *b)
{
	const struct spicecfg_finding *x = *(const struct spicecfg_finding *const *)a, *y = *(const struct spicecfg_finding *const *)b;
	int order = strcmp(x->rule, y->rule);

	if (!order)
		order = sc_text_compare(x->path, y->path);
	return order ? order : sc_text_compare(x->message, y->message);
}

/* The findings of the old definition, sorted. */
struct known {
	size_t count;
	const struct spicecfg_finding **items;
};

static bool known_new(const struct sc_findings *before, struct known *known)
{
	size_t count = before ? sc_findings_count(before) : 0;

	known->items = calloc(count + 1, sizeof(*known->items));
	if (!known->items)
		return false;
	for (known->count = 0; known->count < count; known->count++)
		known->items[known->count] = sc_findings_get(before, known->count);
	qsort(known->items, count, sizeof(*known->items), compare);
	return true;
}

static bool is_old(const struct known *known, const struct spicecfg_finding *finding)
{
	return bsearch(&finding, known->items, known->count, sizeof(*known->items), compare) != NULL;
}

/* A setter reports an error that depends on the host as a warning: docs/cli.md, exit codes. */
static enum spicecfg_status take(struct spicecfg_report *report, const struct known *before, const struct checked *after, size_t index)
{
	struct spicecfg_finding finding = *sc_findings_get(after->findings, index);
	bool always = sc_findings_certainty(after->findings, index) == SC_ALWAYS;

	finding.before = is_old(before, &finding);
	finding.target = report->plan->now->document;
	if (finding.cls == SPICECFG_CLASS_START && always)
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
	struct known before = {0, NULL};
	if (!status && !known_new(known ? known : parsed.findings, &before))
		status = sc_fail_memory(plan->ctx);
	for (size_t i = 0; !status && i < sc_findings_count(after.findings); i++)
		status = take(report, &before, &after, i);
	free(before.items);
	checked_free(&parsed);
	checked_free(&after);
	return status;
}

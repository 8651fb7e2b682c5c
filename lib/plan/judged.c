/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings of the planning itself. They are about the end too: a call that judges the same thing again replaces them. */
#include <string.h>

#include "base/finding.h"
#include "base/grow.h"
#include "plan/plan.h"

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static enum spicecfg_status add(struct spicecfg_plan *plan, const struct sc_judged *one)
{
	struct sc_judged *found = sc_arena_grow(plan->memory, plan->found, plan->n_found, sizeof(*found));

	if (!found)
		return sc_fail_memory(plan->ctx);
	plan->found = found;
	plan->found[plan->n_found++] = *one;
	return SPICECFG_OK;
}

enum spicecfg_status sc_plan_judge(struct spicecfg_plan *plan, const char *kind, const char *what)
{
	size_t n = 0;

	plan->about = sc_arena_printf(plan->memory, "%s %s", kind, what);
	if (!plan->about)
		return sc_fail_memory(plan->ctx);
	for (size_t i = 0; i < plan->n_found; i++)
		if (!same_text(plan->found[i].about, plan->about))
			plan->found[n++] = plan->found[i];
	plan->n_found = n;
	return SPICECFG_OK;
}

static bool is_known(const struct spicecfg_plan *plan, const struct spicecfg_finding *finding)
{
	for (size_t i = 0; i < plan->n_found; i++) {
		const struct spicecfg_finding *known = &plan->found[i].finding;

		if (same_text(known->rule, finding->rule) && same_text(known->message, finding->message) &&
		    same_text(known->target, finding->target) && same_text(known->file, finding->file))
			return true;
	}
	return false;
}

enum spicecfg_status sc_plan_find(struct spicecfg_plan *plan, const struct spicecfg_finding *finding, bool refuse)
{
	struct sc_judged one = {.about = plan->about, .refuse = refuse};

	if (is_known(plan, finding))
		return SPICECFG_OK;
	return sc_finding_copy(plan->memory, finding, &one.finding) ? add(plan, &one) : sc_fail_memory(plan->ctx);
}

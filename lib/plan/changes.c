/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The changes that a plan reports: one per setting, however many calls change it, and each document under one name. */
#include <string.h>

#include "base/grow.h"
#include "doc/mask.h"
#include "plan/plan.h"

static bool copy_text(struct sc_arena *memory, const char **text)
{
	if (!*text)
		return true;
	*text = sc_arena_strdup(memory, *text);
	return *text != NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The change of an earlier call to the same setting. */
static struct spicecfg_change *earlier(struct spicecfg_plan *plan, const struct spicecfg_change *change)
{
	for (size_t i = 0; i < plan->n_earlier; i++)
		if (same_text(plan->changes[i].document, change->document) && same_text(plan->changes[i].path, change->path))
			return &plan->changes[i];
	return NULL;
}

/* A setting that has its old value again is no change; of secrets only their absence can be compared. */
static enum spicecfg_status merge_change(struct spicecfg_plan *plan, struct spicecfg_change *old, const struct spicecfg_change *change)
{
	old->to = sc_arena_strdup(plan->memory, change->to);
	old->effects |= change->effects;
	if (change->to && !old->to)
		return sc_fail_memory(plan->ctx);
	if (!same_text(old->from, old->to) || (old->to && strstr(old->to, SC_MASK)))
		return SPICECFG_OK;
	plan->n_changes--;
	plan->n_earlier--;
	memmove(old, old + 1, (size_t)(&plan->changes[plan->n_changes] - old) * sizeof(*old));
	return SPICECFG_OK;
}

enum spicecfg_status sc_plan_change(struct spicecfg_plan *plan, const struct spicecfg_change *change)
{
	struct spicecfg_change copy = *change;

	copy.document = sc_plan_name(plan, change->document);
	struct spicecfg_change *old = earlier(plan, &copy);
	if (old)
		return merge_change(plan, old, change);
	struct spicecfg_change *changes = sc_arena_grow(plan->memory, plan->changes, plan->n_changes, sizeof(*changes));
	if (!changes)
		return sc_fail_memory(plan->ctx);
	plan->changes = changes;
	if (!copy_text(plan->memory, &copy.document) || !copy_text(plan->memory, &copy.path) || !copy_text(plan->memory, &copy.from) ||
	    !copy_text(plan->memory, &copy.to))
		return sc_fail_memory(plan->ctx);
	plan->changes[plan->n_changes++] = copy;
	return SPICECFG_OK;
}

struct sc_alias {
	const char *other, *name;
};

const char *sc_plan_name(const struct spicecfg_plan *plan, const char *document)
{
	for (size_t i = 0; i < plan->n_aliases; i++)
		if (same_text(plan->aliases[i].other, document))
			return plan->aliases[i].name;
	return document;
}

/* The changes of this call are made again, under the name of those before it. */
static enum spicecfg_status rename_changes(struct spicecfg_plan *plan, const char *other)
{
	const size_t first = plan->n_earlier, n = plan->n_changes - first;
	struct spicecfg_change *own = sc_arena_alloc(plan->memory, (n + 1) * sizeof(*own));
	enum spicecfg_status status = SPICECFG_OK;
	bool any = false;

	if (!own)
		return sc_fail_memory(plan->ctx);
	for (size_t i = 0; i < n; i++) {
		own[i] = plan->changes[first + i];
		any |= same_text(own[i].document, other);
	}
	if (!any)
		return SPICECFG_OK;
	plan->n_changes = first;
	for (size_t i = 0; i < n && !status; i++)
		status = sc_plan_change(plan, &own[i]);
	return status;
}

enum spicecfg_status sc_plan_alias(struct spicecfg_plan *plan, const char *other, const char *name)
{
	struct sc_alias alias = {other, name};

	if (same_text(sc_plan_name(plan, other), name))
		return SPICECFG_OK;
	struct sc_alias *aliases = sc_arena_grow(plan->memory, plan->aliases, plan->n_aliases, sizeof(*aliases));
	if (!aliases || !copy_text(plan->memory, &alias.other) || !copy_text(plan->memory, &alias.name))
		return sc_fail_memory(plan->ctx);
	plan->aliases = aliases;
	plan->aliases[plan->n_aliases++] = alias;
	return rename_changes(plan, other);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The steps of a plan: one per document, however many calls plan for it, in the order in which a commit carries them out. */
#include <string.h>

#include "base/grow.h"
#include "plan/plan.h"

static bool same_bytes(const char *old, size_t old_len, const struct sc_step *step)
{
	if (!old || !step->new)
		return old == step->new;
	return old_len == step->new_len && memcmp(old, step->new, old_len) == 0;
}

/* Whether want asks for something other than what was, where that is known. */
static bool wants_more(const struct sc_want *want, const struct sc_want *was)
{
	return (want->owner && !(was->owner && was->uid == want->uid)) || (want->group && !(was->group && was->gid == want->gid)) ||
	       (want->mode && !(was->mode && was->bits == want->bits));
}

static bool changes_acl(const struct sc_acl_wanted *acl)
{
	return !acl->known || acl->socket || !sc_acl_equal(&acl->access, &acl->old_access) ||
	       !sc_acl_equal(&acl->standing, &acl->old_standing);
}

static bool changes_from(const char *old, size_t old_len, const struct sc_step *step)
{
	switch (step->type) {
	case SC_STEP_FILE:
	case SC_STEP_DEFINE:
		return !same_bytes(old, old_len, step) || wants_more(&step->want, &step->was);
	case SC_STEP_MKDIR:
		return !step->was.mode || wants_more(&step->want, &step->was);
	case SC_STEP_ACL:
		return changes_acl(step->acl);
	default:
		return true;
	}
}

bool sc_step_edits(const struct sc_step *step)
{
	return (step->type == SC_STEP_FILE || step->type == SC_STEP_DEFINE) && !same_bytes(step->old, step->old_len, step);
}

bool sc_step_changes(const struct sc_step *step)
{
	return changes_from(step->old, step->old_len, step);
}

bool sc_step_is_idle(const struct sc_step *step)
{
	return step->redirected ? !changes_from(step->there, step->there_len, step) : !sc_step_changes(step);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_action(const struct sc_action *a, const struct sc_action *b)
{
	bool same = strcmp(a->name, b->name) == 0;

	for (size_t i = 0; i < sizeof(a->arg) / sizeof(*a->arg) && same; i++)
		same = same_text(a->arg[i], b->arg[i]);
	return same;
}

static bool same_path(const struct sc_step *a, const struct sc_step *b)
{
	return a->key && b->key ? strcmp(a->key, b->key) == 0 : a->outside == b->outside && same_text(a->path, b->path);
}

static bool same_document(const struct sc_step *a, const struct sc_step *b)
{
	if (a->type != b->type)
		return a->type == SC_STEP_MKDIR && b->type == SC_STEP_ACL && a->acl && same_path(a, b);
	if (a->type == SC_STEP_ACTION)
		return same_action(a->action, b->action);
	if (a->type == SC_STEP_DEFINE || a->type == SC_STEP_LIVE)
		return same_text(a->document, b->document);
	return same_path(a, b);
}

/* The first call, which nothing comes before, needs no keys. */
static void find_key(struct spicecfg_plan *plan, struct sc_step *step)
{
	if (!step->key && step->path && plan->key_of)
		step->key = plan->key_of(plan, step->path, step->outside);
}

static struct sc_step *earlier(struct spicecfg_plan *plan, struct sc_step *step)
{
	if (!plan->saved)
		return NULL;
	find_key(plan, step);
	for (size_t i = 0; i < plan->n_steps; i++) {
		find_key(plan, &plan->steps[i]);
		if (same_document(&plan->steps[i], step))
			return &plan->steps[i];
	}
	return NULL;
}

const struct sc_step *sc_plan_step_at(struct spicecfg_plan *plan, const char *path, bool outside)
{
	struct sc_step step = {.type = SC_STEP_FILE, .path = path, .outside = outside};

	return earlier(plan, &step);
}

static void merge_want(struct sc_want *want, const struct sc_want *later)
{
	if (later->owner)
		want->uid = later->uid;
	if (later->group)
		want->gid = later->gid;
	if (later->mode)
		want->bits = later->bits;
	want->owner |= later->owner;
	want->group |= later->group;
	want->mode |= later->mode;
}

/* The call may still fail; without memory they are kept. */
static void replace(struct spicecfg_plan *plan, const char *bytes)
{
	struct sc_replaced *one = bytes ? sc_arena_alloc(plan->memory, sizeof(*one)) : NULL;

	if (!one)
		return;
	*one = (struct sc_replaced){plan->replaced, bytes};
	plan->replaced = one;
}

static void merge_file(struct spicecfg_plan *plan, struct sc_step *into, const struct sc_step *step)
{
	replace(plan, into->new);
	into->new = step->new;
	into->new_len = step->new_len;
	/* one that was masked by its kind and one that was not: both are masked line by line */
	into->new_shown = into->old_shown ? step->new_shown : NULL;
	if (!into->new_shown)
		into->old_shown = NULL;
	into->secret |= step->secret;
	into->xml |= step->xml;
	into->vm = step->vm ? step->vm : into->vm;
	merge_want(&into->want, &step->want);
}

/* The ACLs of step, with the old ones of the earlier step: a directory that the plan makes has none. */
static bool merge_acl(struct spicecfg_plan *plan, struct sc_step *into, const struct sc_step *step)
{
	struct sc_acl_wanted *acl = sc_arena_alloc(plan->memory, sizeof(*acl));

	if (!acl)
		return false;
	*acl = *step->acl;
	acl->known = into->acl->known;
	acl->old_access = into->acl->old_access;
	acl->old_standing = into->acl->old_standing;
	into->acl = acl;
	return true;
}

/* step is a copy in the plan's memory. false: memory is short. */
static bool merge(struct spicecfg_plan *plan, struct sc_step *into, const struct sc_step *step)
{
	into->effects |= step->effects;
	switch (step->type) {
	case SC_STEP_FILE:
	case SC_STEP_DEFINE:
		merge_file(plan, into, step);
		return true;
	case SC_STEP_MKDIR:
		merge_want(&into->want, &step->want);
		return true;
	case SC_STEP_ACL:
		return merge_acl(plan, into, step);
	case SC_STEP_LIVE:
		into->new = step->new;
		into->new_len = step->new_len;
		return true;
	default:
		return true;
	}
}

/*
 * The order of a commit: what locks, documents, daemons, definitions (libvirt refuses some that its daemon has not read qemu.conf for),
 * running VMs.
 */
static int rank(const struct sc_step *step)
{
	if (step->type == SC_STEP_ACTION)
		return strcmp(step->action->name, "lock-accounts") == 0 ? 0 : 2;
	return step->type == SC_STEP_LIVE ? 4 : step->type == SC_STEP_DEFINE ? 3 : 1;
}

bool sc_step_runs(const struct sc_step *step)
{
	return rank(step) >= 2;
}

static bool copy_text(struct sc_arena *memory, const char **text)
{
	if (!*text)
		return true;
	*text = sc_arena_strdup(memory, *text);
	return *text != NULL;
}

static bool copy_bytes(struct sc_arena *memory, const char **bytes, size_t len)
{
	if (!*bytes)
		return true;
	*bytes = sc_arena_strndup(memory, *bytes, len);
	return *bytes != NULL;
}

enum spicecfg_status sc_plan_step(struct spicecfg_plan *plan, const struct sc_step *step)
{
	struct sc_step copy = *step, *old;

	copy.document = sc_plan_name(plan, step->document);
	old = earlier(plan, &copy);
	plan->touched = plan->touched || sc_step_changes(step);
	/* a merge leaves the old contents as they are */
	if (!copy_text(plan->memory, &copy.document) || !copy_text(plan->memory, &copy.path) ||
	    (!old && !copy_bytes(plan->memory, &copy.old, copy.old_len)) || !copy_bytes(plan->memory, &copy.new, copy.new_len) ||
	    !copy_text(plan->memory, &copy.old_shown) || !copy_text(plan->memory, &copy.new_shown))
		return sc_fail_memory(plan->ctx);
	if (old && !merge(plan, old, &copy))
		return sc_fail_memory(plan->ctx);
	if (old)
		return copy.document && old->document ? sc_plan_alias(plan, copy.document, old->document) : SPICECFG_OK;
	struct sc_step *steps = sc_arena_grow(plan->memory, plan->steps, plan->n_steps, sizeof(*steps));
	size_t at = plan->n_steps;

	if (!steps)
		return sc_fail_memory(plan->ctx);
	plan->steps = steps;
	while (at && rank(&steps[at - 1]) > rank(&copy))
		at--;
	memmove(&steps[at + 1], &steps[at], (plan->n_steps++ - at) * sizeof(*steps));
	steps[at] = copy;
	return SPICECFG_OK;
}

const struct sc_step *sc_plan_step_of(const struct spicecfg_plan *plan, const char *document)
{
	document = sc_plan_name(plan, document);
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct sc_step *step = &plan->steps[i];

		if ((step->type == SC_STEP_DEFINE || step->type == SC_STEP_FILE) && same_text(step->document, document))
			return step;
	}
	return NULL;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --output: the document is written to a file that the user chooses. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc/xml.h"
#include "plan/plan.h"
#include "system/libvirt/vm.h"
#include "system/os/exposure.h"
#include "system/os/file.h"
#include "system/os/place.h"

static bool is_document(const struct sc_step *step)
{
	return step->type == SC_STEP_FILE || step->type == SC_STEP_DEFINE;
}

/* Keeps only the document's step: directories and ACLs belong to the original path. */
static enum spicecfg_status keep_document(struct spicecfg_plan *plan)
{
	size_t documents = 0, others = 0, last = 0;

	for (size_t i = 0; i < plan->n_steps; i++) {
		if (is_document(&plan->steps[i])) {
			documents++;
			last = i;
		} else if (plan->steps[i].type != SC_STEP_MKDIR && plan->steps[i].type != SC_STEP_ACL) {
			others++;
		}
	}
	if (documents != 1 || others)
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Omit --output.",
			       "the change affects more than one document, so it can't be written to one file");
	plan->steps[0] = plan->steps[last];
	plan->n_steps = 1;
	return SPICECFG_OK;
}

enum spicecfg_status spicecfg_plan_redirect(struct spicecfg_plan *plan, const char *file)
{
	sc_ctx_enter(plan->ctx);

	SC_BUF before = SC_BUF_INIT;
	struct sc_file_id id;
	char real[PATH_MAX];
	const char *path = NULL;

	enum spicecfg_status status = keep_document(plan);
	if (!status)
		status = sc_place_refuse_device(
		    plan->ctx, file, "For stdout, pass the definition on stdin, with '-' as TARGET; --dry-run writes nothing.", "--output");
	if (!status)
		status = sc_place_file(plan->ctx, file, SPICECFG_SYSTEM, real);
	if (!status)
		status = sc_place_refuse_foreign(plan->ctx, file, real);
	if (!status && !(path = sc_arena_strdup(plan->memory, real)))
		status = sc_fail_memory(plan->ctx);
	if (!status)
		status = sc_vm_refuse_live(plan->ctx, path);
	if (!status)
		status = sc_file_read(plan->ctx, path, true, true, SC_XML_SIZE_MAX, &before, &id);
	if (status)
		return status;
	struct sc_step *step = &plan->steps[0];
	step->type = SC_STEP_FILE;
	step->outside = true;
	step->path = path;
	step->there = id.exists ? sc_arena_strndup(plan->memory, sc_buf_text(&before), before.len) : NULL;
	step->there_len = before.len;
	step->redirected = true;
	/* A definition may contain a password: a new file can only be read by the user, an existing one keeps its mode. */
	if (plan->now)
		plan->now->exposure = NULL;
	if (id.exists)
		return step->there ? sc_exposure_plan(plan, file, true) : sc_fail_memory(plan->ctx);
	step->want = (struct sc_want){.mode = true, .bits = 0600};
	return SPICECFG_OK;
}

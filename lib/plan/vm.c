/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One edit of a VM's definition: each family edits the parsed document, which is then written once. */
#include "plan/vm.h"

#include <string.h>

#include "doc/mask.h"
#include "rules/rule.h"

static bool asks_family(const struct spicecfg_request *request, const struct sc_family *family)
{
	if (family->passwords && (request->has_password || request->clear_password))
		return true;
	for (size_t i = 0; i < request->n_asked; i++) {
		for (const struct sc_setting *setting = family->settings; setting->key; setting++)
			if (setting == request->asked[i].setting)
				return true;
	}
	return false;
}

static enum spicecfg_status apply(struct sc_vm_edit *edit, struct sc_xml *doc)
{
	for (const struct sc_family *const *family = sc_families; *family; family++) {
		SC_DOMAIN *domain = NULL;

		if (!asks_family(edit->request, *family))
			continue;
		/* Read again each time: the edits of the previous family made the model stale. */
		enum spicecfg_status status = sc_domain_read(edit->ctx, doc, &domain);
		if (!status) {
			edit->domain = domain;
			status = (*family)->apply(edit, *family);
			edit->domain = NULL;
		}
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

struct changes {
	struct spicecfg_plan *plan;
	const char *document;
	unsigned effects;
	enum spicecfg_status status;
};

static void add_change(void *opaque, const struct sc_xml_node *node, const char *attr, const char *from, const char *to)
{
	struct changes *changes = opaque;
	SC_BUF path = SC_BUF_INIT;
	SC_BUF from_shown = SC_BUF_INIT;
	SC_BUF to_shown = SC_BUF_INIT;

	if (changes->status)
		return;
	sc_xml_path(node, attr, &path);
	if (from)
		sc_xml_shown(node, attr ? attr : "", from, &from_shown);
	if (to)
		sc_xml_shown(node, attr ? attr : "", to, &to_shown);
	const struct spicecfg_change change = {
	    .document = changes->document,
	    .path = sc_buf_text(&path),
	    .from = from ? sc_buf_text(&from_shown) : NULL,
	    .to = to ? sc_buf_text(&to_shown) : NULL,
	    .effects = changes->effects,
	};
	changes->status = path.failed || from_shown.failed || to_shown.failed ? sc_fail_memory(changes->plan->ctx)
									      : sc_plan_change(changes->plan, &change);
}

static void free_findings(void *findings)
{
	sc_findings_free(findings);
}

static enum spicecfg_status find_before(struct spicecfg_plan *plan, const struct sc_domain *domain)
{
	const struct sc_rule_input input = {.domain = domain, .host = plan->now->host};
	enum spicecfg_status status = sc_rules_run(plan->ctx, &input, &plan->now->before);

	return status ? status : sc_plan_own(plan, plan->now->before, free_findings);
}

enum spicecfg_status sc_plan_edit_vm(struct spicecfg_plan *plan, const char *name, const char *bytes, size_t len,
				     const struct spicecfg_request *request, int64_t now, unsigned effects, const char **new_bytes,
				     size_t *new_len)
{
	struct sc_vm_edit edit = {.ctx = plan->ctx, .request = request, .plan = plan, .now = now};
	struct changes changes = {.plan = plan, .document = plan->now ? plan->now->document : name, .effects = effects};
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;
	SC_BUF text = SC_BUF_INIT;

	*new_bytes = NULL;
	*new_len = 0;
	enum spicecfg_status status = sc_xml_parse(plan->ctx, name, bytes, len, &doc);
	/* Even if nothing is requested, a document that is not a domain is refused. */
	if (!status)
		status = sc_domain_read(plan->ctx, doc, &domain);
	/* the findings before the edit, so that the check can report new ones only */
	if (!status && plan->now && plan->now->host && !plan->now->before)
		status = find_before(plan, domain);
	if (!status)
		status = apply(&edit, doc);
	if (!status)
		status = sc_xml_write(plan->ctx, doc, &text);
	if (status)
		return status;
	sc_xml_changes(doc, add_change, &changes);
	if (changes.status)
		return changes.status;
	*new_bytes = sc_arena_strndup(plan->memory, sc_buf_text(&text), text.len);
	*new_len = text.len;
	return *new_bytes ? SPICECFG_OK : sc_fail_memory(plan->ctx);
}

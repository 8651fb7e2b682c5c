/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* export: plans what would be written, and omits the lines that would change something. */
#include "system/run/export.h"

static bool has_lines(const struct sc_export_section *section)
{
	for (size_t i = 0; i < section->n; i++)
		if (!section->lines[i].omitted)
			return true;
	return false;
}

/* Plans the parsed text: the section of a VM is its last one. */
static enum spicecfg_status plan_text(struct sc_export *export, struct spicecfg_policy *policy, struct spicecfg_plan *plan,
				      struct spicecfg_vm *vm)
{
	struct sc_policy_run run = {.plan = plan, .policy = policy, .memory = export->memory};
	enum spicecfg_status status = vm ? sc_policy_find_host(&run) : sc_policy_plan_host(&run);

	if (!status && vm)
		status = sc_policy_plan_vm(&run, &policy->text.sections[policy->text.n_sections - 1], vm);
	sc_buf_free(&run.running);
	return status;
}

/* Whether the lines that are not omitted change nothing. What is refused is not the same either. */
static enum spicecfg_status try(struct sc_export *export, const struct sc_export_section *section, struct spicecfg_vm *vm, bool *same)
{
	SC_BUF text = SC_BUF_INIT;
	struct spicecfg_policy *policy = NULL;
	struct spicecfg_plan *plan = NULL;

	for (size_t i = 0; i < SC_EXPORT_PARTS; i++)
		if (has_lines(&export->host[i]))
			sc_policy_write(&text, export->host[i].name, export->host[i].lines, export->host[i].n, false);
	if (vm)
		sc_policy_write(&text, section->name, section->lines, section->n, false);
	if (text.failed || export->failed)
		return sc_fail_memory(export->ctx);
	enum spicecfg_status status = spicecfg_plan_new(export->ctx, &plan);
	if (status)
		return status;
	status = sc_policy_parse(export->ctx, "export", sc_buf_text(&text), text.len, &policy);
	if (!status && policy->text.n_sections)
		status = plan_text(export, policy, plan, vm);
	*same = !status && !plan->n_changes;
	spicecfg_plan_free(plan);
	spicecfg_policy_free(policy);
	if (status)
		sc_let_go(export->ctx);
	return sc_settle(export->ctx);
}

static void omit(struct sc_export_section *section, size_t first, size_t last, bool omitted)
{
	for (size_t i = first; i < last; i++)
		section->lines[i].omitted = omitted;
}

/* Adds the lines of a group: all of them, else those that change nothing. */
static enum spicecfg_status add_group(struct sc_export *export, struct sc_export_section *section, size_t first, size_t last,
				      struct spicecfg_vm *vm)
{
	bool same;

	omit(section, first, last, false);
	enum spicecfg_status status = try(export, section, vm, &same);
	if (status || same)
		return status;
	omit(section, first, last, true);
	for (size_t i = first; i < last && last - first > 1 && !status; i++) {
		omit(section, i, i + 1, false);
		status = try(export, section, vm, &same);
		if (!same)
			omit(section, i, i + 1, true);
	}
	return status;
}

/* The lines of group 0 say what the section is about, and stay. */
enum spicecfg_status sc_export_choose(struct sc_export *export, struct sc_export_section *section, struct spicecfg_vm *vm, bool *same)
{
	enum spicecfg_status status = try(export, section, vm, same);
	size_t first = 0;

	if (status || *same)
		return status;
	while (first < section->n && !section->lines[first].group)
		first++;
	omit(section, first, section->n, true);
	for (size_t last = first; first < section->n && !status; first = last) {
		while (last < section->n && section->lines[last].group == section->lines[first].group)
			last++;
		status = add_group(export, section, first, last, vm);
	}
	return status ? status : try(export, section, vm, same);
}

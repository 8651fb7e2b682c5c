/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which section of a policy is about which VM: the first that matches decides. */
#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "base/fix.h"
#include "system/libvirt/vm.h"
#include "system/load/load.h"
#include "system/run/policy.h"

struct domain {
	const char *target; /* "domain:NAME" */
	const char *name;
	char *uuid;                              /* hexadecimal digits alone; NULL: not needed */
	const struct sc_policy_section *section; /* that decides; NULL: none matches */
};

struct domains {
	struct domain *list;
	size_t n;
};

/* The digits of a UUID in lower case; NULL: memory is short. */
static char *digits_of(struct sc_arena *memory, const char *uuid)
{
	char *digits = sc_arena_strdup(memory, uuid ? uuid : ""), *to = digits;

	for (const char *c = digits; c && *c; c++)
		if (*c != '-')
			*to++ = (char)tolower((unsigned char)*c);
	if (to)
		*to = '\0';
	return digits;
}

static enum spicecfg_status read_uuid(struct sc_policy_run *run, struct domain *domain)
{
	struct spicecfg_vm *vm = NULL;
	enum spicecfg_status status = spicecfg_vm_open(run->plan->ctx, domain->target, true, &vm);

	if (status)
		return status;
	domain->uuid = digits_of(run->memory, spicecfg_vm_uuid(vm));
	spicecfg_vm_free(vm);
	return domain->uuid ? SPICECFG_OK : sc_fail_memory(run->plan->ctx);
}

/* What a section says of the VMs that it is about, which is compared with all. */
struct about {
	const char *name, *match, *digits;
};

static bool read_about(struct sc_arena *memory, const struct sc_policy_section *section, struct about *out)
{
	const char *uuid = sc_policy_text(section, "uuid");

	*out = (struct about){sc_policy_text(section, "name"), sc_policy_text(section, "match"), uuid ? digits_of(memory, uuid) : NULL};
	return !uuid || out->digits;
}

static bool is_about(const struct about *about, const struct domain *domain)
{
	if (about->name)
		return strcmp(about->name, domain->name) == 0;
	if (about->match)
		return fnmatch(about->match, domain->name, 0) == 0;
	return about->digits && domain->uuid && strcmp(about->digits, domain->uuid) == 0;
}

static enum spicecfg_status fail_nothing(const struct sc_policy_run *run, const struct sc_policy_section *section,
					 const struct domains *domains)
{
	struct spicecfg_ctx *ctx = run->plan->ctx;
	const struct sc_ini_entry *entry = sc_policy_entry(section, "name");
	const char *nearest = NULL;
	unsigned best = 3;

	for (size_t i = 0; entry && i < domains->n; i++) {
		unsigned d = spicecfg_text_distance(entry->value, domains->list[i].name);

		if (d < best) {
			best = d;
			nearest = domains->list[i].name;
		}
	}
	if (!entry)
		entry = sc_policy_entry(section, "match");
	if (!entry)
		entry = sc_policy_entry(section, "uuid");
	enum spicecfg_status status =
	    sc_fail_at(ctx, SPICECFG_INPUT, sc_policy_at_value(&run->policy->text, entry), "See '`spicecfg show`' for the domains.",
		       strcmp(entry->key, "match") == 0  ? "[%s]: no domain matches '%s'"
		       : strcmp(entry->key, "uuid") == 0 ? "[%s]: no domain has the UUID %s"
							 : "[%s]: there is no domain '%s'",
		       section->name, entry->value);
	if (nearest)
		sc_fail_fixf(ctx, "Did you mean '%s'?", nearest);
	return status;
}

/* A note between the calls that plan. */
static enum spicecfg_status __attribute__((format(printf, 2, 3))) note(struct sc_policy_run *run, const char *format, ...)
{
	SC_BUF text = SC_BUF_INIT;
	va_list args;

	va_start(args, format);
	sc_buf_vaddf(&text, format, args);
	va_end(args);
	enum spicecfg_status status = sc_plan_enter(run->plan);
	if (status)
		return status;
	status = text.failed ? sc_fail_memory(run->plan->ctx) : sc_plan_note(run->plan, "%s", sc_buf_text(&text));
	return sc_plan_leave(run->plan, status);
}

/* Says for which VMs an earlier section decides instead. */
static enum spicecfg_status note_others(struct sc_policy_run *run, const struct sc_policy_section *section, const struct about *about,
					const struct domains *domains)
{
	SC_BUF names = SC_BUF_INIT;
	size_t count = 0;

	for (size_t i = 0; i < domains->n; i++) {
		const struct domain *domain = &domains->list[i];

		if (!domain->section || domain->section == section || !is_about(about, domain))
			continue;
		if (count++ < 4)
			sc_buf_addf(&names, "%s%s by [%s]", count > 1 ? ", " : "", domain->name, domain->section->name);
	}
	if (!count)
		return SPICECFG_OK;
	if (count > 4)
		sc_buf_addf(&names, ", and %zu others", count - 4);
	if (names.failed)
		return sc_fail_memory(run->plan->ctx);
	return note(run, "line %u: [%s] also matches what an earlier section decides: %s", section->line, section->name,
		    sc_buf_text(&names));
}

/* Gives each domain the section that decides. */
static enum spicecfg_status assign(struct sc_policy_run *run, const struct sc_policy_section *section, struct domains *domains)
{
	size_t matches = 0, others = 0;
	struct about about;

	if (!read_about(run->memory, section, &about))
		return sc_fail_memory(run->plan->ctx);
	for (size_t i = 0; i < domains->n; i++) {
		struct domain *domain = &domains->list[i];

		if (!is_about(&about, domain))
			continue;
		matches++;
		others += domain->section != NULL;
		if (!domain->section)
			domain->section = section;
	}
	if (!matches)
		return fail_nothing(run, section, domains);
	return others ? note_others(run, section, &about, domains) : SPICECFG_OK;
}

static enum spicecfg_status plan_section(struct sc_policy_run *run, const struct sc_policy_section *section, const struct domains *domains)
{
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; i < domains->n && !status; i++) {
		struct spicecfg_vm *vm;

		if (domains->list[i].section != section)
			continue;
		if (sc_interrupted(run->plan->ctx))
			return sc_fail(run->plan->ctx, SPICECFG_INTERRUPTED, NULL, "interrupted; nothing was changed");
		status = sc_policy_open_vm(run, domains->list[i].target, &vm);
		if (!status)
			status = sc_policy_plan_vm(run, section, vm);
	}
	return status;
}

static enum spicecfg_status plan_sections(struct sc_policy_run *run, struct domains *domains)
{
	const struct sc_policy *policy = &run->policy->text;
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; i < policy->n_sections && !status; i++)
		if (policy->sections[i].kind == SC_POLICY_VM)
			status = assign(run, &policy->sections[i], domains);
	for (size_t i = 0; i < policy->n_sections && !status; i++)
		if (policy->sections[i].kind == SC_POLICY_VM)
			status = plan_section(run, &policy->sections[i], domains);
	if (status || !run->running.len)
		return status;
	return note(run, "these VMs run with their old settings until they are powered off and started again: %s",
		    sc_buf_text(&run->running));
}

enum spicecfg_status sc_policy_plan_vms(struct sc_policy_run *run)
{
	const struct sc_policy *policy = &run->policy->text;
	bool any = false, by_uuid = false;
	struct domains domains = {NULL, 0};
	char **targets;

	for (size_t i = 0; i < policy->n_sections; i++) {
		any |= policy->sections[i].kind == SC_POLICY_VM;
		by_uuid |= policy->sections[i].kind == SC_POLICY_VM && sc_policy_entry(&policy->sections[i], "uuid");
	}
	if (!any)
		return SPICECFG_OK;
	enum spicecfg_status status = spicecfg_vm_list(run->plan->ctx, NULL, &targets);
	if (status)
		return status;
	while (targets[domains.n])
		domains.n++;
	domains.list = sc_arena_alloc(run->memory, (domains.n + 1) * sizeof(*domains.list));
	if (!domains.list)
		status = sc_fail_memory(run->plan->ctx);
	for (size_t i = 0; i < domains.n && !status; i++) {
		domains.list[i] = (struct domain){.target = targets[i], .name = targets[i] + strlen("domain:")};
		if (by_uuid)
			status = read_uuid(run, &domains.list[i]);
	}
	if (!status)
		status = plan_sections(run, &domains);
	spicecfg_names_free(targets);
	return status;
}

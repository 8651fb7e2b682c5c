/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A section of a policy for one VM: its settings as one edit, then its SASL. */
#include <spicecfg/pam.h>
#include <spicecfg/sasl.h>
#include <string.h>

#include "base/fix.h"
#include "base/time.h"
#include "model/domain.h"
#include "plan/vm.h"
#include "system/libvirt/vm.h"
#include "system/os/clock.h"
#include "system/run/policy.h"

/* The expiry of a password that was never valid: only a live ticket opens the console. */
#define NEVER "1970-01-01T00:00:00Z"

enum spicecfg_status sc_policy_password_of(struct spicecfg_ctx *ctx, struct sc_arena *memory, const struct spicecfg_vm *vm,
					   struct sc_policy_password *out)
{
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;
	enum spicecfg_status status = sc_xml_parse(ctx, vm->label, sc_buf_text(&vm->xml), vm->xml.len, &doc);
	int64_t until;

	*out = (struct sc_policy_password){false, false};
	if (!status)
		status = sc_domain_read(ctx, doc, &domain);
	if (status || !domain->spice || !domain->spice->passwd)
		return status;
	out->has = true;
	const char *valid_to = domain->spice->valid_to ? sc_arena_printf(memory, "%sZ", domain->spice->valid_to) : NULL;
	out->expired = valid_to && (!sc_time_parse(valid_to, &until) || until <= sc_clock_now(ctx));
	return SPICECFG_OK;
}

static enum spicecfg_status put_password(struct sc_policy_run *run, const struct sc_policy_section *section, struct spicecfg_vm *vm,
					 struct spicecfg_request *request)
{
	const struct sc_ini_entry *entry = sc_policy_entry(section, "password");
	struct sc_policy_password present;
	SC_SECRET secret = SC_SECRET_INIT;
	enum spicecfg_status status = SPICECFG_OK;

	if (!entry)
		return SPICECFG_OK;
	if (strcmp(entry->value, "none") == 0)
		return spicecfg_request_clear_password(request);
	if (strncmp(entry->value, "file:", 5) == 0) {
		status = sc_policy_secret(run, entry, &secret);
		if (!status)
			status = spicecfg_request_password(request, secret.text, secret.len);
		return status ? sc_fail_place(run->plan->ctx, status, sc_policy_at_value(&run->policy->text, entry)) : SPICECFG_OK;
	}
	status = sc_policy_password_of(run->plan->ctx, run->memory, vm, &present);
	if (status)
		return status;
	const bool ticket = strcmp(entry->value, "ticket") == 0;
	if (present.has && (ticket ? present.expired : !present.expired || sc_policy_entry(section, "valid-until")))
		return SPICECFG_OK;
	status = spicecfg_request_generate(request);
	if (!status && ticket)
		return spicecfg_request_set(request, "valid-until", NEVER);
	return status ? status : sc_policy_show_once(run, section, vm, NULL, spicecfg_request_generated(request));
}

static enum spicecfg_status put_allow(struct sc_policy_run *run, const struct sc_policy_section *section, struct spicecfg_request *request)
{
	const char *allow = sc_policy_text(section, "allow"), *create = sc_policy_text(section, "create-group");
	const char *const *who = allow ? sc_policy_words(run->memory, allow) : NULL;
	enum spicecfg_status status = SPICECFG_OK;

	if (allow && !who)
		return sc_fail_memory(run->plan->ctx);
	for (size_t i = 0; who && who[i] && !status; i++)
		status = spicecfg_request_allow(request, who[i]);
	if (create && strcmp(create, "yes") == 0)
		spicecfg_request_create_group(request);
	return status;
}

static enum spicecfg_status plan_settings(struct sc_policy_run *run, const struct sc_policy_section *section, struct spicecfg_vm *vm,
					  bool own_sasl)
{
	struct spicecfg_request *request = NULL;
	enum spicecfg_status status = spicecfg_request_new(run->plan->ctx, &request);

	if (!status)
		status = sc_policy_settings(&run->policy->text, section, request);
	if (!status)
		status = put_password(run, section, vm, request);
	if (!status)
		status = put_allow(run, section, request);
	/* QEMU does not start with both */
	if (!status && own_sasl)
		status = spicecfg_request_clear_password(request);
	if (!status && (request->n_asked || request->n_allow || request->has_password || request->clear_password))
		status = spicecfg_plan_vm(run->plan, vm, request);
	spicecfg_request_free(request);
	return status;
}

/* A VM with a saslauthd of its own has a PAM service of its own. */
static enum spicecfg_status plan_own_sasl(struct sc_policy_run *run, struct spicecfg_vm *vm, const char *backend)
{
	const struct sc_policy_section *sasl = sc_policy_section_of(&run->policy->text, SC_POLICY_SASL);
	const char *shared = sc_policy_text(sasl, "backend");
	const bool same = strcmp(shared ? shared : "sasldb", backend) == 0;
	const struct spicecfg_sasl_request request = {
	    .size = sizeof(request), .backend = backend, .mechanisms = same ? sc_policy_text(sasl, "mech") : NULL};
	struct spicecfg_pam_request pam = {.size = sizeof(pam)};
	enum spicecfg_status status = SPICECFG_OK;

	if (strcmp(backend, "saslauthd") == 0) {
		status = sc_policy_pam_allow(run, &pam.allow);
		if (!status)
			status = spicecfg_plan_pam_install(run->plan, vm, &pam);
	}
	return status ? status : spicecfg_plan_sasl_set(run->plan, vm, &request);
}

/* A plan for many VMs has no TARGET of its own: what was noted about this one names it. */
static enum spicecfg_status name_target(struct spicecfg_plan *plan, size_t first, const struct spicecfg_vm *vm)
{
	const char *word = sc_arena_printf(plan->memory, "domain:%s", vm->label);
	const struct spicecfg_fix_place place = {.size = sizeof(place), .target = word};

	for (size_t i = first; word && i < plan->n_notes; i++) {
		plan->notes[i].note = sc_fix_resolve(plan->memory, plan->notes[i].note, &place);
		if (!plan->notes[i].note)
			word = NULL;
	}
	return word ? SPICECFG_OK : sc_fail_memory(plan->ctx);
}

enum spicecfg_status sc_policy_plan_vm(struct sc_policy_run *run, const struct sc_policy_section *section, struct spicecfg_vm *vm)
{
	const size_t n_notes = run->plan->n_notes, n_changes = run->plan->n_changes;
	const char *backend;
	const enum sc_policy_vm_sasl sasl = sc_policy_vm_sasl(&run->policy->text, section, run->sasl, &backend);
	enum spicecfg_status status = plan_settings(run, section, vm, sasl == SC_POLICY_VM_OWN);

	if (!status && sasl == SC_POLICY_VM_OWN)
		status = plan_own_sasl(run, vm, backend);
	else if (!status && sasl != SC_POLICY_VM_KEEPS)
		status = spicecfg_plan_sasl_off(run->plan, vm, sasl == SC_POLICY_VM_TICKET);
	/* how what is present already was computed is not reported again */
	if (!status && run->plan->n_changes == n_changes)
		run->plan->n_notes = n_notes;
	else if (!status)
		status = name_target(run->plan, n_notes, vm);
	if (!status && run->plan->n_changes > n_changes && vm->is_running)
		sc_buf_addf(&run->running, "%s%s", run->running.len ? ", " : "", vm->label);
	return status ? sc_fail_place(run->plan->ctx, status, sc_policy_at(&run->policy->text, section)) : SPICECFG_OK;
}

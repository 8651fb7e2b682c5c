/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's own result of a whole check: certificates, SASL files and databases, PAM. Each is looked at where the host uses it. */
#include <spicecfg/pam.h>
#include <spicecfg/pki.h>
#include <spicecfg/sasl.h>
#include <spicecfg/vm.h>
#include <stdlib.h>
#include <string.h>

#include "system/check.h"

enum { FINDINGS_MAX = 256 };

struct services {
	const struct sc_check *check;
	struct spicecfg_ctx *ctx; /* of its own: what can't be read is a finding, not an error */
	struct sc_check_item *item;
	struct sc_arena *memory;
};

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* What is true of the host shows again at each VM. */
static bool is_told(const struct services *services, const struct spicecfg_finding *finding)
{
	for (size_t i = 0; i < services->item->result.n_findings; i++) {
		const struct spicecfg_finding *other = &services->item->findings[i];

		if (strcmp(other->rule, finding->rule) == 0 && is_same(other->message, finding->message) &&
		    is_same(other->file, finding->file) && other->line == finding->line)
			return true;
	}
	return false;
}

static void add(void *opaque, const struct spicecfg_finding *finding)
{
	struct services *services = opaque;

	if (is_told(services, finding))
		return;
	if (services->item->result.n_findings < FINDINGS_MAX)
		sc_check_add_finding(services->check, services->item, finding, services->memory);
}

/* What kept a look from being taken, as a note: the rest of the check goes on. */
static void add_error(struct services *services, const char *rule)
{
	const struct spicecfg_error *error = spicecfg_ctx_error(services->ctx);

	if (error) {
		struct spicecfg_finding finding = {.rule = rule,
						   .level = SPICECFG_LEVEL_NOTE,
						   .cls = SPICECFG_CLASS_EFFECT,
						   .message = error->message,
						   .file = error->file,
						   .line = error->line,
						   .column = error->column,
						   .fix = error->mend};

		add(services, &finding);
	}
	spicecfg_ctx_clear_error(services->ctx);
}

/* Of the folder that QEMU is given. */
static void check_certificates(struct services *services, const struct sc_host *host)
{
	struct spicecfg_pki_request request = {.dir = sc_host_cert_dir(host)};
	struct spicecfg_pki *pki = NULL;
	const struct spicecfg_finding *finding;
	enum spicecfg_status status = spicecfg_pki_read(services->ctx, &request, &pki);

	if (!status)
		status = spicecfg_pki_check(pki);
	for (size_t i = 0; pki && (finding = spicecfg_pki_finding(pki, i)); i++)
		add(services, finding);
	if (status && status != SPICECFG_FINDINGS)
		add_error(services, "pki-file-missing");
	spicecfg_ctx_clear_error(services->ctx);
	spicecfg_pki_free(pki);
}

static void check_pam(struct services *services, struct spicecfg_vm *vm)
{
	enum spicecfg_status status = spicecfg_pam_check(services->ctx, vm, NULL, add, services);

	if (status && status != SPICECFG_FINDINGS)
		add_error(services, "pam-no-rule");
	spicecfg_ctx_clear_error(services->ctx);
}

/* vm NULL: the host's. A VM is looked at where it has a folder of its own: the host's is told once. */
static void check_sasl(struct services *services, struct spicecfg_vm *vm)
{
	struct spicecfg_sasl_state *state = NULL;
	enum spicecfg_status status = spicecfg_sasl_show(services->ctx, vm, &state);

	if (status)
		add_error(services, "sasl-setup");
	if (status || !state->on || (vm && !state->own_folder)) {
		spicecfg_sasl_state_free(state);
		return;
	}
	for (const char *const *problem = state->problems; *problem; problem++) {
		struct spicecfg_finding finding = {.rule = "sasl-setup",
						   .level = SPICECFG_LEVEL_WARNING,
						   .cls = SPICECFG_CLASS_EFFECT,
						   .message = *problem,
						   .file = state->file ? state->file : state->folder,
						   .fix = "spicecfg sasl show"};

		add(services, &finding);
	}
	if (state->backend && strcmp(state->backend, "saslauthd") == 0)
		check_pam(services, vm);
	spicecfg_sasl_state_free(state);
}

void sc_check_services(const struct sc_check *check, const struct sc_check_worker *worker, char *const *domains, struct sc_check_item *item,
		       struct sc_arena *memory)
{
	struct services services = {check, worker->ctx, item, memory};

	*item = (struct sc_check_item){.kind = SC_WALK_DOMAIN, .word = "host"};
	item->result = (struct spicecfg_check_result){.target = item->word, .name = "", .verdict = SPICECFG_VERDICT_STARTS};
	item->findings = sc_arena_alloc(memory, FINDINGS_MAX * sizeof(*item->findings));
	item->result.findings = item->findings;
	if (!item->findings)
		return;
	if (worker->host->conf.spice_tls)
		check_certificates(&services, worker->host);
	if (worker->host->conf.spice_sasl)
		check_sasl(&services, NULL);
	for (size_t i = 0; domains && domains[i]; i++) {
		struct spicecfg_vm *vm = NULL;

		if (!spicecfg_vm_open(services.ctx, domains[i], true, &vm))
			check_sasl(&services, vm);
		spicecfg_ctx_clear_error(services.ctx);
		spicecfg_vm_free(vm);
	}
}

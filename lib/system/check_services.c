/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's own result of a whole check: certificates, SASL files and databases, PAM. Each is looked at where the host uses it. */
#include <spicecfg/pki.h>
#include <stdlib.h>
#include <string.h>

#include "model/sasl.h"
#include "system/check.h"
#include "system/hostgather.h"

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

	if (finding->cls == SPICECFG_CLASS_START)
		services->item->result.verdict = SPICECFG_VERDICT_REFUSED;
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

/* The rules that look at the host alone. */
static void check_host(struct services *services, struct sc_host *host)
{
	struct sc_findings *findings = NULL;
	struct sc_rule_input in = {.host = host, .now = services->check->now};
	enum spicecfg_status status =
	    host->conf.spice_sasl ? sc_host_gather_sasl(services->ctx, host, sc_sasl_shared_folder(host), true) : SPICECFG_OK;

	if (!status)
		status = sc_host_gather_ways(services->ctx, host);
	if (!status)
		status = sc_rules_run_host(services->ctx, &in, &findings);
	for (size_t i = 0; !status && i < sc_findings_count(findings); i++)
		add(services, sc_findings_get(findings, i));
	spicecfg_ctx_clear_error(services->ctx);
	sc_findings_free(findings);
}

/* PAM's file for the logins that saslauthd checks. */
static void check_logins(struct services *services, const struct sc_host *host)
{
	const struct sc_sasl_fact *fact = sc_host_sasl(host, sc_sasl_shared_folder(host));

	if (fact && fact->state == SC_SASL_FILE_OK && sc_sasl_asks_saslauthd(fact))
		sc_check_pam(services->ctx, NULL, services->memory, add, services);
}

void sc_check_services(const struct sc_check *check, const struct sc_check_worker *worker, struct sc_check_item *item,
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
	check_host(&services, worker->host);
	if (worker->host->conf.spice_sasl)
		check_logins(&services, worker->host);
}

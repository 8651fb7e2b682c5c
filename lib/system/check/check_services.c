/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's own result of a whole check: certificates, SASL files and databases, PAM. Each is checked if the host uses it. */
#include <stdlib.h>
#include <string.h>

#include "base/fix.h"
#include "model/libvirt.h"
#include "model/sasl.h"
#include "system/check/check.h"
#include "system/commit/recover.h"
#include "system/facts/hostgather.h"
#include "system/os/look.h"
#include "system/os/unread.h"
#include "system/pki/pki.h"

struct services {
	const struct sc_check *check;
	struct spicecfg_ctx *ctx; /* separate: what can't be read is a finding, not an error */
	struct sc_check_item *item;
	struct sc_arena *memory;
	size_t room;      /* of item->findings */
	uint32_t *places; /* a hash table of them: index plus one, 0: free; room * 2 places */
	bool failed;      /* out of memory */
};

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_same_finding(const struct spicecfg_finding *a, const struct spicecfg_finding *b)
{
	return strcmp(a->rule, b->rule) == 0 && is_same(a->message, b->message) && is_same(a->file, b->file) && a->line == b->line;
}

/* The finding's place in the table, or a free one. */
static uint32_t *place_of(const struct services *services, const struct spicecfg_finding *finding)
{
	size_t hash = 5381 + finding->line;

	for (const char *c = finding->rule; *c; c++)
		hash = hash * 33 + (unsigned char)*c;
	for (const char *c = finding->message; c && *c; c++)
		hash = hash * 33 + (unsigned char)*c;
	for (size_t i = hash % (services->room * 2);; i = (i + 1) % (services->room * 2)) {
		uint32_t at = services->places[i];

		if (!at || is_same_finding(&services->item->findings[at - 1], finding))
			return &services->places[i];
	}
}

/* Doubles the room; findings are kept. */
static bool grow(struct services *services)
{
	struct sc_check_item *item = services->item;
	size_t count = item->result.n_findings, room = services->room ? services->room * 2 : 64;
	struct spicecfg_finding *findings = sc_arena_alloc(services->memory, room * sizeof(*findings));
	uint32_t *places = sc_arena_alloc(services->memory, room * 2 * sizeof(*places));

	if (!findings || !places)
		return false;
	if (count)
		memcpy(findings, item->findings, count * sizeof(*findings));
	item->findings = findings;
	item->result.findings = findings;
	services->places = places;
	services->room = room;
	for (size_t i = 0; i < count; i++)
		*place_of(services, &findings[i]) = (uint32_t)i + 1;
	return true;
}

/* A finding about the host recurs with each VM: it is added once. */
static void add(void *opaque, const struct spicecfg_finding *finding)
{
	struct services *services = opaque;
	struct sc_check_item *item = services->item;

	if (finding->cls == SPICECFG_CLASS_START)
		item->result.verdict = SPICECFG_VERDICT_REFUSED;
	if (item->result.n_findings == services->room && !grow(services)) {
		services->failed = true;
		return;
	}
	uint32_t *place = place_of(services, finding);
	size_t before = item->result.n_findings;
	if (*place)
		return;
	services->failed |= !sc_check_add_finding(services->check, item, finding, services->memory);
	/* A finding whose level is off was not added. */
	if (item->result.n_findings > before)
		*place = (uint32_t)item->result.n_findings;
}

/* Reports why a part could not be checked; the rest of the check continues. */
static void add_error(struct services *services, const char *what)
{
	sc_unread_tell(services->ctx, what, services->memory, add, services);
}

/* Those in the directory that QEMU uses. */
static void check_certificates(struct services *services, const struct sc_host *host)
{
	struct spicecfg_pki_request request = {.size = sizeof(request), .dir = sc_host_cert_dir(host)};
	struct spicecfg_pki *pki = NULL;
	const struct spicecfg_finding *finding;
	enum spicecfg_status status = sc_pki_open(services->ctx, &request, &pki);

	if (!status)
		status = sc_pki_inspect(pki);
	for (size_t i = 0; pki && (finding = spicecfg_pki_finding(pki, i)); i++)
		add(services, finding);
	if (status && status != SPICECFG_FINDINGS)
		add_error(services, "the certificates");
	sc_let_go(services->ctx);
	spicecfg_pki_free(pki);
}

/* The rules about the host alone. */
static void check_host(struct services *services, struct sc_host *host)
{
	struct sc_findings *findings = NULL;
	struct sc_rule_input in = {.host = host, .now = services->check->now};
	enum spicecfg_status status =
	    host->conf.spice_sasl ? sc_host_gather_sasl(services->ctx, host, sc_sasl_shared_directory(host), true) : SPICECFG_OK;

	if (!status)
		status = sc_host_gather_ways(services->ctx, host);
	if (!status)
		status = sc_rules_run_host(services->ctx, &in, &findings);
	for (size_t i = 0; !status && i < sc_findings_count(findings); i++)
		add(services, sc_findings_get(findings, i));
	if (status)
		add_error(services, "the host's logins and ways in");
	sc_findings_free(findings);
}

/* The PAM file for the logins that saslauthd checks. */
static void check_logins(struct services *services, const struct sc_host *host)
{
	const struct sc_sasl_fact *fact = sc_host_sasl(host, sc_sasl_shared_directory(host));

	if (fact && fact->state == SC_SASL_FILE_OK && sc_sasl_asks_saslauthd(fact))
		sc_check_pam(services->ctx, NULL, services->memory, add, services);
}

/* Changes of several documents that a killed process has left. */
static void check_transactions(struct services *services)
{
	struct spicecfg_recovery *recovery = NULL;
	const struct spicecfg_recovery_row *row;
	enum spicecfg_status status = sc_recovery_look(services->ctx, &recovery);

	for (size_t i = 0; !status && (row = spicecfg_recovery_row(recovery, i)); i++) {
		bool conflict = row->state == SPICECFG_RECOVERED_CONFLICT;
		const struct spicecfg_finding finding = {
		    .rule = "transaction-open",
		    .level = SPICECFG_LEVEL_ERROR,
		    .cls = SPICECFG_CLASS_EFFECT,
		    .message = sc_arena_printf(services->memory,
					       conflict ? "transaction %s was left unfinished, and somebody else has changed its documents"
							: "transaction %s was left unfinished: its documents may be a mixture",
					       row->id),
		    .fix =
			sc_fix_prose(services->memory, conflict ? "Examine them, then accept what is there: `spicecfg recover --accept ID`"
								: "Undo it: `spicecfg recover`"),
		    .file = row->documents[0] ? sc_arena_strdup(services->memory, row->documents[0]) : NULL,
		};

		services->failed |= !finding.message || !finding.fix;
		if (!services->failed)
			add(services, &finding);
	}
	if (status)
		add_error(services, "unfinished changes");
	spicecfg_recovery_free(recovery);
}

static int by_path(const void *a, const void *b)
{
	const struct sc_unread_row *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : strcmp(x->why, y->why);
}

static void add_unread(struct services *services, const struct sc_unread_row *row)
{
	bool conf = strcmp(row->path, SC_QEMU_CONF) == 0;
	const char *message =
	    sc_arena_printf(services->memory, conf ? "can't be read: %s; libvirt's defaults are assumed" : "not checked: %s", row->why);

	if (conf && services->item->result.verdict == SPICECFG_VERDICT_STARTS) {
		services->item->result.verdict = SPICECFG_VERDICT_UNKNOWN;
		services->item->result.doubt = "not-readable: the contents of qemu.conf are not known";
	}
	sc_unread_find(message, row->path, add, services);
}

/* Index n_workers is the run's own list. */
static const struct sc_unread *unread_of(const struct sc_check_host *host, size_t i)
{
	return i < host->n_workers ? host->workers[i].ctx->unread : host->ctx->unread;
}

/* Sorted, since the distribution over workers depends on the load of the machine. */
static void check_unread(struct services *services, const struct sc_check_host *host)
{
	size_t size = 0, count = 0, n;

	for (size_t i = 0; i <= host->n_workers; i++, size += n)
		(void)sc_unread_rows(unread_of(host, i), &n);
	struct sc_unread_row *all = size ? sc_arena_alloc(services->memory, size * sizeof(*all)) : NULL;
	services->failed |= size && !all;
	for (size_t i = 0; all && i <= host->n_workers; i++, count += n) {
		const struct sc_unread_row *rows = sc_unread_rows(unread_of(host, i), &n);

		if (n)
			memcpy(&all[count], rows, n * sizeof(*all));
	}
	if (count)
		qsort(all, count, sizeof(*all), by_path);
	for (size_t i = 0; i < count; i++)
		add_unread(services, &all[i]);
}

void sc_check_services(const struct sc_check *check, const struct sc_check_host *host, struct sc_check_item *item, struct sc_arena *memory)
{
	const struct sc_check_worker *worker = &host->workers[0];
	struct services services = {.check = check, .ctx = worker->ctx, .item = item, .memory = memory};

	*item = (struct sc_check_item){.kind = SC_WALK_DOMAIN, .word = "host"};
	item->result = (struct spicecfg_check_result){.target = item->word, .name = "", .verdict = SPICECFG_VERDICT_STARTS};
	if (host->whole && worker->host->conf.spice_tls)
		check_certificates(&services, worker->host);
	if (host->whole)
		check_host(&services, worker->host);
	if (host->whole && worker->host->conf.spice_sasl)
		check_logins(&services, worker->host);
	if (host->whole)
		check_transactions(&services);
	check_unread(&services, host);
	enum spicecfg_status status = sc_settle(worker->ctx);
	if (!status && !services.failed)
		return;
	const struct spicecfg_error *error = spicecfg_ctx_error(worker->ctx);
	sc_check_item_fail(item, error ? error : &(struct spicecfg_error){.status = SPICECFG_SYSTEM, .message = "out of memory"}, memory);
}

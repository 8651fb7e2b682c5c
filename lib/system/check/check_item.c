/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The check of one target: read, parse, model, rules, result. */
#include <spicecfg/vm.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/finding.h"
#include "base/fix.h"
#include "base/grow.h"
#include "doc/sniff.h"
#include "model/domain.h"
#include "rules/host/exposure.h"
#include "system/check/check.h"
#include "system/facts/hostgather.h"
#include "system/libvirt/vm.h"
#include "system/os/exposure.h"
#include "system/os/file.h"
#include "system/os/look.h"
#include "system/os/unread.h"

void sc_check_item_fail(struct sc_check_item *item, const struct spicecfg_error *error, struct sc_arena *memory)
{
	struct spicecfg_error placed = *error;

	if (!placed.file)
		placed.file = item->result.file;
	sc_error_copy(memory, &placed, &item->failure);
	item->result.error = &item->failure;
	item->result.verdict = SPICECFG_VERDICT_UNKNOWN;
	item->result.n_findings = 0;
}

static void fail_from(struct sc_check_item *item, struct spicecfg_ctx *ctx, struct sc_arena *memory)
{
	static const struct spicecfg_error unknown = {.status = SPICECFG_SYSTEM, .message = "out of memory"};
	const struct spicecfg_error *error = spicecfg_ctx_error(ctx);

	sc_check_item_fail(item, error ? error : &unknown, memory);
	spicecfg_ctx_clear_error(ctx);
}

/* The fix with the options that its commands need for this target. */
static const struct spicecfg_fix *fix_for(const struct sc_check *check, const struct spicecfg_fix *fix, const struct sc_check_item *item,
					  struct sc_arena *memory)
{
	struct spicecfg_fix_place place = {.size = sizeof(place), .root = check->root, .qemu_conf = check->qemu_conf};
	const char *kind = item->kind == SC_WALK_STDIN ? "" : item->kind == SC_WALK_DOMAIN ? "domain:" : "file:";
	const char *full = sc_arena_printf(memory, "%s%s", kind, item->word);
	char *word = spicecfg_target_word(full);

	if (item->kind == SC_WALK_DOMAIN)
		place.uri = check->uri;
	place.target = word;
	fix = word ? sc_fix_resolve(memory, fix, &place) : NULL;
	free(word);
	return fix;
}

static enum spicecfg_level level_of(const struct sc_check *check, const struct spicecfg_finding *finding)
{
	for (size_t i = check->n_levels; i--;)
		if (strcmp(check->levels[i].rule, finding->rule) == 0)
			return check->levels[i].level;
	return finding->level;
}

/* Errors first: what keeps a VM from starting must not be looked for among notes. */
static int by_level(const void *a, const void *b)
{
	const struct spicecfg_finding *x = a, *y = b;

	if (x->level != y->level)
		return x->level > y->level ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->rule, y->rule);
}

bool sc_check_add_finding(const struct sc_check *check, struct sc_check_item *item, const struct spicecfg_finding *finding,
			  struct sc_arena *memory)
{
	struct spicecfg_finding *copy = &item->findings[item->result.n_findings], bare = *finding;

	bare.level = level_of(check, finding);
	if (bare.level == SPICECFG_LEVEL_OFF)
		return true;
	bare.fix = NULL;
	bool fine = sc_finding_copy(memory, &bare, copy);
	copy->fix = check->no_fixes ? NULL : fix_for(check, finding->fix, item, memory);
	item->result.n_findings++;
	return fine && (check->no_fixes || !copy->fix == !finding->fix);
}

struct parsed {
	struct sc_xml *doc;
	struct sc_domain *domain;
	struct sc_findings *findings;
	struct sc_schema_fault *faults;
	size_t n_faults;
	struct spicecfg_finding *logins; /* findings of its PAM file */
	size_t n_logins;
	bool failed; /* out of memory */
	struct sc_arena *memory;
};

static bool add_fault(const struct sc_check *check, struct sc_check_item *item, const struct parsed *parsed,
		      const struct sc_schema_fault *fault, struct sc_arena *memory)
{
	SC_BUF path = SC_BUF_INIT;
	struct sc_where where = sc_xml_where(parsed->doc, fault->node, fault->attr);

	sc_xml_path(fault->node, fault->attr, &path);
	struct spicecfg_finding finding = {.rule = SC_SCHEMA_RULE,
					   .level = SPICECFG_LEVEL_WARNING,
					   .cls = SPICECFG_CLASS_EFFECT,
					   .message = fault->message,
					   .path = sc_buf_text(&path),
					   .file = where.file,
					   .line = where.line,
					   .column = where.column};
	return sc_check_add_finding(check, item, &finding, memory);
}

static void take_findings(const struct sc_check *check, struct sc_check_item *item, struct parsed *parsed, const struct sc_buf *bytes,
			  struct sc_arena *memory)
{
	size_t n_rules = sc_findings_count(parsed->findings);
	size_t count = n_rules + parsed->n_faults + parsed->n_logins;
	struct sc_check_text text = {.bytes = sc_buf_text(bytes), .len = bytes->len, .line = 1, .table = sc_xml_table(parsed->doc)};

	item->result.bytes = bytes->len;
	item->result.verdict = sc_findings_verdict(parsed->findings);
	if (item->result.verdict == SPICECFG_VERDICT_UNKNOWN)
		item->result.doubt = sc_arena_strdup(memory, sc_findings_doubt(parsed->findings));
	item->findings = count ? sc_arena_alloc(memory, count * sizeof(*item->findings)) : NULL;
	item->result.findings = item->findings;
	parsed->failed |= count && !item->findings;
	if (!item->findings || parsed->failed)
		return;
	for (size_t i = 0; i < n_rules; i++)
		parsed->failed |= !sc_check_add_finding(check, item, sc_findings_get(parsed->findings, i), memory);
	for (size_t i = 0; i < parsed->n_faults; i++)
		parsed->failed |= !add_fault(check, item, parsed, &parsed->faults[i], memory);
	for (size_t i = 0; i < parsed->n_logins; i++)
		parsed->failed |= !sc_check_add_finding(check, item, &parsed->logins[i], memory);
	if (item->result.n_findings > 1)
		qsort(item->findings, item->result.n_findings, sizeof(*item->findings), by_level);
	for (size_t i = 0; i < item->result.n_findings; i++) {
		struct spicecfg_finding *finding = &item->findings[i];

		if (finding->file && strcmp(finding->file, item->result.target) == 0)
			sc_check_excerpt(finding, &text, memory);
	}
}

/* A domain without console and video depends on qemu.conf only. */
static enum spicecfg_status ask_host(struct sc_check_worker *worker, const struct sc_domain *domain, bool is_file)
{
	enum spicecfg_status status = SPICECFG_OK;

	if (!domain->n_graphics && !domain->n_videos)
		return SPICECFG_OK;
	if (!worker->asked)
		status = sc_host_gather_machine(worker->ctx, worker->host);
	worker->asked = true;
	if (!status)
		status = sc_host_gather_domain(worker->ctx, worker->host, domain);
	/* A file does not say whether its VM is running. */
	bool asks = !status && is_file && worker->host->ports.n_of_vms_known;
	if (asks)
		worker->stopped = sc_host_gather_stopped(worker->ctx, worker->host, domain);
	worker->host->ports.n_of_vms = worker->stopped ? worker->host->ports.n_of_vms_known : 0;
	worker->host->guests.unread = asks && worker->host->guests.complete == SC_FALSE;
	return status ? status : sc_settle(worker->ctx);
}

/* Who can read the file, if it contains a password. */
static enum spicecfg_status look_at_file(struct sc_check_worker *worker, const struct parsed *parsed, bool is_file, struct sc_arena *memory,
					 struct sc_exposure *out)
{
	*out = (struct sc_exposure){.path = NULL};
	if (!worker->path || !sc_exposure_matters(parsed->domain))
		return SPICECFG_OK;
	return sc_exposure_look(worker->ctx, worker->path, is_file, memory, out);
}

static enum spicecfg_status judge(const struct sc_check *check, struct sc_check_worker *worker, struct parsed *parsed, bool is_file,
				  struct sc_arena *memory)
{
	struct sc_exposure exposure;
	struct sc_rule_input in = {.domain = parsed->domain,
				   .host = worker->host,
				   .neighbours = check->neighbours,
				   .now = check->now,
				   .host_told = check->host_told,
				   .exposure = &exposure};
	enum spicecfg_status status = check->live ? ask_host(worker, parsed->domain, is_file) : SPICECFG_OK;

	if (!status)
		status = look_at_file(worker, parsed, is_file, memory, &exposure);
	if (!status)
		status = sc_rules_run(worker->ctx, &in, &parsed->findings);
	if (!status && check->schema)
		status = sc_schema_check(worker->ctx, check->schema, &worker->schema, parsed->domain, sc_buf_text(&worker->bytes),
					 worker->bytes.len, memory, &parsed->faults, &parsed->n_faults);
	if (status || !check->neighbours)
		return status;
	/* A VM that does not start uses no ports. */
	bool starts = sc_findings_verdict(parsed->findings) != SPICECFG_VERDICT_REFUSED;
	if (!sc_neighbours_add(check->neighbours, parsed->domain, sc_findings_launch(parsed->findings), worker->host, true, starts) ||
	    !sc_neighbours_offer(check->neighbours, sc_findings_ports(parsed->findings)))
		return sc_fail_memory(worker->ctx);
	return SPICECFG_OK;
}

static void keep_login(void *opaque, const struct spicecfg_finding *finding)
{
	struct parsed *parsed = opaque;
	struct spicecfg_finding *more = sc_arena_grow(parsed->memory, parsed->logins, parsed->n_logins, sizeof(*more));

	parsed->failed |= !more;
	if (!more)
		return;
	parsed->logins = more;
	parsed->failed |= !sc_finding_copy(parsed->memory, finding, &more[parsed->n_logins++]);
}

/* The VM's PAM file decides who gets in through a saslauthd of its own. */
static void check_logins(const struct sc_check *check, const struct sc_check_worker *worker, const struct sc_check_item *item,
			 struct parsed *parsed, struct sc_arena *memory)
{
	SC_BUF word = SC_BUF_INIT;
	struct spicecfg_vm *vm = NULL;

	if (!check->live || item->kind == SC_WALK_STDIN || !sc_check_pam_of_vm(parsed->domain, worker->host))
		return;
	parsed->memory = memory;
	sc_buf_addf(&word, "%s:%s", item->kind == SC_WALK_FILE ? "file" : "domain", item->word);
	parsed->failed |= word.failed;
	if (word.failed)
		return;
	if (!sc_vm_open(worker->ctx, sc_buf_text(&word), true, &vm))
		sc_check_pam(worker->ctx, vm, memory, keep_login, parsed);
	else
		sc_unread_tell(worker->ctx, "the VM's PAM file", memory, keep_login, parsed);
	spicecfg_vm_free(vm);
}

static void check_bytes(const struct sc_check *check, struct sc_check_worker *worker, struct sc_check_item *item, struct sc_arena *memory)
{
	struct parsed parsed = {0};
	const struct sc_buf *bytes = &worker->bytes;
	enum spicecfg_status status = sc_xml_parse(worker->ctx, item->result.target, sc_buf_text(bytes), bytes->len, &parsed.doc);

	if (!status)
		status = sc_domain_read(worker->ctx, parsed.doc, &parsed.domain);
	if (!status)
		status = judge(check, worker, &parsed, item->kind != SC_WALK_DOMAIN, memory);
	if (status) {
		fail_from(item, worker->ctx, memory);
	} else {
		item->result.name = *parsed.domain->name ? sc_arena_strdup(memory, parsed.domain->name) : "";
		check_logins(check, worker, item, &parsed, memory);
		take_findings(check, item, &parsed, bytes, memory);
		if (parsed.failed) /* reported as out of memory if the context has no error */
			fail_from(item, worker->ctx, memory);
	}
	sc_findings_free(parsed.findings);
	sc_domain_free(parsed.domain);
	sc_xml_free(parsed.doc);
}

/* Reads the item's bytes into the worker's buffer. */
static enum spicecfg_status read_bytes(struct sc_check_worker *worker, struct sc_check_item *item, struct sc_arena *memory)
{
	struct spicecfg_ctx *ctx = worker->ctx;

	worker->bytes.len = 0;
	worker->bytes.failed = false; /* memory was short for an earlier target */
	worker->path = item->kind == SC_WALK_FILE ? item->word : NULL;
	worker->stopped = false;
	if (item->kind == SC_WALK_FILE)
		return sc_file_read(ctx, item->word, true, false, SC_XML_SIZE_MAX, &worker->bytes, NULL);
	if (item->kind == SC_WALK_STDIN)
		return sc_file_read_stream(ctx, "-", STDIN_FILENO, SC_XML_SIZE_MAX, &worker->bytes);
	SC_BUF word = SC_BUF_INIT;
	struct spicecfg_vm *vm = NULL;
	sc_buf_addf(&word, "domain:%s", item->word);
	enum spicecfg_status status = word.failed ? sc_fail_memory(ctx) : sc_vm_open(ctx, sc_buf_text(&word), true, &vm);
	if (!status) {
		sc_buf_add(&worker->bytes, vm->xml.data, vm->xml.len);
		/* a UUID names it too */
		item->word = sc_arena_strdup(memory, vm->label);
		item->result.target = item->word;
		worker->stopped = !vm->is_running;
		worker->path = sc_arena_strdup(memory, vm->path);
		if (!item->word || worker->bytes.failed || !worker->path != !vm->path)
			status = sc_fail_memory(ctx);
	}
	spicecfg_vm_free(vm);
	return status;
}

static void run(const struct sc_check *check, struct sc_check_worker *worker, struct sc_check_item *item, struct sc_arena *memory)
{
	item->result = (struct spicecfg_check_result){.target = item->word, .name = "", .verdict = SPICECFG_VERDICT_UNKNOWN};
	if (item->kind != SC_WALK_DOMAIN)
		item->result.file = item->word;
	if (item->kind == SC_WALK_BROKEN) {
		struct spicecfg_error error = {.status = SPICECFG_INPUT,
					       .message = strerror(item->error),
					       .fix = sc_fix_prose(memory, "Run it as a user who can read the directory.")};

		sc_check_item_fail(item, &error, memory);
		return;
	}
	if (read_bytes(worker, item, memory))
		fail_from(item, worker->ctx, memory);
	else if (item->found && sc_sniff_xml(sc_buf_text(&worker->bytes), worker->bytes.len) == SC_SNIFF_OTHER)
		item->skipped = true;
	else
		check_bytes(check, worker, item, memory);
}

void sc_check_item_run(const struct sc_check *check, struct sc_check_worker *worker, struct sc_check_item *item, struct sc_arena *memory)
{
	run(check, worker, item, memory);
	if (item->result.error)
		item->failure.fix = fix_for(check, item->failure.fix, item, memory);
}

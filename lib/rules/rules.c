/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of rule tables, and how they are run. */
#include <string.h>

#include "rules/findings.h"
#include "rules/fix_words.h"
#include "rules/tables.h"

const struct sc_rule_table sc_rule_tables[] = {
    {"console", sc_rules_graphics},
    {"console", sc_rules_options},
    {"console", sc_rules_listen},
    {"console", sc_rules_password},
    {"console", sc_rules_ports},
    {"console", sc_rules_conflicts},
    {"console", sc_rules_address},
    {"console", sc_rules_socket},
    {"console", sc_rules_tls},
    {"host", sc_rules_conf},
    {"video", sc_rules_video},
    {"video", sc_rules_memory},
    {"video", sc_rules_gl},
    {"video", sc_rules_driver},
    {"video", sc_rules_pci},
    {"device", sc_rules_devices},
    {"device", sc_rules_audio},
    {"console", sc_rules_words},
    {"device", sc_rules_backend},
    {"device", sc_rules_attached},
    {"device", sc_rules_usb},
    {"qemu", sc_rules_commandline},
    {"console", sc_rules_vnc},
    {"qemu", sc_rules_display_args},
    {"qemu", sc_rules_qemu_args},
    {"qemu", sc_rules_machine},
    {"console", sc_rules_security},
    {"console", sc_rules_effect},
    {"video", sc_rules_heads},
    {"qemu", sc_rules_versions},
    {"qemu", sc_rules_arch},
    {"host", sc_rules_pki},
    {"console", sc_rules_access},
    {"host", sc_rules_ways},
    {"login", sc_rules_sasl},
    {"login", sc_rules_guard},
    {"login", sc_rules_saslusers},
    {"host", sc_rules_exposure},
    {"login", sc_rules_services},
    {"host", sc_rules_schema},
    {NULL, NULL},
};

enum scope { OUTSIDE, PERHAPS, INSIDE };

static enum scope scope_of(unsigned needs, const struct sc_host *host)
{
	const struct sc_since *since = &sc_spans[needs >> SC_SPAN_SHIFT];
	unsigned libvirt = sc_host_libvirt(host);

	if (sc_host_qemu(host) < since->qemu || (since->libvirt_end && libvirt >= since->libvirt_end))
		return OUTSIDE;
	if (libvirt >= since->libvirt)
		return INSIDE;
	return since->libvirt_without && libvirt > since->libvirt_without ? PERHAPS : OUTSIDE;
}

static void run(const struct sc_rule_input *in, struct sc_findings *findings)
{
	unsigned content = in->domain ? in->domain->content : SC_OF_HOST;

	for (const struct sc_rule_table *table = sc_rule_tables; table->rules; table++)
		for (const struct sc_rule *rule = table->rules; rule->id; rule++) {
			enum scope scope = rule->needs & content ? scope_of(rule->needs, in->host) : OUTSIDE;

			sc_findings_begin(findings, scope == PERHAPS);
			if (scope != OUTSIDE)
				rule->check(rule, in, findings);
			sc_findings_end(findings);
		}
}

static enum spicecfg_status finish(struct spicecfg_ctx *ctx, struct sc_findings *findings, struct sc_findings **out)
{
	if (sc_findings_failed(findings)) {
		sc_findings_free(findings);
		return sc_fail_memory(ctx);
	}
	*out = findings;
	return SPICECFG_OK;
}

/* With several Spice consoles, or a QEMU that has none, nothing can be set by its own name. */
static void drop_settings(struct sc_findings *findings)
{
	for (size_t i = 0; i < sc_findings_count(findings); i++)
		if (sc_fix_sets_console(sc_findings_get(findings, i)->fix))
			sc_findings_drop_fix(findings, i);
}

/* Drops fixes below error level that add an element of a name of which an error's fix removes one: they wait for it. */
static void defer(struct sc_findings *findings)
{
	bool channel = false, arg = false;

	for (size_t i = 0; i < sc_findings_count(findings); i++) {
		const struct spicecfg_finding *finding = sc_findings_get(findings, i);

		if (finding->cls != SPICECFG_CLASS_START)
			continue;
		channel |= sc_fix_removes(finding->fix, "/domain/devices/channel[");
		arg |= sc_fix_removes(finding->fix, "/domain/qemu:commandline/");
	}
	for (size_t i = 0; i < sc_findings_count(findings) && (channel || arg); i++) {
		const struct spicecfg_finding *finding = sc_findings_get(findings, i);
		bool adds = (channel && sc_fix_has(finding->fix, "--agent", "on")) || (arg && sc_fix_has(finding->fix, "sasl", "set"));

		if (adds && finding->level < SPICECFG_LEVEL_ERROR)
			sc_findings_drop_fix(findings, i);
	}
}

static enum spicecfg_status run_domain(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings **out)
{
	struct sc_findings *findings = sc_findings_new(in->domain);
	struct sc_rule_input full = *in;

	*out = NULL;
	if (!findings || !(full.launch = sc_launch_plan(in->domain, in->host, sc_findings_memory(findings)))) {
		sc_findings_free(findings);
		return sc_fail_memory(ctx);
	}
	sc_findings_set_launch(findings, full.launch);
	run(&full, findings);
	if (in->domain->n_spice > 1 || in->host->qemu.spice == SC_FALSE)
		drop_settings(findings);
	defer(findings);
	if (in->host->assumed)
		sc_findings_assume(findings);
	return finish(ctx, findings, out);
}

/* Runs the rules as if each switch of qemu.conf had the other value. */
static enum spicecfg_status run_switched(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings **out)
{
	struct sc_host other = *in->host;
	struct sc_rule_input input = *in;

	other.conf.spice_tls = !other.conf.spice_tls;
	other.conf.spice_sasl = !other.conf.spice_sasl;
	other.conf.spice_auto_unix_socket = !other.conf.spice_auto_unix_socket;
	other.conf.vnc_tls = !other.conf.vnc_tls;
	other.conf.vnc_sasl = !other.conf.vnc_sasl;
	other.conf.vnc_auto_unix_socket = !other.conf.vnc_auto_unix_socket;
	input.host = &other;
	return run_domain(ctx, &input, out);
}

/* Where the host's qemu.conf can't be read, a refusal that only a stock qemu.conf causes is dropped: conf-type reports it as a doubt. */
static enum spicecfg_status drop_assumed(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings *findings)
{
	struct sc_findings *others;
	enum spicecfg_status status = run_switched(ctx, in, &others);

	if (!status)
		sc_findings_keep_common(findings, others);
	sc_findings_free(others);
	return status;
}

static const struct sc_rule *rule_named(const char *id)
{
	for (const struct sc_rule_table *table = sc_rule_tables; table->rules; table++)
		for (const struct sc_rule *rule = table->rules; rule->id; rule++)
			if (strcmp(rule->id, id) == 0)
				return rule;
	return NULL;
}

/* Where the daemon has read another qemu.conf, a VM starts only if it starts with either. */
static enum spicecfg_status doubt_pending(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings *findings)
{
	struct sc_findings *others;
	enum spicecfg_status status = run_switched(ctx, in, &others);

	if (!status && sc_findings_verdict(findings) != sc_findings_verdict(others))
		sc_doubt(findings, rule_named("conf-pending"), "%s has not read the qemu.conf that is there now", in->host->conf.pending);
	sc_findings_free(others);
	return status;
}

enum spicecfg_status sc_rules_run(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings **out)
{
	enum spicecfg_status status = run_domain(ctx, in, out);

	if (!status && in->host->conf.unread && in->domain->n_graphics)
		status = drop_assumed(ctx, in, *out);
	else if (!status && in->host->conf.pending && in->domain->n_graphics)
		status = doubt_pending(ctx, in, *out);
	return status;
}

enum spicecfg_status sc_rules_run_host(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings **out)
{
	struct sc_findings *findings = sc_findings_new(NULL);

	*out = NULL;
	if (!findings)
		return sc_fail_memory(ctx);
	run(in, findings);
	return finish(ctx, findings, out);
}

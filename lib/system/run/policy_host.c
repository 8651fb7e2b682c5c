/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of a policy about the host: certificates, qemu.conf, PAM, SASL, users. */
#include <spicecfg/pam.h>
#include <spicecfg/pki.h>
#include <spicecfg/sasl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "plan/vm.h"
#include "system/os/names.h"
#include "system/run/policy.h"

const struct sc_ini_entry *sc_policy_host_entry(const struct sc_policy_host *host, const char *key, const char *alias)
{
	const struct sc_policy_section *const sections[] = {host->named, host->common};

	for (size_t i = 0; i < 2; i++) {
		const struct sc_ini_entry *entry = sc_policy_entry(sections[i], key);

		if (!entry && alias)
			entry = sc_policy_entry(sections[i], alias);
		if (entry)
			return entry;
	}
	return NULL;
}

enum spicecfg_status sc_policy_find_host(struct sc_policy_run *run)
{
	const struct sc_policy *policy = &run->policy->text;
	struct spicecfg_ctx *ctx = run->plan->ctx;
	const char *fqdn = NULL, *name = NULL;

	run->host.common = sc_policy_section_of(policy, SC_POLICY_HOST);
	for (size_t i = 0; i < policy->n_sections; i++) {
		const struct sc_policy_section *section = &policy->sections[i];

		if (section->kind != SC_POLICY_HOST || !section->label)
			continue;
		if (!name && !(name = sc_names_host(ctx, run->memory, &fqdn)))
			name = "";
		size_t len = strcspn(name, ".");
		bool is_short = *name && strlen(section->label) == len && strncasecmp(section->label, name, len) == 0;
		if (!is_short && strcasecmp(section->label, name) != 0 && !(fqdn && strcasecmp(section->label, fqdn) == 0))
			continue;
		if (run->host.named)
			return sc_fail_at(ctx, SPICECFG_INPUT, sc_policy_at(policy, section), "Merge the two sections.",
					  "[%s] and [%s] on line %u are about this host", section->name, run->host.named->name,
					  run->host.named->line);
		run->host.named = section;
	}
	const struct sc_ini_entry *sasl = sc_policy_host_entry(&run->host, "sasl", "spice_sasl");
	if (sasl && strcmp(sasl->key, "sasl") == 0)
		run->sasl = sc_policy_host_sasl(sasl->value);
	else if (sasl)
		run->sasl = strcmp(sasl->value, "1") == 0 ? SC_POLICY_SASL_UNSAID : SC_POLICY_SASL_NO;
	return SPICECFG_OK;
}

static enum spicecfg_status plan_pki(struct sc_policy_run *run)
{
	const struct sc_policy *policy = &run->policy->text;
	const struct sc_policy_section *section = sc_policy_section_of(policy, SC_POLICY_PKI);
	const struct sc_ini_entry *dir = sc_policy_host_entry(&run->host, "spice_tls_x509_cert_dir", NULL);
	const char *hosts = sc_policy_text(section, "host"), *ips = sc_policy_text(section, "ip"), *days = sc_policy_text(section, "days");

	if (!section)
		return SPICECFG_OK;
	struct spicecfg_pki_request request = {
	    .size = sizeof(request),
	    .dir = dir && !sc_is_default(dir->value) ? dir->value : NULL,
	    .ca_dir = sc_policy_text(section, "ca-dir"),
	    .key_type = sc_policy_text(section, "key-type"),
	    .name = sc_policy_text(section, "name"),
	};
	enum spicecfg_status status = spicecfg_plan_pki_init(run->plan, &request);
	if (status)
		return sc_fail_place(run->plan->ctx, status, sc_policy_at(policy, section));
	request.name = NULL;
	request.days = days ? atoi(days) : 0;
	request.hosts = hosts ? sc_policy_words(run->memory, hosts) : NULL;
	request.ips = ips ? sc_policy_words(run->memory, ips) : NULL;
	if ((hosts && !request.hosts) || (ips && !request.ips))
		return sc_fail_memory(run->plan->ctx);
	status = spicecfg_plan_pki_issue(run->plan, &request);
	return status ? sc_fail_place(run->plan->ctx, status, sc_policy_at(policy, section)) : SPICECFG_OK;
}

/* Whether SASL is on by qemu.conf as it is. */
static bool sasl_is_on(const struct spicecfg_qemuconf *conf)
{
	const struct spicecfg_qemuconf_setting *row;

	for (size_t i = 0; (row = spicecfg_qemuconf_setting(conf, i)); i++)
		if (strcmp(row->key, "spice_sasl") == 0)
			return strcmp(row->value, "1") == 0;
	return false;
}

/* Adds what a section says, unless the section for this host says it. */
static size_t add_edits(const struct sc_policy_run *run, const struct sc_policy_section *section, struct spicecfg_qemuconf_edit *edits)
{
	size_t n = 0;

	for (size_t i = 0; section && i < section->n_entries; i++) {
		const struct sc_ini_entry *entry = &section->entries[i];
		const char *alias = strcmp(entry->key, "tls") == 0          ? "spice_tls"
				    : strcmp(entry->key, "spice_tls") == 0  ? "tls"
				    : strcmp(entry->key, "spice_sasl") == 0 ? "sasl"
									    : NULL;
		struct sc_policy_key row;

		if (sc_policy_host_entry(&run->host, entry->key, alias) != entry)
			continue;
		if (strcmp(entry->key, "tls") == 0)
			edits[n++] = (struct spicecfg_qemuconf_edit){"spice_tls", strcmp(entry->value, "yes") == 0 ? "1" : "0"};
		else if (sc_policy_key_find(SC_POLICY_HOST, entry->key, &row) && !row.plain)
			edits[n++] = (struct spicecfg_qemuconf_edit){entry->key, entry->value};
	}
	return n;
}

static enum spicecfg_status plan_conf(struct sc_policy_run *run)
{
	const struct sc_policy_host *host = &run->host;
	const struct sc_ini_entry *restart = sc_policy_host_entry(host, "restart-daemon", NULL);
	const struct sc_policy_section *section = host->named ? host->named : host->common;
	struct spicecfg_ctx *ctx = run->plan->ctx;

	if (!section)
		return SPICECFG_OK;
	enum spicecfg_status status = spicecfg_qemuconf_open(ctx, NULL, &run->policy->conf);
	struct spicecfg_qemuconf_edit *edits = sc_arena_alloc(
	    run->memory, ((host->common ? host->common->n_entries : 0) + (host->named ? host->named->n_entries : 0) + 1) * sizeof(*edits));
	if (status || !edits)
		return status ? status : sc_fail_memory(ctx);
	size_t n = add_edits(run, host->common, edits);
	n += add_edits(run, host->named, edits + n);
	const bool on = run->sasl == SC_POLICY_SASL_GLOBAL, said = run->sasl != SC_POLICY_SASL_UNSAID;
	const struct sc_ini_entry *sasl = sc_policy_host_entry(host, "sasl", "spice_sasl");
	if (said && sasl && strcmp(sasl->key, "sasl") == 0 && on != sasl_is_on(run->policy->conf))
		edits[n++] = (struct spicecfg_qemuconf_edit){"spice_sasl", on ? "1" : "0"};
	if (!n)
		return SPICECFG_OK;
	status =
	    spicecfg_plan_qemuconf(run->plan, run->policy->conf, edits, n, !ctx->root && restart && strcmp(restart->value, "yes") == 0);
	return status ? sc_fail_place(ctx, status, sc_policy_at(&run->policy->text, section)) : SPICECFG_OK;
}

enum spicecfg_status sc_policy_pam_allow(const struct sc_policy_run *run, const char *const **out)
{
	const struct sc_policy_section *section = sc_policy_section_of(&run->policy->text, SC_POLICY_PAM);
	const char *allow = sc_policy_text(section, "allow");

	*out = allow ? sc_policy_words(run->memory, allow) : NULL;
	return allow && !*out ? sc_fail_memory(run->plan->ctx) : SPICECFG_OK;
}

static enum spicecfg_status plan_pam(struct sc_policy_run *run)
{
	const struct sc_policy_section *section = sc_policy_section_of(&run->policy->text, SC_POLICY_PAM);
	struct spicecfg_pam_request request = {.size = sizeof(request), .service = sc_policy_text(section, "service")};

	if (!section)
		return SPICECFG_OK;
	enum spicecfg_status status = sc_policy_pam_allow(run, &request.allow);
	if (!status)
		status = spicecfg_plan_pam_install(run->plan, NULL, &request);
	return status ? sc_fail_place(run->plan->ctx, status, sc_policy_at(&run->policy->text, section)) : SPICECFG_OK;
}

static enum spicecfg_status plan_sasl(struct sc_policy_run *run)
{
	const struct sc_policy_section *section = sc_policy_section_of(&run->policy->text, SC_POLICY_SASL);
	const struct spicecfg_sasl_request request = {.size = sizeof(request),
						      .backend = sc_policy_text(section, "backend"),
						      .mechanisms = sc_policy_text(section, "mech"),
						      .sasldb = sc_policy_text(section, "sasldb")};

	if (run->sasl != SC_POLICY_SASL_GLOBAL)
		return SPICECFG_OK;
	enum spicecfg_status status = spicecfg_plan_sasl_set(run->plan, NULL, &request);
	const struct sc_policy_section *place = section ? section : run->host.named ? run->host.named : run->host.common;
	return status ? sc_fail_place(run->plan->ctx, status, sc_policy_at(&run->policy->text, place)) : SPICECFG_OK;
}

enum spicecfg_status sc_policy_plan_host(struct sc_policy_run *run)
{
	enum spicecfg_status status = sc_policy_find_host(run);

	if (!status)
		status = plan_pki(run);
	if (!status)
		status = plan_conf(run);
	if (!status)
		status = plan_pam(run);
	return status ? status : plan_sasl(run);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* export: the sections of the host. */
#include <spicecfg/pki.h>
#include <spicecfg/sasl.h>
#include <string.h>

#include "plan/pam.h"
#include "system/os/found.h"
#include "system/run/export.h"

#define SERVICE "/etc/pam.d/spice"

static const char *join(struct sc_export *export, const char *const *words)
{
	SC_BUF text = SC_BUF_INIT;

	for (size_t i = 0; words && words[i]; i++)
		sc_buf_addf(&text, "%s%s", i ? " " : "", words[i]);
	const char *own = text.len ? sc_arena_strdup(export->memory, sc_buf_text(&text)) : NULL;
	export->failed |= text.failed || (text.len && !own);
	return own;
}

/* qemu.conf: each key that is set, and what a policy says about SASL. */
static enum spicecfg_status put_conf(struct sc_export *export, bool *sasl)
{
	struct sc_export_section *section = &export->host[SC_EXPORT_HOST];
	struct spicecfg_qemuconf *conf;
	const struct spicecfg_qemuconf_setting *row;
	struct sc_policy_key key;
	unsigned group = 1;
	enum spicecfg_status status = spicecfg_qemuconf_open(export->ctx, NULL, &conf);

	*sasl = false;
	for (size_t i = 0; !status && (row = spicecfg_qemuconf_setting(conf, i)); i++) {
		if (!row->set || row->problem)
			continue;
		if (strcmp(row->key, "spice_sasl") == 0) {
			*sasl = strcmp(row->value, "1") == 0;
			sc_export_put(export, section, group++, "sasl", *sasl ? "global" : "no");
		} else if (sc_policy_key_find(SC_POLICY_HOST, row->key, &key) && !key.plain) {
			sc_export_put(export, section, group++, key.key, row->value);
		}
	}
	spicecfg_qemuconf_free(conf);
	return status;
}

/* Certificates of the host's own CA alone; others are imported, which no policy does. */
static enum spicecfg_status put_pki(struct sc_export *export)
{
	const struct spicecfg_pki_request request = {.size = sizeof(request)};
	struct sc_export_section *section = &export->host[SC_EXPORT_PKI];
	struct spicecfg_pki *pki;

	if (spicecfg_pki_read(export->ctx, &request, &pki))
		return sc_export_left_out(export, "certificates are");
	const struct spicecfg_pki_view *view = spicecfg_pki_view(pki);
	if (view->own_ca && view->n_chain) {
		sc_export_put(export, section, 1, "host", join(export, view->chain[0].dns));
		sc_export_put(export, section, 1, "ip", join(export, view->chain[0].ip));
		if (view->key)
			sc_export_put(export, section, 1, "key-type", strncmp(view->key, "RSA", 3) == 0 ? "rsa" : "ec");
	}
	spicecfg_pki_free(pki);
	return SPICECFG_OK;
}

static enum spicecfg_status put_sasl(struct sc_export *export)
{
	struct sc_export_section *section = &export->host[SC_EXPORT_SASL];
	struct spicecfg_sasl_state *state;

	if (spicecfg_sasl_show(export->ctx, NULL, &state))
		return sc_export_left_out(export, "SASL settings are");
	sc_export_put(export, section, 1, "backend", state->backend);
	sc_export_put(export, section, 1, "mech", state->mech_list);
	if (state->backend && strcmp(state->backend, "sasldb") == 0)
		sc_export_put(export, section, 1, "sasldb", state->database);
	spicecfg_sasl_state_free(state);
	return SPICECFG_OK;
}

static enum spicecfg_status put_pam(struct sc_export *export)
{
	struct sc_export_section *section = &export->host[SC_EXPORT_PAM];
	struct sc_found found;
	SC_PAM *pam = NULL;
	const char *const *allow = NULL;
	enum spicecfg_status status = sc_found_read(export->ctx, export->memory, SERVICE, &found);

	if (status || !found.data)
		return status;
	status = sc_pam_parse(export->ctx, SERVICE, found.data, found.len, &pam);
	if (!status)
		status = sc_pam_listed(export->ctx, pam, export->memory, &allow);
	if (status)
		return status;
	sc_export_put(export, section, 1, "service", "spice");
	sc_export_put(export, section, 1, "allow", join(export, allow));
	return SPICECFG_OK;
}

/* Where SASL is on by other files than a policy makes, the switch alone is exported. */
static enum spicecfg_status choose_switch(struct sc_export *export)
{
	struct sc_export_section *section = &export->host[SC_EXPORT_HOST];
	enum spicecfg_status status = SPICECFG_OK;
	bool same;

	for (size_t i = 0; i < section->n && !status; i++) {
		struct sc_policy_line *line = &section->lines[i];

		if (!line->omitted || strcmp(line->key, "sasl") != 0)
			continue;
		*line = (struct sc_policy_line){"spice_sasl", strcmp(line->value, "no") == 0 ? "0" : "1", line->group, false};
		status = sc_export_choose(export, section, NULL, &same);
	}
	return status;
}

/* Each section in turn: what it says is tried with those before it. */
static enum spicecfg_status choose(struct sc_export *export)
{
	struct sc_export_section all[SC_EXPORT_PARTS];
	enum spicecfg_status status = SPICECFG_OK;
	bool same;

	memcpy(all, export->host, sizeof(all));
	memset(export->host, 0, sizeof(export->host));
	for (size_t i = 0; i < SC_EXPORT_PARTS && !status; i++) {
		export->host[i] = all[i];
		if (all[i].n)
			status = sc_export_choose(export, &export->host[i], NULL, &same);
		if (i == SC_EXPORT_HOST && !status)
			status = choose_switch(export);
	}
	for (size_t i = 0; i < SC_EXPORT_PARTS && !status; i++)
		if (export->host[i].n)
			sc_policy_write(&export->out, export->host[i].name, export->host[i].lines, export->host[i].n, true);
	return status;
}

/* Users of the host's database, where the policy says that it has one. */
static bool has_users(const struct sc_export *export)
{
	const struct sc_export_section *host = &export->host[SC_EXPORT_HOST], *sasl = &export->host[SC_EXPORT_SASL];
	bool global = false, sasldb = false;

	for (size_t i = 0; i < host->n; i++)
		global |= !host->lines[i].omitted && strcmp(host->lines[i].key, "sasl") == 0 && strcmp(host->lines[i].value, "global") == 0;
	for (size_t i = 0; i < sasl->n; i++)
		sasldb |= !sasl->lines[i].omitted && strcmp(sasl->lines[i].value, "sasldb") == 0;
	return global && sasldb;
}

enum spicecfg_status sc_export_host(struct sc_export *export)
{
	static const char *const names[SC_EXPORT_PARTS] = {"host", "pki", "sasl", "pam"};
	bool sasl;
	enum spicecfg_status status = put_conf(export, &sasl);

	if (!status)
		status = put_pki(export);
	if (!status && sasl)
		status = put_sasl(export);
	if (!status)
		status = put_pam(export);
	for (size_t i = 0; i < SC_EXPORT_PARTS; i++)
		export->host[i].name = names[i];
	if (!status && export->failed)
		status = sc_fail_memory(export->ctx);
	if (!status)
		status = choose(export);
	return !status && has_users(export) ? sc_export_users(export, NULL) : status;
}

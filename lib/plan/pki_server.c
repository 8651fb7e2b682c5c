/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The three files of the server, and the check of their new contents. */
#include <string.h>

#include "plan/pki.h"

#define SC_FACTS __attribute__((cleanup(sc_pki_facts_freep))) struct sc_pki_facts

/* A setter never installs a certificate that QEMU can't use or that clients refuse. */
static enum spicecfg_status keep(void *opaque, const struct spicecfg_finding *finding)
{
	return sc_plan_find(opaque, finding, finding->level == SPICECFG_LEVEL_ERROR);
}

static enum spicecfg_status judge(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, const struct sc_pki_facts *facts)
{
	const struct spicecfg_pki_request *request = in->request;
	/* the plan sets owners and modes: every file will exist and be readable */
	SC_FACTS *own = sc_pki_try(in, sc_pki_file_bytes(&in->own_ca_cert), (struct sc_pki_bytes){0}, (struct sc_pki_bytes){0});
	const struct sc_pki_check what = {
	    .dir = in->dir.path,
	    .facts = facts,
	    .ca_cert = {.path = in->ca_cert.path, .exists = true, .qemu_reads = true},
	    .server_cert = {.path = in->cert.path, .exists = true, .qemu_reads = true},
	    .server_key = {.path = in->key.path, .exists = true, .qemu_reads = true},
	    .hosts = request->hosts && request->hosts[0] ? request->hosts : in->host_names,
	    .hosts_asked = request->hosts && request->hosts[0],
	    .foreign = facts->n_chain && sc_pki_is_foreign(facts->chain, own && own->n_ca ? own->ca : NULL),
	    .now = in->now,
	};

	enum spicecfg_status status = sc_plan_judge(plan, "certificate", in->dir.path);
	return status ? status : sc_pki_judge(plan->ctx, &what, plan->memory, keep, plan);
}

static enum spicecfg_status add_notes(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, const struct sc_pki_bytes *ca)
{
	struct sc_pki_bytes old = sc_pki_file_bytes(&in->ca_cert);
	enum spicecfg_status status = SPICECFG_OK;

	if (!plan->touched)
		return SPICECFG_OK;
	if (in->running)
		status = sc_plan_note(plan, "running VMs keep the old certificate until they are powered off and started again: %s",
				      in->running);
	if (!status && (!old.data || old.len != ca->len || memcmp(old.data, ca->data, ca->len) != 0))
		status = sc_plan_note(plan, "clients have to trust the CA: `spicecfg pki export-ca`");
	const char *taken = in->fallback ? in->fallback : in->configured;
	if (!status && strcmp(in->dir.path, in->configured) != 0 && strcmp(in->dir.path, taken) != 0)
		status = sc_plan_note(plan, "QEMU looks in %s: `spicecfg host set spice_tls_x509_cert_dir=%s`", taken, in->dir.path);
	if (!status && in->apparmor && strncmp(in->dir.path, "/etc/pki/", 9) != 0)
		status = sc_plan_note(
		    plan, "AppArmor's stock rules let QEMU read certificates only below /etc/pki: see templates/apparmor.local");
	if (!status && strcmp(in->dir.path, in->configured) == 0 && !in->dir.exists)
		status = sc_plan_note(plan, "libvirt looks for %s when its daemon starts: restart it", in->dir.path);
	return status;
}

enum spicecfg_status sc_pki_add_server(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, struct sc_pki_bytes ca,
				       struct sc_pki_bytes cert, struct sc_pki_bytes key)
{
	const unsigned effects = SPICECFG_EFFECT_NEXT_START | (in->dir.exists ? 0 : SPICECFG_EFFECT_DAEMON_RESTART);
	__attribute__((cleanup(sc_pki_facts_freep))) struct sc_pki_facts *facts = NULL;
	struct sc_pki_facts *old = sc_pki_try(in, sc_pki_file_bytes(&in->ca_cert), sc_pki_file_bytes(&in->cert), (struct sc_pki_bytes){0});
	enum spicecfg_status status = in->ops->inspect(plan->ctx, &ca, &cert, &key, &facts);

	if (!status)
		status = judge(plan, in, facts);
	if (!status)
		status = sc_pki_add_dir(plan, &in->dir, 0, in->qemu_gid, 0750);
	if (status) {
		sc_pki_facts_free(old);
		return status;
	}
	const struct sc_pki_put puts[] = {
	    {&in->ca_cert, ca.data, ca.len, in->qemu_gid, 0644, false, sc_pki_describe(plan, old && old->n_ca ? old->ca : NULL),
	     sc_pki_describe(plan, facts->ca), effects},
	    {&in->cert, cert.data, cert.len, in->qemu_gid, 0644, false, sc_pki_describe(plan, old && old->n_chain ? old->chain : NULL),
	     sc_pki_describe(plan, facts->chain), effects},
	    {&in->key, key.data, key.len, in->qemu_gid, 0640, true, "another private key",
	     sc_arena_printf(plan->memory, "private key (%s)", facts->key ? facts->key : "?"), effects},
	};
	sc_pki_facts_free(old);
	for (size_t i = 0; i < sizeof(puts) / sizeof(puts[0]) && !status; i++)
		status = sc_pki_add_file(plan, &puts[i]);
	return status ? status : add_notes(plan, in, &ca);
}

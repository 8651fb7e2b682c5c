/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public calls: read, then plan or check. */
#include "system/pki/pki.h"
#include "system/load/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "system/os/file.h"
#include "system/os/modules.h"

typedef enum spicecfg_status (*plan_fn)(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in);

static enum spicecfg_status fill_plan(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request, unsigned need, plan_fn fill)
{
	SC_PKI_SNAPSHOT in = {0};
	struct spicecfg_pki_request own;
	enum spicecfg_status status = sc_plan_enter(plan);

	if (status)
		return status;
	status = sc_ctx_take(plan->ctx, &own, sizeof(own), request);
	if (!status && need & SC_PKI_NEED_IMPORT && !own.cert_file)
		status = sc_fail(plan->ctx, SPICECFG_USAGE, "Give it with --cert FILE.", "no certificate to import is given");
	if (!status)
		status = sc_pki_snapshot_read(plan->ctx, &own, need, &in);
	return sc_plan_leave(plan, status ? status : fill(plan, &in));
}

enum spicecfg_status spicecfg_plan_pki_init(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request)
{
	return fill_plan(plan, request, SC_PKI_NEED_CA_KEY, sc_plan_pki_init);
}

enum spicecfg_status spicecfg_plan_pki_issue(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request)
{
	return fill_plan(plan, request, SC_PKI_NEED_CA_KEY | SC_PKI_NEED_QEMU, sc_plan_pki_issue);
}

enum spicecfg_status spicecfg_plan_pki_renew(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request)
{
	return fill_plan(plan, request, SC_PKI_NEED_CA_KEY | SC_PKI_NEED_QEMU, sc_plan_pki_renew);
}

enum spicecfg_status spicecfg_plan_pki_csr(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request)
{
	return fill_plan(plan, request, SC_PKI_NEED_PENDING | SC_PKI_NEED_QEMU, sc_plan_pki_csr);
}

enum spicecfg_status spicecfg_plan_pki_import(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request)
{
	return fill_plan(plan, request, SC_PKI_NEED_PENDING | SC_PKI_NEED_IMPORT | SC_PKI_NEED_QEMU, sc_plan_pki_import);
}

struct spicecfg_pki {
	struct spicecfg_ctx *ctx;
	struct spicecfg_pki_request request;
	struct sc_pki_snapshot in;
	struct sc_pki_facts *facts, *own;
	struct spicecfg_pki_view view;
	struct spicecfg_finding *findings;
	size_t n_findings;
};

static enum spicecfg_status inspect(struct spicecfg_pki *pki)
{
	struct sc_pki_bytes ca = sc_pki_file_bytes(&pki->in.ca_cert), cert = sc_pki_file_bytes(&pki->in.cert);
	struct sc_pki_bytes key = sc_pki_file_bytes(&pki->in.key), own = sc_pki_file_bytes(&pki->in.own_ca_cert), none = {0};
	enum spicecfg_status status = pki->in.ops->inspect(pki->ctx, &ca, &cert, &key, &pki->facts);

	return status ? status : pki->in.ops->inspect(pki->ctx, &own, &none, &none, &pki->own);
}

enum spicecfg_status spicecfg_pki_read(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request, struct spicecfg_pki **out)
{
	sc_ctx_enter(ctx);
	return sc_pki_open(ctx, request, out);
}

enum spicecfg_status sc_pki_open(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request, struct spicecfg_pki **out)
{
	struct spicecfg_pki *pki = calloc(1, sizeof(*pki));

	*out = NULL;
	if (!pki)
		return sc_fail_memory(ctx);
	pki->ctx = ctx;
	enum spicecfg_status status = sc_ctx_take(ctx, &pki->request, sizeof(pki->request), request);
	if (!status)
		status = sc_pki_snapshot_read(ctx, &pki->request, 0, &pki->in);
	if (!status)
		status = inspect(pki);
	if (status) {
		spicecfg_pki_free(pki);
		return status;
	}
	const struct sc_pki_facts *facts = pki->facts;
	pki->view = (struct spicecfg_pki_view){
	    .dir = pki->in.dir.path,
	    .ca_dir = pki->in.ca_dir.path,
	    .own_ca = pki->own->n_ca ? pki->own->ca : NULL,
	    .ca = facts->ca,
	    .n_ca = facts->n_ca,
	    .chain = facts->chain,
	    .n_chain = facts->n_chain,
	    .key = facts->key,
	    .key_matches = facts->key_matches,
	    .chain_error = facts->chain_error,
	    .now = pki->in.now,
	};
	*out = pki;
	return SPICECFG_OK;
}

void spicecfg_pki_free(struct spicecfg_pki *pki)
{
	if (!pki)
		return;
	sc_pki_facts_free(pki->facts);
	sc_pki_facts_free(pki->own);
	sc_pki_snapshot_free(&pki->in);
	free(pki->findings);
	free(pki);
}

const struct spicecfg_pki_view *spicecfg_pki_view(const struct spicecfg_pki *pki)
{
	return &pki->view;
}

static enum spicecfg_status keep(void *opaque, const struct spicecfg_finding *finding)
{
	struct spicecfg_pki *pki = opaque;
	struct spicecfg_finding *grown = sc_grow(pki->findings, pki->n_findings, sizeof(*grown));

	if (!grown)
		return SPICECFG_SYSTEM;
	pki->findings = grown;
	grown[pki->n_findings++] = *finding;
	return SPICECFG_OK;
}

enum spicecfg_status spicecfg_pki_check(struct spicecfg_pki *pki)
{
	sc_ctx_enter(pki->ctx);
	return sc_pki_inspect(pki);
}

enum spicecfg_status sc_pki_inspect(struct spicecfg_pki *pki)
{
	struct sc_pki_snapshot *in = &pki->in;
	const struct spicecfg_pki_request *request = &pki->request;
	struct sc_pki_check check = {
	    .dir = in->dir.path,
	    .facts = pki->facts,
	    .qemu_user = in->qemu_user,
	    .qemu_group = in->qemu_group,
	    .hosts = request->hosts && request->hosts[0] ? request->hosts : in->host_names,
	    .hosts_asked = request->hosts && request->hosts[0],
	    .foreign = pki->facts->n_chain && sc_pki_is_foreign(pki->facts->chain, pki->view.own_ca),
	    .now = in->now,
	};
	const char *ca_key = sc_arena_printf(in->memory, "%s/%s", in->ca_dir.path, SC_PKI_CA_KEY);
	const char *stray = sc_arena_printf(in->memory, "%s/%s", in->dir.path, SC_PKI_CA_KEY);

	if (!ca_key || !stray)
		return sc_fail_memory(pki->ctx);
	const struct {
		const char *path;
		struct sc_pki_place *place;
	} looks[] = {{in->ca_cert.path, &check.ca_cert},
		     {in->cert.path, &check.server_cert},
		     {in->key.path, &check.server_key},
		     {ca_key, &check.ca_key}};
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		enum spicecfg_status status = sc_pki_place_look(pki->ctx, looks[i].path, in, looks[i].place);
		if (status)
			return status;
	}
	check.ca_key_in_dir = sc_file_exists(pki->ctx, stray);
	pki->n_findings = 0;
	enum spicecfg_status status = sc_pki_judge(pki->ctx, &check, in->memory, keep, pki);
	for (size_t i = 0; i < pki->n_findings && !status; i++) {
		if (pki->findings[i].level == SPICECFG_LEVEL_ERROR)
			return SPICECFG_FINDINGS;
	}
	return status;
}

const struct spicecfg_finding *spicecfg_pki_finding(const struct spicecfg_pki *pki, size_t index)
{
	return index < pki->n_findings ? &pki->findings[index] : NULL;
}

enum spicecfg_status sc_pki_ca_text(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request, char **pem)
{
	SC_PKI_SNAPSHOT in = {0};
	SC_BUF out = SC_BUF_INIT;
	struct spicecfg_pki_request own;

	*pem = NULL;
	enum spicecfg_status status = sc_ctx_take(ctx, &own, sizeof(own), request);
	if (!status)
		status = sc_pki_snapshot_read(ctx, &own, 0, &in);
	if (status)
		return status;
	const struct sc_pki_file *file = in.ca_cert.exists ? &in.ca_cert : &in.own_ca_cert;
	struct sc_pki_bytes bytes = sc_pki_file_bytes(file);
	if (!bytes.data)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){in.ca_cert.path, 0, 0},
				  "Create one: `spicecfg pki init`, then `spicecfg pki issue`", "there is no CA certificate to export");
	status = in.ops->certificates(ctx, &bytes, &out);
	if (!status && !(*pem = sc_buf_steal(&out, NULL)))
		status = sc_fail_memory(ctx);
	return status;
}

enum spicecfg_status spicecfg_pki_export_ca(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request, char **pem)
{
	sc_ctx_enter(ctx);
	return sc_pki_ca_text(ctx, request, pem);
}

static enum spicecfg_status fill_export(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request, const char *file)
{
	struct sc_pki_file target = {0};
	char *pem = NULL;
	enum spicecfg_status status = sc_pki_ca_text(plan->ctx, request, &pem);

	if (!status)
		status = sc_pki_output_read(plan->ctx, file, &target);
	if (!status) {
		const struct sc_pki_put put = {.file = &target,
					       .new = pem,
					       .new_len = strlen(pem),
					       .from = "something else",
					       .to = "CA certificate",
					       .effects = SPICECFG_EFFECT_NOW};

		status = sc_pki_add_file(plan, &put);
	}
	sc_buf_free(&target.bytes);
	free(pem);
	return status;
}

enum spicecfg_status spicecfg_plan_pki_export(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request, const char *file)
{
	enum spicecfg_status status = sc_plan_enter(plan);

	return status ? status : sc_plan_leave(plan, fill_export(plan, request, file));
}

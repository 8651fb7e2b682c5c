/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in a folder of certificates, for the facts of the host: as far as this process may read it. */
#include "system/clock.h"
#include "system/modules.h"
#include "system/names.h"
#include "system/pki.h"

#define SC_FACTS __attribute__((cleanup(sc_pki_facts_freep))) struct sc_pki_facts

static const struct sc_pki_bytes nothing = {"", NULL, 0};

struct files {
	struct sc_pki_file ca, cert, key;
};

static void read_files(struct spicecfg_ctx *ctx, const char *dir, struct sc_arena *memory, struct files *files)
{
	const struct {
		const char *name;
		struct sc_pki_file *file;
	} rows[] = {{SC_PKI_CA_CERT, &files->ca}, {SC_PKI_SERVER_CERT, &files->cert}, {SC_PKI_SERVER_KEY, &files->key}};

	/* what can't be read is left unknown: no error here */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (sc_pki_file_read(ctx, sc_arena_printf(memory, "%s/%s", dir, rows[i].name), false, true, rows[i].file))
			spicecfg_ctx_clear_error(ctx);
	}
}

/* A file that can be read but holds no certificate. */
static void judge_cert(struct spicecfg_ctx *ctx, const struct sc_pki_ops *ops, const struct sc_pki_file *file, enum sc_cert_state *state,
		       struct sc_pki_facts **facts)
{
	struct sc_pki_bytes bytes = sc_pki_file_bytes(file);

	*facts = NULL;
	if (!bytes.data || !ops->inspect(ctx, &nothing, &bytes, &nothing, facts))
		return;
	spicecfg_ctx_clear_error(ctx);
	if (*state == SC_CERT_OK)
		*state = SC_CERT_INVALID;
}

static void judge_key(struct spicecfg_ctx *ctx, const struct sc_pki_ops *ops, const struct files *files, struct sc_cert_fact *fact)
{
	struct sc_pki_bytes cert = sc_pki_file_bytes(&files->cert), key = sc_pki_file_bytes(&files->key);
	SC_FACTS *facts = NULL;

	if (!key.data || fact->key != SC_CERT_OK)
		return;
	if (ops->inspect(ctx, &nothing, &cert, &key, &facts)) {
		spicecfg_ctx_clear_error(ctx);
		fact->key = SC_CERT_INVALID;
	} else if (facts->key_encrypted) {
		fact->key = SC_CERT_ENCRYPTED;
	} else if (!facts->key_matches) {
		fact->key = SC_CERT_MISMATCH;
	}
}

static enum sc_known names_host(const struct spicecfg_ctx *ctx, struct sc_arena *memory, const struct spicecfg_cert *cert)
{
	const char *fqdn = NULL, *name = sc_names_host(ctx, memory, &fqdn);

	if (!name && !fqdn)
		return SC_UNKNOWN;
	return (name && sc_pki_name_matches(cert, name)) || (fqdn && sc_pki_name_matches(cert, fqdn)) ? SC_TRUE : SC_FALSE;
}

void sc_pki_tell(const struct spicecfg_ctx *ctx, struct sc_arena *memory, struct sc_cert_fact *fact)
{
	struct spicecfg_ctx *scratch = spicecfg_ctx_new();
	const struct sc_pki_ops *ops = NULL;
	struct files files = {0};
	SC_FACTS *ca = NULL;
	SC_FACTS *cert = NULL;

	if (!scratch || spicecfg_ctx_set_root(scratch, ctx->root) || !(ops = sc_module(scratch, "pki"))) {
		spicecfg_ctx_free(scratch);
		return;
	}
	read_files(scratch, fact->dir, memory, &files);
	judge_cert(scratch, ops, &files.ca, &fact->ca, &ca);
	judge_cert(scratch, ops, &files.cert, &fact->cert, &cert);
	if (cert) {
		judge_key(scratch, ops, &files, fact);
		fact->expired = cert->chain[0].not_after < sc_clock_now(ctx) ? SC_TRUE : SC_FALSE;
		fact->names_host = names_host(ctx, memory, &cert->chain[0]);
	}
	sc_buf_free(&files.ca.bytes);
	sc_buf_free(&files.cert.bytes);
	sc_buf_free(&files.key.bytes);
	spicecfg_ctx_free(scratch);
}

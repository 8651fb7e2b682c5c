/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The facts about a directory of certificates, as far as this process may read it. */
#include "system/facts/certs.h"

#include <limits.h>
#include <string.h>

#include "system/facts/saslauthd.h"
#include "system/os/clock.h"
#include "system/os/look.h"
#include "system/os/modules.h"
#include "system/os/names.h"

#define SC_FACTS __attribute__((cleanup(sc_pki_facts_freep))) struct sc_pki_facts

static const struct sc_pki_bytes nothing = {"", NULL, 0};

struct files {
	struct sc_pki_file ca, cert, key;
};

/* Nothing is known about files that QEMU's account may read but this process can't. */
static void forget(enum sc_cert_state *state)
{
	if (*state == SC_CERT_OK)
		*state = SC_CERT_UNKNOWN;
}

static void read_files(struct spicecfg_ctx *ctx, struct sc_arena *memory, struct files *files, struct sc_cert_fact *fact)
{
	const struct {
		const char *name;
		struct sc_pki_file *file;
		enum sc_cert_state *state;
	} rows[] = {{SC_PKI_CA_CERT, &files->ca, &fact->ca},
		    {SC_PKI_SERVER_CERT, &files->cert, &fact->cert},
		    {SC_PKI_SERVER_KEY, &files->key, &fact->key}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *path = sc_arena_printf(memory, "%s/%s", fact->dir, rows[i].name);

		if (!sc_pki_file_read(ctx, path, false, true, rows[i].file))
			continue;
		sc_look_error(ctx, path);
		forget(rows[i].state);
	}
}

/* A file that can be read but contains no certificate. */
static void judge_cert(struct spicecfg_ctx *ctx, const struct sc_pki_ops *ops, const struct sc_pki_file *file, enum sc_cert_state *state,
		       struct sc_pki_facts **facts)
{
	struct sc_pki_bytes bytes = sc_pki_file_bytes(file);

	*facts = NULL;
	if (!bytes.data || !ops->inspect(ctx, &nothing, &bytes, &nothing, facts))
		return;
	sc_let_go(ctx);
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
		sc_let_go(ctx);
		fact->key = SC_CERT_INVALID;
	} else if (facts->key_encrypted) {
		fact->key = SC_CERT_ENCRYPTED;
	} else if (!facts->key_matches) {
		fact->key = SC_CERT_MISMATCH;
	}
}

enum { BITS_LEVEL_2 = 112 /* SSL_CTX_set_security_level(3) */ };

/* The strength of the weakest key or signature that OpenSSL examines when QEMU loads the chain; a root's own signature is not. */
static int strength_of(const struct sc_pki_facts *facts)
{
	int least = INT_MAX;

	for (size_t i = 0; i < facts->n_chain; i++) {
		const struct spicecfg_cert *cert = &facts->chain[i];
		int hash = cert->self_signed || !cert->signature_bits ? INT_MAX : cert->signature_bits;

		least = cert->key_bits < least ? cert->key_bits : least;
		least = hash < least ? hash : least;
	}
	return least;
}

/* Whether the file, if the host has it, sets another level than 2. */
static bool sets_level(const struct spicecfg_ctx *ctx, const char *path)
{
	static const char word[] = "SECLEVEL=";
	SC_BUF text = SC_BUF_INIT;

	if (sc_look_read(ctx, path, 1 << 20, &text) != SC_LOOK_OK)
		return false;
	for (const char *at = strstr(sc_buf_text(&text), word); at; at = strstr(at + 1, word))
		if (at[sizeof(word) - 1] != '2')
			return true;
	return false;
}

/* Level 2 is what Debian and Fedora and their relatives build in or configure; elsewhere the level is not known. */
static void judge_strength(const struct spicecfg_ctx *ctx, const struct sc_pki_facts *cert, struct sc_cert_fact *fact)
{
	int bits = strength_of(cert);

	if (fact->cert != SC_CERT_OK || bits >= BITS_LEVEL_2)
		return;
	if (sc_host_family(ctx) == SC_DISTRO_SUSE || sets_level(ctx, "/etc/ssl/openssl.cnf") ||
	    sets_level(ctx, "/etc/crypto-policies/back-ends/opensslcnf.config"))
		forget(&fact->cert);
	else
		fact->cert = SC_CERT_WEAK;
}

static enum sc_known names_host(const struct spicecfg_ctx *ctx, struct sc_arena *memory, const struct spicecfg_cert *cert, const char **own)
{
	const char *fqdn = NULL, *name = sc_names_host(ctx, memory, &fqdn);

	*own = fqdn ? fqdn : name;
	if (!name && !fqdn)
		return SC_UNKNOWN;
	return (name && sc_pki_name_matches(cert, name)) || (fqdn && sc_pki_name_matches(cert, fqdn)) ? SC_TRUE : SC_FALSE;
}

static enum sc_known is_foreign(struct spicecfg_ctx *ctx, const struct sc_pki_ops *ops, struct sc_arena *memory,
				const struct spicecfg_cert *cert)
{
	const char *path = sc_arena_printf(memory, "%s/%s", SC_PKI_CA_DIR, SC_PKI_CA_CERT);
	enum sc_cert_state state = SC_CERT_UNKNOWN;
	struct sc_pki_file file = {0};
	SC_FACTS *own = NULL;

	if (!path || sc_pki_file_read(ctx, path, false, true, &file)) {
		/* only root can read the CA's directory */
		sc_let_go(ctx);
		return SC_UNKNOWN;
	}
	judge_cert(ctx, ops, &file, &state, &own);
	sc_buf_free(&file.bytes);
	if (file.exists && (!own || !own->n_chain))
		return SC_UNKNOWN;
	return sc_pki_is_foreign(cert, own && own->n_chain ? own->chain : NULL) ? SC_TRUE : SC_FALSE;
}

/* Copies what a certificate is for; names stay unknown when memory runs out. */
static void keep_names(struct sc_arena *memory, const struct spicecfg_cert *cert, struct sc_cert_fact *fact)
{
	const char *const *const lists[] = {cert->dns, cert->ip};
	size_t count = 0;

	for (size_t i = 0; i < 2; i++)
		for (const char *const *name = lists[i]; *name; name++)
			count++;
	const char **names = sc_arena_alloc(memory, (count + 1) * sizeof(*names));
	for (size_t i = 0; names && i < 2; i++)
		for (const char *const *name = lists[i]; *name; name++)
			names[fact->n_names++] = sc_arena_strdup(memory, *name);
	for (size_t i = 0; i < fact->n_names; i++)
		if (!names[i])
			names = NULL, fact->n_names = 0;
	fact->names = names;
}

void sc_pki_tell(struct spicecfg_ctx *ctx, struct sc_arena *memory, struct sc_cert_fact *fact)
{
	const struct sc_pki_ops *ops = sc_module(ctx, "pki");
	struct files files = {0};
	SC_FACTS *ca = NULL;
	SC_FACTS *cert = NULL;

	if (!ops) {
		sc_look_error(ctx, fact->dir);
		forget(&fact->ca);
		forget(&fact->cert);
		forget(&fact->key);
		return;
	}
	read_files(ctx, memory, &files, fact);
	judge_cert(ctx, ops, &files.ca, &fact->ca, &ca);
	judge_cert(ctx, ops, &files.cert, &fact->cert, &cert);
	if (cert) {
		judge_key(ctx, ops, &files, fact);
		judge_strength(ctx, cert, fact);
		fact->expired = cert->chain[0].not_after < sc_clock_now(ctx) ? SC_TRUE : SC_FALSE;
		fact->names_host = names_host(ctx, memory, &cert->chain[0], &fact->host_name);
		fact->foreign = is_foreign(ctx, ops, memory, &cert->chain[0]);
		keep_names(memory, &cert->chain[0], fact);
	}
	sc_buf_free(&files.ca.bytes);
	sc_buf_free(&files.cert.bytes);
	sc_buf_free(&files.key.bytes);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Another CA: a request to it, and the import of its answer. */
#include <string.h>

#include "plan/pki.h"

#define SC_FACTS __attribute__((cleanup(sc_pki_facts_freep))) struct sc_pki_facts

static struct sc_pki_bytes made(const char *name, const struct sc_buf *buf)
{
	return (struct sc_pki_bytes){name, sc_buf_text(buf), buf->len};
}

enum spicecfg_status sc_plan_pki_csr(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in)
{
	struct sc_pki_bytes old_key = sc_pki_file_bytes(&in->pending_key), old_csr = sc_pki_file_bytes(&in->csr);
	struct sc_pki_subject subject = {0};
	enum sc_pki_key_type type;
	SC_BUF key = SC_BUF_INIT;
	SC_BUF csr = SC_BUF_INIT;
	enum spicecfg_status status = sc_pki_subject_fill(plan, in, in->host_names, NULL, &subject);

	if (!status)
		status = sc_pki_key_type(plan, in, &type);
	if (!status && old_key.data && old_csr.data && in->ops->csr_fits(&old_csr, &subject, &old_key))
		return sc_plan_note(plan, "the request is already in %s", in->csr.path);
	if (!status)
		status = in->ops->make_key(plan->ctx, type, &key);
	struct sc_pki_bytes pair = made(in->pending_key.path, &key);
	if (!status)
		status = in->ops->csr(plan->ctx, &subject, &pair, &csr);
	if (!status)
		status = sc_pki_add_dir(plan, &in->dir, 0, in->qemu_gid, 0750);
	bool request = old_csr.data && strstr(old_csr.data, "-----BEGIN CERTIFICATE REQUEST-----");
	const struct sc_pki_put puts[] = {
	    {&in->pending_key, key.data, key.len, 0, 0600, true, "an older private key", "private key of the request", SPICECFG_EFFECT_NOW},
	    {&in->csr, csr.data, csr.len, 0, 0644, false, request ? "an older request" : "something else", "request for a certificate",
	     SPICECFG_EFFECT_NOW},
	};
	for (size_t i = 0; i < 2 && !status; i++)
		status = sc_pki_add_file(plan, &puts[i]);
	return status ? status : sc_plan_note(plan, "have %s signed, then: `spicecfg pki import --cert FILE --ca FILE`", in->csr.path);
}

/* The key that belongs to the certificate: the one given, the request's, or the present one. */
static enum spicecfg_status find_key(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, struct sc_pki_bytes cert,
				     const struct sc_pki_file **out)
{
	const struct sc_pki_file *const places[] = {&in->in_key, &in->pending_key, &in->key};
	bool given = in->in_key.exists;

	for (size_t i = 0; i < (given ? 1 : 3); i++) {
		SC_FACTS *facts = sc_pki_try(in, (struct sc_pki_bytes){0}, cert, sc_pki_file_bytes(places[i]));

		if (facts && facts->key_encrypted && given)
			return sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){places[i]->path, 0, 0},
					  "Remove the password: `openssl pkey -in FILE -out NEWFILE`",
					  "the private key has a password, which libvirt can't give to QEMU");
		if (facts && facts->key_matches) {
			*out = places[i];
			return SPICECFG_OK;
		}
	}
	if (given)
		return sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){in->in_key.path, 0, 0},
				  "Give the key that the request was made with.", "the key does not belong to the certificate %s",
				  cert.name);
	return sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){cert.name, 0, 0}, "Give it with --key FILE.",
			  "neither the key of the last request nor the current one belongs to the certificate");
}

enum spicecfg_status sc_plan_pki_import(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in)
{
	const struct sc_pki_file *ca_file = in->in_ca.exists ? &in->in_ca : &in->ca_cert, *key_file = NULL;
	struct sc_pki_bytes cert = sc_pki_file_bytes(&in->in_cert), ca = sc_pki_file_bytes(ca_file);
	SC_FACTS *facts = NULL;
	SC_BUF chain = SC_BUF_INIT;
	SC_BUF roots = SC_BUF_INIT;

	if (!ca.data)
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Give it with --ca FILE.",
			       "the CA's certificate is needed, and there is none in %s", in->dir.path);
	enum spicecfg_status status = in->ops->inspect(plan->ctx, &ca, &cert, &(struct sc_pki_bytes){0}, &facts);
	if (!status && facts->chain_error)
		status = sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){cert.name, 0, 0},
				    "Give the CA's root with --ca, and put intermediate certificates after the server's own.",
				    "clients that trust %s would refuse it: %s", ca.name, facts->chain_error);
	if (!status)
		status = find_key(plan, in, cert, &key_file);
	/* certificates only: files from a CA often contain more */
	if (!status)
		status = in->ops->certificates(plan->ctx, &cert, &chain);
	if (!status)
		status = in->ops->certificates(plan->ctx, &ca, &roots);
	if (!status)
		status =
		    sc_pki_add_server(plan, in, made(in->ca_cert.path, &roots), made(in->cert.path, &chain), sc_pki_file_bytes(key_file));
	if (status || key_file != &in->pending_key)
		return status;
	const struct sc_pki_put removals[] = {
	    {.file = &in->pending_key, .secret = true, .from = "private key of the request", .effects = SPICECFG_EFFECT_NOW},
	    {.file = &in->csr, .from = "request for a certificate", .effects = SPICECFG_EFFECT_NOW},
	};
	for (size_t i = 0; i < 2 && !status; i++)
		status = sc_pki_add_file(plan, &removals[i]);
	return status;
}

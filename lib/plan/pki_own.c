/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's own CA: init, issue, renew. */
#include <string.h>

#include "base/text.h"
#include "plan/pki.h"

enum { CA_DAYS = 3650, SERVER_DAYS = 730 };

#define SC_FACTS __attribute__((cleanup(sc_pki_facts_freep))) struct sc_pki_facts

static const struct sc_pki_bytes nothing = {"", NULL, 0};

static struct sc_pki_bytes made(const char *name, const struct sc_buf *buf)
{
	return (struct sc_pki_bytes){name, sc_buf_text(buf), buf->len};
}

/* The CA's key must not be where QEMU can read it. */
static enum spicecfg_status check_apart(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in)
{
	const char *dir = in->dir.path, *ca_dir = in->ca_dir.path;

	if (sc_path_below(ca_dir, dir))
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Keep the CA's key apart: name another --ca-dir.",
			       "the CA's directory '%s' is inside the server's, '%s'", ca_dir, dir);
	return SPICECFG_OK;
}

static enum spicecfg_status add_ca(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, struct sc_pki_bytes cert,
				   struct sc_pki_bytes key, const struct spicecfg_cert *old)
{
	SC_FACTS *facts = sc_pki_try(in, cert, nothing, nothing);

	if (!facts)
		return sc_fail_memory(plan->ctx);
	const struct sc_pki_put puts[] = {
	    {&in->own_ca_key, key.data, key.len, 0, 0600, true, "another private key", "private key of the CA", SPICECFG_EFFECT_NOW},
	    {&in->own_ca_cert, cert.data, cert.len, 0, 0644, false, sc_pki_describe(plan, old), sc_pki_describe(plan, facts->ca),
	     SPICECFG_EFFECT_NOW},
	};
	enum spicecfg_status status = sc_pki_add_dir(plan, &in->ca_dir, 0, 0, 0700);
	for (size_t i = 0; i < 2 && !status; i++)
		status = sc_pki_add_file(plan, &puts[i]);
	return status;
}

static enum spicecfg_status make_ca(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in)
{
	struct sc_pki_subject subject = {.common_name = in->request->name};
	enum sc_pki_key_type type;
	SC_BUF key = SC_BUF_INIT;
	SC_BUF cert = SC_BUF_INIT;
	enum spicecfg_status status = sc_pki_key_type(plan, in, &type);

	if (!status && !subject.common_name)
		subject.common_name =
		    sc_arena_printf(plan->memory, "Spice CA of %.50s", in->host_names[0] ? in->host_names[0] : "this host");
	if (!status)
		status = sc_pki_dates_fill(plan, in, CA_DAYS, NULL, &subject);
	if (!status)
		status = in->ops->make_key(plan->ctx, type, &key);
	struct sc_pki_bytes pair = made(in->own_ca_key.path, &key);
	if (!status)
		status = in->ops->make_ca(plan->ctx, &subject, &pair, &cert);
	return status ? status : add_ca(plan, in, made(in->own_ca_cert.path, &cert), pair, NULL);
}

/* The facts of the CA's files; the key must belong to the certificate. */
static enum spicecfg_status read_ca(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, struct sc_pki_facts **out)
{
	struct sc_pki_bytes cert = sc_pki_file_bytes(&in->own_ca_cert), key = sc_pki_file_bytes(&in->own_ca_key);

	*out = NULL;
	if (!cert.data || !key.data)
		return sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){cert.data ? key.name : cert.name, 0, 0},
				  cert.data || key.data ? "Restore it from a backup; a new CA needs an empty directory."
							: "Create one: `spicecfg pki init`",
				  cert.data || key.data ? "half of the CA is missing" : "there is no CA");
	enum spicecfg_status status = in->ops->inspect(plan->ctx, &cert, &cert, &key, out);
	if (!status && !(*out)->key_matches)
		status = sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){key.name, 0, 0}, "Restore the right one from a backup.",
				    "the key does not belong to the CA certificate %s", cert.name);
	if (status) {
		sc_pki_facts_free(*out);
		*out = NULL;
	}
	return status;
}

enum spicecfg_status sc_plan_pki_init(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in)
{
	SC_FACTS *facts = NULL;
	enum spicecfg_status status = check_apart(plan, in);

	if (status)
		return status;
	if (!in->own_ca_cert.exists && !in->own_ca_key.exists)
		return make_ca(plan, in);
	status = read_ca(plan, in, &facts);
	/* it stays, but owners and modes are corrected */
	return status ? status : add_ca(plan, in, sc_pki_file_bytes(&in->own_ca_cert), sc_pki_file_bytes(&in->own_ca_key), facts->ca);
}

static bool has(const char *const *list, const char *name)
{
	for (; *list; list++) {
		if (strcmp(*list, name) == 0)
			return true;
	}
	return false;
}

static bool same_set(const char *const *a, const char *const *b)
{
	static const char *const none[] = {NULL};

	a = a ? a : none;
	b = b ? b : none;
	for (const char *const *one = a; *one; one++) {
		if (!has(b, *one))
			return false;
	}
	for (const char *const *one = b; *one; one++) {
		if (!has(a, *one))
			return false;
	}
	return true;
}

/* Signs a new certificate for the subject; the CA's certificate goes into the server's directory with it. */
static enum spicecfg_status add_new(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, const struct sc_pki_facts *ca,
				    struct sc_pki_subject *subject)
{
	struct sc_pki_bytes ca_cert = sc_pki_file_bytes(&in->own_ca_cert), ca_key = sc_pki_file_bytes(&in->own_ca_key);
	struct sc_pki_bytes pair = sc_pki_file_bytes(&in->key);
	enum sc_pki_key_type type;
	SC_BUF key = SC_BUF_INIT;
	SC_BUF cert = SC_BUF_INIT;
	SC_BUF roots = SC_BUF_INIT;
	enum spicecfg_status status = sc_pki_key_type(plan, in, &type);

	if (!status)
		status = sc_pki_dates_fill(plan, in, SERVER_DAYS, ca->ca, subject);
	if (!status && !(in->request->keep_key && pair.data)) {
		status = in->ops->make_key(plan->ctx, type, &key);
		pair = made(in->key.path, &key);
	}
	if (!status)
		status = in->ops->issue(plan->ctx, subject, &ca_cert, &ca_key, &pair, &cert);
	if (!status)
		status = in->ops->certificates(plan->ctx, &ca_cert, &roots);
	return status ? status : sc_pki_add_server(plan, in, made(in->ca_cert.path, &roots), made(in->cert.path, &cert), pair);
}

/* The server's files stay, with their owners corrected. */
static enum spicecfg_status keep_old(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in)
{
	struct sc_pki_bytes ca_cert = sc_pki_file_bytes(&in->own_ca_cert);
	SC_BUF roots = SC_BUF_INIT;
	enum spicecfg_status status = in->ops->certificates(plan->ctx, &ca_cert, &roots);

	return status
		   ? status
		   : sc_pki_add_server(plan, in, made(in->ca_cert.path, &roots), sc_pki_file_bytes(&in->cert), sc_pki_file_bytes(&in->key));
}

/* A working certificate of another CA is not overwritten without --force. */
static enum spicecfg_status check_foreign(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, const struct sc_pki_facts *ca)
{
	SC_FACTS *facts = sc_pki_try(in, sc_pki_file_bytes(&in->ca_cert), sc_pki_file_bytes(&in->cert), sc_pki_file_bytes(&in->key));

	if (!facts || !facts->n_ca || !facts->n_chain || facts->chain_error || !facts->key_matches || plan->ctx->force ||
	    strcmp(facts->ca[0].fingerprint, ca->ca[0].fingerprint) == 0 || strcmp(facts->chain[0].issuer, ca->ca[0].subject) == 0)
		return SPICECFG_OK;
	return sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){in->cert.path, 0, 0},
			  "Renew it with its own CA: `spicecfg pki csr`; or replace it with --force.",
			  "the current certificate comes from another CA (%s)", facts->chain[0].issuer);
}

enum spicecfg_status sc_plan_pki_issue(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in)
{
	const struct spicecfg_pki_request *request = in->request;
	struct sc_pki_subject subject = {0};
	SC_FACTS *ca = NULL;
	enum spicecfg_status status = check_apart(plan, in);

	if (!status)
		status = read_ca(plan, in, &ca);
	if (!status)
		status = check_foreign(plan, in, ca);
	if (status)
		return status;
	SC_FACTS *old = sc_pki_try(in, sc_pki_file_bytes(&in->own_ca_cert), sc_pki_file_bytes(&in->cert), sc_pki_file_bytes(&in->key));
	const struct spicecfg_cert *was = old && old->n_chain && !old->chain_error ? &old->chain[0] : NULL;
	bool fits = was && old->key_matches && was->not_before <= in->now && was->not_after > in->now;
	/* without names in the request, those of the old certificate stay */
	status = sc_pki_subject_fill(plan, in, was && was->dns[0] ? was->dns : in->host_names, was ? was->ip : NULL, &subject);
	if (status)
		return status;
	/* a key that others could read is replaced, not only closed */
	fits = fits && !(in->key.bits & 07) && !old->cert_holds_key;
	fits = fits && same_set(was->ip, subject.ip) && same_set(was->dns, subject.dns);
	if (fits && request->key_type)
		fits = strncmp(old->key, strcmp(request->key_type, "rsa") == 0 ? "RSA" : "EC", 2) == 0;
	return fits ? keep_old(plan, in) : add_new(plan, in, ca, &subject);
}

static bool wanted(const struct sc_pki_snapshot *in, const struct spicecfg_cert *cert)
{
	return !in->request->if_ending || cert->not_after - in->now < in->request->within;
}

static enum spicecfg_status renew_ca(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, const struct sc_pki_facts *ca)
{
	struct sc_pki_subject subject = {.common_name = ca->ca[0].common_name};
	struct sc_pki_bytes key = sc_pki_file_bytes(&in->own_ca_key), cert = sc_pki_file_bytes(&in->cert);
	SC_BUF new = SC_BUF_INIT;

	if (!wanted(in, ca->ca))
		return SPICECFG_OK;
	/* the same key and name: certificates that it signed stay valid */
	enum spicecfg_status status = sc_pki_dates_fill(plan, in, CA_DAYS, NULL, &subject);
	if (!status)
		status = in->ops->make_ca(plan->ctx, &subject, &key, &new);
	if (!status)
		status = add_ca(plan, in, made(in->own_ca_cert.path, &new), key, ca->ca);
	if (status || !in->ca_cert.exists)
		return status;
	SC_FACTS *old = sc_pki_try(in, made("", &new), cert, sc_pki_file_bytes(&in->key));
	if (!old || !old->n_chain || old->chain_error)
		return sc_plan_note(plan, "%s is from another CA and stays", in->ca_cert.path);
	return sc_pki_add_server(plan, in, made(in->ca_cert.path, &new), cert, sc_pki_file_bytes(&in->key));
}

enum spicecfg_status sc_plan_pki_renew(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in)
{
	struct sc_pki_subject subject = {0};
	struct sc_pki_bytes cert = sc_pki_file_bytes(&in->cert);
	SC_FACTS *ca = NULL;
	SC_FACTS *old = NULL;
	enum spicecfg_status status = check_apart(plan, in);

	if (!status && !in->request->ca && !cert.data)
		status = sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){cert.name, 0, 0}, "Issue one: `spicecfg pki issue`",
				    "there is no certificate to renew");
	if (!status && !in->request->ca)
		status = in->ops->inspect(plan->ctx, &nothing, &cert, &nothing, &old);
	if (!status && old && old->chain[0].issuer && in->ca_cert.exists && !in->own_ca_cert.exists)
		status = sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){cert.name, 0, 0},
				    "Ask its CA for a new one: `spicecfg pki csr`", "the certificate comes from another CA (%s)",
				    old->chain[0].issuer);
	if (!status)
		status = read_ca(plan, in, &ca);
	if (!status && in->request->ca)
		return renew_ca(plan, in, ca);
	if (!status)
		status = check_foreign(plan, in, ca);
	if (status || !wanted(in, &old->chain[0]))
		return status;
	const struct spicecfg_cert *was = &old->chain[0];
	const char *const common[] = {was->common_name && !sc_pki_name_wrong(was->common_name) ? was->common_name : NULL, NULL};
	const char *const *names = was->dns[0] || was->ip[0] ? was->dns : common;
	status = sc_pki_subject_fill(plan, in, names[0] || was->ip[0] ? names : in->host_names, was->ip, &subject);
	return status ? status : add_new(plan, in, ca, &subject);
}

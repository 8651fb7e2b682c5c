/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <openssl/err.h>

#include "system/modules/pki_impl.h"

/* The extensions that a request asks for: its names, and use for a TLS server. */
static bool ask(X509_REQ *req, GENERAL_NAMES *names)
{
	SC_EXTENSIONS *extensions = NULL;
	X509V3_CTX v3;

	X509V3_set_ctx_nodb(&v3);
	X509V3_set_ctx(&v3, NULL, NULL, req, NULL, 0);
	X509_EXTENSION *usage = X509V3_EXT_conf_nid(NULL, &v3, NID_ext_key_usage, "serverAuth");
	bool fine = usage && X509v3_add_ext(&extensions, usage, -1);
	X509_EXTENSION_free(usage);
	if (fine && sk_GENERAL_NAME_num(names) > 0)
		fine = X509V3_add1_i2d(&extensions, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
	return fine && X509_REQ_add_extensions(req, extensions);
}

enum spicecfg_status sc_ssl_csr(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key,
				struct sc_buf *csr)
{
	SC_KEY *pair = sc_ssl_need_key(ctx, key);
	if (!pair)
		return SPICECFG_INPUT;
	SC_REQ *req = X509_REQ_new();
	SC_NAMES *names = sc_ssl_alt_names(ctx, subject);
	SC_BIO *writer = BIO_new(BIO_s_mem());

	if (!req || !names || !writer)
		return sc_fail_memory(ctx);
	enum spicecfg_status status = sc_ssl_set_name(ctx, X509_REQ_get_subject_name(req), sc_ssl_common_name(subject));
	if (status != SPICECFG_OK)
		return status;
	if (!X509_REQ_set_version(req, 0) || !X509_REQ_set_pubkey(req, pair) || !ask(req, names) ||
	    !X509_REQ_sign(req, pair, EVP_sha256()) || !PEM_write_bio_X509_REQ(writer, req))
		return sc_ssl_fail(ctx, SPICECFG_SYSTEM, "making a certificate request");
	return sc_ssl_take(ctx, writer, csr);
}

static bool same_names(GENERAL_NAMES *a, GENERAL_NAMES *b)
{
	int n = a ? sk_GENERAL_NAME_num(a) : 0;

	if (n != (b ? sk_GENERAL_NAME_num(b) : 0))
		return false;
	for (int i = 0; i < n; i++) {
		if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(a, i), sk_GENERAL_NAME_value(b, i)) != 0)
			return false;
	}
	return true;
}

bool sc_ssl_csr_fits(const struct sc_pki_bytes *csr, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key)
{
	SC_BIO *reader = sc_ssl_reader(csr);
	SC_REQ *req = reader ? PEM_read_bio_X509_REQ(reader, NULL, NULL, NULL) : NULL;
	bool encrypted;
	SC_KEY *pair = req ? sc_ssl_read_key(key, &encrypted) : NULL;
	bool fits = false;

	if (pair && X509_REQ_check_private_key(req, pair) == 1) {
		struct spicecfg_ctx *scratch = spicecfg_ctx_new();
		SC_NAMES *wanted = scratch ? sc_ssl_alt_names(scratch, subject) : NULL;
		SC_EXTENSIONS *extensions = X509_REQ_get_extensions(req);
		SC_NAMES *names = X509V3_get_d2i(extensions, NID_subject_alt_name, NULL, NULL);

		fits = wanted && same_names(wanted, names);
		spicecfg_ctx_free(scratch);
	}
	ERR_clear_error();
	return fits;
}

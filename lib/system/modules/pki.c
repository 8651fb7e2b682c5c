/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <openssl/err.h>
#include <string.h>

#include "system/modules/pki_impl.h"

enum spicecfg_status sc_ssl_fail(struct spicecfg_ctx *ctx, enum spicecfg_status status, const char *what)
{
	unsigned long code = ERR_get_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;

	ERR_clear_error();
	return sc_fail(ctx, status, NULL, "%s failed: %s", what, reason ? reason : "out of memory");
}

BIO *sc_ssl_reader(const struct sc_pki_bytes *in)
{
	return in->data && in->len <= INT_MAX ? BIO_new_mem_buf(in->data, (int)in->len) : NULL;
}

/* Never prompts on the terminal, as OpenSSL's own callback would. */
static int no_password(char *buf, int size, int writing, void *asked)
{
	(void)buf;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

STACK_OF(X509) * sc_ssl_read_certs(struct spicecfg_ctx *ctx, const struct sc_pki_bytes *in)
{
	SC_BIO *reader = sc_ssl_reader(in);
	SC_CERTS *certs = sk_X509_new_null();
	bool asked = false;
	X509 *cert;

	if (!reader || !certs) {
		(void)sc_fail_memory(ctx);
		return NULL;
	}
	while ((cert = PEM_read_bio_X509(reader, NULL, no_password, &asked)) != NULL) {
		if (!sk_X509_push(certs, cert)) {
			X509_free(cert);
			(void)sc_fail_memory(ctx);
			return NULL;
		}
	}
	/* At the end of the text OpenSSL reports that no further block starts; any other error means damage. */
	bool end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
	ERR_clear_error();
	if (!end || sk_X509_num(certs) == 0) {
		(void)sc_fail_at(
		    ctx, SPICECFG_INPUT, (struct sc_where){in->name, 0, 0},
		    "Convert it to PEM: `openssl x509 -inform DER -in FILE` from DER, `openssl pkcs12 -in FILE` from PKCS #12.",
		    end ? "contains no certificate" : "certificate %d is damaged", sk_X509_num(certs) + 1);
		return NULL;
	}
	STACK_OF(X509) *out = certs;
	certs = NULL;
	return out;
}

EVP_PKEY *sc_ssl_read_key(const struct sc_pki_bytes *in, bool *encrypted)
{
	SC_BIO *reader = sc_ssl_reader(in);

	*encrypted = false;
	if (!reader)
		return NULL;
	EVP_PKEY *key = PEM_read_bio_PrivateKey(reader, NULL, no_password, encrypted);
	ERR_clear_error();
	return key;
}

EVP_PKEY *sc_ssl_need_key(struct spicecfg_ctx *ctx, const struct sc_pki_bytes *in)
{
	struct sc_where where = {in->name, 0, 0};
	bool encrypted;
	EVP_PKEY *key = sc_ssl_read_key(in, &encrypted);

	if (!key && encrypted)
		(void)sc_fail_at(ctx, SPICECFG_INPUT, where, "Remove the password: openssl pkey -in FILE -out NEWFILE.",
				 "the private key has a password, which libvirt can't give to QEMU");
	else if (!key)
		(void)sc_fail_at(ctx, SPICECFG_INPUT, where, "Use a PEM file with a BEGIN PRIVATE KEY block.",
				 "contains no readable private key");
	return key;
}

enum spicecfg_status sc_ssl_take(struct spicecfg_ctx *ctx, BIO *writer, struct sc_buf *out)
{
	char *data;
	long len = BIO_get_mem_data(writer, &data);

	if (len <= 0)
		return sc_fail_memory(ctx);
	sc_buf_add(out, data, (size_t)len);
	return out->failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}

static enum spicecfg_status certificates(struct spicecfg_ctx *ctx, const struct sc_pki_bytes *in, struct sc_buf *out)
{
	SC_CERTS *certs = sc_ssl_read_certs(ctx, in);
	SC_BIO *writer = BIO_new(BIO_s_mem());

	if (!certs)
		return SPICECFG_INPUT;
	if (!writer)
		return sc_fail_memory(ctx);
	for (int i = 0; i < sk_X509_num(certs); i++) {
		if (!PEM_write_bio_X509(writer, sk_X509_value(certs, i)))
			return sc_ssl_fail(ctx, SPICECFG_SYSTEM, "writing a certificate");
	}
	return sc_ssl_take(ctx, writer, out);
}

const struct sc_pki_ops sc_module_pki = {
    .make_key = sc_ssl_make_key,
    .make_ca = sc_ssl_make_ca,
    .issue = sc_ssl_issue,
    .csr = sc_ssl_csr,
    .csr_fits = sc_ssl_csr_fits,
    .inspect = sc_ssl_inspect,
    .certificates = certificates,
};

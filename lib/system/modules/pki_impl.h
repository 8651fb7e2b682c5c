/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the parts of the module: OpenSSL objects that free themselves, reading and writing of PEM. */
#ifndef SC_SYSTEM_MODULES_PKI_IMPL_H
#define SC_SYSTEM_MODULES_PKI_IMPL_H

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "system/modules/pki.h"

static inline void sc_ssl_free_bio(BIO **bio)
{
	BIO_free(*bio);
}
static inline void sc_ssl_free_key(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}
static inline void sc_ssl_free_cert(X509 **cert)
{
	X509_free(*cert);
}
static inline void sc_ssl_free_req(X509_REQ **req)
{
	X509_REQ_free(*req);
}
static inline void sc_ssl_free_certs(STACK_OF(X509) * *certs)
{
	sk_X509_pop_free(*certs, X509_free);
}
static inline void sc_ssl_free_extensions(STACK_OF(X509_EXTENSION) * *list)
{
	sk_X509_EXTENSION_pop_free(*list, X509_EXTENSION_free);
}
static inline void sc_ssl_free_names(GENERAL_NAMES **names)
{
	GENERAL_NAMES_free(*names);
}

#define SC_BIO __attribute__((cleanup(sc_ssl_free_bio))) BIO
#define SC_KEY __attribute__((cleanup(sc_ssl_free_key))) EVP_PKEY
#define SC_CERT __attribute__((cleanup(sc_ssl_free_cert))) X509
#define SC_REQ __attribute__((cleanup(sc_ssl_free_req))) X509_REQ
#define SC_CERTS __attribute__((cleanup(sc_ssl_free_certs))) STACK_OF(X509)
#define SC_EXTENSIONS __attribute__((cleanup(sc_ssl_free_extensions))) STACK_OF(X509_EXTENSION)
#define SC_NAMES __attribute__((cleanup(sc_ssl_free_names))) GENERAL_NAMES

/* Fails with OpenSSL's first error, and empties its error queue. what: "making a key". */
enum spicecfg_status sc_ssl_fail(struct spicecfg_ctx *ctx, enum spicecfg_status status, const char *what);

/* A read-only view of the bytes; NULL if memory is short. */
BIO *sc_ssl_reader(const struct sc_pki_bytes *in);

/* All certificates of a PEM text, in order; NULL with the error recorded (none found, damaged). */
STACK_OF(X509) * sc_ssl_read_certs(struct spicecfg_ctx *ctx, const struct sc_pki_bytes *in);

/* The first private key of a PEM text; NULL if none can be read. *encrypted: whether it has a password. */
EVP_PKEY *sc_ssl_read_key(const struct sc_pki_bytes *in, bool *encrypted);

/* The same, but records SPICECFG_INPUT if the key can't be read or has a password. */
EVP_PKEY *sc_ssl_need_key(struct spicecfg_ctx *ctx, const struct sc_pki_bytes *in);

/* Appends the contents of the writer to out. */
enum spicecfg_status sc_ssl_take(struct spicecfg_ctx *ctx, BIO *writer, struct sc_buf *out);

/* pki_make.c */
enum spicecfg_status sc_ssl_make_key(struct spicecfg_ctx *ctx, enum sc_pki_key_type type, struct sc_buf *key);
enum spicecfg_status sc_ssl_make_ca(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key,
				    struct sc_buf *cert);
enum spicecfg_status sc_ssl_issue(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *ca_cert,
				  const struct sc_pki_bytes *ca_key, const struct sc_pki_bytes *key, struct sc_buf *cert);
/* pki_request.c */
enum spicecfg_status sc_ssl_csr(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key,
				struct sc_buf *csr);
bool sc_ssl_csr_fits(const struct sc_pki_bytes *csr, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key);
/* pki_facts.c */
enum spicecfg_status sc_ssl_inspect(struct spicecfg_ctx *ctx, const struct sc_pki_bytes *ca, const struct sc_pki_bytes *cert,
				    const struct sc_pki_bytes *key, struct sc_pki_facts **out);

/* pki_subject.c: parts common to certificates and requests. */
/* Sets the name to one with only a common name. */
enum spicecfg_status sc_ssl_set_name(struct spicecfg_ctx *ctx, X509_NAME *name, const char *common_name);
/* The common name for a subject: its own, or the first of its names that is short enough; NULL: none is. */
const char *sc_ssl_common_name(const struct sc_pki_subject *subject);
/* The subjectAltName extension; NULL with the error recorded. */
GENERAL_NAMES *sc_ssl_alt_names(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject);

#endif

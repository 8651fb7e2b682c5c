/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What makes and reads certificates, as plans call it: bytes in, bytes out, no file is opened. PEM throughout. */
#ifndef SC_MODEL_PKI_OPS_H
#define SC_MODEL_PKI_OPS_H

#include "base/buf.h"
#include "base/ctx.h"
#include "model/pki.h"

enum sc_pki_key_type {
	SC_PKI_EC,  /* P-256 */
	SC_PKI_RSA, /* 3072 bits */
};

/* A PEM text and how messages call it. data NULL: not given. */
struct sc_pki_bytes {
	const char *name;
	const char *data;
	size_t len;
};

/* What a certificate shall say. */
struct sc_pki_subject {
	const char *common_name;       /* NULL: the first name that fits into 64 bytes (RFC 5280 ub-common-name) */
	const char *const *dns;        /* NULL-terminated, checked with sc_pki_name_wrong(); NULL: none */
	const char *const *ip;         /* NULL-terminated */
	int64_t not_before, not_after; /* seconds since 1970 */
};

struct sc_pki_ops {
	/* A new private key, PKCS #8 without password. */
	enum spicecfg_status (*make_key)(struct spicecfg_ctx *ctx, enum sc_pki_key_type type, struct sc_buf *key);
	/* A self-signed CA certificate (pathlen 0) for the key. */
	enum spicecfg_status (*make_ca)(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key,
					struct sc_buf *cert);
	/* A server certificate for the key, signed by the CA. SPICECFG_INPUT when the CA's key and certificate don't belong together. */
	enum spicecfg_status (*issue)(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *ca_cert,
				      const struct sc_pki_bytes *ca_key, const struct sc_pki_bytes *key, struct sc_buf *cert);
	/* A request (PKCS #10) for somebody else's CA, with the names in it; dates are not used. */
	enum spicecfg_status (*csr)(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key,
				    struct sc_buf *csr);
	/* Whether the request is for this key and these names; false too when it can't be read. */
	bool (*csr_fits)(const struct sc_pki_bytes *csr, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key);
	/*
	 * Reads what is given of CA certificates, server chain and key. *out is for sc_pki_facts_free(), NULL on failure.
	 * SPICECFG_INPUT with the file's name when a certificate or an unencrypted key can't be read.
	 */
	enum spicecfg_status (*inspect)(struct spicecfg_ctx *ctx, const struct sc_pki_bytes *ca, const struct sc_pki_bytes *cert,
					const struct sc_pki_bytes *key, struct sc_pki_facts **out);
	/* Appends the certificates of a PEM text and nothing else: no keys, no text between them. */
	enum spicecfg_status (*certificates)(struct spicecfg_ctx *ctx, const struct sc_pki_bytes *in, struct sc_buf *out);
};

#endif

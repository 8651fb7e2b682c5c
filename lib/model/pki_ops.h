/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interface through which plans make and read certificates: bytes in, bytes out, without opening files. All in PEM. */
#ifndef SC_MODEL_PKI_OPS_H
#define SC_MODEL_PKI_OPS_H

#include "base/buf.h"
#include "base/ctx.h"
#include "model/pki.h"

enum sc_pki_key_type {
	SC_PKI_EC,  /* P-256 */
	SC_PKI_RSA, /* 3072 bits */
};

/* A PEM text, and its name in messages. data NULL: none. */
struct sc_pki_bytes {
	const char *name;
	const char *data;
	size_t len;
};

/* The contents of a certificate to be made. */
struct sc_pki_subject {
	const char *common_name;       /* NULL: the first name that fits into 64 bytes (RFC 5280 ub-common-name) */
	const char *const *dns;        /* NULL-terminated, checked with sc_pki_name_wrong(); NULL: none */
	const char *const *ip;         /* NULL-terminated */
	int64_t not_before, not_after; /* seconds since 1970 */
};

struct sc_pki_ops {
	/* Makes a private key, PKCS #8 without a passphrase. */
	enum spicecfg_status (*make_key)(struct spicecfg_ctx *ctx, enum sc_pki_key_type type, struct sc_buf *key);
	/* Makes a self-signed CA certificate (pathlen 0) for the key. */
	enum spicecfg_status (*make_ca)(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key,
					struct sc_buf *cert);
	/* Makes a server certificate for the key, signed by the CA. SPICECFG_INPUT when the CA's key does not belong to its certificate. */
	enum spicecfg_status (*issue)(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *ca_cert,
				      const struct sc_pki_bytes *ca_key, const struct sc_pki_bytes *key, struct sc_buf *cert);
	/* Makes a certificate request (PKCS #10) for another CA, with the names of subject; its dates are not used. */
	enum spicecfg_status (*csr)(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key,
				    struct sc_buf *csr);
	/* Returns true when the request is for this key and these names; false also when it can't be read. */
	bool (*csr_fits)(const struct sc_pki_bytes *csr, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key);
	/*
	 * Reads those of CA certificates, server chain and key that are given. *out is NULL on failure; free it with sc_pki_facts_free().
	 * SPICECFG_INPUT, with the name of the file, when a certificate or an unencrypted key can't be read.
	 */
	enum spicecfg_status (*inspect)(struct spicecfg_ctx *ctx, const struct sc_pki_bytes *ca, const struct sc_pki_bytes *cert,
					const struct sc_pki_bytes *key, struct sc_pki_facts **out);
	/* Appends only the certificates of a PEM text: no keys, and no text between them. */
	enum spicecfg_status (*certificates)(struct spicecfg_ctx *ctx, const struct sc_pki_bytes *in, struct sc_buf *out);
};

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates for Spice over TLS: an own CA, or somebody else's. */
#ifndef SPICECFG_PKI_H
#define SPICECFG_PKI_H

#include <spicecfg/check.h>
#include <spicecfg/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is asked for; zero is the default of every field but size. Strings are the caller's, during the call. */
struct spicecfg_pki_request {
	size_t size;              /* of this struct */
	const char *dir;          /* the server's directory; NULL: spice_tls_x509_cert_dir of qemu.conf, else /etc/pki/libvirt-spice */
	const char *ca_dir;       /* where the own CA is kept; NULL: /etc/pki/spicecfg-ca */
	const char *const *hosts; /* names that clients use, NULL-terminated; NULL: those of the host */
	const char *const *ips;   /* addresses that clients use, NULL-terminated; NULL: none */
	int days;                 /* how long it is valid; 0: 3650 for a CA, 730 for a server */
	const char *key_type;     /* "ec" (P-256) or "rsa" (3072 bits); NULL: ec */
	const char *name;         /* common name of a new CA; NULL: "Spice CA of HOST" */
	const char *cert_file;    /* import: the server's certificate, intermediates behind it */
	const char *key_file;     /* import: its key; NULL: the one that the last csr made, or the one in place */
	const char *ca_file;      /* import: the CA; NULL: the one in place */
	const char *csr_file;     /* csr: where the request goes; NULL: server.csr in the server's directory */
	bool keep_key;            /* issue, renew: the old key stays */
	bool ca;                  /* renew: the CA's own certificate */
	bool if_ending;           /* renew: only what ends within the next `within` seconds */
	int64_t within;
};

/*
 * Plans. SPICECFG_USAGE: a name, address or number that has no meaning. SPICECFG_INPUT: files that are missing, damaged or don't fit
 * together.
 */
/* A CA: key and certificate; unchanged where it is there. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_init(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);
/* Key and certificate of the server, signed by the CA; unchanged where those in place fit. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_issue(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);
/* A new certificate with the names of the old one, by the same CA. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_renew(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);
/* A key and a request for somebody else's CA; unchanged where one with these names waits. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_csr(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);
/* Certificate (and CA, key) from somebody else's CA, put where QEMU looks. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_import(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);

/* A certificate. Strings belong to what it came from. */
struct spicecfg_cert {
	const char *subject; /* RFC 2253, "CN=mysrv" */
	const char *issuer;
	const char *common_name;       /* NULL: none */
	const char *serial;            /* hex, upper case */
	const char *fingerprint;       /* SHA-256, hex pairs with colons */
	const char *key;               /* "EC 256" or "RSA 3072" */
	int64_t not_before, not_after; /* seconds since 1970 */
	int key_bits;                  /* strength of the key as a symmetric one: RSA 2048 is 112, RSA 3072 and P-256 are 128 */
	int signature_bits;            /* strength of the signature's hash: SHA-1 is below 80, SHA-256 128 */
	bool is_ca;                    /* basicConstraints: CA */
	bool self_signed;
	bool server_auth;       /* serves TLS servers: extendedKeyUsage and keyUsage are missing or allow it */
	const char *const *dns; /* subjectAltName, NULL-terminated */
	const char *const *ip;  /* as inet_ntop() writes them */
};

/* What is in place. */
struct spicecfg_pki_view {
	const char *dir, *ca_dir;
	const struct spicecfg_cert *own_ca; /* the CA that spicecfg keeps in ca_dir; NULL: none */
	const struct spicecfg_cert *ca;     /* ca-cert.pem of the server's directory */
	size_t n_ca;
	const struct spicecfg_cert *chain; /* server-cert.pem: the server's own first */
	size_t n_chain;
	const char *key;         /* server-key.pem: "EC 256"; NULL: missing or unreadable */
	bool key_matches;        /* it belongs to the certificate */
	const char *chain_error; /* why clients refuse the chain; NULL: they don't, or there is none */
	int64_t now;             /* seconds since 1970 */
};

struct spicecfg_pki;

/* Reads the files that are there; a missing one is no error, a damaged one is SPICECFG_INPUT. *out is NULL on failure. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_pki_read(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request,
							struct spicecfg_pki **out);
void spicecfg_pki_free(struct spicecfg_pki *pki);
/* Lives as long as pki. */
const struct spicecfg_pki_view *spicecfg_pki_view(const struct spicecfg_pki *pki);

/*
 * Judges what is in place: files, owners, chain, dates, names, strength. The findings live as long as pki: NULL behind the last.
 * SPICECFG_FINDINGS where one is an error.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_pki_check(struct spicecfg_pki *pki);
const struct spicecfg_finding *spicecfg_pki_finding(const struct spicecfg_pki *pki, size_t index);

/* The certificates that clients have to trust, as PEM, for free(): of the server's directory, else of ca_dir. SPICECFG_INPUT: neither. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_pki_export_ca(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request,
							     char **pem);

/* The same into a file of the user's. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_export(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request,
							       const char *file);

/* "2027-03-01T12:00:00Z" into out (at least 21 bytes). */
void spicecfg_pki_time(int64_t seconds, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif

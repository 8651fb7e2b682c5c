/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * Certificates for Spice over TLS, issued by a local CA, which spicecfg makes and keeps on the host, or by another CA.
 *
 * The server's directory contains what QEMU reads: ca-cert.pem, server-cert.pem and server-key.pem. The local CA has a directory of its
 * own, so that QEMU can't read the CA's key.
 */
#ifndef SPICECFG_PKI_H
#define SPICECFG_PKI_H

#include <spicecfg/check.h>
#include <spicecfg/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What to do. Zero is the default of every member except size. Strings and arrays are used during the call, unless it says otherwise. */
struct spicecfg_pki_request {
	size_t size;              /* of this struct */
	const char *dir;          /* the server's directory; NULL: spice_tls_x509_cert_dir of qemu.conf, else /etc/pki/libvirt-spice */
	const char *ca_dir;       /* the directory of the local CA; NULL: /etc/pki/spicecfg-ca */
	const char *const *hosts; /* names by which clients reach the host, NULL-terminated; NULL: those of the host */
	const char *const *ips;   /* addresses by which clients reach the host, NULL-terminated; NULL: none */
	int days;                 /* validity in days; 0: 3650 for a CA, 730 for a server */
	const char *key_type;     /* "ec" (P-256) or "rsa" (3072 bits); NULL: "ec" */
	const char *name;         /* common name of a new CA; NULL: "Spice CA of HOST" */
	const char *cert_file;    /* import: the server's certificate, followed by intermediate certificates */
	const char *key_file;     /* import: its key; NULL: that of the last certificate request, or the current one */
	const char *ca_file;      /* import: the CA's certificate; NULL: the current one */
	const char *csr_file;     /* csr: the file for the certificate request; NULL: server.csr in the server's directory */
	bool keep_key;            /* issue, renew: keep the current key */
	bool ca;                  /* renew: the CA's own certificate */
	bool if_ending;           /* renew: only when the certificate expires within the next `within` seconds */
	int64_t within;           /* in seconds */
};

/**
 * Plans a CA: a key and a self-signed certificate. An existing CA is kept; only its owners and modes are corrected.
 *
 * @param plan the plan that it is added to
 * @param request its ca_dir, days, key_type and name
 * @return SPICECFG_OK; SPICECFG_USAGE when a member of the request is invalid; SPICECFG_INPUT when an existing CA is incomplete, damaged or
 * can't be read; SPICECFG_SYSTEM when OpenSSL can't be used or fails
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_init(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);

/**
 * Plans a key and a certificate of the server, signed by the local CA. Existing ones that are valid and match the request are kept.
 *
 * @param plan the plan that it is added to
 * @param request its dir, ca_dir, hosts, ips, days, key_type and keep_key
 * @return as spicecfg_plan_pki_init(), and SPICECFG_INPUT also when there is no CA, or when a working certificate of another CA would be
 * replaced and the context does not force it
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_issue(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);

/**
 * Plans a new certificate with the names of the current one, signed by the same CA.
 *
 * @param plan the plan that it is added to
 * @param request as for spicecfg_plan_pki_issue(), and its ca, if_ending and within
 * @return as spicecfg_plan_pki_issue(), and SPICECFG_INPUT also when there is no certificate, or when it was issued by another CA
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_renew(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);

/**
 * Plans a key and a certificate request for another CA. A pending request for the same names is kept.
 *
 * @param plan the plan that it is added to
 * @param request its dir, hosts, ips, key_type and csr_file
 * @return SPICECFG_OK; SPICECFG_USAGE when a member of the request is invalid; SPICECFG_INPUT when files can't be read; SPICECFG_SYSTEM
 * when OpenSSL can't be used or fails
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_csr(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);

/**
 * Plans to install a certificate that another CA has issued where QEMU reads it.
 *
 * @param plan the plan that it is added to
 * @param request its dir, cert_file, key_file and ca_file
 * @return SPICECFG_OK; SPICECFG_USAGE when cert_file is not set, or neither ca_file nor a current CA certificate exists; SPICECFG_INPUT
 * when files are missing, damaged or don't belong together, or when the key is encrypted; SPICECFG_SYSTEM when OpenSSL can't be used or
 * fails
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_import(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);

/** A certificate. The strings belong to the object that it came from. */
struct spicecfg_cert {
	const char *subject; /* as in RFC 2253: "CN=mysrv" */
	const char *issuer;
	const char *common_name;       /* NULL: none */
	const char *serial;            /* hexadecimal, upper case */
	const char *fingerprint;       /* SHA-256, pairs of hexadecimal digits separated by colons */
	const char *key;               /* "EC 256" or "RSA 3072" */
	int64_t not_before, not_after; /* seconds since 1970 */
	int key_bits;                  /* strength of the key in bits of a symmetric one: RSA 2048 is 112, RSA 3072 and P-256 are 128 */
	int signature_bits;            /* strength of the signature's hash in bits: SHA-1 is below 80, SHA-256 is 128 */
	bool is_ca;                    /* basicConstraints says CA */
	bool self_signed;
	bool server_auth;       /* can be used for TLS servers: extendedKeyUsage and keyUsage are missing or allow it */
	const char *const *dns; /* names in subjectAltName, NULL-terminated */
	const char *const *ip;  /* addresses in subjectAltName as inet_ntop() writes them, NULL-terminated */
};

/** The current certificates. */
struct spicecfg_pki_view {
	const char *dir, *ca_dir;           /* the directories in effect */
	const struct spicecfg_cert *own_ca; /* the local CA; NULL: none */
	const struct spicecfg_cert *ca;     /* the certificates of ca-cert.pem */
	size_t n_ca;
	const struct spicecfg_cert *chain; /* the certificates of server-cert.pem: the server's own first */
	size_t n_chain;
	const char *key;         /* the type of server-key.pem: "EC 256"; NULL: missing or unreadable */
	bool key_matches;        /* the key belongs to the server's certificate */
	const char *chain_error; /* why clients refuse the chain; NULL: they accept it, or there is none */
	int64_t now;             /* the time of the view, in seconds since 1970 */
};

struct spicecfg_pki;

/**
 * Reads the current certificates. A missing file is not an error.
 *
 * @param ctx the context
 * @param request its dir, ca_dir and hosts; the array hosts must live until spicecfg_pki_free()
 * @param out the object, to be freed with spicecfg_pki_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_USAGE when a directory is not an absolute path; SPICECFG_INPUT when a file is damaged or can't be read;
 * SPICECFG_SYSTEM when OpenSSL can't be used
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_pki_read(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request,
							struct spicecfg_pki **out);

/**
 * Frees what spicecfg_pki_read() returned.
 *
 * @param pki the object, or NULL
 */
void spicecfg_pki_free(struct spicecfg_pki *pki);

/**
 * Returns the certificates that were read.
 *
 * @param pki the object
 * @return the view, which belongs to pki
 */
const struct spicecfg_pki_view *spicecfg_pki_view(const struct spicecfg_pki *pki);

/**
 * Checks the current certificates: files, owners, chain, dates, names and strength. Get the findings with spicecfg_pki_finding().
 *
 * @param pki the object
 * @return SPICECFG_OK; SPICECFG_FINDINGS when a finding is an error; SPICECFG_INPUT when a directory can't be read
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_pki_check(struct spicecfg_pki *pki);

/**
 * Returns a finding of the last spicecfg_pki_check().
 *
 * @param pki the object
 * @param index which one, from 0
 * @return the finding, which belongs to pki and lives until the next spicecfg_pki_check(); NULL after the last
 */
const struct spicecfg_finding *spicecfg_pki_finding(const struct spicecfg_pki *pki, size_t index);

/**
 * Returns the CA certificates that clients have to trust: ca-cert.pem of the server's directory, else that of the local CA.
 *
 * @param ctx the context
 * @param request its dir and ca_dir
 * @param pem the certificates as PEM, to be freed with free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_USAGE when a directory is not an absolute path; SPICECFG_INPUT when there is no CA certificate, or it is
 * damaged or can't be read; SPICECFG_SYSTEM when OpenSSL can't be used
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_pki_export_ca(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request,
							     char **pem);

/**
 * Plans to write the CA certificates that clients have to trust to a file.
 *
 * @param plan the plan that it is added to
 * @param request its dir and ca_dir
 * @param file the path of the file, which need not exist, relative to the working directory even with a root
 * @return as spicecfg_pki_export_ca(), and as spicecfg_plan_redirect() for the file
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pki_export(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request,
							       const char *file);

/**
 * Formats a time of a certificate.
 *
 * @param seconds seconds since 1970
 * @param out set to UTC in the form "2027-03-01T12:00:00Z", or to "?" when the time can't be represented
 * @param size the size of out in bytes, at least 21
 */
void spicecfg_pki_time(int64_t seconds, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif

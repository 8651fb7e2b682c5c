/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts about the certificates of the Spice server, and how a Spice client and QEMU use them. No I/O, no OpenSSL. */
#ifndef SC_MODEL_PKI_H
#define SC_MODEL_PKI_H

#include <spicecfg/pki.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "model/libvirt.h"

/* The files that QEMU reads in its x509-dir (QEMU ui/qemu-x509.h). */
#define SC_PKI_CA_CERT "ca-cert.pem"
#define SC_PKI_SERVER_CERT "server-cert.pem"
#define SC_PKI_SERVER_KEY "server-key.pem"
/* The directory of spicecfg's own CA, separate from those of libvirt. */
#define SC_PKI_CA_DIR "/etc/pki/spicecfg-ca"
#define SC_PKI_CA_KEY "ca-key.pem"

/* The contents of the three files of a server, as far as they exist. */
struct sc_pki_facts {
	struct sc_arena *memory;
	const struct spicecfg_cert *ca; /* the certificates of the CA file */
	size_t n_ca;
	const struct spicecfg_cert *chain; /* of the server's file: its own first, followed by intermediate ones */
	size_t n_chain;
	/* why a client that trusts the CA refuses the chain, apart from dates; NULL: it accepts it, or one is missing */
	const char *chain_error;
	bool has_key;        /* a key was given */
	bool key_encrypted;  /* with a passphrase, which QEMU can't ask for */
	bool key_matches;    /* the key belongs to the server's certificate */
	bool cert_holds_key; /* the certificate's file contains a private key */
	const char *key;     /* "EC 256"; NULL: not readable */
	int key_bits;
};
void sc_pki_facts_free(struct sc_pki_facts *facts);
static inline void sc_pki_facts_freep(struct sc_pki_facts **facts)
{
	sc_pki_facts_free(*facts);
}

/*
 * Returns NULL when name is valid as a DNS name in a certificate, else what is wrong with it ("has an empty label"): letters, digits, '-'
 * and '_', labels of 1 to 63 bytes, at most 253 bytes (RFC 1123, RFC 1035); '*' only as the whole first label, followed by two labels.
 */
const char *sc_pki_name_wrong(const char *name);

/* Writes an address as inet_ntop() would to size bytes at out. Returns false when it is not an IPv4 or IPv6 address. */
bool sc_pki_ip_normal(const char *ip, char *out, size_t size);

/*
 * Returns true when a Spice client that connects to host (a name or an address) accepts the certificate for it, as in spice-common's
 * ssl_verify.c: names and addresses in subjectAltName take precedence, the common name is used only when there are none; a '*' matches a
 * part of one label.
 */
bool sc_pki_name_matches(const struct spicecfg_cert *cert, const char *host);

/* Returns true when another CA than own_ca (NULL: there is none) issued the server's certificate: it can only be replaced by that CA. */
bool sc_pki_is_foreign(const struct spicecfg_cert *server, const struct spicecfg_cert *own_ca);

/* Returns the days from now to then, rounded down; both in seconds since 1970. */
int64_t sc_pki_days_left(int64_t then, int64_t now);

#endif

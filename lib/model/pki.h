/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates of the Spice server as facts, and what a Spice client and QEMU make of them. No I/O, no OpenSSL. */
#ifndef SC_MODEL_PKI_H
#define SC_MODEL_PKI_H

#include <spicecfg/pki.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/ctx.h"

/* The names that QEMU looks for in its x509-dir (QEMU ui/qemu-x509.h). */
#define SC_PKI_CA_CERT "ca-cert.pem"
#define SC_PKI_SERVER_CERT "server-cert.pem"
#define SC_PKI_SERVER_KEY "server-key.pem"
/* libvirt's default for spice_tls_x509_cert_dir (src/qemu/qemu_conf.c), and where spicecfg keeps its own CA, apart from it. */
#define SC_PKI_DIR "/etc/pki/libvirt-spice"
#define SC_PKI_QEMU_CONF "/etc/libvirt/qemu.conf"
#define SC_PKI_CA_DIR "/etc/pki/spicecfg-ca"
#define SC_PKI_CA_KEY "ca-key.pem"

/* What the three files of a server say, as far as they are there. */
struct sc_pki_facts {
	struct sc_arena *memory;
	const struct spicecfg_cert *ca; /* the certificates of the CA file */
	size_t n_ca;
	const struct spicecfg_cert *chain; /* of the server's file: its own first, intermediates behind it */
	size_t n_chain;
	const char
	    *chain_error; /* why a client that trusts the CA file refuses the chain, dates aside; NULL: it accepts it, or one is missing */
	bool has_key;     /* a key was given */
	bool key_encrypted;  /* with a password, which QEMU can't ask for */
	bool key_matches;    /* belongs to the server's certificate */
	bool cert_holds_key; /* the certificate's file has a private key inside */
	const char *key;     /* "EC 256", NULL: not readable */
	int key_bits;
};
void sc_pki_facts_free(struct sc_pki_facts *facts);
static inline void sc_pki_facts_freep(struct sc_pki_facts **facts)
{
	sc_pki_facts_free(*facts);
}

/*
 * NULL when a certificate can carry name as a DNS name, else what is wrong with it ("holds a '>'"). Letters, digits, '-', '_', labels of
 * 1 to 63, at most 253 (RFC 1123, RFC 1035); '*' only as the whole first label, with two labels behind it.
 */
const char *sc_pki_name_wrong(const char *name);

/* Writes the address as inet_ntop() would; false when it is no IPv4 or IPv6 address. */
bool sc_pki_ip_normal(const char *ip, char *out, size_t size);

/*
 * Whether a Spice client that connects to host (a name or an address) takes the certificate for it: spice-common's ssl_verify.c: any
 * subjectAltName of DNS or IP decides, the common name counts only without; a '*' stands for a part of one label.
 */
bool sc_pki_name_matches(const struct spicecfg_cert *cert, const char *host);

/* Days from now to then, rounded down. */
int64_t sc_pki_days_left(int64_t then, int64_t now);

#endif

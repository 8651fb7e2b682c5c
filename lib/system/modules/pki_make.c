/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "system/modules/pki_impl.h"

enum { RSA_BITS = 3072, SERIAL_BYTES = 20 };

static EVP_PKEY *generate(enum sc_pki_key_type type)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(type == SC_PKI_RSA ? EVP_PKEY_RSA : EVP_PKEY_EC, NULL);
	EVP_PKEY *key = NULL;
	bool fine = ctx && EVP_PKEY_keygen_init(ctx) == 1;

	if (fine && type == SC_PKI_RSA)
		fine = EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, RSA_BITS) == 1;
	else if (fine)
		fine = EVP_PKEY_CTX_set_ec_paramgen_curve_nid(ctx, NID_X9_62_prime256v1) == 1 &&
		       EVP_PKEY_CTX_set_ec_param_enc(ctx, OPENSSL_EC_NAMED_CURVE) == 1;
	if (fine && EVP_PKEY_keygen(ctx, &key) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

enum spicecfg_status sc_ssl_make_key(struct spicecfg_ctx *ctx, enum sc_pki_key_type type, struct sc_buf *key)
{
	SC_KEY *made = generate(type);
	/* a memory BIO wipes its contents when it is freed */
	SC_BIO *writer = BIO_new(BIO_s_mem());

	if (!made)
		return sc_ssl_fail(ctx, SPICECFG_SYSTEM, "making a key");
	if (!writer || !PEM_write_bio_PKCS8PrivateKey(writer, made, NULL, NULL, 0, NULL, NULL))
		return sc_ssl_fail(ctx, SPICECFG_SYSTEM, "writing a key");
	return sc_ssl_take(ctx, writer, key);
}

/* 159 random bits: positive, never zero, at most 20 bytes (RFC 5280, 4.1.2.2). */
static bool set_serial(X509 *cert)
{
	unsigned char bytes[SERIAL_BYTES];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40);
	BIGNUM *number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	bool fine = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
	BN_free(number);
	return fine;
}

static bool set_times(X509 *cert, const struct sc_pki_subject *subject)
{
	return ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)subject->not_before) &&
	       ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)subject->not_after);
}

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX v3;

	X509V3_set_ctx_nodb(&v3);
	X509V3_set_ctx(&v3, issuer, cert, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &v3, nid, value);
	bool fine = extension && X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
	return fine;
}

/* The parts common to CA and server certificates; NULL with the error recorded. */
static X509 *begin(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, EVP_PKEY *key)
{
	SC_CERT *cert = X509_new();

	if (!cert || !X509_set_version(cert, 2) || !set_serial(cert) || !set_times(cert, subject) || !X509_set_pubkey(cert, key)) {
		(void)sc_ssl_fail(ctx, SPICECFG_SYSTEM, "making a certificate");
		return NULL;
	}
	if (sc_ssl_set_name(ctx, X509_get_subject_name(cert), sc_ssl_common_name(subject)) != SPICECFG_OK)
		return NULL;
	X509 *out = cert;
	cert = NULL;
	return out;
}

static enum spicecfg_status sign(struct spicecfg_ctx *ctx, X509 *cert, EVP_PKEY *key, struct sc_buf *out)
{
	SC_BIO *writer = BIO_new(BIO_s_mem());

	if (!X509_sign(cert, key, EVP_sha256()) || !writer || !PEM_write_bio_X509(writer, cert))
		return sc_ssl_fail(ctx, SPICECFG_SYSTEM, "signing a certificate");
	return sc_ssl_take(ctx, writer, out);
}

enum spicecfg_status sc_ssl_make_ca(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *key,
				    struct sc_buf *cert)
{
	SC_KEY *pair = sc_ssl_need_key(ctx, key);
	if (!pair)
		return SPICECFG_INPUT;
	SC_CERT *made = begin(ctx, subject, pair);
	if (!made)
		return SPICECFG_SYSTEM;
	if (!X509_set_issuer_name(made, X509_get_subject_name(made)) ||
	    !add_extension(made, made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
	    !add_extension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign") ||
	    !add_extension(made, made, NID_subject_key_identifier, "hash"))
		return sc_ssl_fail(ctx, SPICECFG_SYSTEM, "making a CA certificate");
	return sign(ctx, made, pair, cert);
}

static bool add_server_extensions(X509 *cert, X509 *ca, EVP_PKEY *key, GENERAL_NAMES *names)
{
	/* keyEncipherment is for the RSA key exchange with old clients; elliptic-curve keys can't be used for it */
	const char *usage =
	    EVP_PKEY_base_id(key) == EVP_PKEY_RSA ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature";

	return add_extension(cert, ca, NID_basic_constraints, "critical,CA:FALSE") && add_extension(cert, ca, NID_key_usage, usage) &&
	       add_extension(cert, ca, NID_ext_key_usage, "serverAuth") && add_extension(cert, ca, NID_subject_key_identifier, "hash") &&
	       add_extension(cert, ca, NID_authority_key_identifier, "keyid:always") &&
	       (sk_GENERAL_NAME_num(names) == 0 || X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1);
}

enum spicecfg_status sc_ssl_issue(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject, const struct sc_pki_bytes *ca_cert,
				  const struct sc_pki_bytes *ca_key, const struct sc_pki_bytes *key, struct sc_buf *cert)
{
	SC_CERTS *cas = sc_ssl_read_certs(ctx, ca_cert);
	SC_KEY *signer = cas ? sc_ssl_need_key(ctx, ca_key) : NULL;
	SC_KEY *pair = signer ? sc_ssl_need_key(ctx, key) : NULL;

	if (!pair)
		return SPICECFG_INPUT;
	X509 *ca = sk_X509_value(cas, 0);
	if (X509_check_private_key(ca, signer) != 1)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){ca_key->name, 0, 0},
				  "Use the key that belongs to the certificate.", "the key does not match the CA certificate %s",
				  ca_cert->name);
	if (X509_check_ca(ca) != 1)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){ca_cert->name, 0, 0}, NULL,
				  "the certificate is not a CA certificate");
	SC_CERT *made = begin(ctx, subject, pair);
	SC_NAMES *names = made ? sc_ssl_alt_names(ctx, subject) : NULL;
	if (!names)
		return SPICECFG_SYSTEM;
	if (!X509_set_issuer_name(made, X509_get_subject_name(ca)) || !add_server_extensions(made, ca, pair, names))
		return sc_ssl_fail(ctx, SPICECFG_SYSTEM, "making a server certificate");
	return sign(ctx, made, signer, cert);
}

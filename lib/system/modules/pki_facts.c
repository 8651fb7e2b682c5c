/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <string.h>
#include <time.h>

#include "system/modules/pki_impl.h"

/* The security level of a client with OpenSSL's (and Debian's) default settings: RSA 2048, SHA-256. */
enum { CLIENT_LEVEL = 2 };

static const char *name_text(struct sc_arena *arena, const X509_NAME *name)
{
	SC_BIO *writer = BIO_new(BIO_s_mem());
	char *data;

	/* RFC 2253, but UTF-8 stays readable; control characters are escaped */
	if (!writer || X509_NAME_print_ex(writer, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
		return NULL;
	long len = BIO_get_mem_data(writer, &data);
	return sc_arena_strndup(arena, data, len > 0 ? (size_t)len : 0);
}

static const char *common_name(struct sc_arena *arena, const X509_NAME *name)
{
	int at = X509_NAME_get_index_by_NID((X509_NAME *)name, NID_commonName, -1);
	unsigned char *text = NULL;

	if (at < 0)
		return NULL;
	int len = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry((X509_NAME *)name, at)));
	char *copy = len >= 0 ? sc_arena_strndup(arena, (const char *)text, (size_t)len) : NULL;
	OPENSSL_free(text);
	return copy;
}

static const char *serial_text(struct sc_arena *arena, const X509 *cert)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), NULL);
	char *hex = number ? BN_bn2hex(number) : NULL;
	char *copy = sc_arena_strdup(arena, hex);

	OPENSSL_free(hex);
	BN_free(number);
	return copy;
}

static const char *fingerprint(struct sc_arena *arena, const X509 *cert)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (!X509_digest(cert, EVP_sha256(), digest, &len))
		return NULL;
	char *text = sc_arena_alloc(arena, len * 3 + 1);
	for (unsigned i = 0; text && i < len; i++)
		snprintf(text + i * 3, 4, i + 1 < len ? "%02X:" : "%02X", digest[i]);
	return text;
}

static int64_t seconds(const ASN1_TIME *when)
{
	struct tm tm;

	return ASN1_TIME_to_tm(when, &tm) ? (int64_t)timegm(&tm) : 0;
}

static const char *key_text(struct sc_arena *arena, const EVP_PKEY *key)
{
	int type = EVP_PKEY_base_id(key);
	const char *word = type == EVP_PKEY_RSA ? "RSA" : type == EVP_PKEY_EC ? "EC" : OBJ_nid2sn(type);

	return sc_arena_printf(arena, "%s %d", word, EVP_PKEY_bits(key));
}

static const char *alt_name(struct sc_arena *arena, const GENERAL_NAME *name)
{
	const unsigned char *data = ASN1_STRING_get0_data(name->d.ia5);
	int len = ASN1_STRING_length(name->d.ia5);
	char text[INET6_ADDRSTRLEN];

	if (name->type == GEN_DNS)
		return sc_arena_strndup(arena, (const char *)data, (size_t)len);
	if (len == 4 && inet_ntop(AF_INET, data, text, sizeof(text)))
		return sc_arena_strdup(arena, text);
	if (len == 16 && inet_ntop(AF_INET6, data, text, sizeof(text)))
		return sc_arena_strdup(arena, text);
	return sc_arena_strdup(arena, "?");
}

/* The names of one type, NULL-terminated; NULL if memory is short. */
static const char *const *alt_names(struct sc_arena *arena, const GENERAL_NAMES *names, int type)
{
	int n = names ? sk_GENERAL_NAME_num(names) : 0, used = 0;
	const char **list = sc_arena_alloc(arena, ((size_t)n + 1) * sizeof(*list));

	for (int i = 0; list && i < n; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == type && (list[used] = alt_name(arena, name)) != NULL)
			used++;
	}
	return list;
}

static bool read_cert(struct sc_arena *arena, X509 *cert, struct spicecfg_cert *out)
{
	SC_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	const EVP_PKEY *key = X509_get0_pubkey(cert);
	int hash, type, bits = 0;
	uint32_t flags;

	*out = (struct spicecfg_cert){
	    .subject = name_text(arena, X509_get_subject_name(cert)),
	    .issuer = name_text(arena, X509_get_issuer_name(cert)),
	    .common_name = common_name(arena, X509_get_subject_name(cert)),
	    .serial = serial_text(arena, cert),
	    .fingerprint = fingerprint(arena, cert),
	    .key = key ? key_text(arena, key) : sc_arena_strdup(arena, "unknown"),
	    .key_bits = key ? EVP_PKEY_security_bits(key) : 0,
	    .not_before = seconds(X509_get0_notBefore(cert)),
	    .not_after = seconds(X509_get0_notAfter(cert)),
	    .is_ca = X509_check_ca(cert) == 1,
	    .self_signed = X509_check_issued(cert, cert) == X509_V_OK,
	    .server_auth = X509_check_purpose(cert, X509_PURPOSE_SSL_SERVER, 0) == 1,
	    .dns = alt_names(arena, names, GEN_DNS),
	    .ip = alt_names(arena, names, GEN_IPADD),
	};
	if (X509_get_signature_info(cert, &hash, &type, &bits, &flags))
		out->signature_bits = bits;
	return out->subject && out->issuer && out->serial && out->fingerprint && out->key && out->dns && out->ip;
}

static const struct spicecfg_cert *read_all(struct sc_arena *arena, STACK_OF(X509) * certs, size_t *n)
{
	struct spicecfg_cert *list = sc_arena_alloc(arena, (size_t)sk_X509_num(certs) * sizeof(*list));

	for (int i = 0; list && i < sk_X509_num(certs); i++) {
		if (!read_cert(arena, sk_X509_value(certs, i), &list[i]))
			return NULL;
	}
	*n = (size_t)sk_X509_num(certs);
	return list;
}

/* Verifies like a client that has the CA file: up to a self-signed root, security level 2, for a TLS server. Dates are checked elsewhere.
 */
static const char *verify(struct sc_arena *arena, STACK_OF(X509) * cas, STACK_OF(X509) * chain)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *run = X509_STORE_CTX_new();
	const char *error = "out of memory";
	bool fine = store && run;

	for (int i = 0; fine && i < sk_X509_num(cas); i++)
		fine = X509_STORE_add_cert(store, sk_X509_value(cas, i)) == 1;
	if (fine && X509_STORE_CTX_init(run, store, sk_X509_value(chain, 0), chain)) {
		X509_VERIFY_PARAM *how = X509_STORE_CTX_get0_param(run);

		X509_VERIFY_PARAM_set_purpose(how, X509_PURPOSE_SSL_SERVER);
		X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_NO_CHECK_TIME);
		X509_VERIFY_PARAM_set_auth_level(how, CLIENT_LEVEL);
		error = X509_verify_cert(run) == 1 ? NULL : X509_verify_cert_error_string(X509_STORE_CTX_get_error(run));
	}
	X509_STORE_CTX_free(run);
	X509_STORE_free(store);
	ERR_clear_error();
	return sc_arena_strdup(arena, error);
}

static bool holds_key(const struct sc_pki_bytes *in)
{
	return memmem(in->data, in->len, "PRIVATE KEY-----", 16) != NULL;
}

static enum spicecfg_status read_server(struct spicecfg_ctx *ctx, struct sc_pki_facts *facts, STACK_OF(X509) * cas, STACK_OF(X509) * chain,
					const struct sc_pki_bytes *key)
{
	bool encrypted = false;

	if (chain && !(facts->chain = read_all(facts->memory, chain, &facts->n_chain)))
		return sc_fail_memory(ctx);
	if (cas && chain)
		facts->chain_error = verify(facts->memory, cas, chain);
	if (!key->data)
		return SPICECFG_OK;
	SC_KEY *pair = sc_ssl_read_key(key, &encrypted);
	facts->has_key = true;
	facts->key_encrypted = encrypted;
	if (!pair)
		return encrypted
			   ? SPICECFG_OK
			   : sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){key->name, 0, 0}, NULL, "contains no readable private key");
	facts->key = key_text(facts->memory, pair);
	facts->key_bits = EVP_PKEY_security_bits(pair);
	facts->key_matches = chain && X509_check_private_key(sk_X509_value(chain, 0), pair) == 1;
	ERR_clear_error();
	return SPICECFG_OK;
}

enum spicecfg_status sc_ssl_inspect(struct spicecfg_ctx *ctx, const struct sc_pki_bytes *ca, const struct sc_pki_bytes *cert,
				    const struct sc_pki_bytes *key, struct sc_pki_facts **out)
{
	SC_CERTS *cas = NULL;
	SC_CERTS *chain = NULL;
	struct sc_arena *arena = sc_arena_new();
	struct sc_pki_facts *facts = arena ? sc_arena_alloc(arena, sizeof(*facts)) : NULL;
	enum spicecfg_status status = SPICECFG_OK;

	*out = NULL;
	if (!facts) {
		sc_arena_free(arena);
		return sc_fail_memory(ctx);
	}
	facts->memory = arena;
	if (ca->data && !(cas = sc_ssl_read_certs(ctx, ca)))
		status = SPICECFG_INPUT;
	if (status == SPICECFG_OK && cert->data && !(chain = sc_ssl_read_certs(ctx, cert)))
		status = SPICECFG_INPUT;
	if (status == SPICECFG_OK && cas && !(facts->ca = read_all(arena, cas, &facts->n_ca)))
		status = sc_fail_memory(ctx);
	if (status == SPICECFG_OK)
		status = read_server(ctx, facts, cas, chain, key);
	if (status != SPICECFG_OK) {
		sc_arena_free(arena);
		return status;
	}
	facts->cert_holds_key = cert->data && holds_key(cert);
	*out = facts;
	return SPICECFG_OK;
}

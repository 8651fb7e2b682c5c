/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module "pki", verified with the openssl program and with the facts that it reads back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "system/modules/pki.h"
#include "system/os/modules.h"

enum { DAY = 24 * 60 * 60 };
/* 2026-06-01T00:00:00Z */
static const int64_t now = 1780272000;

static const char *const dns[] = {"mysrv.example.org", "mysrv", NULL};
static const char *const ips[] = {"192.168.2.2", "fd00::2", NULL};
static const char *const none[] = {NULL};
static const struct sc_pki_bytes nothing = {"nothing", NULL, 0};

struct world {
	struct spicecfg_ctx *ctx;
	const struct sc_pki_ops *ops;
	char dir[64];
	struct sc_buf ca_key, ca_cert, key, cert;
};

static struct sc_pki_bytes bytes(const char *name, const struct sc_buf *buf)
{
	return (struct sc_pki_bytes){name, sc_buf_text(buf), buf->len};
}

static void issue(struct world *w, enum sc_pki_key_type type, const struct sc_pki_subject *subject, struct sc_buf *key, struct sc_buf *cert)
{
	struct sc_pki_bytes ca_key = bytes("ca-key.pem", &w->ca_key), ca_cert = bytes("ca-cert.pem", &w->ca_cert);

	if (!key->len)
		assert_int_equal(w->ops->make_key(w->ctx, type, key), SPICECFG_OK);
	struct sc_pki_bytes pair = bytes("server-key.pem", key);
	assert_int_equal(w->ops->issue(w->ctx, subject, &ca_cert, &ca_key, &pair, cert), SPICECFG_OK);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	const struct sc_pki_subject ca = {.common_name = "Test CA", .not_before = now - DAY, .not_after = now + 3650 * (int64_t)DAY};
	const struct sc_pki_subject server = {.dns = dns, .ip = ips, .not_before = now - DAY, .not_after = now + 730 * (int64_t)DAY};

	*state = w;
	w->ctx = spicecfg_ctx_new();
	w->ops = sc_module(w->ctx, "pki");
	if (!w->ops)
		fprintf(stderr, "%s\n", spicecfg_ctx_error(w->ctx)->message);
	assert_non_null(w->ops);
	assert_int_equal(w->ops->make_key(w->ctx, SC_PKI_EC, &w->ca_key), SPICECFG_OK);
	struct sc_pki_bytes key = bytes("ca-key.pem", &w->ca_key);
	assert_int_equal(w->ops->make_ca(w->ctx, &ca, &key, &w->ca_cert), SPICECFG_OK);
	issue(w, SC_PKI_EC, &server, &w->key, &w->cert);
	/* last: teardown is not called where something above fails */
	strcpy(w->dir, "/tmp/spicecfg-pki-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	return 0;
}

static void run_openssl(struct world *w, const char *args, struct sc_buf *out)
{
	SC_BUF command = SC_BUF_INIT;
	char line[512];

	sc_buf_addf(&command, "cd %s && openssl %s 2>&1; echo \"exit $?\"", w->dir, args);
	FILE *pipe = popen(sc_buf_text(&command), "r");
	assert_non_null(pipe);
	sc_buf_free(out);
	while (fgets(line, sizeof(line), pipe))
		sc_buf_adds(out, line);
	pclose(pipe);
}

static void save(struct world *w, const char *name, const struct sc_buf *buf)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(buf->data, 1, buf->len, file), buf->len);
	fclose(file);
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", w->dir);
	assert_int_equal(system(command), 0);
	sc_buf_free(&w->ca_key);
	sc_buf_free(&w->ca_cert);
	sc_buf_free(&w->key);
	sc_buf_free(&w->cert);
	spicecfg_ctx_free(w->ctx);
	free(w);
	return 0;
}

static void expect(const struct sc_buf *out, const char *text)
{
	if (!strstr(sc_buf_text(out), text))
		fprintf(stderr, "no '%s' in:\n%s", text, sc_buf_text(out));
	assert_non_null(strstr(sc_buf_text(out), text));
}

static void openssl_accepts_the_chain(void **state)
{
	struct world *w = *state;
	SC_BUF out = SC_BUF_INIT;
	const char *verify = "verify -x509_strict -purpose sslserver -auth_level 2 -attime 1780272000 -CAfile ca.pem";
	char args[256];

	save(w, "ca.pem", &w->ca_cert);
	save(w, "cert.pem", &w->cert);
	snprintf(args, sizeof(args), "%s -verify_hostname mysrv.example.org cert.pem", verify);
	run_openssl(w, args, &out);
	expect(&out, "cert.pem: OK");
	snprintf(args, sizeof(args), "%s -verify_ip fd00::2 cert.pem", verify);
	run_openssl(w, args, &out);
	expect(&out, "cert.pem: OK");
	snprintf(args, sizeof(args), "%s -verify_hostname other.example.org cert.pem", verify);
	run_openssl(w, args, &out);
	expect(&out, "hostname mismatch");
}

static void extensions_are_right(void **state)
{
	struct world *w = *state;
	SC_BUF out = SC_BUF_INIT;

	save(w, "ca.pem", &w->ca_cert);
	save(w, "cert.pem", &w->cert);
	run_openssl(w, "x509 -in ca.pem -noout -text", &out);
	expect(&out, "CA:TRUE, pathlen:0");
	expect(&out, "X509v3 Basic Constraints: critical");
	expect(&out, "X509v3 Key Usage: critical");
	expect(&out, "Certificate Sign, CRL Sign");
	run_openssl(w, "x509 -in cert.pem -noout -text", &out);
	expect(&out, "Version: 3 (0x2)");
	expect(&out, "Subject: CN = mysrv.example.org");
	expect(&out, "CA:FALSE");
	expect(&out, "TLS Web Server Authentication");
	expect(&out, "DNS:mysrv.example.org, DNS:mysrv, IP Address:192.168.2.2, IP Address:FD00:0:0:0:0:0:0:2");
	expect(&out, "X509v3 Authority Key Identifier");
	expect(&out, "ecdsa-with-SHA256");
	expect(&out, "Not After : May 31 00:00:00 2028 GMT");
	expect(&out, "Digital Signature\n");
}

static void keys_are_plain_pkcs8(void **state)
{
	struct world *w = *state;
	SC_BUF out = SC_BUF_INIT;
	SC_BUF rsa = SC_BUF_INIT;

	assert_memory_equal(w->key.data, "-----BEGIN PRIVATE KEY-----\n", 28);
	assert_int_equal(w->ops->make_key(w->ctx, SC_PKI_RSA, &rsa), SPICECFG_OK);
	save(w, "rsa.pem", &rsa);
	save(w, "ec.pem", &w->key);
	run_openssl(w, "pkey -in rsa.pem -noout -text -check", &out);
	expect(&out, "(3072 bit");
	expect(&out, "Key is valid");
	run_openssl(w, "pkey -in ec.pem -noout -text -check", &out);
	expect(&out, "prime256v1");
	expect(&out, "Key is valid");
}

static void an_rsa_server_may_encipher(void **state)
{
	struct world *w = *state;
	const struct sc_pki_subject subject = {.dns = dns, .not_before = now, .not_after = now + DAY};
	SC_BUF key = SC_BUF_INIT;
	SC_BUF cert = SC_BUF_INIT;
	SC_BUF out = SC_BUF_INIT;

	issue(w, SC_PKI_RSA, &subject, &key, &cert);
	save(w, "rsa-cert.pem", &cert);
	run_openssl(w, "x509 -in rsa-cert.pem -noout -text", &out);
	expect(&out, "Digital Signature, Key Encipherment");
}

static void serials_are_random(void **state)
{
	struct world *w = *state;
	const struct sc_pki_subject subject = {.dns = dns, .not_before = now, .not_after = now + DAY};
	char seen[16][48];

	for (int i = 0; i < 16; i++) {
		SC_BUF cert = SC_BUF_INIT;
		struct sc_pki_facts *facts;

		issue(w, SC_PKI_EC, &subject, &w->key, &cert);
		struct sc_pki_bytes one = bytes("cert", &cert);
		assert_int_equal(w->ops->inspect(w->ctx, &nothing, &one, &nothing, &facts), SPICECFG_OK);
		assert_int_equal(strlen(facts->chain[0].serial), 40);
		snprintf(seen[i], sizeof(seen[i]), "%s", facts->chain[0].serial);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(seen[i], seen[j]);
		sc_pki_facts_free(facts);
	}
}

static void facts_are_read_back(void **state)
{
	struct world *w = *state;
	struct sc_pki_bytes ca = bytes("ca", &w->ca_cert), cert = bytes("cert", &w->cert), key = bytes("key", &w->key);
	struct sc_pki_bytes ca_key = bytes("ca-key", &w->ca_key);
	struct sc_pki_facts *facts;

	assert_int_equal(w->ops->inspect(w->ctx, &ca, &cert, &key, &facts), SPICECFG_OK);
	assert_null(facts->chain_error);
	assert_true(facts->key_matches);
	assert_string_equal(facts->key, "EC 256");
	assert_string_equal(facts->ca[0].subject, "CN=Test CA");
	assert_true(facts->ca[0].is_ca && facts->ca[0].self_signed);
	assert_false(facts->chain[0].is_ca || facts->chain[0].self_signed);
	assert_true(facts->chain[0].server_auth);
	assert_int_equal(facts->chain[0].not_after, now + 730 * (int64_t)DAY);
	assert_int_equal(facts->chain[0].key_bits, 128);
	assert_int_equal(facts->chain[0].signature_bits, 128);
	assert_string_equal(facts->chain[0].dns[1], "mysrv");
	assert_string_equal(facts->chain[0].ip[1], "fd00::2");
	sc_pki_facts_free(facts);
	assert_int_equal(w->ops->inspect(w->ctx, &ca, &cert, &ca_key, &facts), SPICECFG_OK);
	assert_false(facts->key_matches);
	sc_pki_facts_free(facts);
}

static void a_foreign_ca_is_noticed(void **state)
{
	struct world *w = *state;
	const struct sc_pki_subject subject = {.common_name = "Test CA", .not_before = now - DAY, .not_after = now + DAY};
	SC_BUF key = SC_BUF_INIT;
	SC_BUF other = SC_BUF_INIT;
	struct sc_pki_facts *facts;

	assert_int_equal(w->ops->make_key(w->ctx, SC_PKI_EC, &key), SPICECFG_OK);
	struct sc_pki_bytes pair = bytes("key", &key);
	assert_int_equal(w->ops->make_ca(w->ctx, &subject, &pair, &other), SPICECFG_OK);
	struct sc_pki_bytes ca = bytes("ca", &other), cert = bytes("cert", &w->cert);
	assert_int_equal(w->ops->inspect(w->ctx, &ca, &cert, &nothing, &facts), SPICECFG_OK);
	assert_non_null(facts->chain_error);
	sc_pki_facts_free(facts);
	/* a CA key that does not match the CA certificate */
	struct sc_pki_bytes right = bytes("ca", &w->ca_cert);
	SC_BUF made = SC_BUF_INIT;
	const struct sc_pki_subject server = {.dns = dns, .not_before = now, .not_after = now + DAY};
	assert_int_equal(w->ops->issue(w->ctx, &server, &right, &pair, &pair, &made), SPICECFG_INPUT);
	assert_string_equal(spicecfg_ctx_error(w->ctx)->message, "the key does not match the CA certificate ca");
	assert_int_equal(made.len, 0);
}

static void foreign_certificates_are_judged(void **state)
{
	struct world *w = *state;
	SC_BUF out = SC_BUF_INIT;
	struct sc_pki_facts *facts;

	/* made by openssl: RSA 1024, SHA-1, a name with characters that X.509 allows but host names don't */
	run_openssl(w,
		    "req -x509 -newkey rsa:1024 -sha1 -nodes -days 2 -subj '/O=B\xc3\xbcro/CN=my>srv' -utf8 -keyout k.pem -out c.pem "
		    "-addext basicConstraints=critical,CA:FALSE 2>/dev/null; cat c.pem k.pem #",
		    &out);
	struct sc_pki_bytes cert = bytes("c.pem", &out);
	assert_int_equal(w->ops->inspect(w->ctx, &cert, &cert, &cert, &facts), SPICECFG_OK);
	assert_string_equal(facts->chain[0].subject, "CN=my\\>srv,O=B\xc3\xbcro");
	assert_string_equal(facts->chain[0].common_name, "my>srv");
	assert_true(facts->chain[0].key_bits < 112);
	assert_true(facts->chain[0].signature_bits < 112);
	assert_true(facts->cert_holds_key && facts->key_matches);
	assert_non_null(facts->chain_error);
	sc_pki_facts_free(facts);
	SC_BUF clean = SC_BUF_INIT;
	assert_int_equal(w->ops->certificates(w->ctx, &cert, &clean), SPICECFG_OK);
	assert_null(strstr(sc_buf_text(&clean), "PRIVATE"));
}

static void chains_with_an_intermediate(void **state)
{
	struct world *w = *state;
	SC_BUF out = SC_BUF_INIT;
	SC_BUF root = SC_BUF_INIT;
	struct sc_pki_facts *facts;
	const char *make = "version >/dev/null; q='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'; "
			   "openssl req -x509 $q -subj /CN=Root -keyout rk -out r -addext basicConstraints=critical,CA:TRUE; "
			   "openssl req $q -subj /CN=Middle -keyout mk -out mr; openssl req $q -subj /CN=srv -keyout sk -out sr; "
			   "printf 'basicConstraints=critical,CA:TRUE\\n' >me; printf 'subjectAltName=DNS:srv\\n' >se; "
			   "openssl x509 -req -in mr -CA r -CAkey rk -CAcreateserial -extfile me -out m; "
			   "openssl x509 -req -in sr -CA m -CAkey mk -CAcreateserial -extfile se -out s";

	run_openssl(w, make, &out);
	run_openssl(w, "version >/dev/null; cat r", &root);
	run_openssl(w, "version >/dev/null; cat s m", &out);
	struct sc_pki_bytes ca = bytes("r", &root), chain = bytes("sm", &out);
	assert_int_equal(w->ops->inspect(w->ctx, &ca, &chain, &nothing, &facts), SPICECFG_OK);
	assert_int_equal(facts->n_chain, 2);
	assert_null(facts->chain_error);
	assert_string_equal(facts->chain[1].subject, "CN=Middle");
	sc_pki_facts_free(facts);
	/* the server certificate without its intermediate; only the intermediate as CA file */
	run_openssl(w, "version >/dev/null; cat s", &out);
	chain = bytes("s", &out);
	assert_int_equal(w->ops->inspect(w->ctx, &ca, &chain, &nothing, &facts), SPICECFG_OK);
	assert_string_equal(facts->chain_error, "unable to get local issuer certificate");
	sc_pki_facts_free(facts);
	run_openssl(w, "version >/dev/null; cat m", &root);
	ca = bytes("m", &root);
	assert_int_equal(w->ops->inspect(w->ctx, &ca, &chain, &nothing, &facts), SPICECFG_OK);
	assert_string_equal(facts->chain_error, "unable to get issuer certificate");
	sc_pki_facts_free(facts);
}

static void broken_input_is_refused(void **state)
{
	struct world *w = *state;
	SC_BUF out = SC_BUF_INIT;
	SC_BUF made = SC_BUF_INIT;
	struct sc_pki_facts *facts;
	const struct sc_pki_bytes text = {"t.pem", "hello", 5}, empty = {"e.pem", "", 0};

	assert_int_equal(w->ops->inspect(w->ctx, &nothing, &text, &nothing, &facts), SPICECFG_INPUT);
	assert_null(facts);
	assert_string_equal(spicecfg_ctx_error(w->ctx)->message, "contains no certificate");
	assert_string_equal(spicecfg_ctx_error(w->ctx)->file, "t.pem");
	spicecfg_ctx_clear_error(w->ctx);
	assert_int_equal(w->ops->inspect(w->ctx, &empty, &nothing, &nothing, &facts), SPICECFG_INPUT);
	spicecfg_ctx_clear_error(w->ctx);
	/* damage in the middle */
	sc_buf_add(&out, w->cert.data, w->cert.len);
	out.data[out.len / 2] = '!';
	struct sc_pki_bytes damaged = bytes("d.pem", &out);
	assert_int_equal(w->ops->inspect(w->ctx, &nothing, &damaged, &nothing, &facts), SPICECFG_INPUT);
	assert_string_equal(spicecfg_ctx_error(w->ctx)->message, "certificate 1 is damaged");
	spicecfg_ctx_clear_error(w->ctx);
	/* a key with a password is reported as such, and the password is never asked for */
	save(w, "plain.pem", &w->key);
	run_openssl(w, "pkey -in plain.pem -aes256 -passout pass:x -out locked.pem; cat locked.pem #", &out);
	struct sc_pki_bytes locked = bytes("locked.pem", &out);
	struct sc_pki_bytes cert = bytes("cert", &w->cert);
	assert_int_equal(w->ops->inspect(w->ctx, &nothing, &cert, &locked, &facts), SPICECFG_OK);
	assert_true(facts->has_key && facts->key_encrypted && !facts->key_matches);
	sc_pki_facts_free(facts);
	const struct sc_pki_subject subject = {.dns = dns};
	assert_int_equal(w->ops->csr(w->ctx, &subject, &locked, &made), SPICECFG_INPUT);
	assert_string_equal(spicecfg_ctx_error(w->ctx)->message, "the private key has a password, which libvirt can't give to QEMU");
}

/* Every truncation and every changed byte is either refused or read; the sanitizers detect anything worse. */
static void damage_does_no_harm(void **state)
{
	struct world *w = *state;
	unsigned refused = 0;

	for (size_t i = 0; i < w->cert.len; i++) {
		SC_BUF cert = SC_BUF_INIT;
		SC_BUF key = SC_BUF_INIT;
		struct sc_pki_facts *facts = NULL;

		sc_buf_add(&cert, w->cert.data, i % 2 ? i : w->cert.len);
		sc_buf_add(&key, w->key.data, i % 2 ? i % w->key.len : w->key.len);
		if (i % 2 == 0) {
			cert.data[i] = (char)(cert.data[i] ^ (1 << i / 2 % 8));
			key.data[i % key.len] = (char)(key.data[i % key.len] ^ (1 << i / 2 % 8));
		}
		struct sc_pki_bytes one = bytes("cert", &cert), two = bytes("key", &key);
		refused += w->ops->inspect(w->ctx, &one, &one, &two, &facts) != SPICECFG_OK;
		sc_pki_facts_free(facts);
		spicecfg_ctx_clear_error(w->ctx);
	}
	assert_true(refused > w->cert.len / 2);
}

static void a_request_carries_the_names(void **state)
{
	struct world *w = *state;
	const struct sc_pki_subject subject = {.dns = dns, .ip = ips}, other = {.dns = dns, .ip = none};
	SC_BUF csr = SC_BUF_INIT;
	SC_BUF out = SC_BUF_INIT;
	struct sc_pki_bytes key = bytes("key", &w->key), ca_key = bytes("key", &w->ca_key);

	assert_int_equal(w->ops->csr(w->ctx, &subject, &key, &csr), SPICECFG_OK);
	save(w, "server.csr", &csr);
	run_openssl(w, "req -in server.csr -noout -text -verify", &out);
	expect(&out, "verify OK");
	expect(&out, "Subject: CN = mysrv.example.org");
	expect(&out, "DNS:mysrv.example.org, DNS:mysrv, IP Address:192.168.2.2");
	expect(&out, "TLS Web Server Authentication");
	struct sc_pki_bytes made = bytes("csr", &csr);
	assert_true(w->ops->csr_fits(&made, &subject, &key));
	assert_false(w->ops->csr_fits(&made, &subject, &ca_key));
	assert_false(w->ops->csr_fits(&made, &other, &key));
	assert_false(w->ops->csr_fits(&key, &subject, &key));
	assert_null(spicecfg_ctx_error(w->ctx));
}

static void long_names_stay_out_of_the_subject(void **state)
{
	struct world *w = *state;
	static const char *const names[] = {"a.very.long.name.that.has.more.than.sixty-four.characters.in.it.example.org", NULL};
	const struct sc_pki_subject subject = {.dns = names, .not_before = now, .not_after = now + DAY};
	SC_BUF key = SC_BUF_INIT;
	SC_BUF cert = SC_BUF_INIT;
	struct sc_pki_facts *facts;

	issue(w, SC_PKI_EC, &subject, &key, &cert);
	struct sc_pki_bytes one = bytes("cert", &cert);
	assert_int_equal(w->ops->inspect(w->ctx, &nothing, &one, &nothing, &facts), SPICECFG_OK);
	assert_string_equal(facts->chain[0].common_name, "Spice server");
	assert_true(sc_pki_name_matches(&facts->chain[0], names[0]));
	sc_pki_facts_free(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(openssl_accepts_the_chain, setup, teardown),
	    cmocka_unit_test_setup_teardown(extensions_are_right, setup, teardown),
	    cmocka_unit_test_setup_teardown(keys_are_plain_pkcs8, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_rsa_server_may_encipher, setup, teardown),
	    cmocka_unit_test_setup_teardown(serials_are_random, setup, teardown),
	    cmocka_unit_test_setup_teardown(facts_are_read_back, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_foreign_ca_is_noticed, setup, teardown),
	    cmocka_unit_test_setup_teardown(foreign_certificates_are_judged, setup, teardown),
	    cmocka_unit_test_setup_teardown(chains_with_an_intermediate, setup, teardown),
	    cmocka_unit_test_setup_teardown(broken_input_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(damage_does_no_harm, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_request_carries_the_names, setup, teardown),
	    cmocka_unit_test_setup_teardown(long_names_stay_out_of_the_subject, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

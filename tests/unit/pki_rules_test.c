/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "rules/host/pki.h"
#include "rules/tables.h"

enum { DAY = 24 * 60 * 60 };
static const int64_t now = 1780272000;
static const char *const no_names[] = {NULL};

static void names_for_certificates(void **state)
{
	(void)state;
	static const char *const good[] = {"mysrv", "mysrv.anraconc.de", "*.example.org", "a_b.example", "1and1.com", "xn--bro-hoa.de"};
	static const char *const bad[] = {"",
					  "my>srv",
					  "a..b",
					  ".a",
					  "a.",
					  "-a",
					  "a-.b",
					  "*.org",
					  "*",
					  "a.*.b",
					  "f*.example.org",
					  "192.168.2.2",
					  "fd00::2",
					  "b\xc3\xbcro.de",
					  "a b",
					  "a\nb",
					  "a/b",
					  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.de"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_null(sc_pki_name_wrong(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(sc_pki_name_wrong(bad[i]));
}

/* Like spice-common's ssl_verify.c. */
static void names_match_as_the_client_does(void **state)
{
	(void)state;
	static const char *const dns[] = {"mysrv.example.org", "*.lab.example.org", NULL}, *const ips[] = {"192.168.2.2", "fd00::2", NULL};
	const struct spicecfg_cert both = {.common_name = "old", .dns = dns, .ip = ips};
	const struct spicecfg_cert ip_only = {.common_name = "old", .dns = no_names, .ip = ips};
	const struct spicecfg_cert name_only = {.common_name = "old", .dns = no_names, .ip = no_names};

	assert_true(sc_pki_name_matches(&both, "mysrv.example.org"));
	assert_true(sc_pki_name_matches(&both, "MYSRV.example.ORG"));
	assert_false(sc_pki_name_matches(&both, "mysrv"));
	assert_false(sc_pki_name_matches(&both, "mysrv.example.org.evil.net"));
	assert_true(sc_pki_name_matches(&both, "vm1.lab.example.org"));
	assert_false(sc_pki_name_matches(&both, "a.b.lab.example.org"));
	assert_true(sc_pki_name_matches(&both, "192.168.2.2"));
	assert_true(sc_pki_name_matches(&both, "fd00:0::2"));
	assert_false(sc_pki_name_matches(&both, "192.168.2.20"));
	/* the common name is used only if there is no alternative name */
	assert_false(sc_pki_name_matches(&both, "old"));
	assert_false(sc_pki_name_matches(&ip_only, "old"));
	assert_true(sc_pki_name_matches(&name_only, "old"));
}

static void days_round_down(void **state)
{
	(void)state;
	char text[32];

	assert_int_equal(sc_pki_days_left(now + DAY, now), 1);
	assert_int_equal(sc_pki_days_left(now + DAY - 1, now), 0);
	assert_int_equal(sc_pki_days_left(now - 1, now), -1);
	spicecfg_pki_time(now, text, sizeof(text));
	assert_string_equal(text, "2026-06-01T00:00:00Z");
}

static const char *const server_dns[] = {"mysrv.example.org", NULL};
static const char *const hosts[] = {"mysrv.example.org", "mysrv", NULL};

/* A healthy server, in which each test breaks one thing. */
struct world {
	struct spicecfg_cert ca, cert[2];
	struct sc_pki_facts facts;
	struct sc_pki_check check;
};

static void healthy(struct world *w)
{
	const struct sc_pki_place place = {.path = "/d/x.pem", .exists = true, .qemu_reads = true};

	*w = (struct world){
	    .ca = {.subject = "CN=CA",
		   .key = "EC 256",
		   .key_bits = 128,
		   .signature_bits = 128,
		   .is_ca = true,
		   .self_signed = true,
		   .not_before = now - DAY,
		   .not_after = now + 365 * DAY,
		   .dns = no_names,
		   .ip = no_names},
	    .cert = {{.subject = "CN=mysrv",
		      .key = "EC 256",
		      .key_bits = 128,
		      .signature_bits = 128,
		      .server_auth = true,
		      .not_before = now - DAY,
		      .not_after = now + 365 * DAY,
		      .dns = server_dns,
		      .ip = no_names}},
	    .facts = {.n_ca = 1, .n_chain = 1, .has_key = true, .key_matches = true, .key = "EC 256", .key_bits = 128},
	    .check = {.dir = SC_PKI_DIR,
		      .ca_cert = place,
		      .server_cert = place,
		      .server_key = place,
		      .qemu_user = "libvirt-qemu",
		      .qemu_group = "libvirt-qemu",
		      .hosts = hosts,
		      .now = now},
	};
	w->facts.ca = &w->ca;
	w->facts.chain = w->cert;
	w->check.facts = &w->facts;
}

static bool fired[64];

/* Every row of the table has fired by now; the healthy server shows that each can stay silent. */
static void every_rule_was_tried(void **state)
{
	(void)state;
	for (size_t i = 0; sc_rules_pki[i].id; i++) {
		if (!fired[i])
			fprintf(stderr, "%s never fired\n", sc_rules_pki[i].id);
		assert_true(fired[i]);
		assert_true(sc_rules_pki[i].title && sc_rules_pki[i].text && sc_rules_pki[i].source);
	}
}

static enum spicecfg_status collect(void *opaque, const struct spicecfg_finding *finding)
{
	struct sc_buf *out = opaque;

	size_t row = 0;

	assert_non_null(finding->message);
	while (sc_rules_pki[row].id && strcmp(sc_rules_pki[row].id, finding->rule) != 0)
		row++;
	assert_non_null(sc_rules_pki[row].id);
	fired[row] = true;
	sc_buf_addf(out, "%s%s:%s", out->len ? " " : "", finding->rule, spicecfg_level_name(finding->level));
	char *fix = spicecfg_fix_text(finding->fix, NULL);
	if (fix)
		sc_buf_addf(out, "(%s)", fix + (strncmp(fix, "spicecfg pki ", 13) == 0 ? 13 : 0));
	free(fix);
	return SPICECFG_OK;
}

static void expect(struct world *w, const char *want)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_arena *arena = sc_arena_new();
	SC_BUF out = SC_BUF_INIT;

	assert_int_equal(sc_pki_judge(ctx, &w->check, arena, collect, &out), SPICECFG_OK);
	assert_string_equal(sc_buf_text(&out), want);
	sc_arena_free(arena);
	spicecfg_ctx_free(ctx);
	healthy(w);
}

static void files_are_judged(void **state)
{
	(void)state;
	struct world w;

	healthy(&w);
	expect(&w, "");
	w.check.server_key.exists = false;
	expect(&w, "pki-file-missing:error(csr && spicecfg pki import --cert FILE --ca FILE)");
	w.check.ca_key = (struct sc_pki_place){.path = "/ca/ca-key.pem", .exists = true};
	w.check.server_key.exists = false;
	expect(&w, "pki-file-missing:error(issue)");
	w.check.ca_cert.exists = w.check.server_cert.exists = w.check.server_key.exists = false;
	expect(&w, "pki-file-missing:error(init && spicecfg pki issue) pki-file-missing:error(init && spicecfg pki issue) "
		   "pki-file-missing:error(init && spicecfg pki issue)");
	w.check.server_key.qemu_reads = false;
	expect(&w, "pki-file-unreadable:error(issue)");
	w.check.ca_cert.blocked_at = "/etc/pki";
	expect(&w, "pki-file-unreadable:error(setfacl -m u:libvirt-qemu:x -- /etc/pki)");
	w.check.server_key.qemu_reads = false;
	w.check.qemu_user = NULL;
	expect(&w, "");
	w.check.server_key.others_read = true;
	expect(&w, "pki-key-exposed:error(issue --host mysrv.example.org)");
	w.check.ca_key = (struct sc_pki_place){.path = "/ca/ca-key.pem", .exists = true, .others_read = true};
	expect(&w, "pki-key-exposed:error(init)");
	w.check.ca_key_in_dir = true;
	expect(&w, "pki-ca-key-place:warning");
	w.facts.cert_holds_key = true;
	expect(&w, "pki-key-exposed:error(issue --host mysrv.example.org)");
	w.facts.key_matches = false;
	expect(&w, "pki-key-mismatch:error(issue --host mysrv.example.org)");
	w.facts.key_matches = false;
	w.facts.key_encrypted = true;
	expect(&w, "pki-key-password:error(issue --host mysrv.example.org)");
}

static void certificates_are_judged(void **state)
{
	(void)state;
	struct world w;

	healthy(&w);
	w.cert[0].not_after = now - 1;
	expect(&w, "pki-expired:error(renew --within 30d)");
	w.cert[0].not_after = now + 29 * DAY;
	expect(&w, "pki-ends-soon:warning(renew --within 30d)");
	w.cert[0].not_after = now + 30 * DAY;
	expect(&w, "");
	w.cert[0].not_before = now + 1;
	expect(&w, "pki-not-yet-valid:error");
	w.ca.not_after = now - DAY;
	expect(&w, "pki-expired:error(renew --ca-itself --within 30d)");
	w.cert[0].key_bits = 80;
	expect(&w, "pki-weak:error(issue --host mysrv.example.org)");
	w.cert[0].signature_bits = 63;
	expect(&w, "pki-weak:error(issue --host mysrv.example.org)");
	/* a root's own signature is not verified */
	w.ca.signature_bits = 63;
	expect(&w, "");
	w.facts.chain_error = "unable to get local issuer certificate";
	expect(&w, "pki-chain:error(issue --host mysrv.example.org)");
	w.cert[0].server_auth = false;
	expect(&w, "pki-purpose:error(issue --host mysrv.example.org)");
	w.check.dir = "/srv/tls";
	w.cert[0].not_after = now - 1;
	expect(&w, "pki-expired:error(renew --within 30d --dir /srv/tls)");
}

static void names_are_judged(void **state)
{
	(void)state;
	struct world w;
	static const char *const other[] = {"console.example.org", NULL};

	healthy(&w);
	w.cert[0].dns = other;
	expect(&w, "pki-host-name:warning(issue --host console.example.org --host mysrv.example.org)");
	w.check.hosts_asked = true;
	expect(&w, "pki-name:error(issue --host mysrv.example.org --host mysrv)");
	w.cert[0].dns = no_names;
	w.cert[0].common_name = "mysrv";
	expect(&w, "pki-no-alt-names:warning(issue --host mysrv)");
	/* a name that no certificate can have is left out; all that are missing come with each fix */
	static const char *const odd[] = {"console.example.org", "-x", NULL}, *const ips[] = {"192.168.2.2", NULL};
	static const char *const asked[] = {"a.example.org", "console.example.org", "fd00::2", NULL};
	w.cert[0].dns = odd;
	w.cert[0].ip = ips;
	w.check.hosts = asked;
	w.check.hosts_asked = true;
	expect(&w, "pki-name:error(issue --host console.example.org --ip 192.168.2.2 --host a.example.org --ip fd00::2) "
		   "pki-name:error(issue --host console.example.org --ip 192.168.2.2 --host a.example.org --ip fd00::2)");
}

/* Only the CA that issued a certificate can replace it. */
static void certificates_of_another_ca(void **state)
{
	(void)state;
	struct world w;
	const struct spicecfg_cert own = {.subject = "CN=CA"}, bought = {.issuer = "CN=Corporate"}, local = {.issuer = "CN=CA"};
	const struct spicecfg_cert self_signed = {.issuer = "CN=mysrv", .self_signed = true};

	assert_true(sc_pki_is_foreign(&bought, &own));
	assert_true(sc_pki_is_foreign(&local, NULL));
	assert_false(sc_pki_is_foreign(&local, &own));
	assert_false(sc_pki_is_foreign(&self_signed, &own));
	healthy(&w);
	w.check.foreign = true;
	w.facts.key_matches = false;
	expect(&w, "pki-key-mismatch:error(csr --host mysrv.example.org"
		   " && spicecfg pki import --cert FILE --ca FILE)");
	w.check.foreign = true;
	w.cert[0].not_after = now - DAY;
	expect(&w, "pki-expired:error(csr --host mysrv.example.org"
		   " && spicecfg pki import --cert FILE --ca FILE)");
	w.check.foreign = true;
	w.check.server_key.qemu_reads = false;
	expect(&w, "pki-file-unreadable:error(setfacl -m g:libvirt-qemu:r -- /d/x.pem)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_for_certificates),
	    cmocka_unit_test(names_match_as_the_client_does),
	    cmocka_unit_test(days_round_down),
	    cmocka_unit_test(files_are_judged),
	    cmocka_unit_test(certificates_are_judged),
	    cmocka_unit_test(names_are_judged),
	    cmocka_unit_test(certificates_of_another_ca),
	    cmocka_unit_test(every_rule_was_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of qemu.conf and the pure plans over it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/qemuconf_keys.h"
#include "plan/host.h"

static void keys_have_all_parts(void **state)
{
	(void)state;
	for (const struct sc_qemuconf_key *key = sc_qemuconf_keys; key->name; key++) {
		assert_non_null(key->initial);
		assert_non_null(key->meaning);
		assert_ptr_equal(sc_qemuconf_key(key->name), key);
		assert_true((key->type == SC_TYPE_PASSWORD) == sc_qemuconf_key_secret(key->name));
	}
	assert_null(sc_qemuconf_key("spice_nothing"));
}

static void nearest(void **state)
{
	static const char *const rows[][2] = {
	    {"spice_tsl", "spice_tls"},
	    {"tls", "spice_tls"},
	    {"sasl", "spice_sasl"},
	    {"spice_sasldir", "spice_sasl_dir"},
	    {"spice_tls_x509_cert_path", "spice_tls_x509_cert_dir"},
	    {"spice_auto_socket", "spice_auto_unix_socket"},
	    {"remote_display_min", "remote_display_port_min"},
	    {"qqqqqqqqqqqq", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *found = sc_qemuconf_key_nearest(rows[i][0]);

		if (!rows[i][1])
			assert_null(found);
		else
			assert_string_equal(found, rows[i][1]);
	}
	char name[200];
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_null(sc_qemuconf_key_nearest(name));
}

static enum spicecfg_status judge(struct spicecfg_plan *plan, struct spicecfg_report *report)
{
	return sc_plan_check_qemuconf(plan->now->data, report);
}

/* Plans edits over text; *out is the result. */
static struct spicecfg_plan *plan(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, const struct spicecfg_qemuconf_edit *edits, size_t n,
				  struct sc_host_check *check)
{
	struct spicecfg_plan *out = NULL;

	assert_int_equal(sc_plan_new(ctx, &out), SPICECFG_OK);
	assert_int_equal(sc_plan_edit_qemuconf(out, doc, edits, n, SPICECFG_EFFECT_NEXT_START), SPICECFG_OK);
	*check = (struct sc_host_check){.doc = doc, .edits = edits, .n_edits = n};
	struct sc_plan_row *row = sc_plan_row_of(out, "qemu.conf");
	assert_non_null(row);
	row->run = judge;
	row->data = check;
	return out;
}

static void changes_are_told(void **state)
{
	static const struct spicecfg_qemuconf_edit edits[] = {
	    {"spice_tls", "1"}, {"spice_listen", "default"}, {"spice_password", "geheim"}, {"spice_sasl", "0"}, {"spice_sasl_dir", NULL}};
	const char *text = "spice_tls = 0\nspice_listen = '::'\nspice_sasl = 0\nspice_password = \"older\"\n";
	struct sc_host_check check;
	SC_QEMUCONF *doc = NULL;
	size_t len;

	assert_int_equal(sc_qemuconf_parse(*state, "q", text, strlen(text), &doc), SPICECFG_OK);
	struct spicecfg_plan *made = plan(*state, doc, edits, 5, &check);
	assert_string_equal(sc_qemuconf_bytes(doc, &len), "spice_tls = 1\nspice_sasl = 0\nspice_password = \"geheim\"\n");
	const struct spicecfg_change *change = spicecfg_plan_change(made, 0);
	assert_string_equal(change->path, "spice_tls");
	assert_string_equal(change->from, "0");
	assert_string_equal(change->to, "1");
	change = spicecfg_plan_change(made, 1);
	assert_string_equal(change->from, "::");
	assert_null(change->to);
	change = spicecfg_plan_change(made, 2);
	assert_string_equal(change->from, "***");
	assert_string_equal(change->to, "***");
	assert_null(spicecfg_plan_change(made, 3));
	spicecfg_plan_free(made);
}

/* What the check finds in a file after `set`: the rule ids, with '!' after those that refuse. */
static void findings(void **state)
{
	static const struct {
		const char *text;
		struct spicecfg_qemuconf_edit edit;
		const char *missing, *cert_missing;
		const char *want;
	} rows[] = {
	    {"", {"spice_tls", "1"}, NULL, NULL, ""},
	    {"", {"spice_tls", "1"}, NULL, "server-key.pem", "tls-certificate "},
	    {"", {"spice_tls", "0"}, NULL, "server-key.pem", ""},
	    {"spice_sasl = \"1\"\n", {"spice_tls", "1"}, NULL, NULL, "conf-type! "},
	    {"spice_sasl = -0\n", {"spice_tls", "1"}, NULL, NULL, "conf-type! "},
	    {"spice_listen = 1\n", {"spice_tls", "1"}, NULL, NULL, "conf-type! "},
	    {"remote_display_port_max = 6000\n", {"remote_display_port_min", "6001"}, NULL, NULL, "conf-port-range! "},
	    {"remote_display_port_max = 6000\n", {"remote_display_port_min", "5999"}, NULL, NULL, ""},
	    {"", {"spice_tls_x509_cert_dir", "/none"}, "spice_tls_x509_cert_dir", NULL, "conf-cert-dir "},
	    {"", {"spice_tls_x509_verify", "1"}, NULL, NULL, "conf-verify "},
	    {"", {"default_tls_x509_verify", "1"}, NULL, NULL, "conf-verify "},
	    {"default_tls_x509_verify = 1\n", {"spice_tls", "1"}, NULL, NULL, ""},
	    {"", {"spice_password", "x"}, NULL, NULL, "conf-common-password "},
	    {"spice_password = 'x'\n", {"spice_sasl", "1"}, NULL, NULL, "password-with-sasl! "},
	    {"spice_password = 'x'\n", {"spice_tls", "1"}, NULL, NULL, ""},
	    {"my_key = 5\nspice_future = 'x'\n", {"spice_tls", "1"}, NULL, NULL, ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sc_host_check check;
		struct spicecfg_report *report = NULL;
		SC_QEMUCONF *doc = NULL;
		SC_BUF seen = SC_BUF_INIT;

		assert_int_equal(sc_qemuconf_parse(*state, "q", rows[i].text, strlen(rows[i].text), &doc), SPICECFG_OK);
		struct spicecfg_plan *made = plan(*state, doc, &rows[i].edit, 1, &check);
		check.missing[0] = rows[i].missing;
		check.cert_dir = "/dir";
		check.cert_missing = rows[i].cert_missing;
		assert_in_range(spicecfg_plan_check(made, &report), SPICECFG_OK, SPICECFG_FINDINGS);
		for (size_t j = 0; spicecfg_report_finding(report, j); j++) {
			const struct spicecfg_finding *finding = spicecfg_report_finding(report, j);
			struct spicecfg_rule rule = {.size = sizeof(rule)};
			bool known = false;

			for (size_t k = 0; !known && spicecfg_rule_get(k, &rule); k++)
				known = strcmp(rule.id, finding->rule) == 0;
			assert_true(known);
			assert_true(finding->line > 0);
			sc_buf_addf(&seen, "%s%s ", finding->rule, finding->level == SPICECFG_LEVEL_ERROR ? "!" : "");
		}
		assert_string_equal(sc_buf_text(&seen), rows[i].want);
		assert_int_equal(report->refused, strchr(rows[i].want, '!') != NULL);
		spicecfg_report_free(report);
		spicecfg_plan_free(made);
	}
}

static int start(void **state)
{
	*state = spicecfg_ctx_new();
	return *state ? 0 : -1;
}

static int stop(void **state)
{
	spicecfg_ctx_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keys_have_all_parts),
	    cmocka_unit_test(nearest),
	    cmocka_unit_test(changes_are_told),
	    cmocka_unit_test(findings),
	};
	return cmocka_run_group_tests(tests, start, stop);
}

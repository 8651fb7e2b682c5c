/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans for certificates below a root, with the test's own clock. Nothing is committed, so no privileges are needed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "model/pki.h"
#include "plan/plan.h"

enum { DAY = 24 * 60 * 60 };
static const int64_t now = 1780272000; /* 2026-06-01T00:00:00Z */

struct world {
	struct spicecfg_ctx *ctx;
	char root[64];
};

static void put(const struct world *w, const char *path, const char *bytes, size_t len)
{
	char full[256];

	snprintf(full, sizeof(full), "%s%s", w->root, path);
	for (char *slash = strchr(full + strlen(w->root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(full, 0755);
		*slash = '/';
	}
	FILE *file = fopen(full, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static void put_text(const struct world *w, const char *path, const char *text)
{
	put(w, path, text, strlen(text));
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	strcpy(w->root, "/tmp/spicecfg-plan-XXXXXX");
	assert_non_null(mkdtemp(w->root));
	w->ctx = spicecfg_ctx_new();
	assert_int_equal(spicecfg_ctx_set_root(w->ctx, w->root), SPICECFG_OK);
	spicecfg_ctx_set_clock(w->ctx, now);
	put_text(w, "/etc/passwd", "root:x:0:0::/root:/bin/sh\nlibvirt-qemu:x:64055:108::/:/bin/false\n");
	put_text(w, "/etc/group", "root:x:0:\nlibvirt-qemu:x:64055:\nkvm:x:108:\n");
	put_text(w, "/etc/hostname", "mysrv.example.org\n");
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", w->root);
	assert_int_equal(system(command), 0);
	spicecfg_ctx_free(w->ctx);
	free(w);
	return 0;
}

/* Writes the contents of the plan's file steps, as a commit would, but without owners. */
static void pour(const struct world *w, const struct spicecfg_plan *plan)
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		if (plan->steps[i].type != SC_STEP_FILE)
			continue;
		char full[256];

		put(w, plan->steps[i].path, plan->steps[i].new, plan->steps[i].new_len);
		snprintf(full, sizeof(full), "%s%s", w->root, plan->steps[i].path);
		if (plan->steps[i].want.mode)
			assert_int_equal(chmod(full, plan->steps[i].want.bits), 0);
	}
}

static const struct sc_step *step_of(const struct spicecfg_plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		if (plan->steps[i].path && strcmp(plan->steps[i].path, path) == 0)
			return &plan->steps[i];
	}
	return NULL;
}

typedef enum spicecfg_status (*make_fn)(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);

/* *plan is NULL after a failure. */
static enum spicecfg_status plan_with(const struct world *w, make_fn make, const struct spicecfg_pki_request *request,
				      struct spicecfg_plan **plan)
{
	assert_int_equal(spicecfg_plan_new(w->ctx, plan), SPICECFG_OK);
	enum spicecfg_status status = make(*plan, request);
	if (!status)
		return status;
	assert_false(spicecfg_plan_changed(*plan));
	spicecfg_plan_free(*plan);
	*plan = NULL;
	return status;
}

static void make_ca(const struct world *w)
{
	struct spicecfg_pki_request request = {.size = sizeof(request)};
	struct spicecfg_plan *plan;

	assert_int_equal(plan_with(w, spicecfg_plan_pki_init, &request, &plan), SPICECFG_OK);
	pour(w, plan);
	spicecfg_plan_free(plan);
}

static void a_ca_is_kept_apart_and_secret(void **state)
{
	struct world *w = *state;
	struct spicecfg_pki_request request = {.size = sizeof(request)};
	struct spicecfg_plan *plan;
	char *diff;

	assert_int_equal(plan_with(w, spicecfg_plan_pki_init, &request, &plan), SPICECFG_OK);
	const struct sc_step *dir = step_of(plan, SC_PKI_CA_DIR), *key = step_of(plan, SC_PKI_CA_DIR "/ca-key.pem");
	assert_int_equal(dir->type, SC_STEP_MKDIR);
	assert_int_equal(dir->want.bits, 0700);
	assert_true(key->secret && key->want.mode && key->want.owner);
	assert_int_equal(key->want.bits, 0600);
	assert_int_equal(key->want.uid, 0);
	assert_int_equal(spicecfg_plan_diff(plan, &diff), SPICECFG_OK);
	assert_null(strstr(diff, "PRIVATE"));
	assert_non_null(strstr(diff, "+-----BEGIN CERTIFICATE-----"));
	free(diff);
	spicecfg_plan_free(plan);
	/* refused where QEMU could read it */
	request.ca_dir = SC_PKI_DIR "/ca";
	assert_int_equal(plan_with(w, spicecfg_plan_pki_init, &request, &plan), SPICECFG_USAGE);
	assert_null(plan);
}

static void a_server_is_for_qemus_group(void **state)
{
	struct world *w = *state;
	struct spicecfg_pki_request request = {.size = sizeof(request)};
	struct spicecfg_plan *plan;
	struct spicecfg_pki *pki;
	struct spicecfg_report *report;

	make_ca(w);
	assert_int_equal(plan_with(w, spicecfg_plan_pki_issue, &request, &plan), SPICECFG_OK);
	const struct sc_step *key = step_of(plan, SC_PKI_DIR "/server-key.pem");
	assert_true(key->secret);
	assert_int_equal(key->want.bits, 0640);
	assert_int_equal(key->want.gid, 64055);
	assert_int_equal(step_of(plan, SC_PKI_DIR)->want.bits, 0750);
	assert_int_equal(spicecfg_plan_check(plan, &report), SPICECFG_OK);
	assert_null(spicecfg_report_finding(report, 0));
	spicecfg_report_free(report);
	pour(w, plan);
	spicecfg_plan_free(plan);
	assert_int_equal(spicecfg_pki_read(w->ctx, &request, &pki), SPICECFG_OK);
	const struct spicecfg_pki_view *view = spicecfg_pki_view(pki);
	assert_null(view->chain_error);
	assert_true(view->key_matches);
	assert_int_equal(view->chain[0].not_before, now - 60 * 60);
	assert_int_equal(view->chain[0].not_after, now + 730 * (int64_t)DAY);
	assert_string_equal(view->chain[0].dns[0], "mysrv.example.org");
	assert_string_equal(view->chain[0].dns[1], "mysrv");
	assert_null(view->chain[0].dns[2]);
	spicecfg_pki_free(pki);
}

static bool plan_changes(const struct world *w, const struct spicecfg_pki_request *request, make_fn make, bool take)
{
	struct spicecfg_plan *plan;
	bool changed = false;

	assert_int_equal(plan_with(w, make, request, &plan), SPICECFG_OK);
	/* owners can't be right in an unprivileged test: compare only bytes */
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct sc_step *step = &plan->steps[i];

		if (step->type == SC_STEP_FILE)
			changed = changed || !step->old || !step->new || step->old_len != step->new_len ||
				  memcmp(step->old, step->new, step->new_len) != 0;
	}
	if (take)
		pour(w, plan);
	spicecfg_plan_free(plan);
	return changed;
}

static int chmod_key(const struct world *w, mode_t bits)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/etc/pki/libvirt-spice/server-key.pem", w->root);
	return chmod(full, bits);
}

static void what_fits_stays(void **state)
{
	struct world *w = *state;
	static const char *const more[] = {"console.example.org", NULL}, *const ips[] = {"192.168.2.2", NULL};
	struct spicecfg_pki_request request = {.size = sizeof(request)};

	make_ca(w);
	assert_false(plan_changes(w, &request, spicecfg_plan_pki_init, false));
	assert_true(plan_changes(w, &request, spicecfg_plan_pki_issue, true));
	assert_false(plan_changes(w, &request, spicecfg_plan_pki_issue, false));
	request.ips = ips;
	assert_true(plan_changes(w, &request, spicecfg_plan_pki_issue, true));
	request.hosts = more;
	assert_true(plan_changes(w, &request, spicecfg_plan_pki_issue, true));
	/* names that are not given again stay */
	request = (struct spicecfg_pki_request){.size = sizeof(request)};
	assert_false(plan_changes(w, &request, spicecfg_plan_pki_issue, false));
	request.key_type = "rsa";
	assert_true(plan_changes(w, &request, spicecfg_plan_pki_issue, false));
	/* a key that others could read is replaced */
	assert_int_equal(chmod_key(w, 0644), 0);
	request = (struct spicecfg_pki_request){.size = sizeof(request)};
	assert_true(plan_changes(w, &request, spicecfg_plan_pki_issue, true));
	assert_false(plan_changes(w, &request, spicecfg_plan_pki_issue, false));
	/* an expired one is reissued */
	request = (struct spicecfg_pki_request){.size = sizeof(request)};
	spicecfg_ctx_set_clock(w->ctx, now + 731 * (int64_t)DAY);
	assert_true(plan_changes(w, &request, spicecfg_plan_pki_issue, false));
}

static void renewal_by_the_clock(void **state)
{
	struct world *w = *state;
	struct spicecfg_pki_request request = {.size = sizeof(request), .if_ending = true, .within = 30 * (int64_t)DAY};

	make_ca(w);
	assert_true(plan_changes(w, &request, spicecfg_plan_pki_issue, true));
	assert_false(plan_changes(w, &request, spicecfg_plan_pki_renew, false));
	spicecfg_ctx_set_clock(w->ctx, now + 701 * (int64_t)DAY);
	assert_true(plan_changes(w, &request, spicecfg_plan_pki_renew, false));
	/* that of the CA itself */
	request.ca = true;
	assert_false(plan_changes(w, &request, spicecfg_plan_pki_renew, false));
	spicecfg_ctx_set_clock(w->ctx, now + 3640 * (int64_t)DAY);
	assert_true(plan_changes(w, &request, spicecfg_plan_pki_renew, true));
	request.ca = request.if_ending = false;
	assert_true(plan_changes(w, &request, spicecfg_plan_pki_renew, false));
}

static void expect_fail(const struct world *w, make_fn make, struct spicecfg_pki_request request, enum spicecfg_status want,
			const char *message)
{
	struct spicecfg_plan *plan;

	request.size = sizeof(request);
	assert_int_equal(plan_with(w, make, &request, &plan), want);
	assert_null(plan);
	const struct spicecfg_error *error = spicecfg_ctx_error(w->ctx);
	if (!strstr(error->message, message))
		fprintf(stderr, "'%s' is not '%s'\n", error->message, message);
	assert_non_null(strstr(error->message, message));
	spicecfg_ctx_clear_error(w->ctx);
}

static void bad_wishes_are_refused(void **state)
{
	struct world *w = *state;
	static const char *const bracket[] = {"my>srv", NULL}, *const address[] = {"192.168.2.2", NULL}, *const name[] = {"mysrv", NULL};

	expect_fail(w, spicecfg_plan_pki_issue, (struct spicecfg_pki_request){.days = 0}, SPICECFG_INPUT, "there is no CA");
	make_ca(w);
	expect_fail(w, spicecfg_plan_pki_issue, (struct spicecfg_pki_request){.hosts = bracket}, SPICECFG_USAGE,
		    "'my>srv' contains a character");
	expect_fail(w, spicecfg_plan_pki_issue, (struct spicecfg_pki_request){.hosts = address}, SPICECFG_USAGE, "is an address");
	expect_fail(w, spicecfg_plan_pki_issue, (struct spicecfg_pki_request){.ips = name}, SPICECFG_USAGE, "is not an IP address");
	expect_fail(w, spicecfg_plan_pki_issue, (struct spicecfg_pki_request){.days = 4000}, SPICECFG_USAGE,
		    "more than the CA's own certificate has left (3650)");
	expect_fail(w, spicecfg_plan_pki_issue, (struct spicecfg_pki_request){.key_type = "dsa"}, SPICECFG_USAGE,
		    "'dsa' is not a key type");
	expect_fail(w, spicecfg_plan_pki_issue, (struct spicecfg_pki_request){.dir = "pki"}, SPICECFG_USAGE, "does not begin with '/'");
	expect_fail(w, spicecfg_plan_pki_renew, (struct spicecfg_pki_request){.days = 0}, SPICECFG_INPUT, "no certificate to renew");
	expect_fail(w, spicecfg_plan_pki_import, (struct spicecfg_pki_request){.days = 0}, SPICECFG_USAGE,
		    "no certificate to import is given");
	expect_fail(w, spicecfg_plan_pki_import, (struct spicecfg_pki_request){.cert_file = "/nowhere.pem"}, SPICECFG_INPUT,
		    "No such file");
	spicecfg_ctx_set_clock(w->ctx, now + 3651 * (int64_t)DAY);
	expect_fail(w, spicecfg_plan_pki_issue, (struct spicecfg_pki_request){.days = 0}, SPICECFG_INPUT,
		    "the CA's own certificate has expired");
	put_text(w, SC_PKI_CA_DIR "/ca-cert.pem", "hello");
	expect_fail(w, spicecfg_plan_pki_issue, (struct spicecfg_pki_request){.days = 0}, SPICECFG_INPUT, "contains no certificate");
	char path[256];
	snprintf(path, sizeof(path), "%s" SC_PKI_CA_DIR "/ca-cert.pem", w->root);
	assert_int_equal(remove(path), 0);
	expect_fail(w, spicecfg_plan_pki_init, (struct spicecfg_pki_request){.days = 0}, SPICECFG_INPUT, "half of the CA is missing");
}

static void qemu_conf_names_the_directory(void **state)
{
	struct world *w = *state;
	struct spicecfg_pki_request request = {.size = sizeof(request)};
	struct spicecfg_plan *plan;

	make_ca(w);
	put_text(w, "/etc/libvirt/qemu.conf",
		 "# spice_tls_x509_cert_dir = \"/etc/pki/libvirt-spice\"\nspice_tls_x509_cert_dir = '/srv/tls'\n");
	assert_int_equal(plan_with(w, spicecfg_plan_pki_issue, &request, &plan), SPICECFG_OK);
	assert_non_null(step_of(plan, "/srv/tls/server-key.pem"));
	assert_null(step_of(plan, SC_PKI_DIR "/server-key.pem"));
	spicecfg_plan_free(plan);
}

/* user and group of qemu.conf decide who owns the key; each may be set alone. */
static void qemu_conf_names_the_account(void **state)
{
	struct world *w = *state;
	struct spicecfg_pki_request request = {.size = sizeof(request)};
	struct spicecfg_plan *plan;

	make_ca(w);
	put_text(w, "/etc/libvirt/qemu.conf", "#group = \"root\"\ngroup = \"kvm\"\n");
	assert_int_equal(plan_with(w, spicecfg_plan_pki_issue, &request, &plan), SPICECFG_OK);
	assert_int_equal(step_of(plan, SC_PKI_DIR "/server-key.pem")->want.gid, 108);
	spicecfg_plan_free(plan);
	put_text(w, "/etc/libvirt/qemu.conf", "user = '+7'\ngroup = '+9'\n");
	assert_int_equal(plan_with(w, spicecfg_plan_pki_issue, &request, &plan), SPICECFG_OK);
	assert_int_equal(step_of(plan, SC_PKI_DIR "/server-key.pem")->want.gid, 9);
	spicecfg_plan_free(plan);
	put_text(w, "/etc/libvirt/qemu.conf", "group = 'nobody-here'\n");
	expect_fail(w, spicecfg_plan_pki_issue, request, SPICECFG_INPUT, "the group 'nobody-here' that QEMU is to run as does not exist");
}

static void a_link_is_not_written_through(void **state)
{
	struct world *w = *state;
	struct spicecfg_pki_request request = {.size = sizeof(request)};
	char command[300];

	make_ca(w);
	put_text(w, SC_PKI_DIR "/real.pem", "x");
	snprintf(command, sizeof(command), "ln -s real.pem %s" SC_PKI_DIR "/server-cert.pem", w->root);
	assert_int_equal(system(command), 0);
	expect_fail(w, spicecfg_plan_pki_issue, request, SPICECFG_INPUT, "is a symbolic link");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_ca_is_kept_apart_and_secret, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_server_is_for_qemus_group, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_fits_stays, setup, teardown),
	    cmocka_unit_test_setup_teardown(renewal_by_the_clock, setup, teardown),
	    cmocka_unit_test_setup_teardown(bad_wishes_are_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(qemu_conf_names_the_directory, setup, teardown),
	    cmocka_unit_test_setup_teardown(qemu_conf_names_the_account, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_link_is_not_written_through, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every public call that can fail clears the error of the previous call, and freezes the root and the URI of its context. */
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

#include "base/ctx.h"
#include "spicecfg/spicecfg.h"

static const char definition[] = "<domain type='kvm'><name>a</name><uuid>2f3c1f0e-6d5a-4f0b-9d86-0c2b1f7b9f10</uuid><devices>"
				 "<graphics type='spice' autoport='yes'/><video><model type='qxl' heads='1'/></video></devices></domain>\n";

/* A host tree with one VM, and one object of each kind that a call creates. */
struct world {
	char dir[64];
	struct spicecfg_ctx *ctx;
	struct spicecfg_vm *vm;
	struct spicecfg_request *request;
	struct spicecfg_plan *plan;
	struct spicecfg_qemuconf *conf;
	struct spicecfg_pki *pki;
	struct spicecfg_policy *policy;
};

typedef enum spicecfg_status (*call_fn)(struct world *w);

static enum spicecfg_status set_root(struct world *w)
{
	return spicecfg_ctx_set_root(w->ctx, w->dir);
}

static enum spicecfg_status set_uri(struct world *w)
{
	return spicecfg_ctx_set_uri(w->ctx, NULL);
}

static enum spicecfg_status vm_open(struct world *w)
{
	struct spicecfg_vm *vm;
	enum spicecfg_status status = spicecfg_vm_open(w->ctx, "a", true, &vm);

	spicecfg_vm_free(vm);
	return status;
}

static enum spicecfg_status vm_list(struct world *w)
{
	char **names;
	enum spicecfg_status status = spicecfg_vm_list(w->ctx, NULL, &names);

	spicecfg_names_free(names);
	return status;
}

static enum spicecfg_status vm_show(struct world *w)
{
	struct spicecfg_view *view;
	enum spicecfg_status status = spicecfg_vm_show(w->ctx, w->vm, &view);

	spicecfg_view_free(view);
	return status;
}

static enum spicecfg_status request_new(struct world *w)
{
	struct spicecfg_request *request;
	enum spicecfg_status status = spicecfg_request_new(w->ctx, &request);

	spicecfg_request_free(request);
	return status;
}

static enum spicecfg_status request_set(struct world *w)
{
	return spicecfg_request_set(w->request, "heads", "2");
}

static enum spicecfg_status request_password(struct world *w)
{
	return spicecfg_request_password(w->request, "sesame", 6);
}

static enum spicecfg_status request_generate(struct world *w)
{
	return spicecfg_request_generate(w->request);
}

static enum spicecfg_status request_clear_password(struct world *w)
{
	return spicecfg_request_clear_password(w->request);
}

static enum spicecfg_status request_allow(struct world *w)
{
	return spicecfg_request_allow(w->request, "user:root");
}

/* Planning calls: each gets an empty plan, and the plan is empty again afterwards. */
static enum spicecfg_status plan_new(struct world *w)
{
	spicecfg_plan_free(w->plan);
	return spicecfg_plan_new(w->ctx, &w->plan);
}

static enum spicecfg_status plan_vm(struct world *w)
{
	return spicecfg_plan_vm(w->plan, w->vm, w->request);
}

static enum spicecfg_status plan_acl(struct world *w)
{
	const char *const who[] = {"user:root", NULL};

	return spicecfg_plan_acl(w->plan, w->vm, &(struct spicecfg_acl_request){.size = sizeof(struct spicecfg_acl_request), .who = who});
}

static enum spicecfg_status plan_sasl_set(struct world *w)
{
	return spicecfg_plan_sasl_set(w->plan, NULL,
				      &(struct spicecfg_sasl_request){.size = sizeof(struct spicecfg_sasl_request), .backend = "nothing"});
}

static enum spicecfg_status plan_sasl_off(struct world *w)
{
	return spicecfg_plan_sasl_off(w->plan, w->vm, true);
}

static enum spicecfg_status plan_user(struct world *w)
{
	return spicecfg_plan_user(
	    w->plan, NULL,
	    &(struct spicecfg_user_request){.size = sizeof(struct spicecfg_user_request), .what = SPICECFG_USER_REMOVE, .user = "anne"});
}

static enum spicecfg_status plan_pam_install(struct world *w)
{
	return spicecfg_plan_pam_install(w->plan, NULL,
					 &(struct spicecfg_pam_request){.size = sizeof(struct spicecfg_pam_request), .service = "../x"});
}

static enum spicecfg_status plan_pam_allow(struct world *w)
{
	return spicecfg_plan_pam_allow(w->plan, NULL, &(struct spicecfg_pam_request){.size = sizeof(struct spicecfg_pam_request)});
}

static enum spicecfg_status plan_pam_revoke(struct world *w)
{
	return spicecfg_plan_pam_revoke(w->plan, NULL, &(struct spicecfg_pam_request){.size = sizeof(struct spicecfg_pam_request)});
}

static enum spicecfg_status policy_open(struct world *w)
{
	struct spicecfg_policy *policy;
	enum spicecfg_status status = spicecfg_policy_open(w->ctx, "/nonexistent/policy.ini", &policy);

	spicecfg_policy_free(policy);
	return status;
}

static enum spicecfg_status export_policy(struct world *w)
{
	char *const targets[] = {(char *)"/nonexistent/vm.xml", NULL};
	char *text;
	enum spicecfg_status status = spicecfg_export(w->ctx, targets, &text);

	free(text);
	return status;
}

static enum spicecfg_status plan_policy(struct world *w)
{
	return spicecfg_plan_policy(w->plan, w->policy);
}

static enum spicecfg_status plan_qemuconf(struct world *w)
{
	return spicecfg_plan_qemuconf(w->plan, w->conf, NULL, 0, true);
}

static const struct spicecfg_pki_request pki_request = {.size = sizeof(pki_request), .dir = "/etc/pki/libvirt-spice"},
					 bad_request = {.size = sizeof(bad_request), .dir = "pki"};

static enum spicecfg_status plan_pki_init(struct world *w)
{
	return spicecfg_plan_pki_init(w->plan, &bad_request);
}

static enum spicecfg_status plan_pki_issue(struct world *w)
{
	return spicecfg_plan_pki_issue(w->plan, &bad_request);
}

static enum spicecfg_status plan_pki_renew(struct world *w)
{
	return spicecfg_plan_pki_renew(w->plan, &bad_request);
}

static enum spicecfg_status plan_pki_csr(struct world *w)
{
	return spicecfg_plan_pki_csr(w->plan, &bad_request);
}

static enum spicecfg_status plan_pki_import(struct world *w)
{
	return spicecfg_plan_pki_import(w->plan, &bad_request);
}

static enum spicecfg_status plan_pki_export(struct world *w)
{
	return spicecfg_plan_pki_export(w->plan, &pki_request, "/nonexistent/ca.pem");
}

static enum spicecfg_status plan_diff(struct world *w)
{
	char *diff;
	enum spicecfg_status status = spicecfg_plan_diff(w->plan, &diff);

	free(diff);
	return status;
}

static enum spicecfg_status plan_output(struct world *w)
{
	const char *bytes;
	size_t len;

	return spicecfg_plan_output(w->plan, &bytes, &len);
}

static enum spicecfg_status plan_redirect(struct world *w)
{
	return spicecfg_plan_redirect(w->plan, "/dev/null");
}

static enum spicecfg_status plan_check(struct world *w)
{
	struct spicecfg_report *report;
	enum spicecfg_status status = spicecfg_plan_check(w->plan, &report);

	spicecfg_report_free(report);
	return status;
}

static enum spicecfg_status plan_commit(struct world *w)
{
	return spicecfg_plan_commit(w->plan, NULL, NULL);
}

static enum spicecfg_status recover(struct world *w)
{
	struct spicecfg_recovery *recovery;
	enum spicecfg_status status = spicecfg_recover(w->ctx, "nothing", &recovery);

	spicecfg_recovery_free(recovery);
	return status;
}

static enum spicecfg_status history(struct world *w)
{
	struct spicecfg_history *found;
	enum spicecfg_status status = spicecfg_history(w->ctx, "nothing", &found);

	spicecfg_history_free(found);
	return status;
}

static enum spicecfg_status recovery_look(struct world *w)
{
	struct spicecfg_recovery *recovery;
	enum spicecfg_status status = spicecfg_recovery_look(w->ctx, &recovery);

	spicecfg_recovery_free(recovery);
	return status;
}

static enum spicecfg_status acl_read(struct world *w)
{
	struct spicecfg_acl *acl;
	enum spicecfg_status status = spicecfg_acl_read(w->ctx, w->vm, &acl);

	spicecfg_acl_free(acl);
	return status;
}

static enum spicecfg_status sasl_show(struct world *w)
{
	struct spicecfg_sasl_state *state;
	enum spicecfg_status status = spicecfg_sasl_show(w->ctx, NULL, &state);

	spicecfg_sasl_state_free(state);
	return status;
}

static enum spicecfg_status sasl_test(struct world *w)
{
	struct spicecfg_login login = {.size = sizeof(login)};

	return spicecfg_sasl_test(w->ctx, NULL, "anne", "x", 1, &login);
}

static enum spicecfg_status plan_access(struct world *w)
{
	struct spicecfg_access_changes *changes;
	enum spicecfg_status status = spicecfg_plan_access(w->plan, "domain:vm", &changes);

	spicecfg_access_changes_free(changes);
	return status;
}

static enum spicecfg_status viewer_read(struct world *w)
{
	const struct spicecfg_viewer_request request = {.size = sizeof(request)};
	struct spicecfg_viewer *viewer;
	enum spicecfg_status status = spicecfg_viewer_read(w->ctx, w->vm, &request, &viewer);

	spicecfg_viewer_free(viewer);
	return status;
}

static enum spicecfg_status plan_viewer(struct world *w)
{
	const struct spicecfg_viewer_request request = {.size = sizeof(request), .host = "h"};
	struct spicecfg_viewer *viewer;

	assert_int_equal(spicecfg_viewer_read(w->ctx, w->vm, &request, &viewer), SPICECFG_OK);
	enum spicecfg_status status = spicecfg_plan_viewer(w->plan, viewer, "/nonexistent/directory/file");
	spicecfg_viewer_free(viewer);
	return status;
}

static enum spicecfg_status access_read(struct world *w)
{
	const struct spicecfg_access_request request = {.size = sizeof(request)};
	struct spicecfg_access *access;
	enum spicecfg_status status = spicecfg_access_read(w->ctx, w->vm, &request, &access);

	spicecfg_access_free(access);
	return status;
}

static enum spicecfg_status user_list(struct world *w)
{
	struct spicecfg_users *users;
	enum spicecfg_status status = spicecfg_user_list(w->ctx, NULL, &users);

	spicecfg_users_free(users);
	return status;
}

static enum spicecfg_status pam_show(struct world *w)
{
	struct spicecfg_pam *pam;
	enum spicecfg_status status = spicecfg_pam_show(w->ctx, NULL, NULL, &pam);

	spicecfg_pam_free(pam);
	return status;
}

static enum spicecfg_status pam_check(struct world *w)
{
	struct spicecfg_report *report;
	enum spicecfg_status status = spicecfg_pam_check(w->ctx, NULL, NULL, &report);

	spicecfg_report_free(report);
	return status;
}

static enum spicecfg_status pam_test(struct world *w)
{
	struct spicecfg_login login = {.size = sizeof(login)};

	return spicecfg_pam_test(w->ctx, NULL, NULL, "anne", "x", 1, &login);
}

static enum spicecfg_status qemuconf_open(struct world *w)
{
	struct spicecfg_qemuconf *conf;
	enum spicecfg_status status = spicecfg_qemuconf_open(w->ctx, NULL, &conf);

	spicecfg_qemuconf_free(conf);
	return status;
}

static enum spicecfg_status qemuconf_edit_check(struct world *w)
{
	return spicecfg_qemuconf_edit_check(w->ctx, &(struct spicecfg_qemuconf_edit){"spice_tls", "2"});
}

static enum spicecfg_status host_facts(struct world *w)
{
	char *json;
	enum spicecfg_status status = spicecfg_host_facts(w->ctx, NULL, &json);

	free(json);
	return status;
}

static enum spicecfg_status pki_read(struct world *w)
{
	struct spicecfg_pki *pki;
	enum spicecfg_status status = spicecfg_pki_read(w->ctx, &pki_request, &pki);

	spicecfg_pki_free(pki);
	return status;
}

static enum spicecfg_status pki_check(struct world *w)
{
	return spicecfg_pki_check(w->pki);
}

static enum spicecfg_status pki_export_ca(struct world *w)
{
	char *pem;
	enum spicecfg_status status = spicecfg_pki_export_ca(w->ctx, &pki_request, &pem);

	free(pem);
	return status;
}

static void no_begin(void *opaque, enum spicecfg_level fail_on)
{
	(void)opaque;
	(void)fail_on;
}

static void no_result(void *opaque, const struct spicecfg_check_result *result)
{
	(void)opaque;
	(void)result;
}

static enum spicecfg_status check_run(struct world *w)
{
	const struct spicecfg_check_options options = {.size = sizeof(options), .no_project = true};
	const struct spicecfg_check_sink sink = {.size = sizeof(sink), .begin = no_begin, .result = no_result};
	struct spicecfg_check_summary summary = {.size = sizeof(summary)};

	return spicecfg_check_run(w->ctx, &options, &sink, &summary);
}

static const struct {
	const char *name;
	call_fn call;
} calls[] = {
    {"spicecfg_ctx_set_root", set_root},
    {"spicecfg_ctx_set_uri", set_uri},
    {"spicecfg_vm_open", vm_open},
    {"spicecfg_vm_list", vm_list},
    {"spicecfg_vm_show", vm_show},
    {"spicecfg_request_new", request_new},
    {"spicecfg_request_set", request_set},
    {"spicecfg_request_password", request_password},
    {"spicecfg_request_generate", request_generate},
    {"spicecfg_request_clear_password", request_clear_password},
    {"spicecfg_request_allow", request_allow},
    {"spicecfg_plan_new", plan_new},
    {"spicecfg_plan_acl", plan_acl},
    {"spicecfg_plan_sasl_set", plan_sasl_set},
    {"spicecfg_plan_sasl_off", plan_sasl_off},
    {"spicecfg_plan_user", plan_user},
    {"spicecfg_plan_pam_install", plan_pam_install},
    {"spicecfg_plan_pam_allow", plan_pam_allow},
    {"spicecfg_plan_pam_revoke", plan_pam_revoke},
    {"spicecfg_plan_qemuconf", plan_qemuconf},
    {"spicecfg_recover", recover},
    {"spicecfg_history", history},
    {"spicecfg_recovery_look", recovery_look},
    {"spicecfg_plan_pki_init", plan_pki_init},
    {"spicecfg_plan_pki_issue", plan_pki_issue},
    {"spicecfg_plan_pki_renew", plan_pki_renew},
    {"spicecfg_plan_pki_csr", plan_pki_csr},
    {"spicecfg_plan_pki_import", plan_pki_import},
    {"spicecfg_plan_pki_export", plan_pki_export},
    {"spicecfg_plan_vm", plan_vm},
    {"spicecfg_plan_diff", plan_diff},
    {"spicecfg_plan_output", plan_output},
    {"spicecfg_plan_redirect", plan_redirect},
    {"spicecfg_plan_check", plan_check},
    {"spicecfg_plan_commit", plan_commit},
    {"spicecfg_acl_read", acl_read},
    {"spicecfg_sasl_show", sasl_show},
    {"spicecfg_sasl_test", sasl_test},
    {"spicecfg_access_read", access_read},
    {"spicecfg_plan_access", plan_access},
    {"spicecfg_viewer_read", viewer_read},
    {"spicecfg_plan_viewer", plan_viewer},
    {"spicecfg_user_list", user_list},
    {"spicecfg_pam_show", pam_show},
    {"spicecfg_pam_check", pam_check},
    {"spicecfg_pam_test", pam_test},
    {"spicecfg_qemuconf_open", qemuconf_open},
    {"spicecfg_qemuconf_edit_check", qemuconf_edit_check},
    {"spicecfg_host_facts", host_facts},
    {"spicecfg_policy_open", policy_open},
    {"spicecfg_plan_policy", plan_policy},
    {"spicecfg_export", export_policy},
    {"spicecfg_pki_read", pki_read},
    {"spicecfg_pki_check", pki_check},
    {"spicecfg_pki_export_ca", pki_export_ca},
    {"spicecfg_check_run", check_run},
};
enum { N_CALLS = sizeof(calls) / sizeof(*calls) };

static void put(const struct world *w, const char *path, const char *text)
{
	char full[256];

	snprintf(full, sizeof(full), "%s%s", w->dir, path);
	FILE *file = fopen(full, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int setup(void **state)
{
	static const char *const dirs[] = {"/etc", "/etc/libvirt", "/etc/libvirt/qemu"};
	struct world *w = calloc(1, sizeof(*w));
	char path[256];

	*state = w;
	strcpy(w->dir, "/tmp/spicecfg-calls-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		snprintf(path, sizeof(path), "%s%s", w->dir, dirs[i]);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	put(w, "/etc/hostname", "host\n");
	put(w, "/etc/passwd", "root:x:0:0::/:/bin/sh\n");
	put(w, "/etc/group", "root:x:0:\n");
	put(w, "/etc/libvirt/qemu/a.xml", definition);
	put(w, "/policy.ini", "[user.anne]\nuser = anne\nvm = a\npassword = file:/nonexistent\n");
	w->ctx = spicecfg_ctx_new();
	assert_int_equal(spicecfg_ctx_set_root(w->ctx, w->dir), SPICECFG_OK);
	assert_int_equal(spicecfg_vm_open(w->ctx, "a", false, &w->vm), SPICECFG_OK);
	assert_int_equal(spicecfg_request_new(w->ctx, &w->request), SPICECFG_OK);
	assert_int_equal(spicecfg_plan_new(w->ctx, &w->plan), SPICECFG_OK);
	assert_int_equal(spicecfg_qemuconf_open(w->ctx, NULL, &w->conf), SPICECFG_OK);
	assert_int_equal(spicecfg_pki_read(w->ctx, &pki_request, &w->pki), SPICECFG_OK);
	snprintf(path, sizeof(path), "%s/policy.ini", w->dir);
	assert_int_equal(spicecfg_policy_open(w->ctx, path, &w->policy), SPICECFG_OK);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[128];

	spicecfg_policy_free(w->policy);
	spicecfg_pki_free(w->pki);
	spicecfg_qemuconf_free(w->conf);
	spicecfg_plan_free(w->plan);
	spicecfg_request_free(w->request);
	spicecfg_vm_free(w->vm);
	spicecfg_ctx_free(w->ctx);
	snprintf(command, sizeof(command), "rm -rf %s", w->dir);
	assert_int_equal(system(command), 0);
	free(w);
	return 0;
}

static void errors_belong_to_a_call(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < N_CALLS; i++) {
		(void)sc_fail(w->ctx, SPICECFG_INPUT, NULL, "of the call before");
		enum spicecfg_status status = calls[i].call(w);
		const struct spicecfg_error *error = spicecfg_ctx_error(w->ctx);

		if (error && strcmp(error->message, "of the call before") == 0)
			fail_msg("%s keeps the error of the previous call", calls[i].name);
		if (status && status != SPICECFG_FINDINGS && !error)
			fail_msg("%s fails without an error", calls[i].name);
		if (error && error->status != status)
			fail_msg("%s returns %d with an error of %d: %s", calls[i].name, status, error->status, error->message);
	}
}

/* A plan takes several calls; one that fails leaves it as it was. */
static void a_plan_takes_several_calls(void **state)
{
	struct world *w = *state;

	assert_int_equal(plan_pki_issue(w), SPICECFG_USAGE);
	assert_non_null(strstr(spicecfg_ctx_error(w->ctx)->message, "'pki' does not begin with '/'"));
	assert_int_equal(request_set(w), SPICECFG_OK);
	assert_int_equal(plan_vm(w), SPICECFG_OK);
	assert_true(spicecfg_plan_changed(w->plan));
	assert_int_equal(plan_vm(w), SPICECFG_OK);
	assert_true(spicecfg_plan_changed(w->plan));
	assert_non_null(spicecfg_plan_change(w->plan, 0));
	assert_int_equal(plan_pki_issue(w), SPICECFG_USAGE);
	assert_true(spicecfg_plan_changed(w->plan));
	assert_non_null(spicecfg_plan_change(w->plan, 0));
	assert_int_equal(plan_check(w), SPICECFG_OK);
}

/* A report marks findings that existed before, and leaves none out. */

static void assert_heads(struct world *w, const char *heads)
{
	const struct spicecfg_shown *row = NULL;
	struct spicecfg_view *view;

	assert_int_equal(spicecfg_vm_show(w->ctx, w->vm, &view), SPICECFG_OK);
	for (size_t i = 0; (row = spicecfg_view_row(view, i)) && strcmp(row->key, "heads") != 0; i++)
		;
	assert_non_null(row);
	assert_string_equal(row->value, heads);
	spicecfg_view_free(view);
}

/* What a call sees of those before it ends with the call, and a plan that is dropped leaves nothing behind. */
static void objects_stay_as_they_were_read(void **state)
{
	static const struct spicecfg_qemuconf_edit tls = {"spice_tls", "1"}, bad = {"nonsense", "1"}, sasl = {"spice_sasl", "1"};
	struct world *w = *state;
	struct spicecfg_qemuconf *other;
	struct spicecfg_report *report = NULL;

	assert_int_equal(request_set(w), SPICECFG_OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(plan_vm(w), SPICECFG_OK);
		assert_heads(w, "1");
	}
	assert_int_equal(spicecfg_qemuconf_open(w->ctx, NULL, &other), SPICECFG_OK);
	assert_int_equal(spicecfg_plan_qemuconf(w->plan, other, &tls, 1, false), SPICECFG_OK);
	assert_int_equal(spicecfg_plan_qemuconf(w->plan, w->conf, &bad, 1, false), SPICECFG_USAGE);
	assert_int_equal(plan_new(w), SPICECFG_OK);
	spicecfg_qemuconf_free(other);
	assert_int_equal(spicecfg_plan_qemuconf(w->plan, w->conf, &sasl, 1, false), SPICECFG_OK);
	assert_int_equal(spicecfg_plan_check(w->plan, &report), SPICECFG_OK);
	assert_int_equal(spicecfg_plan_commit(w->plan, report, NULL), SPICECFG_OK);
	spicecfg_report_free(report);
}

static void a_report_has_all(void **state)
{
	struct world *w = *state;
	struct spicecfg_report *report;
	const struct spicecfg_finding *finding;
	size_t before = 0, fresh = 0;

	assert_int_equal(spicecfg_request_set(w->request, "listen", "address 0.0.0.0"), SPICECFG_OK);
	assert_int_equal(plan_vm(w), SPICECFG_OK);
	assert_int_equal(spicecfg_plan_check(w->plan, &report), SPICECFG_OK);
	for (size_t i = 0; (finding = spicecfg_report_finding(report, i)); i++) {
		before += finding->before;
		fresh += !finding->before;
		if (strcmp(finding->rule, "console-open") == 0)
			assert_false(finding->before);
	}
	assert_true(before > 0);
	assert_true(fresh > 0);
	spicecfg_report_free(report);
}

/* The struct of an older program is shorter, that of a newer one longer. */
static void sizes_are_held_to(void **state)
{
	struct world *w = *state;
	struct {
		struct spicecfg_pki_request request;
		int later;
	} newer = {.request = {.size = sizeof(newer), .dir = "pki"}};
	struct spicecfg_pki_request request = {.dir = "pki"};

	assert_int_equal(spicecfg_plan_pki_issue(w->plan, &request), SPICECFG_USAGE);
	assert_non_null(strstr(spicecfg_ctx_error(w->ctx)->message, "the size of the struct given"));
	request.size = offsetof(struct spicecfg_pki_request, dir);
	assert_int_equal(spicecfg_plan_pki_issue(w->plan, &request), SPICECFG_INPUT);
	assert_null(strstr(spicecfg_ctx_error(w->ctx)->message, "'pki'"));
	assert_int_equal(spicecfg_plan_pki_issue(w->plan, &newer.request), SPICECFG_USAGE);
	assert_non_null(strstr(spicecfg_ctx_error(w->ctx)->message, "'pki' does not begin"));
	newer.later = 1;
	assert_int_equal(spicecfg_plan_pki_issue(w->plan, &newer.request), SPICECFG_USAGE);
	assert_non_null(strstr(spicecfg_ctx_error(w->ctx)->message, "has members that this version"));
}

static void getters_keep_the_error(void **state)
{
	struct world *w = *state;

	(void)sc_fail(w->ctx, SPICECFG_INPUT, NULL, "of the call before");
	(void)spicecfg_plan_change(w->plan, 0);
	(void)spicecfg_plan_changed(w->plan);
	(void)spicecfg_vm_name(w->vm);
	(void)spicecfg_ctx_is_remote(w->ctx);
	const char *why = "";
	assert_null(spicecfg_ctx_unread(w->ctx, 0, &why));
	assert_null(why);
	spicecfg_plan_free(NULL);
	assert_string_equal(spicecfg_ctx_error(w->ctx)->message, "of the call before");
}

static void root_and_uri_are_fixed(void **state)
{
	struct world *w = *state;

	assert_int_equal(spicecfg_ctx_set_root(w->ctx, NULL), SPICECFG_USAGE);
	assert_int_equal(spicecfg_ctx_error(w->ctx)->status, SPICECFG_USAGE);
	assert_string_equal(w->ctx->root, w->dir);
	assert_int_equal(spicecfg_ctx_set_uri(w->ctx, "test:///default"), SPICECFG_USAGE);
	assert_null(w->ctx->uri);
	/* On a new context both can be set, any number of times. */
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	assert_int_equal(spicecfg_ctx_set_root(ctx, "/a"), SPICECFG_OK);
	assert_int_equal(spicecfg_ctx_set_root(ctx, NULL), SPICECFG_OK);
	assert_int_equal(spicecfg_ctx_set_uri(ctx, "test:///default"), SPICECFG_OK);
	spicecfg_ctx_free(ctx);
}

/* Every call in the headers that can fail is in the table. */
static void table_is_complete(void **state)
{
	static const char *const headers[] = {"acl", "base", "check", "host", "pam", "pki", "plan", "sasl", "vm"};
	static const char type[] = "enum spicecfg_status spicecfg_";
	char text[64 * 1024], path[512], name[128];

	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		snprintf(path, sizeof(path), TEST_DATA "/../../lib/include/spicecfg/%s.h", headers[i]);
		FILE *file = fopen(path, "r");
		assert_non_null(file);
		size_t len = fread(text, 1, sizeof(text) - 1, file);
		fclose(file);
		text[len] = '\0';
		for (const char *at = text; (at = strstr(at, type)); at++) {
			bool known = false;

			assert_int_equal(sscanf(at, "enum spicecfg_status %127[a-z_0-9]", name), 1);
			/* A call that records the caller's own error is not a call that fails. */
			known = strcmp(name, "spicecfg_ctx_fail") == 0;
			for (size_t k = 0; k < N_CALLS; k++)
				known = known || strcmp(calls[k].name, name) == 0;
			if (!known)
				fail_msg("%s is not tested here", name);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(errors_belong_to_a_call, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_plan_takes_several_calls, setup, teardown),
	    cmocka_unit_test_setup_teardown(objects_stay_as_they_were_read, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_report_has_all, setup, teardown),
	    cmocka_unit_test_setup_teardown(sizes_are_held_to, setup, teardown),
	    cmocka_unit_test_setup_teardown(getters_keep_the_error, setup, teardown),
	    cmocka_unit_test_setup_teardown(root_and_uri_are_fixed, setup, teardown),
	    cmocka_unit_test(table_is_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

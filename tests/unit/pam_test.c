#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "doc/pam.h"
#include "system/modules/pam.h"
#include "system/os/helper.h"

static struct sc_pam *parse(struct spicecfg_ctx *ctx, const char *text)
{
	struct sc_pam *pam;

	assert_int_equal(sc_pam_parse(ctx, "spice", text, strlen(text), &pam), SPICECFG_OK);
	return pam;
}

static void rules_are_read(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	SC_PAM *pam = parse(ctx, "# top\n"
				 "auth  requisite pam_nologin.so # why\n"
				 "-Account [success=1 default=ignore new_authtok_reqd=done] \\\n\tpam_unix.so  nullok  try\n"
				 "@include common-auth\n"
				 "session include postlogin\n");

	const struct sc_pam_entry *entry = sc_pam_entry_at(pam, 0);
	assert_int_equal(entry->type, SC_PAM_AUTH);
	assert_string_equal(entry->control, "requisite");
	assert_string_equal(entry->module, "pam_nologin.so");
	assert_string_equal(entry->args, "");
	assert_int_equal(entry->line, 2);
	entry = sc_pam_entry_at(pam, 1);
	assert_int_equal(entry->type, SC_PAM_ACCOUNT);
	assert_true(entry->quiet);
	assert_string_equal(entry->control, "[success=1 default=ignore new_authtok_reqd=done]");
	assert_string_equal(entry->module, "pam_unix.so");
	assert_string_equal(entry->args, "nullok  try");
	assert_null(entry->error);
	entry = sc_pam_entry_at(pam, 2);
	assert_int_equal(entry->type, SC_PAM_ANY);
	assert_string_equal(entry->module, "common-auth");
	assert_int_equal(entry->line, 5);
	assert_int_equal(sc_pam_entry_at(pam, 3)->type, SC_PAM_SESSION);
	assert_null(sc_pam_entry_at(pam, 4));
}

static void broken_lines_are_found(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	static const char *const broken[] = {
	    "author required pam_unix.so\n", "auth requierd pam_unix.so\n",  "auth required\n",          "auth\n",
	    "auth [success=1 pam_unix.so\n", "auth [success] pam_unix.so\n", "auth [default=no] x.so\n", "@include\n",
	};

	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		SC_PAM *pam = parse(ctx, broken[i]);

		assert_non_null(sc_pam_entry_at(pam, 0));
		assert_non_null(sc_pam_entry_at(pam, 0)->error);
	}
}

/* Like libpam 1.5: neither a comment nor an empty line in between ends a continuation, nor does the end of the file. */
/* A carriage return is not a line end for libpam: each such line is a rule, and there may be many. */
static void carriage_returns_are_rules(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	char text[2 * 500 + 1];

	for (size_t i = 0; i < 500; i++)
		memcpy(text + 2 * i, "\r\n", 2);
	text[2 * 500] = '\0';
	SC_PAM *pam = parse(ctx, text);
	for (size_t i = 0; i < 500; i++) {
		const struct sc_pam_entry *entry = sc_pam_entry_at(pam, i);

		assert_non_null(entry);
		assert_int_equal(entry->start, 2 * i);
		assert_string_equal(entry->error, "the type is not auth, account, password or session");
		assert_string_equal(entry->control, "");
	}
	assert_null(sc_pam_entry_at(pam, 500));
}

static void continuations_are_libpams(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	SC_PAM *over = parse(ctx, "account required \\\n# c\n\n  pam_deny.so\n");
	SC_PAM *open = parse(ctx, "account required pam_permit.so\nauth required pam_unix.so \\\n");
	SC_PAM *dos = parse(ctx, "account required pam_permit.so \\\r\nauth required pam_unix.so\r\n");

	assert_string_equal(sc_pam_entry_at(over, 0)->module, "pam_deny.so");
	assert_null(sc_pam_entry_at(over, 0)->error);
	assert_null(sc_pam_entry_at(over, 1));
	assert_non_null(sc_pam_entry_at(open, 1)->error);
	assert_int_equal(sc_pam_insert(ctx, open, 2, "account required pam_time.so"), SPICECFG_INPUT);
	spicecfg_ctx_clear_error(ctx);
	assert_string_equal(sc_pam_entry_at(dos, 1)->module, "pam_unix.so\r");
}

struct files {
	const struct sc_pam *common, *loop;
	char seen[256];
};

static const struct sc_pam *load(void *opaque, const char *file)
{
	struct files *files = opaque;

	return strcmp(file, "common-auth") == 0 ? files->common : strcmp(file, "loop") == 0 ? files->loop : NULL;
}

static void visit(void *opaque, const struct sc_pam *pam, const struct sc_pam_entry *entry, unsigned depth)
{
	struct files *files = opaque;
	size_t len = strlen(files->seen);

	(void)pam;
	snprintf(files->seen + len, sizeof(files->seen) - len, "%u:%s%s ", depth, entry->module, entry->error ? "!" : "");
}

static void includes_are_resolved(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	struct files files = {0};
	struct sc_pam_walk walk = {.load = load, .visit = visit, .opaque = &files};
	SC_PAM *common = parse(ctx, "auth required a.so\naccount required b.so\n");
	SC_PAM *loop = parse(ctx, "auth substack loop\n");
	SC_PAM *pam =
	    parse(ctx, "auth required first.so\n@include common-auth\nauth include missing\nauth include loop\naccount required x.so\n");

	files.common = common;
	files.loop = loop;
	sc_pam_walk(pam, SC_PAM_AUTH, &walk);
	assert_string_equal(files.seen, "0:first.so 1:a.so 0:missing! 16:loop! ");
	files.seen[0] = '\0';
	sc_pam_walk(pam, SC_PAM_ACCOUNT, &walk);
	assert_string_equal(files.seen, "1:b.so 0:x.so ");
}

static void edits_keep_the_rest(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	SC_PAM *pam = parse(ctx, "# a\nauth required x.so\n\naccount required \\\n  y.so\n# end");

	assert_int_equal(sc_pam_insert(ctx, pam, 1, "account required t.so"), SPICECFG_OK);
	assert_string_equal(sc_buf_text(sc_pam_bytes(pam)),
			    "# a\nauth required x.so\n\naccount required t.so\naccount required \\\n  y.so\n# end");
	assert_int_equal(sc_pam_remove(ctx, pam, 2), SPICECFG_OK);
	assert_string_equal(sc_buf_text(sc_pam_bytes(pam)), "# a\nauth required x.so\n\naccount required t.so\n# end");
}

/* Real libpam: a service whose password is checked by pam_exec. */
static void libpam_decides(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	SC_TEMPDIR dir = {.lock = -1};
	char service[256], script[128];
	bool admitted;
	const char *why;
	struct sc_arena *arena = sc_arena_new();
	static const char check[] = "#!/bin/sh\nread -r password\n[ \"$password\" = sesame ]\n";

	assert_int_equal(sc_tempdir_make(&dir), 0);
	snprintf(script, sizeof(script), "%s/check", dir.path);
	snprintf(service, sizeof(service),
		 "auth required pam_exec.so expose_authtok quiet %s\naccount required pam_succeed_if.so quiet user = root\n", script);
	assert_true(sc_tempdir_write(&dir, "check", check, strlen(check)));
	assert_int_equal(chmod(script, 0700), 0);
	assert_true(sc_tempdir_write(&dir, "spice", service, strlen(service)));

	const struct sc_module_pam *pam = sc_pamauth(ctx);
	assert_non_null(pam);
	struct sc_pam_login login = {"spice", dir.path, "root", "sesame", 6, false};
	assert_int_equal(pam->login(ctx, &login, arena, &admitted, &why), SPICECFG_OK);
	assert_true(admitted);
	login.password = "barley";
	assert_int_equal(pam->login(ctx, &login, arena, &admitted, &why), SPICECFG_OK);
	assert_false(admitted);
	assert_non_null(strstr(why, "pam_authenticate"));
	login.password = "sesame";
	login.user = "nobody";
	assert_int_equal(pam->login(ctx, &login, arena, &admitted, &why), SPICECFG_OK);
	assert_false(admitted);
	assert_non_null(strstr(why, "pam_acct_mgmt"));
	sc_arena_free(arena);
}

static int setup(void **state)
{
	*state = spicecfg_ctx_new();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	spicecfg_ctx_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(carriage_returns_are_rules, setup, teardown),
	    cmocka_unit_test_setup_teardown(rules_are_read, setup, teardown),
	    cmocka_unit_test_setup_teardown(broken_lines_are_found, setup, teardown),
	    cmocka_unit_test_setup_teardown(continuations_are_libpams, setup, teardown),
	    cmocka_unit_test_setup_teardown(includes_are_resolved, setup, teardown),
	    cmocka_unit_test_setup_teardown(edits_keep_the_rest, setup, teardown),
	    cmocka_unit_test_setup_teardown(libpam_decides, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

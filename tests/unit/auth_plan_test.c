/* The pure parts of sasl, user and pam plans, over the real templates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "doc/group.h"
#include "doc/saslconf.h"
#include "plan/pam.h"
#include "system/data.h"

static void members_are_added_once(void **state)
{
	static const struct {
		const char *before, *after; /* after NULL: no such group */
	} cases[] = {
	    {"root:x:0:\nsasl:x:45:\nx:x:1:a\n", "root:x:0:\nsasl:x:45:libvirt-qemu\nx:x:1:a\n"},
	    {"sasl:x:45:postfix\n", "sasl:x:45:postfix,libvirt-qemu\n"},
	    {"sasl:x:45:libvirt-qemu,postfix\n", "sasl:x:45:libvirt-qemu,postfix\n"},
	    {"sasl:x:45:libvirt-qemu2", "sasl:x:45:libvirt-qemu2,libvirt-qemu"},
	    {"sasl:!::", "sasl:!::libvirt-qemu"},
	    {"sasl2:x:45:\n", NULL},
	    {"sasl:x\n", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		SC_BUF text = SC_BUF_INIT;

		sc_buf_adds(&text, cases[i].before);
		assert_int_equal(sc_group_add(&text, "sasl", "libvirt-qemu"), cases[i].after != NULL);
		assert_string_equal(sc_buf_text(&text), cases[i].after ? cases[i].after : cases[i].before);
	}
}

struct judged {
	struct spicecfg_ctx *ctx;
	struct sc_pam *common;
	struct sc_buf rules;
};

static const struct sc_pam *load(void *opaque, const char *file)
{
	struct judged *judged = opaque;

	return strncmp(file, "common-", 7) == 0 || strstr(file, "-auth") ? judged->common : NULL;
}

static bool has_module(void *opaque, const char *module)
{
	(void)opaque;
	return strncmp(module, "pam_", 4) == 0;
}

static void report(void *opaque, const char *rule, bool error, struct sc_where where, const char *message)
{
	struct judged *judged = opaque;

	assert_non_null(message);
	sc_buf_addf(&judged->rules, "%s%s:%u ", rule, error ? "!" : "", where.line);
}

static void judge_gives(struct judged *judged, const char *text, const char *want)
{
	struct sc_pam *pam;
	const struct sc_pam_judge judge = {load, has_module, report, judged};

	sc_buf_free(&judged->rules);
	assert_int_equal(sc_pam_parse(judged->ctx, "spice", text, strlen(text), &pam), SPICECFG_OK);
	unsigned errors = sc_pam_judge(pam, &judge), marked = 0;
	for (const char *c = sc_buf_text(&judged->rules); *c; c++)
		marked += *c == '!';
	assert_int_equal(errors, marked);
	assert_string_equal(sc_buf_text(&judged->rules), want);
	sc_pam_free(pam);
}

/* Each template parses, rests on the host's stacks, and with a list of accounts admits only those. */
static void templates_are_sound(void **state)
{
	struct judged *judged = *state;
	static const char *const names[] = {"pam.d/spice.debian", "pam.d/spice.suse", "pam.d/spice.redhat", "pam.d/spice.system-auth"};
	static const char *const nobody[] = {NULL};
	static const char *const some[] = {"user:anne", "group:office", NULL};
	static const char *const wrong[][2] = {{"anne", NULL}, {"user:", NULL}, {"user:a b", NULL}, {"user:-x", NULL}, {"other:x", NULL}};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		SC_BUF template = SC_BUF_INIT;
		SC_BUF all = SC_BUF_INIT;
		SC_BUF few = SC_BUF_INIT;
		SC_BUF none = SC_BUF_INIT;

		assert_int_equal(sc_data_read(judged->ctx, names[i], &template), SPICECFG_OK);
		assert_int_equal(sc_pam_fill(judged->ctx, template.data, NULL, &all), SPICECFG_OK);
		judge_gives(judged, all.data, "");
		assert_int_equal(sc_pam_fill(judged->ctx, template.data, some, &few), SPICECFG_OK);
		judge_gives(judged, few.data, "");
		assert_non_null(strstr(few.data, "[success=2 default=ignore] pam_succeed_if.so quiet user = anne\n"));
		assert_non_null(
		    strstr(few.data,
			   "[success=1 default=ignore] pam_succeed_if.so quiet user ingroup office\naccount   requisite   pam_deny.so\n"));
		assert_int_equal(sc_pam_fill(judged->ctx, template.data, nobody, &none), SPICECFG_OK);
		judge_gives(judged, none.data, "pam-admits-nobody:0 ");
		for (size_t j = 0; j < sizeof(wrong) / sizeof(*wrong); j++) {
			SC_BUF out = SC_BUF_INIT;

			assert_int_equal(sc_pam_fill(judged->ctx, template.data, wrong[j], &out), SPICECFG_USAGE);
			spicecfg_ctx_clear_error(judged->ctx);
		}
	}
}

static void services_are_judged(void **state)
{
	struct judged *judged = *state;

	judge_gives(judged, "auth required pam_permit.so\naccount required pam_unix.so\n", "pam-admits-all!:0 ");
	judge_gives(judged, "auth required pam_unix.so\n", "pam-no-rule!:0 ");
	judge_gives(judged, "auth required pam_unix.so\naccount required pam_deny.so\n", "pam-admits-nobody:0 ");
	judge_gives(judged, "auth requierd pam_unix.so\naccount required x_unix.so\n", "pam-broken-line!:1 pam-missing-module!:2 ");
	judge_gives(judged, "auth include nowhere\naccount required pam_unix.so\n", "pam-broken-line!:1 ");
}

/* The SASL files keep ANONYMOUS out: without a mech_list everything installed is offered on TLS. */
static void sasl_files_have_their_list(void **state)
{
	struct judged *judged = *state;
	static const char *const names[] = {"sasl2/qemu.conf", "sasl2/qemu-saslauthd.conf"};

	for (size_t i = 0; i < 2; i++) {
		SC_BUF bytes = SC_BUF_INIT;
		struct sc_saslconf *parsed;

		assert_int_equal(sc_data_read(judged->ctx, names[i], &bytes), SPICECFG_OK);
		assert_int_equal(sc_saslconf_parse(judged->ctx, names[i], bytes.data, bytes.len, &parsed), SPICECFG_OK);
		SC_SASLCONF *conf = parsed;
		assert_string_equal(sc_saslconf_get(conf, "mech_list", NULL), i ? "plain" : "scram-sha-256 plain");
	}
}

static int setup(void **state)
{
	static const char common[] =
	    "auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\nauth required pam_permit.so\n"
	    "account required pam_unix.so\n";
	struct judged *judged = calloc(1, sizeof(*judged));

	*state = judged;
	judged->ctx = spicecfg_ctx_new();
	return sc_pam_parse(judged->ctx, "common", common, strlen(common), &judged->common) ? -1 : 0;
}

static int teardown(void **state)
{
	struct judged *judged = *state;

	sc_pam_free(judged->common);
	sc_buf_free(&judged->rules);
	spicecfg_ctx_free(judged->ctx);
	free(judged);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(members_are_added_once),
	    cmocka_unit_test_setup_teardown(templates_are_sound, setup, teardown),
	    cmocka_unit_test_setup_teardown(services_are_judged, setup, teardown),
	    cmocka_unit_test_setup_teardown(sasl_files_have_their_list, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The pure parts of sasl, user and pam plans, over the real templates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "doc/group.h"
#include "doc/pamtime.h"
#include "doc/saslconf.h"
#include "plan/pam.h"
#include "system/os/data.h"

static void members_are_added_once(void **state)
{
	static const struct {
		const char *before, *after; /* after is NULL: there is no such group */
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

static void a_new_group_goes_before_nis(void **state)
{
	static const char *const before[] = {"", "root:x:0:\n", "root:x:0:", "root:x:0:\n+::\n", "a:x:1:b\n-x\n+\nz:x:2:\n"};
	static const char *const after[] = {"new:x:999:\n", "root:x:0:\nnew:x:999:\n", "root:x:0:\nnew:x:999:\n",
					    "root:x:0:\nnew:x:999:\n+::\n", "a:x:1:b\nnew:x:999:\n-x\n+\nz:x:2:\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		SC_BUF text = SC_BUF_INIT;

		sc_buf_adds(&text, before[i]);
		assert_false(sc_group_taken(&text, "new", "999"));
		sc_group_make(&text, "new:x:999:");
		assert_string_equal(sc_buf_text(&text), after[i]);
		assert_true(sc_group_taken(&text, "new", "1"));
		assert_true(sc_group_taken(&text, "other", "999"));
		assert_false(sc_group_taken(&text, "ne", "99"));
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
	const struct sc_pam_judge judge = {load, has_module, NULL, NULL, NULL, report, judged};

	sc_buf_free(&judged->rules);
	assert_int_equal(sc_pam_parse(judged->ctx, "spice", text, strlen(text), &pam), SPICECFG_OK);
	unsigned errors = sc_pam_judge(pam, &judge), marked = 0;
	for (const char *c = sc_buf_text(&judged->rules); *c; c++)
		marked += *c == '!';
	assert_int_equal(errors, marked);
	assert_string_equal(sc_buf_text(&judged->rules), want);
	sc_pam_free(pam);
}

/* Each template parses, includes the host's stacks, and with a list of accounts admits only those. */
static void templates_are_sound(void **state)
{
	struct judged *judged = *state;
	static const char *const names[] = {"pam.d/spice.debian", "pam.d/spice.suse", "pam.d/spice.redhat", "pam.d/spice.system-auth"};
	static const char *const nobody[] = {NULL};
	static const char *const some[] = {"user:anne", "group:office", NULL};
	static const char *const wrong[][2] = {{"anne", NULL}, {"user:", NULL}, {"user:a b", NULL}, {"user:-x", NULL}, {"other:x", NULL}};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		SC_BUF template = SC_BUF_INIT;
		SC_BUF filled = SC_BUF_INIT;
		SC_BUF all = SC_BUF_INIT;
		SC_BUF few = SC_BUF_INIT;
		SC_BUF none = SC_BUF_INIT;

		assert_int_equal(sc_data_read(judged->ctx, names[i], &template), SPICECFG_OK);
		assert_int_equal(sc_pam_fill(judged->ctx, template.data, NULL, &filled), SPICECFG_OK);
		judge_gives(judged, filled.data, "pam-nodelay:1 ");
		assert_int_equal(sc_pam_undelay(judged->ctx, filled.data, load, judged, &all), SPICECFG_OK);
		judge_gives(judged, all.data, "");
		assert_int_equal(sc_pam_fill(judged->ctx, template.data, some, &few), SPICECFG_OK);
		judge_gives(judged, few.data, "pam-nodelay:1 ");
		assert_non_null(strstr(few.data, "[success=2 default=ignore] pam_succeed_if.so quiet user = anne\n"));
		assert_non_null(
		    strstr(few.data,
			   "[success=1 default=ignore] pam_succeed_if.so quiet user ingroup office\naccount   requisite   pam_deny.so\n"));
		assert_int_equal(sc_pam_fill(judged->ctx, template.data, nobody, &none), SPICECFG_OK);
		judge_gives(judged, none.data, "pam-nodelay:1 pam-admits-nobody:0 ");
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
	judge_gives(judged, "auth required pam_unix.so nodelay\n", "pam-no-rule!:0 ");
	judge_gives(judged, "auth required pam_unix.so nodelay\naccount required pam_deny.so\n", "pam-admits-nobody:0 ");
	judge_gives(judged, "auth requierd pam_unix.so\naccount required x_unix.so\n", "pam-broken-line!:1 pam-missing-module!:2 ");
	judge_gives(judged, "auth include nowhere\naccount required pam_unix.so\n", "pam-broken-line!:1 ");
	judge_gives(judged, "auth required pam_unix.so nullok\naccount required pam_unix.so\n", "pam-nodelay:1 ");
	judge_gives(judged, "auth required pam_unix.so [nodelay] []\naccount required pam_unix.so\n", "");
	judge_gives(judged, "auth required pam_unix.so [no delay] [nodelay ]\naccount required pam_unix.so\n", "pam-nodelay:1 ");
	judge_gives(judged, "acount required pam_unix.so\nauth required pam_unix.so nodelay\naccount required pam_unix.so\n",
		    "pam-broken-line!:1 ");
	judge_gives(judged, "auth required /lib/security/pam_unix.so nodelays\naccount required pam_unix.so\n",
		    "pam-missing-module!:1 pam-nodelay:1 ");
	judge_gives(judged, "\n@include common-auth\naccount required pam_unix.so\n", "pam-nodelay:1 ");
	judge_gives(judged, "auth substack common-auth\naccount required pam_unix.so\n", "pam-nodelay:1 ");
	judge_gives(
	    judged,
	    "auth required pam_faildelay.so delay=2000000\nauth required pam_unix.so nullok\tnodelay\naccount required pam_unix.so\n",
	    "pam-nodelay:1 ");
	judge_gives(judged, "auth required pam_faildelay.so delay=0\nauth required pam_unix.so nodelay\naccount required pam_unix.so\n",
		    "");
}

/* The delay is set, and nothing else in the service changes. */
static void delays_are_taken_out(void **state)
{
	struct judged *judged = *state;
	static const struct {
		const char *before, *after; /* NULL: unchanged */
	} cases[] = {
	    {"# a\nauth required pam_unix.so nodelay\naccount include common-account\n", NULL},
	    {"auth include nowhere\nauth requierd pam_unix.so\n", NULL},
	    {"# a\n\n-auth  sufficient  pam_unix.so # b\n# c\naccount required pam_unix.so\n# d",
	     "# a\n\n-auth      sufficient pam_unix.so nodelay\n# c\naccount required pam_unix.so\n# d"},
	    {"auth required pam_faildelay.so delay=9\nauth required pam_unix.so nodelay\n",
	     "auth      required pam_faildelay.so delay=0\nauth required pam_unix.so nodelay\n"},
	    {"auth required pam_env.so\nauth substack common-auth\naccount include common-account\n",
	     "auth required pam_env.so\n# common-auth, with nodelay: QEMU is blocked during a login.\n"
	     "auth      [success=1 default=ignore] pam_unix.so nodelay\nauth requisite pam_deny.so\nauth required pam_permit.so\n"
	     "account include common-account\n"},
	    {"@include common-auth\n# end\n",
	     "# common-auth, with nodelay: QEMU is blocked during a login.\n"
	     "auth      [success=1 default=ignore] pam_unix.so nodelay\nauth requisite pam_deny.so\nauth required pam_permit.so\n"
	     "account required pam_unix.so\n# end\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		SC_BUF once = SC_BUF_INIT;
		SC_BUF twice = SC_BUF_INIT;
		const char *after = cases[i].after ? cases[i].after : cases[i].before;

		assert_int_equal(sc_pam_undelay(judged->ctx, cases[i].before, load, judged, &once), SPICECFG_OK);
		assert_string_equal(sc_buf_text(&once), after);
		assert_int_equal(sc_pam_undelay(judged->ctx, after, load, judged, &twice), SPICECFG_OK);
		assert_string_equal(sc_buf_text(&twice), after);
	}
}

static void add_time(void *opaque, unsigned line, unsigned column, const char *message)
{
	assert_non_null(message);
	sc_buf_addf(opaque, "%u:%u ", line, column);
}

/* Lines that pam_time ignores or misreads; e2e/pam_rules compares with the real module. */
static void times_are_judged(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"", ""},
	    {"# a;b\n\n \t\r\n*;*;*;!Al0000-2400\n spice | sshd ; * ; anne|ralph ; MoTu0800-1800 | Wk2000-0600 # x;y\r\n", ""},
	    {"spice;*;anne;Al0800-1800 # no line end", ""},
	    {"spice;*;anne;Al0800-1800", "1:1 "},
	    {"spice;*;\\\n  anne;AlFr0800-1800\nspice;*;%a;Al0800-1800\n", "3:9 "},
	    {"spice;*;@a;Al0800-1800\nspice;*;!&a;Al0800-1800\n", "1:9 2:10 "},
	    {"spice;*;a,b;Al0800-1800\nspice;*;a b;Al0800-1800\nspice;*;a|;Al0800-1800\n", "1:10 2:11 3:9 "},
	    {"spice;*;D\\a;Al0800-1800\nspice;*;(a);Al0800-1800\nspice;*;a*b*;Al0800-1800\n", "1:10 2:9 3:9 "},
	    {"spice;tty*;a;Al0800-1800\nspice;!tty*;a;Al0800-1800\nspice;*&!tty1;a;Al0800-1800\n", "1:7 "},
	    {"spice;a;Al0800-1800\nspice;*;a;Al0800-1800;\nspice * a Al\n;*;a;Al0800-1800\n", "1:1 2:1 3:1 4:1 "},
	    {"spice;*;;Al0800-1800\nspice;;a;Al0800-1800\nspice;*;a;\n", "1:9 2:7 3:11 "},
	    {"spice;*;a;Al0900-0900\nspice;*;a;Al0800-2900\nspice;*;a;Al0860-1800\nspice;*;a;Al2400-0800\n", "1:11 2:11 3:11 4:11 "},
	    {"spice;*;a;Al800-1800\nspice;*;a;Al0800-180\nspice;*;a;Al0800-18000\nspice;*;a;Al08:00-18:00\n", "1:11 2:11 3:11 4:11 "},
	    {"spice;*;a;0800-1800\nspice;*;a;Mon0800-1800\nspice;*;a;WkWk0800-1800\nspice;*;a;Al0800-1200,Al1300-1800\n",
	     "1:11 2:11 3:11 4:22 "},
	    {"sshd;tty1;%a;0800\ncron;*;x\n", "2:1 "},
	};
	SC_BUF exact = SC_BUF_INIT;
	SC_BUF sink = SC_BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		SC_BUF text = SC_BUF_INIT;
		SC_BUF seen = SC_BUF_INIT;

		sc_buf_adds(&text, cases[i].text);
		(void)sc_pamtime_judge(&text, "spice", add_time, &seen);
		assert_string_equal(sc_buf_text(&seen), cases[i].want);
	}
	/* a part and its terminator fill 1,000 bytes */
	for (size_t len = 999; len <= 1000; len++) {
		sc_buf_free(&exact);
		sc_buf_adds(&exact, "spice;*;");
		for (size_t i = 0; i < len; i++)
			sc_buf_addc(&exact, 'u');
		sc_buf_adds(&exact, ";Al0800-1800\n");
		assert_int_equal(sc_pamtime_judge(&exact, "spice", add_time, &sink), len - 999);
	}
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
	    cmocka_unit_test(a_new_group_goes_before_nis),
	    cmocka_unit_test(members_are_added_once),
	    cmocka_unit_test_setup_teardown(templates_are_sound, setup, teardown),
	    cmocka_unit_test_setup_teardown(services_are_judged, setup, teardown),
	    cmocka_unit_test_setup_teardown(delays_are_taken_out, setup, teardown),
	    cmocka_unit_test(times_are_judged),
	    cmocka_unit_test_setup_teardown(sasl_files_have_their_list, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doc/saslconf.h"
#include "doc/sysconfig.h"
#include "model/saslauthd.h"

static struct sc_saslconf *parse(struct spicecfg_ctx *ctx, const char *text)
{
	struct sc_saslconf *conf;

	assert_int_equal(sc_saslconf_parse(ctx, "qemu.conf", text, strlen(text), &conf), SPICECFG_OK);
	return conf;
}

static void first_assignment_counts(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	unsigned line;
	SC_SASLCONF *conf = parse(ctx, "# comment\n\nMech_List:  plain scram-sha-256 \t\r\nmech_list: gssapi\nsasldb_path:/x y\n");

	assert_string_equal(sc_saslconf_get(conf, "mech_list", &line), "plain scram-sha-256");
	assert_int_equal(line, 3);
	assert_int_equal(sc_saslconf_count(conf, "mech_list"), 2);
	assert_string_equal(sc_saslconf_get(conf, "sasldb_path", NULL), "/x y");
	assert_null(sc_saslconf_get(conf, "pwcheck_method", &line));
	assert_int_equal(line, 0);
}

static void edits_change_one_line(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	static const struct {
		const char *before, *key, *value, *after;
	} cases[] = {
	    {"mech_list: gssapi\n", "mech_list", "plain", "mech_list: plain\n"},
	    {"a: 1\r\nmech_list:\t gssapi  \r\nb: 2\r\n", "mech_list", "plain", "a: 1\r\nmech_list:\t plain  \r\nb: 2\r\n"},
	    {"a: 1\r\n", "b", "2", "a: 1\r\nb: 2\r\n"},
	    {"a: 1", "b", "2", "a: 1\nb: 2\n"},
	    {"", "b", "2", "b: 2\n"},
	    {"# text\n#sasldb_path: /etc/x\n# more\n", "sasldb_path", "/y", "# text\n#sasldb_path: /etc/x\nsasldb_path: /y\n# more\n"},
	    {"a: 1\nb: 2\na: 3\n", "a", "1", "a: 1\nb: 2\na: 3\n"},
	    {"a: 1\nb: 2\na: 3\n", "a", NULL, "b: 2\n"},
	    {"a: 1\nb: 2", "b", NULL, "a: 1\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		SC_SASLCONF *conf = parse(ctx, cases[i].before);
		if (cases[i].value)
			assert_int_equal(sc_saslconf_set(ctx, conf, cases[i].key, cases[i].value), SPICECFG_OK);
		else
			assert_int_equal(sc_saslconf_unset(ctx, conf, cases[i].key), SPICECFG_OK);
		assert_string_equal(sc_buf_text(sc_saslconf_bytes(conf)), cases[i].after);
	}
}

static void what_libsasl2_refuses_is_refused(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	static const struct {
		const char *text;
		unsigned line, column;
	} cases[] = {
	    {"a: 1\nmech_list gssapi\n", 2, 10},
	    {"mech_list :x\n", 1, 10},
	    {"a:\n", 1, 3},
	    {"a:   \n", 1, 6},
	    {"=: x\n", 1, 1},
	    {"a.b: x\n", 1, 2},
	};
	struct sc_saslconf *conf;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		spicecfg_ctx_clear_error(ctx);
		assert_int_equal(sc_saslconf_parse(ctx, "qemu.conf", cases[i].text, strlen(cases[i].text), &conf), SPICECFG_INPUT);
		assert_null(conf);
		assert_string_equal(spicecfg_ctx_error(ctx)->file, "qemu.conf");
		assert_int_equal(spicecfg_ctx_error(ctx)->line, cases[i].line);
		assert_int_equal(spicecfg_ctx_error(ctx)->column, cases[i].column);
	}
	spicecfg_ctx_clear_error(ctx);
	char line[4200] = "a: ";
	memset(line + 3, 'x', 4100);
	assert_int_equal(sc_saslconf_parse(ctx, "qemu.conf", line, strlen(line), &conf), SPICECFG_INPUT);
	spicecfg_ctx_clear_error(ctx);
	SC_SASLCONF *good = parse(ctx, "a: 1\n");
	assert_int_equal(sc_saslconf_set(ctx, good, "a", ""), SPICECFG_USAGE);
	assert_int_equal(sc_saslconf_set(ctx, good, "a", "x\ny: z"), SPICECFG_USAGE);
	assert_string_equal(sc_buf_text(sc_saslconf_bytes(good)), "a: 1\n");
	spicecfg_ctx_clear_error(ctx);
}

/* The options for saslauthd's cache are removed, the others stay. */
static void caches_are_taken_out(void **state)
{
	static const struct {
		const char *before, *after;
	} cases[] = {
	    {"OPTIONS=\"-c -m /run/a\"\n", "OPTIONS=\"-m /run/a\"\n"},
	    {"OPTIONS='-m /run/a -c' # why\n", "OPTIONS='-m /run/a' # why\n"},
	    {"OPTIONS=\"-cm /run/a\"\n", "OPTIONS=\"-m /run/a\"\n"},
	    {"OPTIONS=\"-rcV  -m /run/c\"\n", "OPTIONS=\"-rV  -m /run/c\"\n"},
	    {"OPTIONS=\"-c -t 3600 -s128 -m /run/a\"\n", "OPTIONS=\"-m /run/a\"\n"},
	    {"OPTIONS=\"-rct3600 -m /run/a\"\n", "OPTIONS=\"-r -m /run/a\"\n"},
	    {"OPTIONS=\"-m /run/a -ct\t3600\"\n", "OPTIONS=\"-m /run/a\"\n"},
	    {"OPTIONS=\"-c -c  -m /run/a\"\n", "OPTIONS=\"-m /run/a\"\n"},
	    {"OPTIONS=\"-c -m '$DIR' \\\"x\\\"\"\n", "OPTIONS=\"-m '$DIR' \\\"x\\\"\"\n"},
	    {"OPTIONS='-c 'x\"-c -m\"\\ /a\n", "OPTIONS=''x\"-c -m\"\\ /a\n"},
	    {"X=-c\nOPTIONS=\"${X} -m /run/a\"\nX=\"-r -c\"\n", "X=\nOPTIONS=\"${X} -m /run/a\"\nX=\"-r\"\n"},
	    {"FLAGS=\"-c\"\nOPTIONS=\"-m /run/a\"\n", "FLAGS=\"\"\nOPTIONS=\"-m /run/a\"\n"},
	    {"THREADS=\"5 -c\"\nOPTIONS=\"-m /run/a\"\n", "THREADS=\"5\"\nOPTIONS=\"-m /run/a\"\n"},
	    /* over several lines, after others on the line, and with shell variables and commands */
	    {"OPTIONS=\"-m /run/a \\\n-c\"\nA=1\n", "OPTIONS=\"-m /run/a\\\n\"\nA=1\n"},
	    {"OPTIONS=\"-m /run/a\n-c\"\n", "OPTIONS=\"-m /run/a\"\n"},
	    {"OPTIONS=-m\\ /run/a\\ \\\n-c\n", "OPTIONS=-m\\ /run/a\\\n\n"},
	    {"OPTIONS=\"-m /run/a\"; OPTIONS=\"$OPTIONS -c\"\n", "OPTIONS=\"-m /run/a\"; OPTIONS=\"$OPTIONS\"\n"},
	    {"A=1 OPTIONS='-c -m /a'\n", "A=1 OPTIONS='-m /a'\n"},
	    {"if true; then OPTIONS='-c -m /a'; fi\n", "if true; then OPTIONS='-m /a'; fi\n"},
	    {"readonly OPTIONS='-c -m /a'\n", "readonly OPTIONS='-m /a'\n"},
	    {"OPTIONS=\"-m /a ${X:--c}\"\n", "OPTIONS=\"-m /a ${X:-}\"\n"},
	    {"OPTIONS=\"-m /a ${X+-rc}\"\n", "OPTIONS=\"-m /a ${X+-r}\"\n"},
	    {"OPTIONS=\"-m /a `echo -rc`\"\n", "OPTIONS=\"-m /a `echo -r`\"\n"},
	    {"OPTIONS=\"-c\"\n", "OPTIONS=\"-m /var/run/saslauthd\"\n"},
	    {"OPTIONS=\n", "OPTIONS=\"-m /var/run/saslauthd\"\n"},
	    {"START=yes\n#OPTIONS=x\n", "START=yes\n#OPTIONS=x\nOPTIONS=\"-m /var/run/saslauthd\"\n"},
	    {"OPTIONS=\"-m /run/c -O c -n 5 -- -c\"\n", NULL},
	    {"OPTIONS=\"-m -c -V\"\n", NULL},
	    {"OPTIONS=\"-c -m /a\"\nOPTIONS=\"-m /a\"\n", NULL},
	    {"DESC=\"SASL -c\"\nOPTIONS=\"-m /a -O $DESCR -t 5\"\n", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *after = cases[i].after ? cases[i].after : cases[i].before;
		struct sc_arena *memory = sc_arena_new();
		struct sc_sysconfig *parsed;
		struct sc_saslauthd_says says;

		assert_int_equal(sc_sysconfig_parse(*state, "saslauthd", cases[i].before, strlen(cases[i].before), &parsed), SPICECFG_OK);
		SC_SYSCONFIG *conf = parsed;
		sc_saslauthd_read(conf, true, memory, &says);
		assert_int_equal(says.caches, cases[i].after != NULL);
		for (int again = 0; again < 2; again++) {
			assert_int_equal(sc_saslauthd_uncache(*state, conf, true), SPICECFG_OK);
			assert_string_equal(sc_buf_text(sc_sysconfig_bytes(conf)), after);
			sc_saslauthd_read(conf, true, memory, &says);
			assert_false(says.caches);
		}
		sc_arena_free(memory);
	}
}

static void sysconfig_edits(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	static const struct {
		const char *before, *key, *value, *after;
	} cases[] = {
	    {"START=no\nMECHANISMS=\"pam\"\n", "START", "yes", "START=yes\nMECHANISMS=\"pam\"\n"},
	    {"MECH=pam\n", "MECH", "a b", "MECH=\"a b\"\n"},
	    {"MECH='pam' # why\n", "MECH", "shadow", "MECH='shadow' # why\n"},
	    {"MECH='pam'\n", "MECH", "it's", "MECH=\"it's\"\n"},
	    {"A=\"x\\\"y\"\n", "A", "$z", "A=\"\\$z\"\n"},
	    {"A=1\nA=2\n", "A", "3", "A=1\nA=3\n"},
	    {"# OPTIONS=\"-c\"\nB=1\n", "OPTIONS", "-c -m /run/x", "# OPTIONS=\"-c\"\nOPTIONS=\"-c -m /run/x\"\nB=1\n"},
	    {"B=1", "C", "2", "B=1\nC=\"2\"\n"},
	    {"A=\n", "A", "1", "A=\"1\"\n"},
	    {"A=\"x\ny\" # z\n", "A", "1", "A=\"1\" # z\n"},
	    {"B='\n#A=\n'\n", "A", "1", "B='\n#A=\n'\nA=\"1\"\n"},
	    {"B=\\", "A", "1", "A=\"1\"\nB=\\"},
	    {"B=1; A=2; C=3\n", "A", "1", "B=1; A=1; C=3\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sc_sysconfig *parsed;

		assert_int_equal(sc_sysconfig_parse(ctx, "saslauthd", cases[i].before, strlen(cases[i].before), &parsed), SPICECFG_OK);
		SC_SYSCONFIG *conf = parsed;
		assert_int_equal(sc_sysconfig_set(ctx, conf, cases[i].key, cases[i].value), SPICECFG_OK);
		assert_string_equal(sc_buf_text(sc_sysconfig_bytes(conf)), cases[i].after);
		assert_string_equal(sc_sysconfig_get(conf, cases[i].key, NULL), cases[i].value);
		assert_int_equal(sc_sysconfig_set(ctx, conf, cases[i].key, cases[i].value), SPICECFG_OK);
		assert_string_equal(sc_buf_text(sc_sysconfig_bytes(conf)), cases[i].after);
	}
	struct sc_sysconfig *broken;
	assert_int_equal(sc_sysconfig_parse(ctx, "saslauthd", "A=1\nB=\"x\n", 9, &broken), SPICECFG_INPUT);
	assert_int_equal(spicecfg_ctx_error(ctx)->line, 2);
	spicecfg_ctx_clear_error(ctx);
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

/* What only a shell could evaluate is reported as unclear; a -c that is visible is found nevertheless. */
static void unclear_options_are_said(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
	} cases[] = {
	    {"# a comment; with 'words'\nSTART=yes\n\nMECHANISMS=\"pam\"\nTHREADS=5\nOPTIONS=\"-m /a -O x\" # why\n", 0},
	    {"export OPTIONS='-m /a'\nexport OPTIONS MECHANISMS\r\n", 0},
	    {"D=/run/a\nOPTIONS=\"-m $D -r\"\n", 0},
	    {"D=/run/a; X=-r\nOPTIONS=\"-m ${D} $X\"\n", 0},
	    {"X='$Y'\nOPTIONS='-m /a'\n", 0},
	    {"X=c\nOPTIONS=\"-$X -m /a\"\n", 2},
	    {"X=c\nOPTIONS=\"-m /a -${X}\"\n", 2},
	    {"X=c\nOPTIONS=\"-r$X -m /a\"\n", 2},
	    {"A=-\nB=c\nOPTIONS=\"$A$B\"\n", 3},
	    {"Y=-c\nX=$Y\nOPTIONS=\"$X -m /a\"\n", 2},
	    {"OPTIONS=\"-m /a $ELSEWHERE\"\n", 1},
	    {"OPTIONS=\"-m /a ${X%a}\"\n", 1},
	    {"OPTIONS=\"-m /a $(cat /etc/x)\"\n", 1},
	    {"OPTIONS=\"-m /a `cat /etc/x`\"\n", 1},
	    {"OPTIONS='-m /a'\n. /etc/x\n", 2},
	    {"OPTIONS='-m /a'\n  source /etc/x\n", 2},
	    {"OPTIONS='-m /a'; . /etc/x\n", 1},
	    {"OPTIONS='-m /a'\n\nunset OPTIONS\n", 3},
	    {"OPTIONS='-m /a'\nOPTIONS+=' -c'\n", 2},
	    {"OPTIONS='-m /a'\neval x\n", 2},
	    {"OPTIONS='-m /a'\nif [ -f /x ]; then OPTIONS='-r'; fi\n", 2},
	    {"OPTIONS='-m /a'\n: ${X:=y}\n", 2},
	    {"OPTIONS='-m /a' . /etc/x\n", 1},
	    {"OPTIONS='-m /a'\nexport A OPTIONS=-c\n", 2},
	    {"OPTIONS=-r || OPTIONS='-m /a'\n", 1},
	    {"OPTIONS='-m /a' &\n", 1},
	    {"OPTIONS=(-c -m /a)\n", 1},
	    {"IFS=,\nOPTIONS='-m,/a,-c'\n", 1},
	    {"f() {\nOPTIONS=-m\n}\n", 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sc_arena *memory = sc_arena_new();
		struct sc_saslauthd_says says;
		SC_SYSCONFIG *conf = NULL;

		assert_int_equal(sc_sysconfig_parse(*state, "saslauthd", cases[i].text, strlen(cases[i].text), &conf), SPICECFG_OK);
		sc_saslauthd_read(conf, false, memory, &says);
		if (says.unclear != cases[i].line)
			fail_msg("line %u: %s", says.unclear, cases[i].text);
		sc_arena_free(memory);
	}
	assert_true(sc_saslauthd_is_clear(" -m $SOCKETDIR -a ${MECH} $FLAGS -m/run/%i"));
	assert_false(sc_saslauthd_is_clear(" -a pam -$X"));
	assert_false(sc_saslauthd_is_clear(" -a pam -%i"));
	assert_false(sc_saslauthd_is_clear(" -a pam $X"));
	assert_false(sc_saslauthd_is_clear(" -a pam $MECH$FLAGS"));
}

/* The file is read again for each cut. */
static void many_caches_are_refused(void **state)
{
	for (int n = 100; n <= 101; n++) {
		SC_SYSCONFIG *conf = NULL;
		SC_BUF text = SC_BUF_INIT;

		sc_buf_adds(&text, "OPTIONS=\"");
		for (int i = 0; i < n; i++)
			sc_buf_addf(&text, "$k%d ", i);
		sc_buf_adds(&text, "\"\n");
		for (int i = 0; i < n; i++)
			sc_buf_addf(&text, "k%d=-c\n", i);
		assert_int_equal(sc_sysconfig_parse(*state, "saslauthd", text.data, text.len, &conf), SPICECFG_OK);
		assert_int_equal(sc_saslauthd_uncache(*state, conf, false), n > 100 ? SPICECFG_INPUT : SPICECFG_OK);
	}
}

/* A backslash that would escape the closing quote once the character after it is removed. */
static void cuts_keep_what_stays(void **state)
{
	static const struct {
		const char *before, *drop, *after;
	} cases[] = {
	    {"A=\"-c x\"\n", "111", "A=\"x\"\n"}, {"A='a'\"b\"c\n", "010", "A='a'\"\"c\n"},
	    {"A=\"\\x\"\n", "01", NULL},          {"A=\\\\ \n", "1", "A= \n"},
	    {"A=\\xy\n", "10", "A=y\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sc_sysconfig *parsed;
		const char *value;
		bool drop[8] = {false};

		assert_int_equal(sc_sysconfig_parse(*state, "saslauthd", cases[i].before, strlen(cases[i].before), &parsed), SPICECFG_OK);
		SC_SYSCONFIG *conf = parsed;
		for (size_t k = 0; cases[i].drop[k]; k++)
			drop[k] = cases[i].drop[k] == '1';
		assert_int_equal(sc_sysconfig_cut(*state, conf, 0, drop), cases[i].after ? SPICECFG_OK : SPICECFG_INPUT);
		if (cases[i].after)
			assert_string_equal(sc_buf_text(sc_sysconfig_bytes(conf)), cases[i].after);
		assert_true(sc_sysconfig_at(conf, 0, NULL, &value, NULL) || !cases[i].after);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(first_assignment_counts, setup, teardown),
	    cmocka_unit_test_setup_teardown(edits_change_one_line, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_libsasl2_refuses_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(sysconfig_edits, setup, teardown),
	    cmocka_unit_test_setup_teardown(caches_are_taken_out, setup, teardown),
	    cmocka_unit_test_setup_teardown(cuts_keep_what_stays, setup, teardown),
	    cmocka_unit_test_setup_teardown(unclear_options_are_said, setup, teardown),
	    cmocka_unit_test_setup_teardown(many_caches_are_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

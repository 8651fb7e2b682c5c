#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/mechanisms.h"
#include "system/modules/sasl.h"
#include "system/os/helper.h"

struct fixture {
	struct spicecfg_ctx *ctx;
	struct sc_arena *arena;
	const struct sc_module_sasl *sasl;
};

static struct sc_sasl_edit set(const char *user, const char *realm, const char *password)
{
	return (struct sc_sasl_edit){SC_SASL_SET, user, realm, password, strlen(password)};
}

static bool holds(const struct sc_sasldb *db, const char *text)
{
	for (size_t i = 0; i < db->n_files; i++)
		if (memmem(db->file[i].bytes.data, db->file[i].bytes.len, text, strlen(text)))
			return true;
	return false;
}

/* "alice@a bob@b " */
static void users_are(struct fixture *f, const struct sc_sasldb *db, const char *want)
{
	struct sc_sasl_user *users;
	size_t n;
	SC_BUF text = SC_BUF_INIT;

	assert_int_equal(f->sasl->list(f->ctx, db, f->arena, &users, &n), SPICECFG_OK);
	for (size_t i = 0; i < n; i++)
		sc_buf_addf(&text, "%s@%s ", users[i].user, users[i].realm);
	assert_string_equal(sc_buf_text(&text), want);
}

/* What cyrus-sasl's own tool lists; its output is "user@realm: userPassword". */
static void judge_agrees(const struct sc_sasldb *db, const char *want)
{
	SC_TEMPDIR dir = {.lock = -1};
	char command[256], line[256];
	SC_BUF text = SC_BUF_INIT;

	if (access("/usr/sbin/sasldblistusers2", X_OK) != 0)
		fail_msg("sasldblistusers2 (sasl2-bin) is missing");
	assert_int_equal(sc_tempdir_make(&dir), 0);
	for (size_t i = 0; i < db->n_files; i++) {
		char name[16];
		snprintf(name, sizeof(name), "db%s", db->file[i].suffix);
		assert_true(sc_tempdir_write(&dir, name, db->file[i].bytes.data, db->file[i].bytes.len));
	}
	snprintf(command, sizeof(command), "timeout 10 /usr/sbin/sasldblistusers2 -f %s/db | sed 's,: .*,,' | LC_ALL=C sort", dir.path);
	FILE *pipe = popen(command, "r");
	while (fgets(line, sizeof(line), pipe)) {
		line[strcspn(line, "\n")] = '\0';
		sc_buf_addf(&text, "%s ", line);
	}
	pclose(pipe);
	assert_string_equal(sc_buf_text(&text), want);
}

static void users_come_and_go(void **state)
{
	struct fixture *f = *state;
	struct sc_sasldb none = {0};
	SC_SASLDB one = {0};
	SC_SASLDB two = {0};
	SC_SASLDB empty = {0};
	SC_SASLDB same = {0};
	bool changed;
	struct sc_sasl_edit edits[] = {set("alice", "mysrv", "first-secret"), set("alice", "mysrv.example", "first-secret"),
				       set("bob", "mysrv", "other")};

	assert_int_equal(f->sasl->edit(f->ctx, &none, edits, 3, &one, &changed), SPICECFG_OK);
	assert_true(changed);
	users_are(f, &one, "alice@mysrv alice@mysrv.example bob@mysrv ");
	judge_agrees(&one, "alice@mysrv alice@mysrv.example bob@mysrv ");
	assert_int_equal(f->sasl->edit(f->ctx, &one, edits, 3, &same, &changed), SPICECFG_OK);
	assert_false(changed);

	edits[0] = (struct sc_sasl_edit){SC_SASL_REMOVE, "alice", "mysrv", NULL, 0};
	edits[1] = set("alice", "mysrv.example", "second-secret");
	assert_int_equal(f->sasl->edit(f->ctx, &one, edits, 2, &two, &changed), SPICECFG_OK);
	assert_true(changed);
	users_are(f, &two, "alice@mysrv.example bob@mysrv ");
	judge_agrees(&two, "alice@mysrv.example bob@mysrv ");
	assert_true(holds(&one, "first-secret"));
	assert_false(holds(&two, "first-secret"));
	assert_true(holds(&two, "other"));

	edits[1] = (struct sc_sasl_edit){SC_SASL_REMOVE, "alice", "mysrv.example", NULL, 0};
	edits[2] = (struct sc_sasl_edit){SC_SASL_REMOVE, "bob", "mysrv", NULL, 0};
	assert_int_equal(f->sasl->edit(f->ctx, &two, edits + 1, 2, &empty, &changed), SPICECFG_OK);
	assert_true(changed);
	assert_int_equal(empty.n_files, two.n_files);
	users_are(f, &empty, "");
	judge_agrees(&empty, "");
	assert_false(holds(&empty, "other"));
	assert_int_equal(f->sasl->edit(f->ctx, &empty, edits + 1, 2, &same, &changed), SPICECFG_OK);
	assert_false(changed);
}

/* 300 users and long names: more than a page of the database. */
static void many_users(void **state)
{
	struct fixture *f = *state;
	struct sc_sasldb none = {0};
	SC_SASLDB db = {0};
	SC_SASLDB less = {0};
	bool changed;
	enum { N = 300 };
	struct sc_sasl_edit edits[N];
	struct sc_sasl_user *users;
	size_t n;

	for (int i = 0; i < N; i++)
		edits[i] = set(sc_arena_printf(f->arena, "user-%03d-%0*d", i, i, 0), "mysrv.example", sc_arena_printf(f->arena, "pw%d", i));
	assert_int_equal(f->sasl->edit(f->ctx, &none, edits, N, &db, &changed), SPICECFG_OK);
	assert_int_equal(f->sasl->list(f->ctx, &db, f->arena, &users, &n), SPICECFG_OK);
	assert_int_equal(n, N);
	edits[7].what = SC_SASL_REMOVE;
	assert_int_equal(f->sasl->edit(f->ctx, &db, edits + 7, 1, &less, &changed), SPICECFG_OK);
	assert_int_equal(f->sasl->list(f->ctx, &less, f->arena, &users, &n), SPICECFG_OK);
	assert_int_equal(n, N - 1);
}

static void garbage_is_refused(void **state)
{
	struct fixture *f = *state;
	SC_SASLDB db = {.n_files = 1};
	SC_SASLDB out = {0};
	struct sc_sasl_user *users;
	size_t n;
	bool changed;

	db.file[0].suffix = "";
	sc_buf_adds(&db.file[0].bytes, "this is not a database\n");
	assert_int_equal(f->sasl->list(f->ctx, &db, f->arena, &users, &n), SPICECFG_INPUT);
	spicecfg_ctx_clear_error(f->ctx);
	struct sc_sasl_edit edit = set("alice", "mysrv", "x");
	assert_int_equal(f->sasl->edit(f->ctx, &db, &edit, 1, &out, &changed), SPICECFG_INPUT);
}

static void collect(void *opaque, const char *name, size_t len, const struct sc_mechanism *mechanism, enum sc_mechanism_outcome outcome)
{
	struct sc_buf *text = opaque;

	(void)name;
	(void)len;
	if (outcome == SC_MECH_OFFERED || outcome == SC_MECH_USELESS || outcome == SC_MECH_ANYBODY)
		sc_buf_addf(text, "%s ", mechanism->name);
}

static bool installed(const void *opaque, const char *plugin)
{
	const struct sc_module_sasl *sasl = opaque;

	return sasl->has_plugin(plugin);
}

static bool same_set(const char *model, const char *real)
{
	char copy[1024];
	size_t n_model = 0, n_real = 0;

	for (const char *c = model; *c; c++)
		n_model += *c == ' ';
	snprintf(copy, sizeof(copy), "%s", real);
	for (char *save, *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save), n_real++) {
		char needle[64];
		snprintf(needle, sizeof(needle), "%s ", word);
		if (!strstr(model, needle))
			return false;
	}
	return n_model == n_real;
}

/* The mechanisms of the model are those that libsasl2 offers with spice-server's properties. */
static void model_agrees_with_libsasl2(void **state)
{
	struct fixture *f = *state;
	static const char *const lists[] = {
	    NULL,
	    "plain",
	    "PLAIN scram-sha-256",
	    "digest-md5",
	    "gssapi",
	    "scram-sha-512 scram-sha-1 digest-md5 cram-md5",
	    "plain,scram-sha-256",
	    "anonymous plain",
	    "login ntlm otp srp nonsense",
	    "scram-sha",
	    "gssapi plain",
	    "scram-sha-256-plus",
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		for (unsigned ssf = 0; ssf <= 256; ssf += 128) {
			for (int saslauthd = 0; saslauthd < 2; saslauthd++) {
				SC_BUF conf = SC_BUF_INIT;
				SC_BUF model = SC_BUF_INIT;
				const char *real;
				struct sc_mechanism_input input = {lists[i], saslauthd, ssf > 0, installed, f->sasl};

				sc_buf_addf(&conf, "pwcheck_method: %s\n", saslauthd ? "saslauthd" : "auxprop");
				if (lists[i])
					sc_buf_addf(&conf, "mech_list: %s\n", lists[i]);
				struct sc_sasl_server server = {.conf = conf.data, .conf_len = conf.len, .ssf = ssf};
				assert_int_equal(f->sasl->offers(f->ctx, &server, f->arena, &real), SPICECFG_OK);
				sc_mechanism_each(&input, collect, &model);
				if (!same_set(sc_buf_text(&model), real))
					fail_msg("mech_list %s, ssf %u: the model says '%s', libsasl2 '%s'", lists[i] ? lists[i] : "(none)",
						 ssf, sc_buf_text(&model), real);
			}
		}
	}
}

static void logins(void **state)
{
	struct fixture *f = *state;
	struct sc_sasldb none = {0};
	SC_SASLDB db = {0};
	SC_TEMPDIR dir = {.lock = -1};
	bool changed;
	char host[256];

	gethostname(host, sizeof(host));
	struct sc_sasl_edit edits[] = {set("alice", host, "sesame"), set("bob", "elsewhere", "barley")};
	assert_int_equal(f->sasl->edit(f->ctx, &none, edits, 2, &db, &changed), SPICECFG_OK);
	assert_int_equal(db.n_files, 1);
	assert_int_equal(sc_tempdir_make(&dir), 0);
	assert_true(sc_tempdir_write(&dir, "passwd.db", db.file[0].bytes.data, db.file[0].bytes.len));
	static const struct {
		const char *list, *user, *password;
		unsigned ssf;
		bool admitted;
	} cases[] = {
	    {"plain", "alice", "sesame", 256, true},    {"scram-sha-256", "alice", "sesame", 256, true},
	    {"digest-md5", "alice", "sesame", 0, true}, {"digest-md5", "alice", "barley", 0, false},
	    {"plain", "alice", "sesame", 0, false},     {"scram-sha-256", "alice", "sesame", 0, false},
	    {"plain", "alice", "sesam", 256, false},    {"scram-sha-256", "alice", "sesamee", 256, false},
	    {"plain", "bob", "barley", 256, false},     {"plain", "bob@elsewhere", "barley", 256, true},
	    {"plain", "carol", "sesame", 256, false},   {"anonymous", "carol", "", 256, true}, /* why a SASL file needs its mech_list */
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		SC_BUF conf = SC_BUF_INIT;
		bool admitted;
		const char *mechanism, *why;

		sc_buf_addf(&conf, "mech_list: %s\nsasldb_path: %s/passwd.db\n", cases[i].list, dir.path);
		struct sc_sasl_server server = {.conf = conf.data, .conf_len = conf.len, .ssf = cases[i].ssf};
		if (f->sasl->login(f->ctx, &server, NULL, cases[i].user, cases[i].password, strlen(cases[i].password), f->arena, &admitted,
				   &mechanism, &why) != SPICECFG_OK)
			fail_msg("%s: %s", cases[i].list, spicecfg_ctx_error(f->ctx)->message);
		if (admitted != cases[i].admitted)
			fail_msg("%s as %s, ssf %u: %s (%s)", cases[i].list, cases[i].user, cases[i].ssf, admitted ? "admitted" : "refused",
				 why ? why : "");
		assert_true(admitted || why);
	}
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->ctx = spicecfg_ctx_new();
	f->arena = sc_arena_new();
	f->sasl = sc_sasl(f->ctx);
	*state = f;
	return f->sasl ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	sc_arena_free(f->arena);
	spicecfg_ctx_free(f->ctx);
	free(f);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(users_come_and_go, setup, teardown),
	    cmocka_unit_test_setup_teardown(many_users, setup, teardown),
	    cmocka_unit_test_setup_teardown(garbage_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(model_agrees_with_libsasl2, setup, teardown),
	    cmocka_unit_test_setup_teardown(logins, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

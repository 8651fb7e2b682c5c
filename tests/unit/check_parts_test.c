/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of check that need no files: the pool's order, detection of a file's type, the source line below a finding, the scanner of INI
 * files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fix.h"
#include "doc/sniff.h"
#include "system/check/check.h"
#include "system/modules/ini.h"
#include "system/os/pool.h"

struct numbers {
	unsigned next, last, emitted;
	bool used[16]; /* workers that did some work */
	bool in_order;
};

struct slot {
	unsigned number, square;
};

static bool fill(void *opaque, void *place)
{
	struct numbers *numbers = opaque;

	if (numbers->next == numbers->last)
		return false;
	((struct slot *)place)->number = ++numbers->next;
	return true;
}

static void work(void *opaque, unsigned worker, void *place)
{
	struct slot *slot = place;

	__atomic_store_n(&((struct numbers *)opaque)->used[worker], true, __ATOMIC_RELAXED);
	/* Early pieces take longer than late ones, so that a correct order can't be a coincidence. */
	usleep(slot->number % 7 == 1 ? 3000 : 100);
	slot->square = slot->number * slot->number;
}

static void emit(void *opaque, void *place)
{
	struct numbers *numbers = opaque;
	const struct slot *slot = place;

	numbers->emitted++;
	if (slot->number != numbers->emitted || slot->square != slot->number * slot->number)
		numbers->in_order = false;
}

static const struct sc_pool_ops ops = {fill, work, emit};

static void pool_keeps_order(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 5; threads++)
		for (unsigned count = 0; count <= 100; count += 50) {
			struct numbers numbers = {.last = count, .in_order = true};
			struct slot slots[7] = {0};

			sc_pool_run(&ops, &numbers, slots, sizeof(slots[0]), 7, threads);
			assert_int_equal(numbers.emitted, count);
			assert_true(numbers.in_order);
			assert_false(numbers.used[threads]);
		}
}

static enum sc_sniff sniff(const char *text)
{
	return sc_sniff_xml(text, strlen(text));
}

static void sniffs_root(void **state)
{
	(void)state;
	assert_int_equal(sniff("<domain type='kvm'>"), SC_SNIFF_DOMAIN);
	assert_int_equal(sniff("<domain/>"), SC_SNIFF_DOMAIN);
	assert_int_equal(sniff("\xef\xbb\xbf<?xml version='1.0'?>\r\n<!-- <network> -->\n<domain\n>"), SC_SNIFF_DOMAIN);
	assert_int_equal(sniff("<domains/>"), SC_SNIFF_OTHER);
	assert_int_equal(sniff("<!-- <domain> --><network/>"), SC_SNIFF_OTHER);
	assert_int_equal(sniff("<!DOCTYPE x [<!ENTITY a '<domain>'>]><x/>"), SC_SNIFF_OTHER);
	assert_int_equal(sniff(""), SC_SNIFF_UNCLEAR);
	assert_int_equal(sniff("   "), SC_SNIFF_UNCLEAR);
	assert_int_equal(sniff("<domain"), SC_SNIFF_UNCLEAR);
	assert_int_equal(sniff("<!-- open"), SC_SNIFF_UNCLEAR);
	assert_int_equal(sniff("text <domain>"), SC_SNIFF_UNCLEAR);
	assert_int_equal(sc_sniff_xml("\0<domain>", 9), SC_SNIFF_UNCLEAR);
}

/* The source line below a finding at line:column, with its caret and width, as text. */
static void expect_excerpt(const char *doc, unsigned line, unsigned column, const char *excerpt, unsigned caret, unsigned width)
{
	struct sc_arena *memory = sc_arena_new();
	struct sc_check_text text = {.bytes = doc, .len = strlen(doc), .line = 1};
	struct spicecfg_finding finding = {.line = line, .column = column};

	sc_check_excerpt(&finding, &text, memory);
	if (!excerpt) {
		assert_null(finding.excerpt);
	} else {
		assert_string_equal(finding.excerpt, excerpt);
		assert_int_equal(finding.caret, caret);
		assert_int_equal(finding.width, width);
	}
	sc_arena_free(memory);
}

static void shows_lines(void **state)
{
	(void)state;
	expect_excerpt("<a>\n\t<b c = 'd e' f=\"g\"/>\r\n</a>", 2, 5, " <b c = 'd e' f=\"g\"/>", 4, 9);
	expect_excerpt("<a>\n\t<b c = 'd e'/>\n</a>", 2, 2, " <b c = 'd e'/>", 1, 2);
	expect_excerpt("<a b='\xc3\xa4\xc3\xb6' c='1'/>", 1, 13, "<a b='\xc3\xa4\xc3\xb6' c='1'/>", 11 - 1, 5);
	expect_excerpt("<a b='\xe4' c='1'/>", 1, 10, "<a b='\xef\xbf\xbd' c='1'/>", 9, 5);
	/* Wide characters take two columns, combining ones none; control characters are not printed. */
	expect_excerpt("<a b='\xe6\xbc\xa2\xf0\x9f\x98\x80' c='1'/>", 1, 16, "<a b='\xe6\xbc\xa2\xf0\x9f\x98\x80' c='1'/>", 12, 5);
	expect_excerpt("<a b='e\xcc\x81' c='1'/>", 1, 12, "<a b='e\xcc\x81' c='1'/>", 9, 5);
	expect_excerpt("<a b='\xc2\x9b\x33m\xe2\x80\xae'/>", 1, 4, "<a b=' 3m\xef\xbf\xbd'/>", 3, 8);
	expect_excerpt("<a/>", 2, 1, NULL, 0, 0);
	expect_excerpt("<a/>", 1, 9, NULL, 0, 0);
	expect_excerpt("<a/>", 0, 0, NULL, 0, 0);
}

static void hides_passwords(void **state)
{
	(void)state;
	expect_excerpt("<g passwd='sesame' port='1'/>", 1, 20, "<g passwd='***' port='1'/>", 16, 8);
	expect_excerpt("<g passwd = \"se\nsa\" port='1'/>", 2, 5, "***\" port='1'/>", 5, 8);
	expect_excerpt("<g passwd='sesame'/>", 1, 4, "<g passwd='***'/>", 3, 12);
	expect_excerpt("<a value='port=1,password=sesame,x=y'/>", 1, 4, "<a value='port=1,password=***,x=y'/>", 3, 31);
	expect_excerpt("<g Password='sesame'/>", 1, 4, "<g Password='***'/>", 3, 14);
	expect_excerpt("<qemu:arg value='-object'/>\n<qemu:arg value='secret,id=a,data=sesame'/>", 2, 11,
		       "<qemu:arg value='secret,id=a,data=***'/>", 10, 28);
	expect_excerpt("<g passwd='a' passwdValidTo='2030' port='1'/>", 1, 36, "<g passwd='***' passwdValidTo='2030' port='1'/>", 37, 8);
}

/* Columns count the document's characters: also those of a masked password, in every encoding, without a byte order mark. */
static void counts_characters(void **state)
{
	(void)state;
	struct sc_arena *memory = sc_arena_new();
	uint32_t latin[256];
	struct sc_check_text text = {.bytes = "\xef\xbb\xbf<g passwd='sesame'/>", .len = 24, .line = 1};
	struct spicecfg_finding finding = {.line = 1, .column = 7};

	sc_check_excerpt(&finding, &text, memory);
	assert_int_equal(finding.character, 4);
	assert_int_equal(finding.characters, strlen("passwd='sesame'"));
	for (unsigned i = 0; i < 256; i++)
		latin[i] = i;
	text = (struct sc_check_text){.bytes = "<g a='\xb0\xc3\xa4' b='\xe4'/>", .len = 18, .line = 1, .table = latin};
	finding = (struct spicecfg_finding){.line = 1, .column = 12};
	sc_check_excerpt(&finding, &text, memory);
	assert_int_equal(finding.character, 12);
	assert_int_equal(finding.characters, 5);
	assert_string_equal(finding.excerpt, "<g a='\xc2\xb0\xc3\x83\xc2\xa4' b='\xc3\xa4'/>");
	sc_arena_free(memory);
}

static void cuts_long_lines(void **state)
{
	(void)state;
	struct sc_arena *memory = sc_arena_new();
	char doc[4096];
	struct spicecfg_finding finding = {.line = 1, .column = 2001};
	struct sc_check_text text = {.bytes = doc, .len = sizeof(doc), .line = 1};

	memset(doc, ' ', sizeof(doc));
	memcpy(doc + 2000, "<b>", 3);
	sc_check_excerpt(&finding, &text, memory);
	assert_true(strlen(finding.excerpt) < 200);
	assert_memory_equal(finding.excerpt + finding.caret, "<b>", 3);
	assert_int_equal(finding.character, 2001);
	sc_arena_free(memory);
}

static void reads_ini(void **state)
{
	(void)state;
	static const char text[] =
	    "# c\n[One]\nKey = a b ; comment\nquoted = \"x # y\"\nempty =\nsingle='it; is' # c\r\n\n[two] ; c ] d\nlater = 1\n";
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_arena *memory = sc_arena_new();
	struct sc_ini ini;

	assert_int_equal(sc_ini_parse(ctx, "a.conf", text, strlen(text), memory, &ini), SPICECFG_OK);
	assert_int_equal(ini.count, 5);
	assert_int_equal(ini.n_sections, 2);
	assert_string_equal(sc_ini_find(&ini, "one", "key")->value, "a b");
	assert_string_equal(sc_ini_find(&ini, "one", "quoted")->value, "x # y");
	assert_string_equal(sc_ini_find(&ini, "one", "empty")->value, "");
	assert_string_equal(sc_ini_find(&ini, "one", "single")->value, "it; is");
	assert_int_equal(sc_ini_find(&ini, "one", "quoted")->line, 4);
	assert_int_equal(sc_ini_find(&ini, "one", "quoted")->value_column, 11);
	assert_null(sc_ini_find(&ini, "two", "key"));
	assert_string_equal(sc_ini_find(&ini, "two", "later")->value, "1");
	assert_int_equal(ini.sections[1].line, 8);
	assert_int_equal(ini.sections[1].column, 1);
	sc_arena_free(memory);
	spicecfg_ctx_free(ctx);
}

static void refuses_ini(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned line, column;
	} rows[] = {
	    {"key = 1\n", 1, 1},
	    {"[a]\nb = 1\nB = 2\n", 3, 1},
	    {"[a]\n[b]\n[A]\n", 3, 1},
	    {"[a]\nb = x#y\n", 2, 6},
	    {"[a]\nb = \"x\n", 2, 5},
	    {"[a]\nb = 'x' y\n", 2, 9},
	    {"[a]\nb = x \\\n c = 2\n", 2, 7},
	    {"[a\n", 1, 3},
	    {"[a] b\n", 1, 5},
	    {"[a]\nb\n", 2, 2},
	    {"[a]\nb: 1\n", 2, 2},
	    {"[a]\nb = \x01\n", 2, 5},
	    {"[a:b]\n", 1, 3},
	};
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sc_arena *memory = sc_arena_new();
		struct sc_ini ini;

		assert_int_equal(sc_ini_parse(ctx, "a.conf", rows[i].text, strlen(rows[i].text), memory, &ini), SPICECFG_INPUT);
		const struct spicecfg_error *error = spicecfg_ctx_error(ctx);
		if (error->line != rows[i].line || error->column != rows[i].column)
			fail_msg("%s: %u:%u, %s", rows[i].text, error->line, error->column, error->message);
		spicecfg_ctx_clear_error(ctx);
		sc_arena_free(memory);
	}
	spicecfg_ctx_free(ctx);
}

static void names_targets(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
	    {"lab", "lab"},
	    {"domain:lab", "lab"},
	    {"domain:lab.xml", "domain:lab.xml"},
	    {"domain:a/b", "domain:a/b"},
	    {"domain:-x", "domain:-x"},
	    {"-x", "domain:-x"},
	    {"-", "-"},
	    {"domain:-", "domain:-"},
	    {"file:-", "file:-"},
	    {"a.xml", "a.xml"},
	    {"file:a.xml", "a.xml"},
	    {"file:plain", "file:plain"},
	    {"file:-a.xml", "./-a.xml"},
	    {"-a.xml", "./-a.xml"},
	    {"-d/a", "./-d/a"},
	    {"file:domain:a.xml", "file:domain:a.xml"},
	    {"domain:file:a", "domain:file:a"},
	    {"domain:domain:a", "domain:domain:a"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *word = spicecfg_target_word(rows[i][0]);

		assert_string_equal(word, rows[i][1]);
		free(word);
	}
	assert_null(spicecfg_target_word(NULL));
}

static void expect_text(const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place, const char *want)
{
	char *text = spicecfg_fix_text(fix, place);

	assert_string_equal(text, want);
	free(text);
}

/* The vectors as "a b|c d", "-" where there are none. */
static void expect_argv(const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place, const char *wanted)
{
	SC_BUF text = SC_BUF_INIT;
	char ***vectors = spicecfg_fix_argv(fix, place);

	for (size_t i = 0; vectors && vectors[i]; i++)
		for (size_t k = 0; vectors[i][k]; k++)
			sc_buf_addf(&text, "%s[%s]", k || !i ? "" : "|", vectors[i][k]);
	assert_string_equal(vectors ? sc_buf_text(&text) : "-", wanted);
	free(vectors);
}

static void fixes_are_argument_vectors(void **state)
{
	(void)state;
	struct sc_arena *memory = sc_arena_new();
	const struct spicecfg_fix_place vm = {.size = sizeof(vm), .target = "a;b"}, tree = {.size = sizeof(vm), .root = "r x"};

	expect_argv(NULL, &vm, "-");
	expect_argv(sc_fix_prose(memory, "Do it by hand."), NULL, "-");
	expect_argv(sc_fix_command(memory, "spicecfg user add NAME"), NULL, "-");
	expect_argv(sc_fix_command(memory, "spicecfg set TARGET a=%s", "1"), NULL, "-");
	expect_argv(sc_fix_command(memory, "spicecfg set TARGET a=%s", "1 '"), &vm, "[spicecfg][set][a;b][a=1 ']");
	expect_argv(sc_fix_row(memory, NULL, "spicecfg pki init && spicecfg pki issue"), &tree,
		    "[spicecfg][--root][r x][pki][init]|[spicecfg][--root][r x][pki][issue]");
	expect_argv(sc_fix_command(memory, "chown root -- %s; chmod go-w -- %s", "a", "b"), NULL,
		    "[chown][root][--][a]|[chmod][go-w][--][b]");
	expect_argv(sc_fix_command(memory, "echo a >>%s && true", "b c"), NULL, "[sh][-c][echo a >>'b c']|[true]");
	assert_false(spicecfg_fix_is_command(NULL));
	assert_false(spicecfg_fix_is_command(sc_fix_prose(memory, "Run `true`.")));
	assert_true(spicecfg_fix_is_command(sc_fix_command(memory, "spicecfg user add NAME")));
	sc_arena_free(memory);
}

static void makes_fixes(void **state)
{
	(void)state;
	struct sc_arena *memory = sc_arena_new();
	const struct spicecfg_fix_place vm = {.size = sizeof(vm), .target = "a;b 'c'.xml"}, unset = {.target = "vm"},
					remote = {sizeof(vm), "vm", NULL, "qemu+ssh://h/system", "q.conf", NULL, NULL};
	const struct spicecfg_fix_place tree = {sizeof(vm), "vm", "-r x", NULL, NULL, NULL, NULL},
					certs = {.size = sizeof(vm), .pki_dir = "/d", .ca_dir = "/c;d"};
	const struct sc_fix_terms terms = {"/TARGET:a/@PATH", "/TARGET:a"};

	assert_null(spicecfg_fix_text(NULL, &vm));
	assert_null(spicecfg_fix_text(sc_fix_command(memory, "spicecfg pki init"), &unset));
	expect_text(sc_fix_row(memory, &terms, "spicecfg set TARGET 'PATH=%s' ELEMENT=ELEMENT"), &vm,
		    "spicecfg set 'a;b '\\''c'\\''.xml' /TARGET:a/@PATH=%s /TARGET:a=ELEMENT");
	/* values are not parsed */
	expect_text(sc_fix_command(memory, "f %s '%s=%u' --dir %s", "TARGET", "PATH`;", 3U, "&& x"), &vm,
		    "f TARGET 'PATH`;=3' --dir '&& x'");
	expect_text(sc_fix_command(memory, "f %s; g >>%s", "", "a b"), NULL, "f ''; g >>'a b'");
	expect_text(sc_fix_row(memory, NULL, "spicecfg host set a=1 && spicecfg set TARGET b=2"), &remote,
		    "spicecfg -c qemu+ssh://h/system host set --qemu-conf q.conf a=1 && spicecfg -c qemu+ssh://h/system set vm b=2");
	expect_text(sc_fix_row(memory, NULL, "spicecfg pki init && spicecfg pki issue"), &tree,
		    "spicecfg --root './-r x' pki init && spicecfg --root './-r x' pki issue");
	expect_text(sc_fix_row(memory, NULL, "spicecfg pki init && spicecfg pki issue"), &certs,
		    "spicecfg pki init --ca-dir '/c;d' && spicecfg pki issue --dir /d --ca-dir '/c;d'");
	expect_text(sc_fix_row(memory, NULL, "spicecfg pki csr; spicecfg pki renew --dir /e && spicecfg host show"), &certs,
		    "spicecfg pki csr --dir /d; spicecfg pki renew --ca-dir '/c;d' --dir /e && spicecfg host show");
	expect_text(sc_fix_row(memory, NULL, "chown root -- a; chmod go-w -- a"), &tree,
		    "chroot './-r x' sh -c 'chown root -- a; chmod go-w -- a'");
	expect_text(sc_fix_row(memory, NULL, "gpasswd -d spicecfg libvirt"), &remote, "gpasswd -d spicecfg libvirt");
	expect_text(sc_fix_prose(memory, "100%: TARGET: `spicecfg set TARGET N`"), &remote,
		    "100%: TARGET: spicecfg -c qemu+ssh://h/system set vm N");
	const struct spicecfg_fix *fix = sc_fix_command(memory, "spicecfg set TARGET");
	for (unsigned i = 0; i < 20; i++)
		fix = sc_fix_more(memory, fix, "a%u=1", i);
	assert_int_equal(fix->n_parts, 23);
	assert_string_equal(fix->parts[22].text, "a19=1");
	assert_true(sc_fix_equal(fix, sc_fix_copy(memory, fix)));
	/* nothing is added twice */
	expect_text(sc_fix_resolve(memory, sc_fix_row(memory, NULL, "spicecfg host unset NAME"), &remote), &remote,
		    "spicecfg -c qemu+ssh://h/system host unset --qemu-conf q.conf NAME");
	assert_int_equal(sc_fix_row(memory, NULL, "spicecfg host unset NAME")->parts[3].kind, SPICECFG_FIX_BLANK);
	assert_int_equal(sc_fix_command(memory, "spicecfg host unset %s", "NAME")->parts[3].kind, SPICECFG_FIX_WORD);
	sc_arena_free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pool_keeps_order),  cmocka_unit_test(sniffs_root),
	    cmocka_unit_test(shows_lines),       cmocka_unit_test(hides_passwords),
	    cmocka_unit_test(counts_characters), cmocka_unit_test(cuts_long_lines),
	    cmocka_unit_test(reads_ini),         cmocka_unit_test(refuses_ini),
	    cmocka_unit_test(makes_fixes),       cmocka_unit_test(fixes_are_argument_vectors),
	    cmocka_unit_test(names_targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

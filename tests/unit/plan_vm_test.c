/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The families of settings: how each changes a definition, that a second run changes nothing, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doc/diff.h"
#include "doc/mask.h"
#include "plan/vm.h"

#define PLAIN                                                                                                                              \
	"<graphics type='spice' port='5900' autoport='no' listen='127.0.0.1'>\n"                                                           \
	"      <listen type='address' address='127.0.0.1'/>\n    </graphics>\n"
#define QXL "<video>\n      <model type='qxl' heads='1'/>\n    </video>\n"
#define DOMAIN_OF(devices)                                                                                                                 \
	"<domain type='kvm'>\n  <name>d</name>\n  <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>\n  <devices>\n    " devices            \
	"  </devices>\n</domain>\n"

struct row {
	const char *xml;
	const char *asked[7]; /* key, value, ... */
	enum spicecfg_status status;
	const char *has[4]; /* the result contains these */
	const char *lacks[3];
};

static const struct row rows[] = {
    {DOMAIN_OF(QXL), {"heads", "4"}, 0, {"ram='262144'", "vgamem='65536'", "vram='131072'", "heads='4'"}, {"vram64"}},
    {DOMAIN_OF(QXL), {"heads", "4", "vram64", "2097152"}, 0, {"vram64='2097152'", "primary='yes'"}, {NULL}},
    {DOMAIN_OF(QXL), {"heads", "2", "model", "virtio"}, 0, {"type='virtio'", "heads='2'"}, {"ram=", "vgamem="}},
    {DOMAIN_OF(QXL), {"heads", "0"}, SPICECFG_USAGE, {NULL}, {NULL}},
    {DOMAIN_OF(QXL), {"heads", "17"}, SPICECFG_FINDINGS, {NULL}, {NULL}},
    {DOMAIN_OF("<video>\n      <model type='vga'/>\n    </video>\n"), {"heads", "2"}, SPICECFG_USAGE, {NULL}, {NULL}},
    {DOMAIN_OF(PLAIN),
     {"listen", "socket"},
     0,
     {"/var/spicex/c7a5fdbd-edaf-9455-926a-d65c16db1809/spice.socket", "<image compression='off'/>", "type='socket'"},
     {"port=", "127.0.0.1"}},
    {DOMAIN_OF(PLAIN), {"tls-port", "5901"}, 0, {"tlsPort='5901'", "autoport='no'", "defaultMode='secure'"}, {" port="}},
    {DOMAIN_OF(PLAIN), {"listen", "address [::1]"}, 0, {"listen='::1'", "address='::1'", "port='5900'"}, {"127.0.0.1"}},
    {DOMAIN_OF(PLAIN), {"port", "auto"}, 0, {"autoport='yes'"}, {" port="}},
    {DOMAIN_OF(PLAIN), {"port", "70000"}, SPICECFG_USAGE, {NULL}, {NULL}},
    {DOMAIN_OF(PLAIN), {"listen", "socket", "port", "5900"}, SPICECFG_USAGE, {NULL}, {NULL}},
    {DOMAIN_OF(""), {"listen", "address 127.0.0.1"}, 0, {"<graphics type='spice'", "autoport='yes'", "127.0.0.1"}, {NULL}},
    {DOMAIN_OF(""), {"mode", "any"}, SPICECFG_INPUT, {NULL}, {NULL}},
    {DOMAIN_OF(PLAIN),
     {"compression", "auto_glz", "playback", "off"},
     0,
     {"<image compression='auto_glz'/>", "<playback compression='off'/>"},
     {NULL}},
    {DOMAIN_OF(PLAIN), {"channel.main", "insecure", "keymap", "de"}, 0, {"<channel name='main' mode='insecure'/>", "keymap='de'"}, {NULL}},
    {DOMAIN_OF(PLAIN), {"channel.nonsense", "secure"}, SPICECFG_USAGE, {NULL}, {NULL}},
    {DOMAIN_OF(PLAIN), {"clipboard", "off", "agent", "on"}, 0, {"<clipboard copypaste='no'/>", "com.redhat.spice.0"}, {NULL}},
    {DOMAIN_OF(PLAIN), {"password", "sesame"}, SPICECFG_USAGE, {NULL}, {NULL}},
    {DOMAIN_OF(PLAIN), {"haeds", "4"}, SPICECFG_USAGE, {NULL}, {NULL}},
};

static enum spicecfg_status edit(struct spicecfg_ctx *ctx, struct spicecfg_plan *plan, const struct row *row, const char *xml, size_t len,
				 const char **out, size_t *out_len)
{
	struct spicecfg_request *request = NULL;
	enum spicecfg_status status = spicecfg_request_new(ctx, &request);

	for (size_t i = 0; !status && row->asked[i]; i += 2)
		status = spicecfg_request_set(request, row->asked[i], row->asked[i + 1]);
	if (!status)
		status = sc_plan_edit_vm(plan, "d.xml", xml, len, request, 1700000000, SPICECFG_EFFECT_NEXT_START, out, out_len);
	spicecfg_request_free(request);
	return status;
}

static void families(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		struct spicecfg_ctx *ctx = spicecfg_ctx_new();
		struct spicecfg_plan *plan = NULL;
		const char *once = NULL, *twice = NULL;
		size_t once_len = 0, twice_len = 0;

		assert_int_equal(sc_plan_new(ctx, &plan), SPICECFG_OK);
		if (edit(ctx, plan, row, row->xml, strlen(row->xml), &once, &once_len) != row->status)
			fail_msg("row %zu (%s): wrong status", i, row->asked[0]);
		if (row->status)
			assert_non_null(spicecfg_ctx_error(ctx));
		for (size_t j = 0; j < 4 && row->has[j]; j++)
			if (!strstr(once, row->has[j]))
				fail_msg("row %zu lacks %s: %s", i, row->has[j], once);
		for (size_t j = 0; j < 3 && row->lacks[j]; j++)
			if (strstr(once, row->lacks[j]))
				fail_msg("row %zu has %s: %s", i, row->lacks[j], once);
		if (!row->status) {
			assert_int_equal(edit(ctx, plan, row, once, once_len, &twice, &twice_len), SPICECFG_OK);
			assert_int_equal(once_len, twice_len);
			assert_memory_equal(once, twice, once_len);
		}
		spicecfg_plan_free(plan);
		spicecfg_ctx_free(ctx);
	}
}

static void password_limit(void **state)
{
	(void)state;
	static const struct {
		size_t len;
		enum spicecfg_status status;
	} lengths[] = {{0, SPICECFG_INPUT}, {1, 0}, {58, 0}, {59, 0}, {60, SPICECFG_INPUT}, {61, SPICECFG_INPUT}};
	char text[64];

	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct spicecfg_ctx *ctx = spicecfg_ctx_new();
		struct spicecfg_request *request = NULL;

		assert_int_equal(spicecfg_request_new(ctx, &request), SPICECFG_OK);
		assert_int_equal(spicecfg_request_password(request, text, lengths[i].len), lengths[i].status);
		spicecfg_request_free(request);
		spicecfg_ctx_free(ctx);
	}
}

static void masks(void **state)
{
	(void)state;
	static const char *const texts[][2] = {
	    {"<graphics passwd='a\nb' port='1'/>", "<graphics passwd='***\n' port='1'/>"},
	    {"<!-- passwd = \"x'y\" -->", "<!-- passwd = \"***\" -->"},
	    {"<qemu:arg value='-spice'/><qemu:arg value='port=1,password=a,,b,sasl=on'/>",
	     "<qemu:arg value='-spice'/><qemu:arg value='port=1,password=***,sasl=on'/>"},
	    {"<x:arg value='-spcie'/><x:arg value='port=1'/>", "<x:arg value='-spcie'/><x:arg value='***'/>"},
	    {"<x:arg value='port=1'/>", "<x:arg value='***'/>"},
	    {"<x:env name='A' value='b'/><x:env name='DISPLAY' value=':0'/>",
	     "<x:env name='A' value='***'/><x:env name='DISPLAY' value=':0'/>"},
	    {"<source name='https://me:word@host/x'/>", "<source name='https://me:***@host/x'/>"},
	    {"<x:passwd>a\nb</x:passwd>", "<x:passwd>***\n</x:passwd>"},
	    {"<a passwdValidTo='2026-01-01T00:00:00' keymap='de'/>", "<a passwdValidTo='2026-01-01T00:00:00' keymap='de'/>"},
	    {"<secret type='ceph' uuid='2f3c1f0e-6d5a-4f0b-9d86-0c2b1f7b9f10'/>",
	     "<secret type='ceph' uuid='2f3c1f0e-6d5a-4f0b-9d86-0c2b1f7b9f10'/>"},
	    {"<x:apiKey id='1'><y z='a'>b<!-- c --></y><![CDATA[d]]></x:apiKey><e>f</e>",
	     "<x:apiKey id='1'><y z='***'>***<!-- *** --></y><![CDATA[***]]></x:apiKey><e>f</e>"},
	    {"<!-- Password: a b\n c -->", "<!-- Password: ***\n c -->"},
	    {"<!-- key: passwd =\n'a b' c -->", "<!-- key: ***\n' c -->"},
	    {"<a b='pass&#119;ord=c'/>", "<a b='***'/>"},
	    {"<a b=\"x:y'z@h me@h http://h:1/x@y http://h/?q\"/>", "<a b=\"x:***@h me@h http://h:1/x@y http://h/?***\"/>"},
	    {"<e name='serial'>a</e><entry name='serial'>a</entry><entry>b</entry>",
	     "<e name='serial'>a</e><entry name='serial'>a</entry><entry>***</entry>"},
	    {"<commandline>a<b c='d'/><!-- e --></commandline>f", "<commandline>***<b c='***'/><!-- e --></commandline>f"},
	    {"<x:arg value='-append'/><x:arg value='-a'/><x:arg value='-Qq1'/><x:arg value='-spcie'/>",
	     "<x:arg value='-append'/><x:arg value='***'/><x:arg value='-***'/><x:arg value='-spcie'/>"},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		SC_BUF out = SC_BUF_INIT;

		sc_mask_xml(texts[i][0], strlen(texts[i][0]), &out);
		assert_string_equal(sc_buf_text(&out), texts[i][1]);
	}
}

static void diffs(void **state)
{
	(void)state;
	static const char old[] = "1\n2\n3\n4\n5\npasswd='a'\n7\n8\n9\n10", new[] = "1\n2\n3\n4\n5\npasswd='b'\n7\n8\n9\n10";
	static const char shown[] = "1\n2\n3\n4\n5\npasswd='***'\n7\n8\n9\n10";
	const struct sc_diff diff = {"d", old, strlen(old), new, strlen(new), shown, shown};
	SC_BUF out = SC_BUF_INIT;

	sc_diff(&diff, &out);
	assert_string_equal(sc_buf_text(&out), "--- d\n+++ d\n@@ -3,7 +3,7 @@\n 3\n 4\n 5\n-passwd='***'\n+passwd='***'\n 7\n 8\n 9\n");
}

/* The common beginning and end of both texts are left out, and the hunks still give the right line numbers. */
static void diff_places(void **state)
{
	(void)state;
	static const char *const cases[][3] = {
	    {"a\na\n", "a\n", "@@ -1,2 +1 @@\n a\n-a\n"},
	    {"a\n", "a\na\n", "@@ -1 +1,2 @@\n a\n+a\n"},
	    {"b\nba\n", "a\nba\n", "@@ -1,2 +1,2 @@\n-b\n+a\n ba\n"},
	    {"xa\n", "xya\n", "@@ -1 +1 @@\n-xa\n+xya\n"},
	    {"a\nb", "a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
	    {"", "a\n", "@@ -0,0 +1 @@\n+a\n"},
	    {"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\nx\n6\n7\n8\n9\n", "@@ -3,6 +3,7 @@\n 3\n 4\n 5\n+x\n 6\n 7\n 8\n"},
	    {"1\n\n\n\n\n\n\n\n\n\n2\n", "x\n\n\n\n\n\n\n\n\n\ny\n",
	     "@@ -1,4 +1,4 @@\n-1\n+x\n \n \n \n@@ -8,4 +8,4 @@\n \n \n \n-2\n+y\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *const *row = cases[i];
		const struct sc_diff diff = {"d", row[0], strlen(row[0]), row[1], strlen(row[1]), NULL, NULL};
		SC_BUF out = SC_BUF_INIT;

		sc_diff(&diff, &out);
		assert_string_equal(strchr(sc_buf_text(&out), '@'), row[2]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(families), cmocka_unit_test(password_limit), cmocka_unit_test(masks),
	    cmocka_unit_test(diffs),    cmocka_unit_test(diff_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

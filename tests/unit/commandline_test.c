#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/commandline.h"

#define BEFORE "<domain type='qemu'>\n  <name>a</name>\n"
#define NS_BEFORE "<domain type='qemu' xmlns:qemu='" SC_XML_NS_QEMU "'>\n  <name>a</name>\n"

static const struct {
	const char *before;
	const char *env; /* NULL: removed; "": unchanged */
	enum sc_sasl_switch want;
	const char *after;
} cases[] = {
    {BEFORE "</domain>\n", "/p", SC_SASL_ON,
     "<domain type='qemu' xmlns:qemu='" SC_XML_NS_QEMU "'>\n  <name>a</name>\n  <qemu:commandline>\n    <qemu:arg value='-spice'/>\n"
     "    <qemu:arg value='sasl=on'/>\n    <qemu:env name='SASL_CONF_PATH' value='/p'/>\n  </qemu:commandline>\n</domain>\n"},
    {NS_BEFORE "  <qemu:commandline>\n    <qemu:arg value='-spice'/>\n    <qemu:arg value='sasl=on'/>\n"
	       "    <qemu:env name='SASL_CONF_PATH' value='/p'/>\n  </qemu:commandline>\n</domain>\n",
     NULL, SC_SASL_UNSAID, NS_BEFORE "</domain>\n"},
    {NS_BEFORE "  <qemu:commandline>\n    <qemu:arg value='-spice'/>\n    <qemu:arg value='seamless-migration=on,sasl'/>\n    <qemu:arg "
	       "value='-S'/>\n"
	       "  </qemu:commandline>\n</domain>\n",
     "", SC_SASL_OFF,
     NS_BEFORE
     "  <qemu:commandline>\n    <qemu:arg value='-spice'/>\n    <qemu:arg value='seamless-migration=on'/>\n    <qemu:arg value='-S'/>\n"
     "    <qemu:arg value='-spice'/>\n    <qemu:arg value='sasl=off'/>\n  </qemu:commandline>\n</domain>\n"},
    {NS_BEFORE "  <qemu:commandline>\n    <qemu:env name='SASL_CONF_PATH' value='/p'/>\n    <qemu:env name='X' value='y'/>\n  "
	       "</qemu:commandline>\n</domain>\n",
     "/q", SC_SASL_UNSAID,
     NS_BEFORE "  <qemu:commandline>\n    <qemu:env name='SASL_CONF_PATH' value='/q'/>\n    <qemu:env name='X' value='y'/>\n  "
	       "</qemu:commandline>\n</domain>\n"},
};

static void edits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct spicecfg_ctx *ctx = spicecfg_ctx_new();
		SC_BUF out = SC_BUF_INIT;
		struct sc_xml *doc;

		assert_int_equal(sc_xml_parse(ctx, "a.xml", cases[i].before, strlen(cases[i].before), &doc), SPICECFG_OK);
		for (int again = 0; again < 2; again++) {
			assert_int_equal(sc_commandline_put_sasl(ctx, doc, cases[i].want), SPICECFG_OK);
			if (!cases[i].env || cases[i].env[0])
				assert_int_equal(sc_commandline_put_env(ctx, doc, "SASL_CONF_PATH", cases[i].env), SPICECFG_OK);
		}
		assert_int_equal(sc_commandline_sasl(sc_xml_root(doc)), cases[i].want);
		if (cases[i].env && cases[i].env[0])
			assert_string_equal(sc_commandline_env(sc_xml_root(doc), "SASL_CONF_PATH"), cases[i].env);
		assert_int_equal(sc_xml_write(ctx, doc, &out), SPICECFG_OK);
		assert_string_equal(sc_buf_text(&out), cases[i].after);
		sc_xml_free(doc);
		spicecfg_ctx_free(ctx);
	}
}

#define OBJECT(value) "    <qemu:arg value='-object'/>\n    <qemu:arg value='" value "'/>\n"
#define GUARD(file) OBJECT("secret,id=spicecfg-sasl,file=" file ",format=raw")
#define OTHER                                                                                                                              \
	OBJECT("rng-random,id=r,filename=/dev/urandom") "    <qemu:arg value='-name'/>\n    <qemu:arg value='secret,id=spicecfg-sasl'/>\n"
#define COMMANDLINE(args) NS_BEFORE "  <qemu:commandline>\n" args "  </qemu:commandline>\n</domain>\n"

static const struct {
	const char *before, *file, *after; /* file is NULL: removed */
	const char *was;                   /* the file that was guarded; NULL: no guard, "": none */
} guards[] = {
    {NS_BEFORE "</domain>\n", "/p/qemu.conf", COMMANDLINE(GUARD("/p/qemu.conf")), NULL},
    {COMMANDLINE(GUARD("/p/qemu.conf")), NULL, NS_BEFORE "</domain>\n", "/p/qemu.conf"},
    {COMMANDLINE(OTHER), "/p,q/qemu.conf", COMMANDLINE(OTHER GUARD("/p,,q/qemu.conf")), NULL},
    {COMMANDLINE(GUARD("/o") OTHER), "/p", COMMANDLINE(GUARD("/p") OTHER), "/o"},
    {COMMANDLINE(GUARD("/o") OTHER GUARD("/p")), "/p", COMMANDLINE(GUARD("/p") OTHER), "/o"},
    {COMMANDLINE(GUARD("/o") OTHER GUARD("/p")), NULL, COMMANDLINE(OTHER), "/o"},
    {COMMANDLINE(
	 OBJECT("{&quot;qom-type&quot;:&quot;secret&quot;,&quot;id&quot;:&quot;spicecfg-sasl&quot;,&quot;file&quot;:&quot;/j&quot;}")),
     "/p", COMMANDLINE(GUARD("/p")), "/j"},
    {COMMANDLINE(OBJECT("id=spicecfg-sasl,qom-type=secret,data=x,file=/a,file=/b,,c")), NULL, NS_BEFORE "</domain>\n", "/b,c"},
    {COMMANDLINE(OBJECT("secret,id=spicecfg-sasl,data=x")), "/p", COMMANDLINE(GUARD("/p")), ""},
    {COMMANDLINE(OBJECT("secret,id=spicecfg-sasl2,file=/p")), NULL, COMMANDLINE(OBJECT("secret,id=spicecfg-sasl2,file=/p")), NULL},
    {COMMANDLINE("    <qemu:arg value='-object'/>\n"), NULL, COMMANDLINE("    <qemu:arg value='-object'/>\n"), NULL},
};

static void guards_are_put(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(guards) / sizeof(*guards); i++) {
		struct spicecfg_ctx *ctx = spicecfg_ctx_new();
		struct sc_arena *memory = sc_arena_new();
		SC_BUF out = SC_BUF_INIT;
		const char *file;
		struct sc_xml *doc;

		assert_int_equal(sc_xml_parse(ctx, "a.xml", guards[i].before, strlen(guards[i].before), &doc), SPICECFG_OK);
		assert_true(sc_commandline_guard(sc_xml_root(doc), memory, &file));
		assert_true(file == guards[i].was || (file && guards[i].was && strcmp(file, guards[i].was) == 0));
		for (int again = 0; again < 2; again++)
			assert_int_equal(sc_commandline_put_guard(ctx, doc, guards[i].file), SPICECFG_OK);
		assert_true(sc_commandline_guard(sc_xml_root(doc), memory, &file));
		assert_true(file == guards[i].file || (file && guards[i].file && strcmp(file, guards[i].file) == 0));
		assert_int_equal(sc_xml_write(ctx, doc, &out), SPICECFG_OK);
		assert_string_equal(sc_buf_text(&out), guards[i].after);
		sc_xml_free(doc);
		sc_arena_free(memory);
		spicecfg_ctx_free(ctx);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(edits), cmocka_unit_test(guards_are_put)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

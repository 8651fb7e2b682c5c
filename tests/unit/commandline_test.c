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
	const char *env; /* NULL: removed; "": not touched */
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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(edits)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

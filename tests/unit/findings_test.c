/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings on their own: they stay intact after the document that they are about is freed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doc/xml.h"
#include "rules/rule.h"

static const char definition[] = "<domain type='kvm'><name>vm</name><devices><graphics type='spice' port='5900' listen='0.0.0.0'/>"
				 "<video><model type='qxl' heads='99'/></video></devices></domain>";

static void findings_outlive_their_document(void **state)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_host *host = sc_host_new(ctx);
	struct sc_findings *findings;
	struct sc_domain *domain;
	struct sc_xml *doc;
	size_t with_file = 0;

	(void)state;
	assert_int_equal(sc_xml_parse(ctx, "dir/vm.xml", definition, strlen(definition), &doc), SPICECFG_OK);
	assert_int_equal(sc_domain_read(ctx, doc, &domain), SPICECFG_OK);
	const struct sc_rule_input in = {.host = host, .domain = domain};
	assert_int_equal(sc_rules_run(ctx, &in, &findings), SPICECFG_OK);
	/* The name is not part of the document's memory. */
	for (size_t i = 0; i < sc_findings_count(findings); i++)
		assert_ptr_not_equal(sc_findings_get(findings, i)->file, sc_xml_name(doc));
	sc_domain_free(domain);
	sc_xml_free(doc);
	for (size_t i = 0; i < sc_findings_count(findings); i++) {
		const struct spicecfg_finding *finding = sc_findings_get(findings, i);

		assert_true(strlen(finding->message) > 0);
		with_file += finding->file && strcmp(finding->file, "dir/vm.xml") == 0;
	}
	assert_true(with_file > 0);
	sc_findings_free(findings);
	sc_host_free(host);
	spicecfg_ctx_free(ctx);
}

/* The fix of a finding that is only counted is not added to another finding. */
static void fixes_of_listed_findings_stay_as_they_are(void **state)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_host *host = sc_host_new(ctx);
	struct sc_findings *findings;
	struct sc_domain *domain;
	struct sc_xml *doc;
	SC_BUF xml = SC_BUF_INIT;
	size_t listed = 0, parts = 0;

	(void)state;
	sc_buf_adds(&xml, "<domain type='kvm'><name>vm</name><devices>");
	for (unsigned i = 0; i < 1010; i++)
		sc_buf_addf(&xml, "<graphics type='vnc' port='%u'><listen type='none'/><listen type='none'/></graphics>", 5900 + i);
	sc_buf_adds(&xml, "</devices></domain>");
	assert_int_equal(sc_xml_parse(ctx, "vm.xml", xml.data, xml.len, &doc), SPICECFG_OK);
	assert_int_equal(sc_domain_read(ctx, doc, &domain), SPICECFG_OK);
	const struct sc_rule_input in = {.host = host, .domain = domain};
	assert_int_equal(sc_rules_run(ctx, &in, &findings), SPICECFG_OK);
	for (size_t i = 0; i < sc_findings_count(findings); i++) {
		const struct spicecfg_finding *finding = sc_findings_get(findings, i);

		if (strcmp(finding->rule, "listen-twice") != 0 || finding->count)
			continue;
		assert_non_null(finding->fix);
		parts = listed++ ? parts : finding->fix->n_parts;
		assert_int_equal(finding->fix->n_parts, parts);
	}
	assert_int_equal(listed, 1000);
	sc_findings_free(findings);
	sc_domain_free(domain);
	sc_xml_free(doc);
	sc_host_free(host);
	spicecfg_ctx_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(findings_outlive_their_document),
					   cmocka_unit_test(fixes_of_listed_findings_stay_as_they_are)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

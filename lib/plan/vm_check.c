/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The check of a VM's plan: the rules over the definition as it will be, on a host of which nothing is known. */
#include "plan/vm.h"
#include "rules/rule.h"

static const struct sc_step *document_of(const struct spicecfg_plan *plan)
{
	for (size_t i = 0; i < plan->n_steps; i++)
		if (plan->steps[i].new && (plan->steps[i].type == SC_STEP_DEFINE || plan->steps[i].type == SC_STEP_FILE))
			return &plan->steps[i];
	return NULL;
}

/* What depends on the host is a warning of a setter: docs/cli.md, exit codes. */
static enum spicecfg_status take(struct spicecfg_report *report, const struct sc_findings *findings, size_t index)
{
	struct spicecfg_finding finding = *sc_findings_get(findings, index);
	bool always = sc_findings_certainty(findings, index) == SC_ALWAYS;

	if (finding.cls == SPICECFG_CLASS_START && always)
		report->refused = true;
	else if (finding.level == SPICECFG_LEVEL_ERROR)
		finding.level = SPICECFG_LEVEL_WARNING;
	return sc_report_add(report, &finding);
}

enum spicecfg_status sc_plan_check_vm(struct spicecfg_plan *plan, struct spicecfg_report *report)
{
	const struct sc_step *step = document_of(plan);
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;
	struct sc_findings *findings = NULL;

	if (!step)
		return SPICECFG_OK;
	SC_HOST_FACTS *host = sc_host_new(plan->ctx);
	if (!host)
		return SPICECFG_SYSTEM;
	enum spicecfg_status status =
	    sc_xml_parse(plan->ctx, plan->check_data ? plan->check_data : step->document, step->new, step->new_len, &doc);
	if (!status)
		status = sc_domain_read(plan->ctx, doc, &domain);
	if (!status) {
		const struct sc_rule_input input = {.domain = domain, .host = host};

		status = sc_rules_run(plan->ctx, &input, &findings);
	}
	for (size_t i = 0; !status && i < sc_findings_count(findings); i++)
		status = take(report, findings, i);
	sc_findings_free(findings);
	return status;
}

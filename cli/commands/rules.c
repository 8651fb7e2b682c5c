/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rules and explain: the catalogue. */
#include <string.h>

#include "say.h"
#include "verb.h"

static json_t *rule_json(const struct spicecfg_rule *rule)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?, s:s?}", "id", rule->id, "level", spicecfg_level_name(rule->level), "class",
			 spicecfg_class_name(rule->cls), "title", rule->title, "text", rule->text, "source", rule->source, "mend",
			 rule->mend);
}

static enum spicecfg_status run_rules(struct cli *cli)
{
	json_t *list = json_array();
	struct spicecfg_rule rule;

	for (size_t i = 0; spicecfg_rule_get(i, &rule); i++) {
		cli_out(cli, "%-32s %-8s %-9s %s\n", rule.id, spicecfg_level_name(rule.level), spicecfg_class_name(rule.cls), rule.title);
		json_array_append_new(list, rule_json(&rule));
	}
	json_object_set_new(cli->json_doc, "rules", list);
	return SPICECFG_OK;
}

static enum spicecfg_status run_explain(struct cli *cli)
{
	struct spicecfg_rule rule;

	if (!spicecfg_rule_find(cli->args[0], &rule)) {
		const char *nearest = spicecfg_rule_nearest(cli->args[0]);

		if (nearest)
			return cli_usage(cli, "there is no rule '%s'; did you mean '%s'?", cli->args[0], nearest);
		return cli_usage(cli, "there is no rule '%s': 'spicecfg rules' lists them", cli->args[0]);
	}
	json_object_set_new(cli->json_doc, "rule", rule_json(&rule));
	cli_out(cli, "%s: %s\n\n", rule.id, rule.title);
	if (rule.text)
		cli_out(cli, "%s\n\n", rule.text);
	cli_out(cli, "Level:  %s\nClass:  %s\n", spicecfg_level_name(rule.level), spicecfg_class_name(rule.cls));
	if (rule.source)
		cli_out(cli, "Source: %s\n", rule.source);
	cli_out(cli, "Mend:   %s\n", rule.mend ? rule.mend : "depends on what is wanted");
	return SPICECFG_OK;
}

const struct cli_verb cli_verb_rules = {
    .name = "rules",
    .synopsis = "",
    .summary = "List the rules of check",
    .run = run_rules,
};

const struct cli_verb cli_verb_explain = {
    .name = "explain",
    .synopsis = "RULE",
    .summary = "Tell what a rule is about, where it comes from, and how to mend its findings",
    .help =
	"In a mend TARGET stands for the VM, PATH for the place that a finding names, ELEMENT for the element there; findings print them "
	"filled in.",
    .example = "  spicecfg explain tls-port-without-tls",
    .min_args = 1,
    .max_args = 1,
    .run = run_explain,
};

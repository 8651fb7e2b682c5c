/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rules and explain: the catalogue of rules. */
#include <string.h>

#include "say.h"
#include "verb.h"

static json_t *rule_json(const struct spicecfg_rule *rule)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:s?}", "id", rule->id, "area", rule->area, "level",
			 spicecfg_level_name(rule->level), "class", spicecfg_class_name(rule->cls), "title", rule->title, "text",
			 rule->text, "source", rule->source, "fix", rule->fix);
}

static bool is_area(const char *area)
{
	struct spicecfg_rule rule = {.size = sizeof(rule)};

	for (size_t i = 0; spicecfg_rule_get(i, &rule); i++)
		if (strcmp(rule.area, area) == 0)
			return true;
	return false;
}

/* Names the known areas, in the order of the catalogue. */
static enum spicecfg_status unknown_area(struct cli *cli, const char *area)
{
	struct spicecfg_rule rule = {.size = sizeof(rule)};
	char known[256] = " ";
	size_t used = 1;

	for (size_t i = 0; spicecfg_rule_get(i, &rule); i++) {
		char word[64];

		snprintf(word, sizeof(word), " %s ", rule.area);
		if (!strstr(known, word) && used + strlen(rule.area) + 2 < sizeof(known))
			used += (size_t)snprintf(known + used, sizeof(known) - used, "%s ", rule.area);
	}
	known[used - 1] = '\0';
	return cli_usage(cli, "'%s' is not an area of rules: use one of%s", area, known);
}

static enum spicecfg_status run_rules(struct cli *cli)
{
	const char *area = cli_get(cli, "by");
	json_t *list;
	struct spicecfg_rule rule = {.size = sizeof(rule)};

	if (area && !is_area(area))
		return unknown_area(cli, area);
	list = json_array();
	for (size_t i = 0; spicecfg_rule_get(i, &rule); i++) {
		if (area && strcmp(rule.area, area) != 0)
			continue;
		cli_out(cli, "%-32s %-8s %-9s %s\n", rule.id, spicecfg_level_name(rule.level), spicecfg_class_name(rule.cls), rule.title);
		json_array_append_new(list, rule_json(&rule));
	}
	json_object_set_new(cli->json_doc, "rules", list);
	return SPICECFG_OK;
}

/* A key of a policy; that of several sections may have the same name. */
static enum spicecfg_status explain_key(struct cli *cli, const char *name)
{
	struct spicecfg_policy_key key = {.size = sizeof(key)};
	const char *nearest = NULL;
	unsigned best = 4;
	json_t *list = json_array();

	for (size_t i = 0; spicecfg_policy_key_get(i, &key); i++) {
		size_t head = strcspn(key.key, ".");
		unsigned distance = spicecfg_text_distance(name, key.key);

		if (distance < best) {
			best = distance;
			nearest = key.key;
		}
		if (strcmp(name, key.key) != 0 && !(key.key[head] && strncmp(name, key.key, head + 1) == 0))
			continue;
		if (json_array_size(list))
			cli_out(cli, "\n");
		cli_out(cli, "%s %s = %s%s\n\n%s\n\nLike: spicecfg %s\n", key.section, key.key, key.takes, key.unsets ? "|default" : "",
			key.help, key.verb);
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "section", key.section, "key", key.key, "takes",
						      key.takes, "help", key.help, "verb", key.verb, "unsets", key.unsets));
	}
	const bool found = json_array_size(list) > 0;
	json_object_set_new(cli->json_doc, "keys", list);
	if (found)
		return SPICECFG_OK;
	if (nearest)
		return cli_usage(cli, "policies have no key '%s'; did you mean 'policy:%s'?", name, nearest);
	return cli_usage(cli, "policies have no key '%s': spicecfg-policy(5) lists them", name);
}

static enum spicecfg_status run_explain(struct cli *cli)
{
	struct spicecfg_rule rule = {.size = sizeof(rule)};

	if (strncmp(cli->args[0], "policy:", 7) == 0)
		return explain_key(cli, cli->args[0] + 7);
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
	cli_out(cli, "Area:   %s\nLevel:  %s\nClass:  %s\n", rule.area, spicecfg_level_name(rule.level), spicecfg_class_name(rule.cls));
	if (rule.source)
		cli_out(cli, "Source: %s\n", rule.source);
	cli_out(cli, "Fix:    %s\n", rule.fix ? rule.fix : "depends on what you want");
	return SPICECFG_OK;
}

static const struct cli_option rules_options[] = {
    {"by", 0, "AREA", "list only the rules about AREA", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_rules = {
    .name = "rules",
    .synopsis = "[--by AREA]",
    .summary = "List the rules of check",
    .help = "AREA is what rules are about: console, video, device, host, login or qemu.",
    .example = "  spicecfg rules --by console",
    .options = rules_options,
    .run = run_rules,
};

const struct cli_verb cli_verb_explain = {
    .name = "explain",
    .synopsis = "RULE|policy:KEY",
    .summary = "Explain a rule: what it is about, its source, and how to fix its findings; or a key of a policy",
    .help = "In a fix, TARGET stands for the VM, PATH for the path in a finding, and ELEMENT for the element at that path; findings print\n"
	    "them filled in.",
    .example = "  spicecfg explain tls-port-without-tls\n  spicecfg explain policy:password",
    .min_args = 1,
    .max_args = 1,
    .run = run_explain,
};

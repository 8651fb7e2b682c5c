/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The catalogue of rules as the public header shows it. */
#include "rules/rule.h"

#include <string.h>

static const char *const level_names[] = {"off", "note", "warning", "error"};

const char *spicecfg_level_name(enum spicecfg_level level)
{
	return level_names[level];
}

bool spicecfg_level_parse(const char *name, enum spicecfg_level *out)
{
	for (unsigned i = 0; i < sizeof(level_names) / sizeof(level_names[0]); i++)
		if (strcmp(level_names[i], name) == 0) {
			*out = (enum spicecfg_level)i;
			return true;
		}
	return false;
}

const char *spicecfg_class_name(enum spicecfg_class cls)
{
	static const char *const names[] = {"start", "security", "effect"};

	return names[cls];
}

const char *spicecfg_verdict_name(enum spicecfg_verdict verdict)
{
	static const char *const names[] = {"starts", "refused", "unknown"};

	return names[verdict];
}

static void give(const struct sc_rule_table *table, const struct sc_rule *rule, struct spicecfg_rule *out)
{
	const struct spicecfg_rule own = {sizeof(own), rule->id,     rule->level, rule->cls,  rule->title,
					  rule->text,  rule->source, rule->fix,   table->area};

	sc_ctx_give(out, &own, sizeof(own));
}

bool spicecfg_rule_get(size_t index, struct spicecfg_rule *out)
{
	for (const struct sc_rule_table *table = sc_rule_tables; table->rules; table++)
		for (const struct sc_rule *rule = table->rules; rule->id; rule++)
			if (!index--) {
				give(table, rule, out);
				return true;
			}
	return false;
}

bool spicecfg_rule_find(const char *id, struct spicecfg_rule *out)
{
	for (const struct sc_rule_table *table = sc_rule_tables; table->rules; table++)
		for (const struct sc_rule *rule = table->rules; rule->id; rule++)
			if (strcmp(rule->id, id) == 0) {
				give(table, rule, out);
				return true;
			}
	return false;
}

const char *spicecfg_rule_nearest(const char *id)
{
	struct spicecfg_rule rule = {.size = sizeof(rule)};
	const char *nearest = NULL;
	unsigned best = 5;

	for (size_t i = 0; spicecfg_rule_get(i, &rule); i++) {
		unsigned distance = spicecfg_text_distance(id, rule.id);

		/* At most half of a short name may be wrong. */
		if (distance < best && 2 * distance <= strlen(rule.id)) {
			best = distance;
			nearest = rule.id;
		}
	}
	return nearest;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of rule tables, and how they are run. */
#include "rules/rule.h"

#include <stdlib.h>

const struct sc_rule *const sc_rule_tables[] = {
	NULL,
};

struct item {
	struct spicecfg_finding finding;
	enum sc_certainty certainty;
};

struct sc_findings {
	struct sc_arena *memory;
	const struct sc_domain *domain;
	struct item *items;
	size_t count;
	size_t size;
	bool failed;
};

static struct item *append(struct sc_findings *out)
{
	if (out->count == out->size) {
		size_t size = out->size ? out->size * 2 : 8;
		struct item *items = realloc(out->items, size * sizeof(*items));

		if (!items)
			return NULL;
		out->items = items;
		out->size = size;
	}
	return &out->items[out->count++];
}

static char *path_of(struct sc_findings *out, const struct sc_xml_node *node, const char *attr)
{
	SC_BUF path = SC_BUF_INIT;

	if (!node)
		return NULL;
	sc_xml_path(node, attr, &path);
	return sc_arena_strdup(out->memory, sc_buf_text(&path));
}

void sc_find(struct sc_findings *out, const struct sc_rule *rule, enum sc_certainty certainty, const struct sc_xml_node *node, const char *attr,
             const char *format, ...)
{
	struct item *item = append(out);
	va_list args;

	if (!item) {
		out->failed = true;
		return;
	}
	va_start(args, format);
	char *message = sc_arena_vprintf(out->memory, format, args);
	va_end(args);
	struct sc_where where = {.file = sc_xml_name(out->domain->doc)};
	if (node)
		where = sc_xml_where(out->domain->doc, node, attr);
	*item = (struct item){
		.certainty = certainty,
		.finding = {.rule = rule->id,
	                    .level = rule->level,
	                    .cls = rule->cls,
	                    .message = message,
	                    .path = path_of(out, node, attr),
	                    .file = where.file,
	                    .line = where.line,
	                    .column = where.column,
	                    .fix = rule->mend},
	};
	if (!message)
		out->failed = true;
}

enum spicecfg_status sc_rules_run(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings **out)
{
	struct sc_findings *findings = calloc(1, sizeof(*findings));

	*out = NULL;
	if (!findings || !(findings->memory = sc_arena_new())) {
		free(findings);
		return sc_fail_memory(ctx);
	}
	findings->domain = in->domain;
	for (const struct sc_rule *const *table = sc_rule_tables; *table; table++)
		for (const struct sc_rule *rule = *table; rule->id; rule++)
			rule->check(rule, in, findings);
	if (findings->failed) {
		sc_findings_free(findings);
		return sc_fail_memory(ctx);
	}
	*out = findings;
	return SPICECFG_OK;
}

void sc_findings_free(struct sc_findings *findings)
{
	if (!findings)
		return;
	sc_arena_free(findings->memory);
	free(findings->items);
	free(findings);
}

size_t sc_findings_count(const struct sc_findings *findings)
{
	return findings->count;
}

const struct spicecfg_finding *sc_findings_get(const struct sc_findings *findings, size_t index)
{
	return &findings->items[index].finding;
}

enum sc_certainty sc_findings_certainty(const struct sc_findings *findings, size_t index)
{
	return findings->items[index].certainty;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of rule tables, and how they are run. */
#include "rules/rule.h"

#include <stdlib.h>
#include <string.h>

#include "rules/tables.h"

const struct sc_rule *const sc_rule_tables[] = {
    SC_RULE_TABLES,
    NULL,
};

struct item {
	struct spicecfg_finding finding;
	enum sc_certainty certainty;
};

struct sc_findings {
	struct sc_arena *memory;
	const struct sc_domain *domain;
	const struct sc_launch *launch;
	struct item *items;
	size_t count;
	size_t size;
	const char *doubt;
	bool refused;
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

static struct spicecfg_finding *add(struct sc_findings *out, const struct sc_rule *rule, enum sc_certainty certainty, const char *message)
{
	struct item *item = append(out);

	if (!item || !message) {
		out->failed = true;
		return NULL;
	}
	out->refused |= rule->cls == SPICECFG_CLASS_START;
	*item = (struct item){
	    .certainty = certainty,
	    .finding = {.rule = rule->id, .level = rule->level, .cls = rule->cls, .message = message, .fix = rule->mend},
	};
	return &item->finding;
}

void sc_find(struct sc_findings *out, const struct sc_rule *rule, enum sc_certainty certainty, const struct sc_xml_node *node,
	     const char *attr, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	struct spicecfg_finding *finding = add(out, rule, certainty, sc_arena_vprintf(out->memory, format, args));
	va_end(args);
	if (!finding)
		return;
	struct sc_where where = {.file = sc_xml_name(out->domain->doc)};
	if (node)
		where = sc_xml_where(out->domain->doc, node, sc_xml_get(node, attr ? attr : "") ? attr : NULL);
	finding->path = path_of(out, node, attr);
	finding->file = where.file;
	finding->line = where.line;
	finding->column = where.column;
}

void sc_find_at(struct sc_findings *out, const struct sc_rule *rule, struct sc_where where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	struct spicecfg_finding *finding = add(out, rule, SC_HOST, sc_arena_vprintf(out->memory, format, args));
	va_end(args);
	if (!finding)
		return;
	finding->file = where.file ? sc_arena_strdup(out->memory, where.file) : out->domain ? sc_xml_name(out->domain->doc) : NULL;
	finding->line = where.line;
	finding->column = where.column;
}

void sc_find_mend(struct sc_findings *out, const char *format, ...)
{
	va_list args;

	if (!out->count)
		return;
	va_start(args, format);
	char *fix = format ? sc_arena_vprintf(out->memory, format, args) : NULL;
	va_end(args);
	out->failed |= format && !fix;
	out->items[out->count - 1].finding.fix = fix;
}

void sc_doubt(struct sc_findings *out, const struct sc_rule *rule, const char *format, ...)
{
	va_list args;

	if (out->doubt)
		return;
	va_start(args, format);
	const char *why = sc_arena_vprintf(out->memory, format, args);
	va_end(args);
	out->doubt = why ? sc_arena_printf(out->memory, "%s: %s", rule->id, why) : NULL;
	out->failed |= !out->doubt;
}

static void run(const struct sc_rule_input *in, struct sc_findings *findings)
{
	unsigned content = in->domain ? in->domain->content : SC_OF_HOST;

	for (const struct sc_rule *const *table = sc_rule_tables; *table; table++)
		for (const struct sc_rule *rule = *table; rule->id; rule++)
			if (rule->needs & content)
				rule->check(rule, in, findings);
}

enum spicecfg_status sc_rules_run(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings **out)
{
	struct sc_findings *findings = calloc(1, sizeof(*findings));
	struct sc_rule_input full = *in;

	*out = NULL;
	if (!findings || !(findings->memory = sc_arena_new()) || !(full.launch = sc_launch_plan(in->domain, in->host, findings->memory))) {
		sc_findings_free(findings);
		return sc_fail_memory(ctx);
	}
	findings->domain = in->domain;
	findings->launch = full.launch;
	run(&full, findings);
	if (findings->failed) {
		sc_findings_free(findings);
		return sc_fail_memory(ctx);
	}
	*out = findings;
	return SPICECFG_OK;
}

enum spicecfg_status sc_rules_run_host(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings **out)
{
	struct sc_findings *findings = calloc(1, sizeof(*findings));

	*out = NULL;
	if (!findings || !(findings->memory = sc_arena_new())) {
		sc_findings_free(findings);
		return sc_fail_memory(ctx);
	}
	run(in, findings);
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

enum spicecfg_verdict sc_findings_verdict(const struct sc_findings *findings)
{
	if (findings->refused)
		return SPICECFG_VERDICT_REFUSED;
	return findings->doubt ? SPICECFG_VERDICT_UNKNOWN : SPICECFG_VERDICT_STARTS;
}

const char *sc_findings_doubt(const struct sc_findings *findings)
{
	return findings->doubt;
}

const struct sc_launch *sc_findings_launch(const struct sc_findings *findings)
{
	return findings->launch;
}

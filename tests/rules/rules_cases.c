/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs tables of cases: rules_cases FILE…
 * A line is RULE, tab, "fires" or "clean", tab, HOST, tab, the content of <devices>. HOST is "-" (a healthy host is assumed) or JSON: conf
 * (qemu.conf), facts (host facts; nothing else is known then), before (devices of a domain that is already running), now (seconds), root
 * (siblings of <devices>), target (libvirt, qemu: versions), domain (its type), name, uuid, reader (who can read its file) and fix (the
 * text of a fix that the rule has to print). Content "host": only the host is checked. Also fails if a rule of the catalogue lacks a case
 * of either kind.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fix.h"
#include "model/neighbours.h"
#include "rules/rule.h"
#include "system/facts/hostfacts.h"

enum { RULES_MAX = 512 };

static struct {
	bool fires, clean, only;
} seen[RULES_MAX];

static unsigned cases, failures;

static int rule_index(const char *id, struct spicecfg_rule *rule)
{
	for (size_t i = 0; spicecfg_rule_get(i, rule); i++)
		if (strcmp(rule->id, id) == 0)
			return (int)i;
	return -1;
}

/* Rules without a check function are reported by verbs, whose tests cover them. */
static bool looks_at_domains(const char *id)
{
	for (const struct sc_rule_table *table = sc_rule_tables; table->rules; table++)
		for (const struct sc_rule *row = table->rules; row->id; row++)
			if (strcmp(row->id, id) == 0)
				return row->check != NULL;
	return false;
}

static const char *text_of(const json_t *host, const char *key, const char *fallback)
{
	const char *text = json_string_value(json_object_get(host, key));

	return text ? text : fallback;
}

static char *domain_xml(const json_t *host, const char *name, const char *uuid, const char *devices)
{
	SC_BUF buf = SC_BUF_INIT;
	bool typed = !json_is_null(json_object_get(host, "machine"));

	sc_buf_addf(&buf,
		    "<domain type='%s' xmlns:qemu='" SC_XML_NS_QEMU
		    "'><name>%s</name><uuid>%s</uuid><os><type arch='%s'%s%s%s>hvm</type></os>",
		    text_of(host, "domain", "kvm"), name, uuid, text_of(host, "arch", "x86_64"), typed ? " machine='" : "",
		    typed ? text_of(host, "machine", "pc") : "", typed ? "'" : "");
	sc_buf_addf(&buf, "<devices>%s</devices>%s</domain>", devices, text_of(host, "root", ""));
	return sc_buf_steal(&buf, NULL);
}

static unsigned version_of(const json_t *text)
{
	char *end;
	unsigned long major = strtoul(json_string_value(text), &end, 10);

	return SC_VERSION((unsigned)major, *end == '.' ? (unsigned)strtoul(end + 1, NULL, 10) : 0);
}

static struct sc_host *make_host(struct spicecfg_ctx *ctx, const json_t *spec)
{
	json_t *facts = json_object_get(spec, "facts");
	struct sc_host *host = NULL;
	const char *key;
	json_t *value;

	if (facts) {
		json_object_set_new(facts, "version", json_integer(1));
		char *text = json_dumps(facts, 0);
		if (sc_hostfacts_read(ctx, "facts", text, strlen(text), &host)) {
			fprintf(stderr, "%s\n", spicecfg_ctx_error(ctx)->message);
			exit(2);
		}
		free(text);
	} else {
		host = sc_host_new(ctx);
	}
	const json_t *target = json_object_get(spec, "target");
	if (json_object_get(target, "libvirt"))
		host->version.libvirt = version_of(json_object_get(target, "libvirt"));
	if (json_object_get(target, "qemu"))
		host->version.qemu = version_of(json_object_get(target, "qemu"));
	json_object_foreach(json_object_get(spec, "conf"), key, value)
	{
		struct sc_conf_entry entry = {key, SC_CONF_OTHER, json_integer_value(value), json_string_value(value), 1, 1};

		entry.type = json_is_integer(value) ? SC_CONF_INT : json_is_string(value) ? SC_CONF_STRING : SC_CONF_OTHER;
		if (sc_host_conf_add(ctx, host, &entry))
			exit(2);
	}
	return host;
}

/* The findings about a definition. */
struct answer {
	bool found;
	bool fixed;        /* one of the rule has the fix that the case names */
	char fix[512];     /* the last one */
	const char *other; /* another rule of class start that fired */
	enum spicecfg_verdict verdict;
};

/* Records what a finding of the rule offers. */
static void keep_fix(struct answer *answer, const struct spicecfg_finding *finding, const json_t *spec)
{
	SC_BUF text = SC_BUF_INIT;

	if (finding->fix)
		sc_fix_put(&text, finding->fix);
	snprintf(answer->fix, sizeof(answer->fix), "%s", sc_buf_text(&text));
	answer->fixed |= strcmp(answer->fix, text_of(spec, "fix", answer->fix)) == 0;
}

/* Runs the rules; with neighbours, adds the domain to them instead of checking for a rule. */
static struct answer run(struct spicecfg_ctx *ctx, const char *rule, char *xml, const struct sc_host *host,
			 struct sc_neighbours *neighbours, bool join, const json_t *spec)
{
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;
	struct sc_findings *findings = NULL;
	struct answer answer = {0};

	if (sc_xml_parse(ctx, "case", xml, strlen(xml), &doc) || sc_domain_read(ctx, doc, &domain)) {
		fprintf(stderr, "%s: %s\n%s\n", rule, spicecfg_ctx_error(ctx)->message, xml);
		exit(2);
	}
	const struct sc_exposure exposure = {.path = "case.xml", .reader = json_string_value(json_object_get(spec, "reader"))};
	struct sc_rule_input input = {.domain = domain,
				      .host = host,
				      .neighbours = neighbours,
				      .now = json_integer_value(json_object_get(spec, "now")),
				      .exposure = &exposure};
	if (sc_rules_run(ctx, &input, &findings))
		exit(2);
	answer.verdict = sc_findings_verdict(findings);
	for (size_t i = 0; i < sc_findings_count(findings); i++) {
		struct spicecfg_rule named = {.size = sizeof(named)};
		const char *id = sc_findings_get(findings, i)->rule;

		if (strcmp(id, rule) == 0) {
			answer.found = true;
			keep_fix(&answer, sc_findings_get(findings, i), spec);
		} else if (rule_index(id, &named) >= 0 && named.cls == SPICECFG_CLASS_START)
			answer.other = named.id;
	}
	if (join && !sc_neighbours_add(neighbours, domain, sc_findings_launch(findings), host, true, true))
		exit(2);
	sc_findings_free(findings);
	free(xml);
	return answer;
}

static struct answer run_host(struct spicecfg_ctx *ctx, const char *rule, const struct sc_host *host, const json_t *spec)
{
	struct sc_rule_input input = {.host = host, .now = json_integer_value(json_object_get(spec, "now"))};
	struct sc_findings *findings = NULL;
	/* there is no verdict for the host alone */
	struct answer answer = {.verdict = SPICECFG_VERDICT_REFUSED};

	if (sc_rules_run_host(ctx, &input, &findings))
		exit(2);
	for (size_t i = 0; i < sc_findings_count(findings); i++)
		answer.found |= strcmp(sc_findings_get(findings, i)->rule, rule) == 0;
	sc_findings_free(findings);
	return answer;
}

/* kind: 'f' the rule fires, 'c' it is silent, 'o' it is the only one of class start that fires. */
static void run_case(struct spicecfg_ctx *ctx, const struct spicecfg_rule *rule, char kind, const json_t *spec, const char *devices)
{
	struct sc_host *host = make_host(ctx, spec);
	struct sc_neighbours *neighbours = sc_neighbours_new();
	const char *before = json_string_value(json_object_get(spec, "before"));
	bool fires = kind != 'c';

	if (before)
		run(ctx, rule->id, domain_xml(NULL, "before", "11111111-1111-1111-1111-111111111111", before), host, neighbours, true,
		    NULL);
	bool alone = strcmp(devices, "host") == 0;
	char *xml =
	    alone ? NULL
		  : domain_xml(spec, text_of(spec, "name", "case"), text_of(spec, "uuid", "22222222-2222-2222-2222-222222222222"), devices);
	struct answer answer = alone ? run_host(ctx, rule->id, host, spec) : run(ctx, rule->id, xml, host, neighbours, false, spec);
	bool right = answer.found == fires && (!fires || rule->cls != SPICECFG_CLASS_START || answer.verdict == SPICECFG_VERDICT_REFUSED);
	cases++;
	if (!right || (kind == 'o' && answer.other)) {
		failures++;
		printf("%s: %s, but it %s (verdict %s)%s%s: %s\n", rule->id, fires ? "must fire" : "must stay silent",
		       answer.found ? "fires" : "is silent", spicecfg_verdict_name(answer.verdict), answer.other ? ", and so does " : "",
		       answer.other ? answer.other : "", devices);
	}
	if (answer.found && !alone && !answer.fixed) {
		failures++;
		printf("%s: its fix is '%s': %s\n", rule->id, answer.fix, devices);
	}
	sc_neighbours_free(neighbours);
	sc_host_free(host);
}

/* Splits at each separator; false if there are too few fields. */
static bool split(char *line, const char *separator, char **fields, int count)
{
	fields[0] = line;
	for (int i = 1; i < count; i++) {
		char *end = strstr(fields[i - 1], separator);

		if (!end)
			return false;
		*end = '\0';
		fields[i] = end + strlen(separator);
	}
	return true;
}

/* The text between a table cell's backticks, "" without them. */
static char *code(char *cell)
{
	char *begin = strchr(cell, '`'), *end = begin ? strrchr(begin, '`') : NULL;

	if (!begin || end == begin)
		return cell + strlen(cell);
	*end = '\0';
	return begin + 1;
}

/* A line of cases.txt, or a row of a table: where | refuses | rule | host | example. */
static bool read_line(char *line, char **fields)
{
	static char only[] = "only", none[] = "-";
	char *cells[5];

	if (*line != '|')
		return split(line, "\t", fields, 4);
	if (!split(line + 2, " | ", cells, 5))
		return false;
	fields[0] = cells[2];
	fields[1] = only;
	fields[2] = code(cells[3]);
	fields[3] = code(cells[4]);
	if (!*fields[2])
		fields[2] = none;
	return true;
}

static void run_line(struct spicecfg_ctx *ctx, char *line)
{
	char *fields[4];
	struct spicecfg_rule rule = {.size = sizeof(rule)};
	json_error_t error;

	if (!read_line(line, fields)) {
		printf("malformed line: %s\n", line);
		failures++;
		return;
	}
	int index = rule_index(fields[0], &rule);
	char kind = fields[1][0];
	json_t *spec = strcmp(fields[2], "-") == 0 ? json_object() : json_loads(fields[2], 0, &error);
	if (index < 0 || index >= RULES_MAX || !strchr("fco", kind) || !spec) {
		printf("unknown rule, kind or host: %s %s %s\n", fields[0], fields[1], fields[2]);
		failures++;
		json_decref(spec);
		return;
	}
	seen[index].fires |= kind == 'f';
	seen[index].clean |= kind == 'c';
	seen[index].only |= kind == 'o';
	run_case(ctx, &rule, kind, spec, fields[3]);
	json_decref(spec);
}

/* The kind of case that the file lacks for a rule; NULL: none. */
static const char *lacking(const struct spicecfg_rule *rule, size_t index, bool table)
{
	if (!looks_at_domains(rule->id))
		return NULL;
	if (table)
		return seen[index].only || rule->cls != SPICECFG_CLASS_START ? NULL : "row";
	return seen[index].fires ? seen[index].clean ? NULL : "case that stays silent" : "case that fires";
}

static bool run_file(struct spicecfg_ctx *ctx, const char *name, bool table)
{
	FILE *file = fopen(name, "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (!file)
		return false;
	while ((len = getline(&line, &size, file)) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (table ? strncmp(line, "| ", 2) == 0 && strncmp(line, "| where |", 9) != 0 : *line && *line != '#')
			run_line(ctx, line);
	}
	free(line);
	fclose(file);
	return true;
}

int main(int argc, char **argv)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct spicecfg_rule rule = {.size = sizeof(rule)};
	bool table = argc > 1 && strstr(argv[1], ".md");
	size_t i;

	for (int file = 1; file < argc; file++)
		if (!ctx || !run_file(ctx, argv[file], table))
			return 2;
	for (i = 0; spicecfg_rule_get(i, &rule); i++) {
		const char *lacks = lacking(&rule, i, table);

		if (lacks && ++failures)
			printf("%s lacks a %s\n", rule.id, lacks);
	}
	printf("%zu rules, %u cases, %u failures\n", i, cases, failures);
	spicecfg_ctx_free(ctx);
	return failures ? 1 : 0;
}

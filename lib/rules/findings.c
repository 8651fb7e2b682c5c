/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collects what rules find. */
#include "rules/findings.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fix.h"
#include "base/grow.h"
#include "base/table.h"

/*
 * LISTED findings of one rule are listed, the others are counted; after LISTED_ALL findings in total, one of each rule. Real domains have
 * fewer: this is the limit on what a hostile one may cost.
 */
enum { LISTED = 1000, LISTED_ALL = 10000, MESSAGE_MAX = 2048 };

struct item {
	struct spicecfg_finding finding;
	enum sc_certainty certainty;
};

struct sc_findings {
	struct sc_arena *memory;
	const struct sc_domain *domain;
	const char *file; /* the domain's, in memory, because findings outlive the document; NULL: not needed yet */
	const struct sc_launch *launch;
	struct sc_free_ports *ports; /* NULL: no fix needed one yet */
	struct sc_table offers;      /* by console and attribute; times: the port that its fixes name */
	struct sc_table totals;      /* by parent and name; value: one of these elements, times: how many there are */
	struct item *items;
	size_t count;
	const char *doubt;
	/* the place of the finding that was added last */
	const struct sc_xml_node *node;
	const char *attr;
	size_t of_rule, more; /* findings of the running rule: listed, and not listed */
	struct item first;    /* the first of those that are not listed */
	bool refused;
	bool failed;
	bool perhaps; /* the running rule may not apply to this version: what it finds is a doubt */
};

static struct item *append(struct sc_findings *out)
{
	struct item *items = sc_grow(out->items, out->count, sizeof(*items));

	if (!items)
		return NULL;
	out->items = items;
	return &out->items[out->count++];
}

/* sc_xml_total(), counted once. */
static unsigned total_of(struct sc_findings *out, const struct sc_xml_node *node)
{
	unsigned long long key = (uintptr_t)sc_xml_parent(node);

	for (const char *c = sc_xml_node_name(node); *c; c++)
		key = key * 33 + (unsigned char)*c;
	struct sc_table_entry *entry = sc_table_add_number(&out->totals, (long long)key);
	out->failed |= !entry;
	if (entry && (!entry->value || !sc_xml_is_kin(entry->value, node))) {
		entry->value = node;
		entry->times = sc_xml_total(node);
	}
	return entry ? (unsigned)entry->times : 0;
}

/* exact: the path of an element that a fix removes. */
static const char *path_of(struct sc_findings *out, const struct sc_xml_node *node, const char *attr, bool exact)
{
	SC_BUF path = SC_BUF_INIT;

	if (!node)
		return NULL;
	if (attr || !exact)
		sc_xml_path(node, attr, &path);
	else
		sc_xml_path_exact(node, total_of(out, node), &path);
	return sc_arena_strdup(out->memory, sc_buf_text(&path));
}

/* A message is for people to read: a long text in it is cut. */
static __attribute__((format(printf, 2, 0))) const char *message_of(struct sc_findings *out, const char *format, va_list args)
{
	char text[MESSAGE_MAX];
	int len = vsnprintf(text, sizeof(text), format, args);

	if (len < 0 || (size_t)len < sizeof(text))
		return len < 0 ? NULL : sc_arena_strndup(out->memory, text, (size_t)len);
	size_t cut = sizeof(text) - 1;
	while (cut && ((unsigned char)text[cut - 1] & 0xc0) == 0x80)
		cut--;
	cut -= cut && (unsigned char)text[cut - 1] >= 0x80;
	return sc_arena_printf(out->memory, "%.*s…", (int)cut, text);
}

/* True when further findings of the running rule are not listed. */
static bool is_full(const struct sc_findings *out)
{
	return out->of_rule >= (out->count < LISTED_ALL ? LISTED : 1);
}

/*
 * The place for a finding: in the list, or out->first when it is the first that is not listed; NULL: the finding is only counted, or memory
 * is short (recorded).
 */
static struct spicecfg_finding *take(struct sc_findings *out, const struct sc_rule *rule, enum sc_certainty certainty)
{
	bool listed = !is_full(out);
	struct item *item = listed ? append(out) : out->more++ ? NULL : &out->first;

	out->refused |= rule->cls == SPICECFG_CLASS_START;
	out->node = NULL;
	out->attr = NULL;
	out->of_rule += listed;
	out->failed |= listed && !item;
	if (!item)
		return NULL;
	*item = (struct item){
	    .certainty = certainty,
	    .finding = {.rule = rule->id, .level = rule->level, .cls = rule->cls},
	};
	return &item->finding;
}

static __attribute__((format(printf, 3, 0))) void doubt(struct sc_findings *out, const struct sc_rule *rule, const char *format,
							va_list args)
{
	const char *message = out->doubt ? NULL : message_of(out, format, args);

	if (message)
		sc_doubt(out, rule, "%s: it is not known whether this version refuses that", message);
	else if (!out->doubt)
		out->failed = true;
}

static __attribute__((format(printf, 4, 0))) struct spicecfg_finding *add(struct sc_findings *out, const struct sc_rule *rule,
									  enum sc_certainty certainty, const char *format, va_list args)
{
	if (out->perhaps) {
		doubt(out, rule, format, args);
		return NULL;
	}
	struct spicecfg_finding *finding = take(out, rule, certainty);
	if (!finding || out->more)
		return finding;
	finding->message = message_of(out, format, args);
	out->failed |= !finding->message;
	return finding;
}

struct sc_findings *sc_findings_new(const struct sc_domain *domain)
{
	struct sc_findings *out = calloc(1, sizeof(*out));

	if (!out || !(out->memory = sc_arena_new())) {
		free(out);
		return NULL;
	}
	out->domain = domain;
	return out;
}

struct sc_arena *sc_findings_memory(struct sc_findings *out)
{
	return out->memory;
}

void sc_findings_set_launch(struct sc_findings *out, const struct sc_launch *launch)
{
	out->launch = launch;
}

void sc_findings_drop_fix(struct sc_findings *out, size_t index)
{
	out->items[index].finding.fix = NULL;
}

void sc_findings_assume(struct sc_findings *out)
{
	for (size_t i = 0; i < out->count; i++)
		out->items[i].finding.ask |= out->items[i].certainty >= SC_HOST;
}

const struct sc_free_ports *sc_findings_ports(const struct sc_findings *out)
{
	return out->ports;
}

unsigned sc_find_port(struct sc_findings *out, const struct sc_rule_input *in, const struct sc_console *console, const char *attr)
{
	bool websocket = strcmp(attr, "websocket") == 0, tls = strcmp(attr, "tlsPort") == 0;
	long long after = websocket ? console->graphics->websocket.value : tls && console->tls_port > 0 ? console->tls_port : console->port;

	if (out->more)
		return 0;
	if (!out->ports)
		out->ports = sc_free_ports_new(in->neighbours, in->launch, in->host, out->memory);
	struct sc_table_entry *offer =
	    sc_table_add_number(&out->offers, (console - in->launch->consoles) * SC_CHOSEN_PORTS + (websocket ? 2 : tls));
	out->failed |= !out->ports || !offer;
	if (!out->ports || !offer)
		return 0;
	/* value: it was asked for before */
	if (!offer->value)
		offer->times = sc_free_ports_next(out->ports, after, websocket);
	offer->value = out;
	return (unsigned)offer->times;
}

void sc_findings_begin(struct sc_findings *out, bool perhaps)
{
	out->perhaps = perhaps;
}

bool sc_findings_failed(const struct sc_findings *out)
{
	return out->failed;
}

void sc_findings_end(struct sc_findings *out)
{
	struct item *item = out->more ? append(out) : NULL;

	if (item) {
		*item = out->first;
		item->finding.message =
		    sc_arena_printf(out->memory, "%zu more findings of this rule are not listed from here on", out->more);
		item->finding.count = out->more;
	}
	out->failed |= out->more && (!item || !item->finding.message);
	out->of_rule = out->more = 0;
}

/* The place of the finding that was added last, where a template names it. */
static struct sc_fix_terms terms_of(struct sc_findings *out, const char *template)
{
	bool path = template && strstr(template, "PATH"), element = template && strstr(template, "ELEMENT");
	bool whole = element && strstr(template, "ELEMENT=default"), exact = path && !out->attr && strstr(template, "PATH=default");

	return (struct sc_fix_terms){path ? path_of(out, out->node, out->attr, exact) : NULL,
				     element ? path_of(out, out->node, NULL, whole) : NULL};
}

static void set_fix(struct spicecfg_finding *finding, const struct spicecfg_fix *fix)
{
	finding->fix = fix;
	finding->ask = fix && sc_fix_removes_device(fix, 0);
}

static const char *domain_file(struct sc_findings *out)
{
	if (!out->file && out->domain)
		out->file = sc_arena_strdup(out->memory, sc_xml_name(out->domain->doc));
	return out->file;
}

/* Removes the secrets of the element from a message. */
static const char *without_secrets(struct sc_findings *out, const struct sc_xml_node *node, const char *message)
{
	SC_BUF text = SC_BUF_INIT;

	if (!message)
		return NULL;
	sc_xml_message(node, message, &text);
	return text.failed ? NULL : sc_arena_strdup(out->memory, sc_buf_text(&text));
}

void sc_find(struct sc_findings *out, const struct sc_rule *rule, enum sc_certainty certainty, const struct sc_xml_node *node,
	     const char *attr, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	struct spicecfg_finding *finding = add(out, rule, certainty, format, args);
	va_end(args);
	if (!finding)
		return;
	finding->message = without_secrets(out, node, finding->message);
	out->failed |= !out->more && !finding->message;
	struct sc_where where = {0};
	if (node)
		where = sc_xml_where(out->domain->doc, node, sc_xml_get(node, attr ? attr : "") ? attr : NULL);
	out->node = node;
	out->attr = attr;
	finding->path = path_of(out, node, attr, false);
	struct sc_fix_terms terms = terms_of(out, out->more ? NULL : rule->fix);
	if (!out->more) {
		set_fix(finding, sc_fix_row(out->memory, &terms, rule->fix));
		out->failed |= rule->fix && !finding->fix;
	}
	finding->file = domain_file(out);
	finding->line = where.line;
	finding->column = where.column;
}

void sc_find_at(struct sc_findings *out, const struct sc_rule *rule, struct sc_where where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	struct spicecfg_finding *finding = add(out, rule, SC_HOST, format, args);
	va_end(args);
	if (!finding)
		return;
	set_fix(finding, sc_fix_row(out->memory, NULL, rule->fix));
	out->failed |= rule->fix && !finding->fix;
	finding->file = where.file ? sc_arena_strdup(out->memory, where.file) : domain_file(out);
	finding->line = where.line;
	finding->column = where.column;
}

/* The finding that a fix is for; NULL: none was added (memory was short, too), or it is not listed. */
static struct spicecfg_finding *last(struct sc_findings *out)
{
	return out->of_rule && !out->perhaps && !out->more && !out->failed ? &out->items[out->count - 1].finding : NULL;
}

void sc_find_vfix(struct sc_findings *out, const char *format, va_list args)
{
	struct spicecfg_finding *finding = last(out);

	if (!finding)
		return;
	struct sc_fix_terms terms = terms_of(out, format);
	set_fix(finding, format ? sc_fix_vcommand(out->memory, &terms, format, args) : NULL);
	out->failed |= format && !finding->fix;
}

void sc_find_fix(struct sc_findings *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	sc_find_vfix(out, format, args);
	va_end(args);
}

void sc_find_fix_more(struct sc_findings *out, const char *format, ...)
{
	struct spicecfg_finding *finding = last(out);
	va_list args;

	if (!finding || !finding->fix)
		return;
	struct sc_fix_terms terms = terms_of(out, format);
	/* nobody reads a longer command, and no shell accepts it */
	if (finding->fix->n_parts > SC_FIX_WORDS) {
		finding->fix = NULL;
		return;
	}
	size_t before = finding->fix->n_parts;
	va_start(args, format);
	finding->fix = sc_fix_vmore(out->memory, finding->fix, &terms, format, args);
	va_end(args);
	out->failed |= !finding->fix;
	finding->ask |= finding->fix && sc_fix_removes_device(finding->fix, before);
}

void sc_find_fix_asks(struct sc_findings *out)
{
	struct spicecfg_finding *finding = last(out);

	if (finding)
		finding->ask = true;
}

void sc_find_fix_outside(struct sc_findings *out)
{
	struct spicecfg_finding *finding = last(out);

	if (!finding || !finding->fix)
		return;
	finding->fix = sc_fix_outside(out->memory, finding->fix);
	out->failed |= !finding->fix;
}

const char *sc_find_fix_path(struct sc_findings *out, const struct sc_xml_node *node, const char *attr)
{
	const char *path = out->more ? "" : path_of(out, node, attr, false);

	out->failed |= !path;
	return path ? path : "";
}

const char *sc_find_fix_element(struct sc_findings *out, const struct sc_xml_node *node)
{
	const char *path = out->more ? "" : path_of(out, node, NULL, true);

	out->failed |= !path;
	return path ? path : "";
}

void sc_doubt(struct sc_findings *out, const struct sc_rule *rule, const char *format, ...)
{
	va_list args;

	if (out->doubt)
		return;
	va_start(args, format);
	const char *why = message_of(out, format, args);
	va_end(args);
	out->doubt = why ? sc_arena_printf(out->memory, "%s: %s", rule->id, why) : NULL;
	out->failed |= !out->doubt;
}

void sc_findings_fail(struct sc_findings *out, bool failed)
{
	out->failed |= failed;
}

void sc_findings_free(struct sc_findings *findings)
{
	if (!findings)
		return;
	sc_table_free(&findings->offers);
	sc_table_free(&findings->totals);
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

static bool has(const struct sc_findings *findings, const struct spicecfg_finding *wanted)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct spicecfg_finding *finding = &findings->items[i].finding;

		if (finding->rule == wanted->rule && strcmp(finding->path ? finding->path : "", wanted->path ? wanted->path : "") == 0)
			return true;
	}
	return false;
}

void sc_findings_keep_common(struct sc_findings *findings, const struct sc_findings *others)
{
	size_t kept = 0;

	for (size_t i = 0; i < findings->count; i++) {
		const struct spicecfg_finding *finding = &findings->items[i].finding;

		if (finding->cls != SPICECFG_CLASS_START || findings->items[i].certainty == SC_ALWAYS || has(others, finding))
			findings->items[kept++] = findings->items[i];
	}
	findings->count = kept;
	findings->refused = false;
	for (size_t i = 0; i < kept; i++)
		findings->refused |= findings->items[i].finding.cls == SPICECFG_CLASS_START;
}

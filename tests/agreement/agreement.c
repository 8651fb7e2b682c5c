/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compares the verdict of the rules with what the real libvirt and QEMU did: agreement CASES.jsonl HOST-FACTS.json [--list]
 * Two rounds: with the facts of the host and of each case, and with --no-host. In the second, cases that depend on something that a healthy
 * host doesn't have (the fixtures in NOT_HEALTHY) are left out. Exit code 0 if no verdict is wrong and few are unknown.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/neighbours.h"
#include "rules/rule.h"
#include "system/facts/hostfacts.h"

struct score {
	unsigned cases, right, false_starts, false_refused, unknown;
};

/* Fixtures of cases that a healthy host doesn't have, or has in another state. */
static const char *const not_healthy[] = {
    "/var/spicex/missing",
    "/var/spicex/closed",
    "/var/spicex/ro",
    "/var/spicex/sticky",
    "/var/spicex/ok\\\"",
    "/var/spicex/ok/adir",
    "/etc/pki/spicex-badca",
    "/etc/pki/spicex-closed",
    "/etc/pki/spicex-empty",
    "/etc/pki/spicex-encrypted",
    "/etc/pki/spicex-file",
    "/etc/pki/spicex-garbage",
    "/etc/pki/spicex-mismatch",
    "/etc/pki/spicex-missing",
    "/etc/pki/spicex-noca",
    "/etc/pki/spicex-nocert",
    "/etc/pki/spicex-nokey",
    "123.123.123.123",
    /* those of generated cases (ask.sh) */
    "/srv/gone",
    "/srv/ro",
    "/srv/closed",
    "/srv/sticky",
    "/srv/ok/dir",
    "/srv/ok/file/",
    "/srv/ok\\\"",
    "/srv/ok/\\\"",
    "/srv/pki/",
    "203.0.113.9",
    "network=\\\"gone",
    "network=\\\"isolated",
    "0.0.0.1",
    "::",
    NULL,
};

static bool list;

static char *slurp(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	SC_BUF buf = SC_BUF_INIT;
	char chunk[65536];
	size_t n;

	if (!file) {
		perror(path);
		exit(2);
	}
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		sc_buf_add(&buf, chunk, n);
	fclose(file);
	return sc_buf_steal(&buf, len);
}

/* The lines that a case adds to qemu.conf; false if libvirt couldn't read them. */
static bool add_conf(struct spicecfg_ctx *ctx, struct sc_host *host, const json_t *conf)
{
	SC_BUF text = SC_BUF_INIT;
	SC_QEMUCONF *doc = NULL;

	sc_buf_adds(&text, "# the stock file\n");
	for (size_t i = 0; i < json_array_size(conf); i++)
		sc_buf_addf(&text, "%s\n", json_string_value(json_array_get(conf, i)));
	if (sc_qemuconf_parse(ctx, "qemu.conf", sc_buf_text(&text), text.len, &doc) || sc_host_conf_read(ctx, host, doc)) {
		spicecfg_ctx_clear_error(ctx);
		return false;
	}
	return true;
}

static void add_env(struct sc_host *host, const json_t *env)
{
	const json_t *block = json_object_get(env, "block");
	const char *pki = json_string_value(json_object_get(env, "pki"));

	host->ports.busy = sc_arena_alloc(host->memory, (json_array_size(block) + 1) * sizeof(*host->ports.busy));
	for (size_t i = 0; i < json_array_size(block); i++) {
		char *text = sc_arena_strdup(host->memory, json_string_value(json_array_get(block, i)));
		char *colon = strrchr(text, ':');

		*colon = '\0';
		host->ports.busy[host->ports.n_busy++] = (struct sc_busy_fact){text, (unsigned)atoi(colon + 1)};
	}
	for (size_t i = 0; pki && strcmp(pki, "absent") == 0 && i < host->files.n_certs; i++)
		if (strcmp(host->files.certs[i].dir, "/etc/pki/libvirt-spice") == 0)
			host->files.certs[i] = (struct sc_cert_fact){.dir = host->files.certs[i].dir, .exists = SC_FALSE};
	/* Paths that nothing created don't exist. */
	struct sc_cert_fact *certs = sc_arena_alloc(host->memory, (host->files.n_certs + 1) * sizeof(*certs));
	memcpy(certs, host->files.certs, host->files.n_certs * sizeof(*certs));
	host->files.certs = certs;
}

static enum spicecfg_verdict judge(struct spicecfg_ctx *ctx, const char *id, const char *xml, const struct sc_host *host,
				   struct sc_neighbours *neighbours, bool join)
{
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;
	struct sc_findings *findings = NULL;

	if (sc_xml_parse(ctx, id, xml, strlen(xml), &doc) || sc_domain_read(ctx, doc, &domain)) {
		spicecfg_ctx_clear_error(ctx);
		return SPICECFG_VERDICT_REFUSED;
	}
	struct sc_rule_input input = {.domain = domain, .host = host, .neighbours = neighbours};
	if (sc_rules_run(ctx, &input, &findings))
		abort();
	enum spicecfg_verdict verdict = sc_findings_verdict(findings);
	if (join && !sc_neighbours_add(neighbours, domain, sc_findings_launch(findings), host, true, verdict == SPICECFG_VERDICT_STARTS))
		abort();
	if (list && verdict == SPICECFG_VERDICT_REFUSED)
		for (size_t i = 0; i < sc_findings_count(findings); i++)
			if (sc_findings_get(findings, i)->cls == SPICECFG_CLASS_START)
				printf("  %s: %s: %s\n", id, sc_findings_get(findings, i)->rule, sc_findings_get(findings, i)->message);
	if (list && verdict == SPICECFG_VERDICT_UNKNOWN)
		printf("  %s: unknown: %s\n", id, sc_findings_doubt(findings));
	sc_findings_free(findings);
	return verdict;
}

static enum spicecfg_verdict judge_case(struct spicecfg_ctx *ctx, const json_t *row, struct sc_host *host)
{
	const char *id = json_string_value(json_object_get(row, "id"));
	const json_t *xmls = json_object_get(row, "xmls");

	if (!xmls)
		return judge(ctx, id, json_string_value(json_object_get(row, "xml")), host, NULL, false);
	struct sc_neighbours *neighbours = sc_neighbours_new();
	enum spicecfg_verdict verdict = SPICECFG_VERDICT_UNKNOWN;
	for (size_t i = 0; i < json_array_size(xmls); i++)
		verdict = judge(ctx, id, json_string_value(json_array_get(xmls, i)), host, neighbours, i + 1 < json_array_size(xmls));
	sc_neighbours_free(neighbours);
	return verdict;
}

static void count(struct score *score, const char *round, const json_t *row, enum spicecfg_verdict verdict)
{
	bool starts = json_is_true(json_object_get(row, "starts"));
	const char *error = json_string_value(json_object_get(row, "error"));

	score->cases++;
	if (verdict == SPICECFG_VERDICT_UNKNOWN)
		score->unknown++;
	else if ((verdict == SPICECFG_VERDICT_STARTS) == starts)
		score->right++;
	else if (starts)
		score->false_refused++;
	else
		score->false_starts++;
	if (verdict != SPICECFG_VERDICT_UNKNOWN && (verdict == SPICECFG_VERDICT_STARTS) != starts)
		printf("wrong (%s): %s (%s): %s, really %s%s\n", round, json_string_value(json_object_get(row, "id")),
		       json_string_value(json_object_get(row, "note")), spicecfg_verdict_name(verdict),
		       starts ? "starts" : "refused: ", starts ? "" : error);
}

static bool depends_on_fixture(const json_t *row)
{
	char *text = json_dumps(row, JSON_COMPACT);
	bool depends = json_object_get(row, "env") != NULL;

	for (const char *const *name = not_healthy; *name; name++)
		depends |= strstr(text, *name) != NULL;
	free(text);
	return depends;
}

static bool print(const char *title, const struct score *score, double unknown_max)
{
	printf("%s: %u cases, agreement %.2f %%, false starts %u, false refused %u, unknown %u (%.2f %%)\n", title, score->cases,
	       100.0 * score->right / score->cases, score->false_starts, score->false_refused, score->unknown,
	       100.0 * score->unknown / score->cases);
	return !score->false_starts && !score->false_refused && 100.0 * score->unknown / score->cases <= unknown_max;
}

int main(int argc, char **argv)
{
	struct score told = {0}, assumed = {0};
	size_t facts_len, cases_len;

	if (argc < 3)
		return 2;
	list = argc > 3 && strcmp(argv[3], "--list") == 0;
	char *facts = slurp(argv[2], &facts_len);
	char *cases = slurp(argv[1], &cases_len);
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	for (char *line = strtok(cases, "\n"); line; line = strtok(NULL, "\n")) {
		json_t *row = json_loads(line, 0, NULL);
		struct sc_host *host;

		if (sc_hostfacts_read(ctx, argv[2], facts, facts_len, &host)) {
			fprintf(stderr, "%s\n", spicecfg_ctx_error(ctx)->message);
			return 2;
		}
		bool readable = add_conf(ctx, host, json_object_get(row, "conf"));
		add_env(host, json_object_get(row, "env"));
		count(&told, "host facts", row, readable ? judge_case(ctx, row, host) : SPICECFG_VERDICT_REFUSED);
		unsigned libvirt = host->version.libvirt, qemu = host->version.qemu;
		sc_host_free(host);
		if (!depends_on_fixture(row)) {
			host = sc_host_new(ctx);
			host->version.libvirt = libvirt;
			host->version.qemu = qemu;
			readable = add_conf(ctx, host, json_object_get(row, "conf"));
			count(&assumed, "no host", row, readable ? judge_case(ctx, row, host) : SPICECFG_VERDICT_REFUSED);
			sc_host_free(host);
		}
		json_decref(row);
	}
	bool good = print("host facts", &told, 1.0);
	good &= print("no host", &assumed, 3.0);
	spicecfg_ctx_free(ctx);
	free(facts);
	free(cases);
	return good ? 0 : 1;
}

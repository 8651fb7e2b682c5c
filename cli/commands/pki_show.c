/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates: the verbs that change nothing. */
#include <stdlib.h>
#include <string.h>

#include "commands/pki.h"
#include "error.h"
#include "say.h"
#include "table.h"

static json_t *names_json(const char *const *names)
{
	json_t *list = json_array();

	for (; *names; names++)
		json_array_append_new(list, cli_json_text(*names));
	return list;
}

static json_t *cert_json(const char *role, const char *dir, const char *file, const struct spicecfg_cert *cert, int64_t now)
{
	char from[32], until[32];
	json_t *json = json_object();

	spicecfg_pki_time(cert->not_before, from, sizeof(from));
	spicecfg_pki_time(cert->not_after, until, sizeof(until));
	json_object_set_new(json, "role", cli_json_text(role));
	char *path = NULL;

	if (asprintf(&path, "%s/%s", dir, file) > 0)
		json_object_set_new(json, "file", cli_json_text(path));
	free(path);
	json_object_set_new(json, "subject", cli_json_text(cert->subject));
	json_object_set_new(json, "issuer", cli_json_text(cert->issuer));
	json_object_set_new(json, "dns", names_json(cert->dns));
	json_object_set_new(json, "ip", names_json(cert->ip));
	json_object_set_new(json, "serial", cli_json_text(cert->serial));
	json_object_set_new(json, "key", cli_json_text(cert->key));
	json_object_set_new(json, "valid_from", cli_json_text(from));
	json_object_set_new(json, "valid_until", cli_json_text(until));
	json_object_set_new(json, "days_left", json_integer((cert->not_after - now) / 86400));
	json_object_set_new(json, "sha256", cli_json_text(cert->fingerprint));
	return json;
}

/* All names on one line, separated by blanks, for free(). NULL: out of memory. */
static char *joined(const char *const *dns, const char *const *ip)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (const char *const *name = dns; *name; name++)
		fprintf(out, "%s%s", name == dns ? "" : " ", *name);
	for (const char *const *name = ip; *name; name++)
		fprintf(out, "%s%s", name == ip && !*dns ? "" : " ", *name);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void print_cert(struct cli *cli, const char *role, const char *dir, const char *file, const struct spicecfg_cert *cert, int64_t now)
{
	char until[32];

	spicecfg_pki_time(cert->not_after, until, sizeof(until));
	cli_out(cli, "%s: %s/%s\n  subject  %s\n  issuer   %s\n", role, dir, file, cert->subject, cert->issuer);
	if (cert->dns[0] || cert->ip[0]) {
		char *names = joined(cert->dns, cert->ip);

		cli_out(cli, "  names    %s\n", names ? names : "");
		free(names);
	}
	cli_out(cli, "  key      %s\n  until    %s (%lld days)\n  sha256   %s\n", cert->key, until,
		(long long)((cert->not_after - now) / 86400), cert->fingerprint);
}

static void add_line(struct cli *cli, const char *role, const char *dir, const char *file, const struct spicecfg_cert *cert, int64_t now)
{
	char until[32], days[32], *names = joined(cert->dns, cert->ip), *path;

	spicecfg_pki_time(cert->not_after, until, sizeof(until));
	until[strcspn(until, "T")] = '\0'; /* the day */
	snprintf(days, sizeof(days), "%lld", (long long)((cert->not_after - now) / 86400));
	if (asprintf(&path, "%s/%s", dir, file) < 0)
		path = NULL;
	cli_table_add(cli->table, (const char *const[]){role, cert->subject, names && *names ? names : "-", cert->key, until, days,
							path ? path : "", NULL});
	free(path);
	free(names);
}

static void tell_cert(struct cli *cli, json_t *list, const char *role, const char *dir, const char *file, const struct spicecfg_cert *cert,
		      int64_t now)
{
	if (cli->json)
		json_array_append_new(list, cert_json(role, dir, file, cert, now));
	else if (cli->table)
		add_line(cli, role, dir, file, cert, now);
	else
		print_cert(cli, role, dir, file, cert, now);
}

/* A line for each certificate; with --verbose all about each. */
static void begin_table(struct cli *cli)
{
	if (!cli->json && !cli->verbose && !cli->quiet)
		cli->table = cli_table_new(cli, (const char *const[]){"ROLE", "SUBJECT", "NAMES", "KEY", "UNTIL", "DAYS", "FILE", NULL});
}

static void end_table(struct cli *cli, bool any)
{
	if (cli->table && any)
		cli_table_print(cli->table, cli->reports);
	cli_table_free(cli->table);
	cli->table = NULL;
}

static void show(struct cli *cli, const struct spicecfg_pki_view *view)
{
	json_t *list = json_array();
	bool any = view->own_ca || view->n_ca || view->n_chain || view->key;

	begin_table(cli);
	if (view->own_ca)
		tell_cert(cli, list, "own CA", view->ca_dir, "ca-cert.pem", view->own_ca, view->now);
	for (size_t i = 0; i < view->n_ca; i++)
		tell_cert(cli, list, "CA", view->dir, "ca-cert.pem", &view->ca[i], view->now);
	for (size_t i = 0; i < view->n_chain; i++)
		tell_cert(cli, list, i ? "intermediate" : "server", view->dir, "server-cert.pem", &view->chain[i], view->now);
	end_table(cli, view->own_ca || view->n_ca || view->n_chain);
	if (view->key)
		cli_out(cli, "key: %s/server-key.pem\n  %s, %s\n", view->dir, view->key,
			view->key_matches ? "belongs to the certificate" : "does not belong to the certificate");
	if (view->chain_error)
		cli_out(cli, "clients refuse the chain: %s\n", view->chain_error);
	if (!any) {
		static const struct spicecfg_fix_part parts[] = {
		    {SPICECFG_FIX_PROGRAM, "spicecfg"}, {SPICECFG_FIX_WORD, "pki"}, {SPICECFG_FIX_WORD, "init"}, {SPICECFG_FIX_SHELL, "&&"},
		    {SPICECFG_FIX_PROGRAM, "spicecfg"}, {SPICECFG_FIX_WORD, "pki"}, {SPICECFG_FIX_WORD, "issue"}};
		const struct spicecfg_fix make = {.parts = parts, .n_parts = sizeof(parts) / sizeof(*parts)};
		char *how = cli_fix_text(cli, &make, NULL);

		cli_out(cli, "there are no certificates in %s; to create them: %s\n", view->dir, how ? how : "");
		free(how);
	}
	if (!cli->json) {
		json_decref(list);
		return;
	}
	json_object_set_new(cli->json_doc, "dir", cli_json_text(view->dir));
	json_object_set_new(cli->json_doc, "ca_dir", cli_json_text(view->ca_dir));
	json_object_set_new(cli->json_doc, "certificates", list);
	json_object_set_new(cli->json_doc, "key", cli_json_text(view->key));
	json_object_set_new(cli->json_doc, "key_matches", json_boolean(view->key_matches));
	json_object_set_new(cli->json_doc, "chain_error", cli_json_text(view->chain_error));
}

static void report(struct cli *cli, const struct spicecfg_pki *pki)
{
	static const char *const names[] = {NULL, "note", "warning", "error"};
	const struct spicecfg_finding *finding;
	json_t *list = json_array();
	int counts[4] = {0};

	for (size_t i = 0; (finding = spicecfg_pki_finding(pki, i)); i++) {
		counts[finding->level]++;
		json_array_append_new(list, cli_file_finding_json(cli, finding, NULL));
		cli_out(cli, "%s: %s: %s [%s]\n", finding->file, spicecfg_level_name(finding->level), finding->message, finding->rule);
		char *fix = cli_fix_text(cli, finding->fix, NULL);
		if (!cli->quiet && !cli->json)
			cli_fix_print(cli->reports, "  ", fix);
		free(fix);
	}
	if (!json_array_size(list))
		cli_out(cli, "%s: no findings\n", spicecfg_pki_view(pki)->dir);
	if (!cli->json) {
		json_decref(list);
		return;
	}
	json_object_set_new(cli->json_doc, "dir", cli_json_text(spicecfg_pki_view(pki)->dir));
	json_object_set_new(cli->json_doc, "findings", list);
	json_t *summary = json_object();
	for (int level = SPICECFG_LEVEL_ERROR; level > SPICECFG_LEVEL_OFF; level--)
		json_object_set_new(summary, names[level], json_integer(counts[level]));
	json_object_set_new(cli->json_doc, "summary", summary);
}

static enum spicecfg_status run_show(struct cli *cli)
{
	struct spicecfg_pki_request request;
	struct spicecfg_pki *pki = NULL;
	enum spicecfg_status status = cli_pki_request(cli, &request);

	if (status)
		return status;
	status = spicecfg_pki_read(cli->ctx, &request, &pki);
	if (!status)
		show(cli, spicecfg_pki_view(pki));
	spicecfg_pki_free(pki);
	cli_pki_request_free(&request);
	return status;
}

static enum spicecfg_status run_check(struct cli *cli)
{
	struct spicecfg_pki_request request;
	struct spicecfg_pki *pki = NULL;
	enum spicecfg_status status = cli_pki_request(cli, &request);

	if (status)
		return status;
	status = spicecfg_pki_read(cli->ctx, &request, &pki);
	if (!status)
		status = spicecfg_pki_check(pki);
	if (!status || status == SPICECFG_FINDINGS)
		report(cli, pki);
	spicecfg_pki_free(pki);
	cli_pki_request_free(&request);
	return status;
}

static enum spicecfg_status print_pem(struct cli *cli, const struct spicecfg_pki_request *request)
{
	char *pem = NULL;
	enum spicecfg_status status = spicecfg_pki_export_ca(cli->ctx, request, &pem);

	if (!status && cli->json)
		json_object_set_new(cli->json_doc, "pem", cli_json_text(pem));
	else if (!status)
		cli_say_block(stdout, pem);
	free(pem);
	return status;
}

static enum spicecfg_status run_export(struct cli *cli)
{
	struct spicecfg_pki_request request;
	struct spicecfg_plan *plan = NULL;
	enum spicecfg_status status = cli_pki_request(cli, &request);

	if (status)
		return status;
	if (!cli->output) {
		status = print_pem(cli, &request);
	} else {
		status = cli_plan_open(cli, &plan);
		if (!status)
			status = spicecfg_plan_pki_export(plan, &request, cli->output);
		if (!status)
			status = cli_plan(cli, cli->output, plan, NULL);
		else
			cli_plan_close(cli, plan);
	}
	cli_pki_request_free(&request);
	return status;
}

#define DIR_OPTIONS                                                                                                                        \
	{"dir", 0, "D", "the server's directory (default: qemu.conf's spice_tls_x509_cert_dir, else /etc/pki/libvirt-spice)", false},      \
	{                                                                                                                                  \
		"ca-dir", 0, "D", "where the host's own CA is kept (default: /etc/pki/spicecfg-ca)", false                                 \
	}
#define END_OPTION                                                                                                                         \
	{                                                                                                                                  \
		NULL, 0, NULL, NULL, false                                                                                                 \
	}

static const struct cli_option dir_options[] = {DIR_OPTIONS, END_OPTION};
static const struct cli_option check_options[] = {
    DIR_OPTIONS,
    {"host", 0, "NAME",
     "a name or address that clients connect to; all of them must match (default: the host's own names, of which one must match)", true},
    END_OPTION,
};

const struct cli_verb cli_verb_pki_show = {
    .name = "pki show",
    .synopsis = "[--dir D] [--ca-dir D]",
    .summary = "Show the certificates of the Spice server",
    .help = "A line for each certificate; --verbose prints issuer and fingerprint as well.",
    .flags = CLI_HOST,
    .options = dir_options,
    .run = run_show,
};

const struct cli_verb cli_verb_pki_check = {
    .name = "pki check",
    .synopsis = "[--host NAME]... [--dir D] [--ca-dir D]",
    .summary = "Check the certificates and the key as QEMU and Spice clients will",
    .help =
	"Checks the files that QEMU expects: whether its account can read them and others can't, the chain, dates, strength, names, and\n"
	"whether the key belongs to the certificate. Exit code 1: a finding is an error.",
    .example = "  spicecfg pki check --host mysrv.example.org",
    .flags = CLI_HOST,
    .options = check_options,
    .run = run_check,
};

const struct cli_verb cli_verb_pki_export_ca = {
    .name = "pki export-ca",
    .synopsis = "[-o FILE] [--dir D] [--ca-dir D]",
    .summary = "Print the CA's certificate, which clients have to trust",
    .help = "Clients use it with --spice-ca-file=FILE, or as ~/.spicec/spice_truststore.pem. It contains no secret.",
    .example = "  spicecfg pki export-ca -o mysrv-ca.pem",
    .flags = CLI_HOST | CLI_OUTPUT,
    .options = dir_options,
    .run = run_export,
};

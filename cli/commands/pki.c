/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates: the verbs that change files. */
#include "commands/pki.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

/* All values of a repeatable option, NULL-terminated; *fine false when memory is short. */
static const char **values(const struct cli *cli, const char *name, bool *fine)
{
	size_t n = 0;

	while (cli_get_nth(cli, name, n))
		n++;
	const char **list = calloc(n + 1, sizeof(*list));
	if (!list) {
		*fine = false;
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		list[i] = cli_get_nth(cli, name, i);
	return list;
}

static enum spicecfg_status parse_days(struct cli *cli, const char *text, int *days)
{
	char *end;

	errno = 0;
	long value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < 1 || value > 36500)
		return cli_usage(cli, "'%s' is not a number of days from 1 to 36500", text);
	*days = (int)value;
	return SPICECFG_OK;
}

/* DURATION in seconds; docs/cli.md lists the units. */
static enum spicecfg_status parse_within(struct cli *cli, const char *text, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
	int64_t sum = 0;

	for (const char *at = text; *at;) {
		char *end;
		size_t i = 0;

		errno = 0;
		long value = strtol(at, &end, 10);
		while (i < 4 && units[i].unit != *end)
			i++;
		if (errno || end == at || value < 0 || value > 36500L * 86400 || i == 4)
			return cli_usage(cli, "'%s' is not a duration such as 30d", text);
		sum += value * units[i].seconds;
		at = end + 1;
	}
	*seconds = sum;
	return *text ? SPICECFG_OK : cli_usage(cli, "a duration such as 30d is needed");
}

enum spicecfg_status cli_pki_request(struct cli *cli, struct spicecfg_pki_request *out)
{
	const char *days = cli_get(cli, "days"), *within = cli_get(cli, "within");
	enum spicecfg_status status = SPICECFG_OK;
	bool fine = true;

	*out = (struct spicecfg_pki_request){
	    .size = sizeof(*out),
	    .dir = cli_get(cli, "dir"),
	    .ca_dir = cli_get(cli, "ca-dir"),
	    .key_type = cli_get(cli, "key-type"),
	    .name = cli_get(cli, "name"),
	    .cert_file = cli_get(cli, "cert"),
	    .key_file = cli_get(cli, "key"),
	    .ca_file = cli_get(cli, "ca"),
	    .keep_key = cli_has(cli, "keep-key"),
	    .ca = cli_has(cli, "ca-itself"),
	    .if_ending = within != NULL,
	};
	if (days)
		status = parse_days(cli, days, &out->days);
	if (!status && within)
		status = parse_within(cli, within, &out->within);
	if (status)
		return status;
	out->hosts = values(cli, "host", &fine);
	out->ips = values(cli, "ip", &fine);
	if (fine)
		return SPICECFG_OK;
	cli_pki_request_free(out);
	return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
}

void cli_pki_request_free(struct spicecfg_pki_request *request)
{
	free((void *)request->hosts);
	free((void *)request->ips);
}

typedef enum spicecfg_status (*plan_fn)(struct spicecfg_plan *plan, const struct spicecfg_pki_request *request);

struct wish {
	plan_fn make;
	struct spicecfg_pki_request request;
};

static enum spicecfg_status edit_once(struct cli *cli, void *opaque, bool *stale)
{
	const struct wish *wish = opaque;
	struct spicecfg_plan *plan;
	enum spicecfg_status status = cli_plan_open(cli, &plan);

	if (!status)
		status = wish->make(plan, &wish->request);
	if (!status)
		return cli_plan(cli, "pki", plan, stale);
	cli_plan_close(cli, plan);
	return status;
}

static enum spicecfg_status carry_out(struct cli *cli, plan_fn make)
{
	struct wish wish = {.make = make};
	enum spicecfg_status status = cli_pki_request(cli, &wish.request);

	if (status)
		return status;
	if (make == spicecfg_plan_pki_csr)
		wish.request.csr_file = cli->output;
	else if (cli->output)
		status = cli_usage(cli, "'%s' writes several files: use --dir instead of --output", cli->verb->name);
	if (!status)
		status = cli_redo(cli, edit_once, &wish);
	cli_pki_request_free(&wish.request);
	return status;
}

static enum spicecfg_status run_init(struct cli *cli)
{
	return carry_out(cli, spicecfg_plan_pki_init);
}

static enum spicecfg_status run_issue(struct cli *cli)
{
	return carry_out(cli, spicecfg_plan_pki_issue);
}

static enum spicecfg_status run_renew(struct cli *cli)
{
	return carry_out(cli, spicecfg_plan_pki_renew);
}

static enum spicecfg_status run_csr(struct cli *cli)
{
	return carry_out(cli, spicecfg_plan_pki_csr);
}

static enum spicecfg_status run_import(struct cli *cli)
{
	return carry_out(cli, spicecfg_plan_pki_import);
}

#define DIR_OPTION                                                                                                                         \
	{                                                                                                                                  \
		"dir", 0, "D", "the server's directory (default: qemu.conf's spice_tls_x509_cert_dir, else /etc/pki/libvirt-spice)", false \
	}
#define CA_DIR_OPTION                                                                                                                      \
	{                                                                                                                                  \
		"ca-dir", 0, "D", "where the host's own CA is kept, apart from the server's directory (default: /etc/pki/spicecfg-ca)",    \
		    false                                                                                                                  \
	}
#define HOST_OPTION                                                                                                                        \
	{                                                                                                                                  \
		"host", 0, "NAME", "a name that clients connect to (default: the host's full and short name)", true                        \
	}
#define IP_OPTION                                                                                                                          \
	{                                                                                                                                  \
		"ip", 0, "A", "an address that clients connect to", true                                                                   \
	}
#define DAYS_OPTION                                                                                                                        \
	{                                                                                                                                  \
		"days", 0, "N", "days of validity (default: 730 for a server, 3650 for a CA)", false                                       \
	}
#define KEY_TYPE_OPTION                                                                                                                    \
	{                                                                                                                                  \
		"key-type", 0, "ec|rsa", "P-256 (default) or RSA with 3072 bits", false                                                    \
	}
#define KEEP_KEY_OPTION                                                                                                                    \
	{                                                                                                                                  \
		"keep-key", 0, NULL, "keep the current key and certify it again", false                                                    \
	}
#define END_OPTION                                                                                                                         \
	{                                                                                                                                  \
		NULL, 0, NULL, NULL, false                                                                                                 \
	}

static const struct cli_option init_options[] = {
    DIR_OPTION, CA_DIR_OPTION, DAYS_OPTION, KEY_TYPE_OPTION, {"name", 0, "NAME", "the CA's name (default: Spice CA of HOST)", false},
    END_OPTION,
};
static const struct cli_option issue_options[] = {
    DIR_OPTION, CA_DIR_OPTION, HOST_OPTION, IP_OPTION, DAYS_OPTION, KEY_TYPE_OPTION, KEEP_KEY_OPTION, END_OPTION,
};
static const struct cli_option renew_options[] = {
    DIR_OPTION,
    CA_DIR_OPTION,
    HOST_OPTION,
    IP_OPTION,
    DAYS_OPTION,
    KEY_TYPE_OPTION,
    KEEP_KEY_OPTION,
    {"within", 0, "DURATION", "only if it expires within that time, such as 30d: for use in a timer", false},
    {"ca-itself", 0, NULL, "renew the CA's own certificate with its old key: what it signed stays valid", false},
    END_OPTION,
};
static const struct cli_option csr_options[] = {
    DIR_OPTION, HOST_OPTION, IP_OPTION, KEY_TYPE_OPTION, END_OPTION,
};
static const struct cli_option import_options[] = {
    DIR_OPTION,
    HOST_OPTION,
    {"cert", 0, "FILE", "the server's certificate as PEM, followed by intermediate ones", false},
    {"key", 0, "FILE", "its key (default: the one from 'pki csr', else the current one)", false},
    {"ca", 0, "FILE", "the CA's certificate (default: the current one)", false},
    END_OPTION,
};

const struct cli_verb cli_verb_pki_init = {
    .name = "pki init",
    .synopsis = "[--ca-dir D] [--name NAME] [--days N]",
    .summary = "Create the host's own CA for Spice over TLS",
    .help =
	"The CA's key is readable only by root (0600), in a directory (0700) apart from the server's, which QEMU can read. An existing\n"
	"CA is left as it is.",
    .example = "  spicecfg pki init\n  spicecfg pki issue --host mysrv.example.org --ip 192.168.2.2",
    .flags = CLI_HOST | CLI_CHANGES,
    .options = init_options,
    .run = run_init,
};

const struct cli_verb cli_verb_pki_issue = {
    .name = "pki issue",
    .synopsis = "[--host NAME]... [--ip A]... [--days N] [--dir D] [--ca-dir D]",
    .summary = "Issue the server's key and certificate from the host's own CA",
    .help =
	"Writes ca-cert.pem, server-cert.pem and server-key.pem as QEMU expects them, readable by QEMU's account, and the key by nobody\n"
	"else. The names and addresses go into the certificate's subjectAltName: a client refuses the server under any other name. An\n"
	"existing certificate that fits is kept. Running VMs keep the old one until they are powered off and started again.",
    .example = "  spicecfg pki issue --host mysrv.example.org --host mysrv --ip 192.168.2.2",
    .flags = CLI_HOST | CLI_CHANGES,
    .options = issue_options,
    .run = run_issue,
};

const struct cli_verb cli_verb_pki_renew = {
    .name = "pki renew",
    .synopsis = "[--within DURATION] [--ca-itself] [--days N] [--dir D] [--ca-dir D]",
    .summary = "Renew the server's certificate, keeping its names",
    .help = "Issues a new key and certificate from the same CA; --keep-key keeps the key. --ca-itself renews the CA's own certificate:\n"
	    "clients need the new one (pki export-ca) before the old one expires.",
    .example = "  spicecfg pki renew --within 30d",
    .flags = CLI_HOST | CLI_CHANGES,
    .options = renew_options,
    .run = run_renew,
};

const struct cli_verb cli_verb_pki_csr = {
    .name = "pki csr",
    .synopsis = "[--host NAME]... [--ip A]... [--dir D]",
    .summary = "Create a key and a certificate request for an external CA",
    .help = "The key waits as pending-key.pem (0600) in the server's directory, and the certificate in use is kept; 'pki import' installs\n"
	    "both. The request is written to server.csr there, or to --output FILE.",
    .example = "  spicecfg pki csr --host mysrv.example.org -o mysrv.csr",
    .flags = CLI_HOST | CLI_CHANGES,
    .options = csr_options,
    .run = run_csr,
};

const struct cli_verb cli_verb_pki_import = {
    .name = "pki import",
    .synopsis = "--cert FILE [--key FILE] [--ca FILE] [--dir D]",
    .summary = "Install a certificate from an external CA",
    .help = "Before writing, checks that clients that trust the CA accept the chain, that the key belongs to the certificate and has no\n"
	    "password, and checks dates, strength and names.",
    .example = "  spicecfg pki import --cert mysrv.pem --ca corporate-root.pem",
    .flags = CLI_HOST | CLI_CHANGES,
    .options = import_options,
    .run = run_import,
};

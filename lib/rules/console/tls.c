/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The certificates that QEMU loads when a console opens a TLS port. */
#include <arpa/inet.h>
#include <string.h>

#include "model/pki.h"
#include "rules/fixes.h"
#include "rules/tables.h"

static bool opens_tls(const struct sc_rule_input *in)
{
	const struct sc_console *console = in->launch->spice;

	return console && !console->broken && console->open_tls;
}

/* The directory that QEMU is given; NULL: no TLS port is opened, or it is not known. */
static const char *directory(const struct sc_rule_input *in)
{
	const struct sc_spice_arg *arg = sc_spice_args_find(&in->launch->args, "x509-dir");

	if (!opens_tls(in))
		return NULL;
	if (arg)
		return arg->value;
	/* libvirt passes its directory only for its own TLS port. */
	return in->launch->spice->tls ? sc_host_cert_dir(in->host) : NULL;
}

/* A TLS port that only -spice opens: QEMU looks in its working directory, /. */
static bool no_directory(const struct sc_rule_input *in)
{
	return opens_tls(in) && !in->launch->spice->tls && !sc_spice_args_find(&in->launch->args, "x509-dir");
}

static const char *what_is_wrong(enum sc_cert_state state)
{
	switch (state) {
	case SC_CERT_MISSING:
		return "is missing";
	case SC_CERT_UNREADABLE:
		return "can't be read by QEMU's account";
	case SC_CERT_INVALID:
		return "is not PEM";
	case SC_CERT_ENCRYPTED:
		return "has a passphrase";
	case SC_CERT_MISMATCH:
		return "does not belong to the certificate";
	case SC_CERT_WEAK:
		return "has a key or signature that is too weak for OpenSSL here (security level 2)";
	case SC_CERT_UNKNOWN:
	case SC_CERT_OK:
		break;
	}
	return NULL;
}

/* Adds --dir to the pki command of the finding that was added last, when QEMU's directory is not the one that pki uses by default. */
static void fix_certs(const struct sc_rule_input *in, struct sc_findings *out)
{
	const char *dir = directory(in), *usual = in->host->conf.spice_cert_dir ? in->host->conf.spice_cert_dir : SC_PKI_DIR;

	if (dir && strcmp(dir, usual) != 0)
		sc_find_fix_more(out, "--dir %s", dir);
}

static struct sc_cert_fact certs_of(const struct sc_rule_input *in)
{
	const char *dir = directory(in);

	return dir ? sc_host_certs(in->host, dir) : (struct sc_cert_fact){.dir = NULL};
}

static void add_names(const struct sc_cert_fact *certs, struct sc_findings *out)
{
	char ip[INET6_ADDRSTRLEN];

	for (size_t i = 0; i < certs->n_names; i++) {
		if (sc_pki_ip_normal(certs->names[i], ip, sizeof(ip)))
			sc_find_fix_more(out, "--ip %s", certs->names[i]);
		else if (!sc_pki_name_wrong(certs->names[i]))
			sc_find_fix_more(out, "--host %s", certs->names[i]);
	}
}

/* A new certificate for the same names, and the host's own where own is set. One of another CA is made by that CA. */
static void fix_replace(const struct sc_rule_input *in, bool own, struct sc_findings *out)
{
	struct sc_cert_fact certs = certs_of(in);
	bool foreign = certs.foreign == SC_TRUE;

	sc_find_fix(out, foreign ? "spicecfg pki csr" : "spicecfg pki issue");
	add_names(&certs, out);
	if (own && certs.host_name)
		sc_find_fix_more(out, "--host %s", certs.host_name);
	else if (own)
		sc_find_fix_more(out, "--host \"$(hostname)\"");
	fix_certs(in, out);
	if (!foreign)
		return;
	sc_find_fix_more(out, "&& spicecfg pki import --cert FILE --ca FILE");
	fix_certs(in, out);
}

/* For one of the three files; those that another CA made stay. */
static void fix_file(const struct sc_rule_input *in, const char *file, enum sc_cert_state state, struct sc_findings *out)
{
	struct sc_cert_fact certs = certs_of(in);
	const char *user = in->host->account.known == SC_TRUE ? in->host->account.user : NULL;
	bool shut = certs.ca == SC_CERT_UNREADABLE && certs.cert == SC_CERT_UNREADABLE && certs.key == SC_CERT_UNREADABLE;

	if (certs.foreign != SC_TRUE && !shut)
		fix_certs(in, out);
	else if (state != SC_CERT_UNREADABLE)
		fix_replace(in, false, out);
	else if (!user || !sc_is_acl_name(user))
		sc_find_fix(out, NULL);
	else if (shut)
		sc_find_fix(out, "setfacl -m u:%s:x -- %s && setfacl -m u:%s:r -- %s/%s", user, certs.dir, user, certs.dir, file);
	else
		sc_find_fix(out, "setfacl -m u:%s:r -- %s/%s", user, certs.dir, file);
}

/* A file that -spice names itself: only its existence can be checked, unless it is one of a known directory. */
static void judge_own(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_spice_arg *arg, const char *file,
		      enum sc_cert_state state, struct sc_findings *out)
{
	const char *dir = sc_host_cert_dir(in->host), *path = arg->value;
	size_t len = dir ? strlen(dir) : 0;

	if (sc_host_file(in->host, path).type == SC_PATH_MISSING)
		sc_find(out, rule, SC_HOST, arg->node, NULL, "'%s' of -spice does not exist", path);
	else if (!dir || strncmp(path, dir, len) != 0 || path[len] != '/' || strcmp(path + len + 1, file) != 0 || state != SC_CERT_OK)
		sc_doubt(out, rule, "nothing is known about '%s'", path);
}

static void judge(const struct sc_rule *rule, const struct sc_rule_input *in, const char *option, const char *file,
		  enum sc_cert_state state, struct sc_findings *out)
{
	const struct sc_spice_arg *own = sc_spice_args_find(&in->launch->args, option);
	const char *wrong = what_is_wrong(state);
	const char *dir = directory(in);

	if (!opens_tls(in))
		return;
	if (own)
		judge_own(rule, in, own, file, state, out);
	else if (no_directory(in)) {
		const struct sc_spice_arg *port = sc_spice_args_find(&in->launch->args, "tls-port");

		sc_find(out, rule, SC_ALWAYS, in->launch->spice->node, NULL, "-spice opens a TLS port, but names no x509-dir");
		sc_find_fix_arg(out, in->domain, port ? port->node : in->launch->spice->node);
	} else if (!dir)
		sc_doubt(out, rule, "it is not known which certificate directory QEMU uses");
	else if (wrong) {
		sc_find(out, rule, SC_HOST, in->launch->spice->node, NULL, "'%s/%s' %s", dir, file, wrong);
		fix_file(in, file, state, out);
	} else if (state == SC_CERT_UNKNOWN)
		sc_doubt(out, rule, "nothing is known about '%s/%s'", dir, file);
}

/* The facts about the directory: the one that QEMU is given if there is one, else libvirt's, whose files -spice may name. */
static struct sc_cert_fact facts(const struct sc_rule_input *in)
{
	const char *dir = directory(in) ? directory(in) : sc_host_cert_dir(in->host);

	return dir ? sc_host_certs(in->host, dir) : (struct sc_cert_fact){0};
}

static void tls_certificate(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	judge(rule, in, "x509-cert-file", "server-cert.pem", facts(in).cert, out);
}

static void tls_key(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	judge(rule, in, "x509-key-file", "server-key.pem", facts(in).key, out);
}

static void tls_ca(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	judge(rule, in, "x509-cacert-file", "ca-cert.pem", facts(in).ca, out);
}

static void tls_expired(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const char *dir = directory(in);

	if (!dir || sc_host_certs(in->host, dir).expired != SC_TRUE)
		return;
	sc_find(out, rule, SC_HOST, in->launch->spice->node, NULL, "the server certificate in '%s' has expired: clients refuse it", dir);
	if (certs_of(in).foreign == SC_TRUE)
		fix_replace(in, false, out);
	else
		fix_certs(in, out);
}

static void tls_name(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const char *dir = directory(in);

	if (!dir || sc_host_certs(in->host, dir).names_host != SC_FALSE)
		return;
	sc_find(out, rule, SC_HOST, in->launch->spice->node, NULL, "the server certificate in '%s' does not name this host", dir);
	fix_replace(in, true, out);
}

static void tls_key_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const char *dir = directory(in);

	if (!dir || sc_host_certs(in->host, dir).key_private != SC_FALSE)
		return;
	sc_find(out, rule, SC_HOST, in->launch->spice->node, NULL, "accounts other than root and QEMU's user can read '%s/server-key.pem'",
		dir);
	fix_replace(in, false, out);
}

const struct sc_rule sc_rules_tls[] = {
    {"tls-certificate", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "No usable server certificate",
     "When a TLS port is opened, QEMU reads server-cert.pem from spice_tls_x509_cert_dir (else /etc/pki/libvirt-spice, else "
     "default_tls_x509_cert_dir, else /etc/pki/qemu) as its own account, and exits when it can't. OpenSSL refuses keys and signatures "
     "below "
     "its security level: on most distributions RSA with less than 2048 bits, EC with less than 224, SHA-1 and MD5.",
     "A15; spice-server server/reds.cpp reds_init_ssl; measured", "spicecfg pki init && spicecfg pki issue", tls_certificate},
    {"tls-key", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "No usable server key",
     "server-key.pem must be readable by QEMU's account, have no passphrase and belong to the certificate.",
     "A15; spice-server server/reds.cpp reds_init_ssl; measured", "spicecfg pki init && spicecfg pki issue", tls_key},
    {"tls-ca", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "No usable CA certificate",
     "ca-cert.pem must be in the same directory as the server certificate and readable by QEMU's account.",
     "A15; spice-server server/reds.cpp reds_init_ssl; measured", "spicecfg pki init && spicecfg pki issue", tls_ca},
    {"tls-expired", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "An expired server certificate",
     "QEMU starts with an expired certificate, but clients refuse it. Running VMs keep the certificate that they started with.", "measured",
     "spicecfg pki renew --within 30d", tls_expired},
    {"tls-name", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "A certificate for other names",
     "Clients compare the name that they connect to with the names in the certificate.", "A15; measured",
     "spicecfg pki issue --host \"$(hostname)\"", tls_name},
    {"tls-key-open", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "A server key that others can read",
     "Anybody who has the key can impersonate this host. Only root and QEMU's account need it.", "A15", "spicecfg pki issue", tls_key_open},
    {0},
};

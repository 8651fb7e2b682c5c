/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/fix.h"
#include "rules/fixes.h"
#include "rules/host/pki.h"
#include "rules/tables.h"

enum { STRONG_ENOUGH = 112, SOON_DAYS = 30, TIME_TEXT = 32 };

enum {
	MISSING,
	UNREADABLE,
	EXPOSED,
	CA_KEY_PLACE,
	KEY_PASSWORD,
	KEY_MISMATCH,
	CHAIN,
	PURPOSE,
	EXPIRED,
	NOT_YET,
	ENDS_SOON,
	WEAK,
	ASKED_NAME,
	HOST_NAME,
	NO_ALT_NAMES
};

/* START: QEMU does not start a VM with a TLS port. EFFECT: it does, but clients refuse the connection. */
const struct sc_rule sc_rules_pki[] = {
    [MISSING] = {.id = "pki-file-missing",
		 .level = SPICECFG_LEVEL_ERROR,
		 .cls = SPICECFG_CLASS_START,
		 .title = "A certificate or key that QEMU needs is missing",
		 .text = "QEMU looks for ca-cert.pem, server-cert.pem and server-key.pem in its x509 directory. Without one of them a VM "
			 "with a TLS port does not start.",
		 .source = "QEMU ui/qemu-x509.h, ui/spice-core.c qemu_spice_init; spice-server reds_init_ssl; measured",
		 .fix = "spicecfg pki init && spicecfg pki issue"},
    [UNREADABLE] = {.id = "pki-file-unreadable",
		    .level = SPICECFG_LEVEL_ERROR,
		    .cls = SPICECFG_CLASS_START,
		    .title = "QEMU's account can't read a certificate or the key",
		    .text = "QEMU reads the files after it has given up root's rights. The owner, mode or ACL of the file, or of a "
			    "directory on the way, keeps its account out; the VM does not start, and the error message names only the key "
			    "file. Readable by the group is enough: never make the key readable by everybody.",
		    .source = "spice-server reds_init_ssl; ravada#1030; measured",
		    .fix = "spicecfg pki issue"},
    [EXPOSED] = {.id = "pki-key-exposed",
		 .level = SPICECFG_LEVEL_ERROR,
		 .cls = SPICECFG_CLASS_SECURITY,
		 .title = "A private key can be read by other accounts",
		 .text = "Anybody who can read the server's key can impersonate the server; anybody who can read the CA's key can issue "
			 "certificates that all clients trust. The server's key is for root and QEMU's group (0640), the CA's key for root "
			 "(0600). A key that could be read has to be replaced.",
		 .source = "A15; measured",
		 .fix = "spicecfg pki issue"},
    [CA_KEY_PLACE] = {.id = "pki-ca-key-place",
		      .level = SPICECFG_LEVEL_WARNING,
		      .cls = SPICECFG_CLASS_SECURITY,
		      .title = "A CA's key is in the server's directory",
		      .text = "QEMU needs the CA's certificate, never its key. Code that breaks out of a VM can read whatever QEMU's "
			      "account can read: keep the CA's key in a directory of its own, or on another machine.",
		      .source = "A15"},
    [KEY_PASSWORD] = {.id = "pki-key-password",
		      .level = SPICECFG_LEVEL_ERROR,
		      .cls = SPICECFG_CLASS_START,
		      .title = "The server's key has a password",
		      .text = "libvirt has no way to give QEMU the password of a key (it does not set QEMU's own x509-key-password), and "
			      "the VM does not start. Remove the password, and keep the file readable by QEMU's group only.",
		      .source = "libvirt qemu/qemu_command.c qemuBuildGraphicsSPICECommandLine; spice-server ssl_password_cb; measured"},
    [KEY_MISMATCH] =
	{.id = "pki-key-mismatch",
	 .level = SPICECFG_LEVEL_ERROR,
	 .cls = SPICECFG_CLASS_START,
	 .title = "The server's key does not belong to its certificate",
	 .text =
	     "The key and the certificate come from two different requests. QEMU refuses them, and a VM with a TLS port does not start.",
	 .source = "spice-server reds_init_ssl SSL_CTX_use_PrivateKey_file; measured",
	 .fix = "spicecfg pki issue"},
    [CHAIN] = {.id = "pki-chain",
	       .level = SPICECFG_LEVEL_ERROR,
	       .cls = SPICECFG_CLASS_EFFECT,
	       .title = "Clients refuse the chain of the server's certificate",
	       .text = "The certificate does not lead to the CA in ca-cert.pem, or not in a way that a TLS client accepts: another CA "
		       "signed it, an intermediate certificate is missing after the server's own, the CA file contains no self-signed "
		       "root, or keys and hashes are weak. The VM starts, but every client that verifies the certificate refuses it.",
	       .source = "spice-common ssl_verify.c; OpenSSL X509_verify_cert with purpose sslserver and security level 2; measured",
	       .fix = "spicecfg pki issue"},
    [PURPOSE] = {.id = "pki-purpose",
		 .level = SPICECFG_LEVEL_ERROR,
		 .cls = SPICECFG_CLASS_EFFECT,
		 .title = "The certificate is not for TLS servers",
		 .text = "Its key usage or extended key usage excludes TLS servers: clients refuse it.",
		 .source = "RFC 5280 4.2.1.12; OpenSSL X509_check_purpose",
		 .fix = "spicecfg pki issue"},
    [EXPIRED] = {.id = "pki-expired",
		 .level = SPICECFG_LEVEL_ERROR,
		 .cls = SPICECFG_CLASS_EFFECT,
		 .title = "A certificate has expired",
		 .text = "The VM starts as before, but clients refuse the console. A running VM keeps the certificate that it was started "
			 "with: power it off and start it again after the renewal.",
		 .source = "spice-common ssl_verify.c; measured",
		 .fix = "spicecfg pki renew --within 30d"},
    [NOT_YET] = {.id = "pki-not-yet-valid",
		 .level = SPICECFG_LEVEL_ERROR,
		 .cls = SPICECFG_CLASS_EFFECT,
		 .title = "A certificate is not valid yet",
		 .text = "The clock of this host, or of the one that made the certificate, is wrong, or the certificate is meant for "
			 "later. Clients refuse it until then.",
		 .source = "spice-common ssl_verify.c"},
    [ENDS_SOON] = {.id = "pki-ends-soon",
		   .level = SPICECFG_LEVEL_WARNING,
		   .cls = SPICECFG_CLASS_EFFECT,
		   .title = "A certificate expires within 30 days",
		   .text = "Renew it in time: running VMs use the new one only after they are powered off and started again.",
		   .source = "RFC 5280 4.1.2.5",
		   .fix = "spicecfg pki renew --within 30d"},
    [WEAK] = {.id = "pki-weak",
	      .level = SPICECFG_LEVEL_ERROR,
	      .cls = SPICECFG_CLASS_SECURITY,
	      .title = "A key or signature is weak",
	      .text =
		  "Keys below RSA 2048 and signatures with SHA-1 or MD5 can be forged, and current TLS libraries refuse them on both ends.",
	      .source = "OpenSSL SSL_CTX_set_security_level(3), level 2",
	      .fix = "spicecfg pki issue"},
    [ASKED_NAME] = {.id = "pki-name",
		    .level = SPICECFG_LEVEL_ERROR,
		    .cls = SPICECFG_CLASS_EFFECT,
		    .title = "The certificate is not for a name that clients use",
		    .text = "A client compares the name or address that it connects to with the certificate's alternative names, and "
			    "refuses the console when none matches. The short name, the full name and each address are different names.",
		    .source = "spice-common ssl_verify.c verify_hostname; ravada#249; measured",
		    .fix = "spicecfg pki issue --host NAME"},
    [HOST_NAME] = {.id = "pki-host-name",
		   .level = SPICECFG_LEVEL_WARNING,
		   .cls = SPICECFG_CLASS_EFFECT,
		   .title = "The certificate is not for this host's own name",
		   .text = "None of the host's names is in the certificate. That is fine where clients use another name; otherwise they "
			   "refuse the console.",
		   .source = "spice-common ssl_verify.c verify_hostname",
		   .fix = "spicecfg pki issue --host NAME"},
    [NO_ALT_NAMES] =
	{.id = "pki-no-alt-names",
	 .level = SPICECFG_LEVEL_WARNING,
	 .cls = SPICECFG_CLASS_EFFECT,
	 .title = "The certificate has only a common name",
	 .text = "spice-gtk still accepts the common name where the certificate has no alternative name; other TLS clients do not.",
	 .source = "spice-common ssl_verify.c verify_hostname; RFC 6125 6.4.4",
	 .fix = "spicecfg pki issue"},
    {.id = NULL},
};

struct run {
	const struct sc_pki_check *check;
	struct sc_arena *arena;
	sc_pki_found_fn found;
	void *opaque;
	enum spicecfg_status status;
};

static __attribute__((format(printf, 5, 0))) void add(struct run *run, unsigned index, const char *file, const struct spicecfg_fix *fix,
						      const char *format, va_list args)
{
	const struct sc_rule *row = &sc_rules_pki[index];

	if (run->status != SPICECFG_OK)
		return;
	struct spicecfg_finding finding = {
	    .rule = row->id,
	    .level = row->level,
	    .cls = row->cls,
	    .message = sc_arena_vprintf(run->arena, format, args),
	    .path = "",
	    .file = sc_arena_strdup(run->arena, file),
	    .fix = fix,
	};
	run->status = finding.message && finding.file ? run->found(run->opaque, &finding) : SPICECFG_SYSTEM;
}

static void report(struct run *run, unsigned index, const char *file, const struct spicecfg_fix *fix, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static void report(struct run *run, unsigned index, const char *file, const struct spicecfg_fix *fix, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(run, index, file, fix, format, args);
	va_end(args);
}

/* A command of pki, for the directory that is checked. */
static const struct spicecfg_fix *verb(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

static const struct spicecfg_fix *verb(struct run *run, const char *format, ...)
{
	const char *dir = run->check->dir;
	va_list args;

	va_start(args, format);
	const struct spicecfg_fix *fix = sc_fix_vcommand(run->arena, NULL, format, args);
	va_end(args);
	return strcmp(dir, SC_PKI_DIR) != 0 ? sc_fix_more(run->arena, fix, "--dir %s", dir) : fix;
}

/* The words for the names that the certificate has. The common name is one where it has no others. */
static const struct spicecfg_fix *add_names(struct run *run, const struct spicecfg_fix *fix)
{
	const struct spicecfg_cert *cert = run->check->facts->n_chain ? &run->check->facts->chain[0] : NULL;

	for (const char *const *name = cert ? cert->dns : NULL; name && *name; name++)
		if (!sc_pki_name_wrong(*name))
			fix = sc_fix_more(run->arena, fix, "--host %s", *name);
	for (const char *const *ip = cert ? cert->ip : NULL; ip && *ip; ip++)
		fix = sc_fix_more(run->arena, fix, "--ip %s", *ip);
	if (cert && !cert->dns[0] && !cert->ip[0] && cert->common_name && !sc_pki_name_wrong(cert->common_name))
		fix = sc_fix_more(run->arena, fix, "--host %s", cert->common_name);
	return fix;
}

/* What follows a request, once another CA has signed it. */
static const struct spicecfg_fix *add_import(struct run *run, const struct spicecfg_fix *fix)
{
	const char *dir = run->check->dir;

	fix = sc_fix_more(run->arena, fix, "&& spicecfg pki import --cert FILE --ca FILE");
	return strcmp(dir, SC_PKI_DIR) != 0 ? sc_fix_more(run->arena, fix, "--dir %s", dir) : fix;
}

/* A new certificate by the local CA; one of another CA is replaced by that CA. Either for the same names. */
static const struct spicecfg_fix *replace(struct run *run)
{
	if (!run->check->foreign)
		return add_names(run, verb(run, "spicecfg pki issue"));
	return add_import(run, add_names(run, verb(run, "spicecfg pki csr")));
}

static const struct spicecfg_fix *renew(struct run *run)
{
	return run->check->foreign ? replace(run) : verb(run, "spicecfg pki renew --within 30d");
}

/* A certificate for all names that it has, and those that are missing. */
static const struct spicecfg_fix *add_missing(struct run *run)
{
	const struct sc_pki_check *check = run->check;
	const struct spicecfg_fix *fix = verb(run, check->foreign ? "spicecfg pki csr" : "spicecfg pki issue");
	char ip[INET6_ADDRSTRLEN];

	fix = add_names(run, fix);
	for (const char *const *host = check->hosts; *host; host++) {
		if (!sc_pki_name_matches(&check->facts->chain[0], *host))
			fix = sc_fix_more(run->arena, fix, sc_pki_ip_normal(*host, ip, sizeof(ip)) ? "--ip %s" : "--host %s", *host);
		if (!check->hosts_asked)
			break;
	}
	return check->foreign ? add_import(run, fix) : fix;
}

/* issue corrects owners and modes of its own certificates only. */
static const struct spicecfg_fix *make_readable(struct run *run, const struct sc_pki_place *place)
{
	const char *group = run->check->qemu_group;

	if (!run->check->foreign)
		return verb(run, "spicecfg pki issue");
	return group && sc_is_acl_name(group) ? sc_fix_command(run->arena, "setfacl -m g:%s:r -- %s", group, place->path) : NULL;
}

static void judge_place(struct run *run, const struct sc_pki_place *place, const char *what, const struct spicecfg_fix *fix)
{
	const struct sc_pki_check *check = run->check;

	if (!place->exists) {
		report(run, MISSING, place->path, fix, "%s is missing: QEMU can't open a TLS port", what);
		return;
	}
	if (!check->qemu_user)
		return;
	if (place->blocked_at)
		report(run, UNREADABLE, place->path,
		       sc_is_acl_name(check->qemu_user)
			   ? sc_fix_command(run->arena, "setfacl -m u:%s:x -- %s", check->qemu_user, place->blocked_at)
			   : NULL,
		       "%s can't be read by QEMU's account %s: it can't pass %s", what, check->qemu_user, place->blocked_at);
	else if (!place->qemu_reads)
		report(run, UNREADABLE, place->path, make_readable(run, place), "%s can't be read by QEMU's account %s (group %s)", what,
		       check->qemu_user, check->qemu_group);
}

/* Without a CA of its own, the host needs one first; but certificates from another CA are completed by that CA, never replaced. */
static const struct spicecfg_fix *issue_missing(struct run *run)
{
	const struct sc_pki_check *check = run->check;

	if (check->ca_key.exists)
		return verb(run, "spicecfg pki issue");
	if (check->ca_cert.exists || check->server_cert.exists)
		return add_import(run, verb(run, "spicecfg pki csr"));
	return verb(run, "spicecfg pki init && spicecfg pki issue");
}

static void judge_places(struct run *run)
{
	const struct sc_pki_check *check = run->check;
	const struct spicecfg_fix *fix = issue_missing(run);

	judge_place(run, &check->ca_cert, "the CA's certificate", fix);
	judge_place(run, &check->server_cert, "the server's certificate", fix);
	judge_place(run, &check->server_key, "the server's key", fix);
	if (check->server_key.exists && check->server_key.others_read)
		report(run, EXPOSED, check->server_key.path, replace(run),
		       "the server's key can be read by accounts other than root and QEMU's");
	if (check->ca_key.exists && check->ca_key.others_read)
		report(run, EXPOSED, check->ca_key.path, verb(run, "spicecfg pki init"),
		       "the CA's key can be read by accounts other than root");
	if (check->ca_key_in_dir)
		report(run, CA_KEY_PLACE, check->dir, NULL,
		       "a CA's key is in the server's directory, where QEMU's account can reach it: keep it elsewhere (%s)", SC_PKI_CA_DIR);
	if (check->facts->cert_holds_key)
		report(run, EXPOSED, check->server_cert.path, replace(run),
		       "the certificate's file contains a private key, but certificates are readable by everybody");
}

static void judge_dates(struct run *run, const struct spicecfg_cert *cert, const char *file, const char *what,
			const struct spicecfg_fix *fix)
{
	int64_t now = run->check->now, left = sc_pki_days_left(cert->not_after, now);
	char text[TIME_TEXT];

	if (cert->not_before > now) {
		spicecfg_pki_time(cert->not_before, text, sizeof(text));
		report(run, NOT_YET, file, NULL, "%s is valid only from %s on: clients refuse it until then; check the clock", what, text);
	}
	spicecfg_pki_time(cert->not_after, text, sizeof(text));
	if (cert->not_after < now)
		report(run, EXPIRED, file, fix, "%s expired at %s: clients refuse it", what, text);
	else if (left < SOON_DAYS)
		report(run, ENDS_SOON, file, fix, "%s expires at %s, in %lld days", what, text, (long long)left);
}

static void judge_strength(struct run *run, const struct spicecfg_cert *cert, const char *file, const char *what, bool signed_by_other,
			   const struct spicecfg_fix *fix)
{
	if (cert->key_bits < STRONG_ENOUGH)
		report(run, WEAK, file, fix, "%s has a weak key (%s): TLS libraries refuse it", what, cert->key);
	if (signed_by_other && cert->signature_bits && cert->signature_bits < STRONG_ENOUGH)
		report(run, WEAK, file, fix, "%s is signed with a weak hash (%d bits of strength): TLS libraries refuse it", what,
		       cert->signature_bits);
}

static void judge_names(struct run *run, const struct spicecfg_cert *cert)
{
	const struct sc_pki_check *check = run->check;
	const char *file = check->server_cert.path;
	bool any = false;

	if (!cert->dns[0] && !cert->ip[0])
		report(run, NO_ALT_NAMES, file, replace(run),
		       "the certificate has no subjectAltName: many TLS clients ignore the common name '%s'",
		       cert->common_name ? cert->common_name : "");
	for (const char *const *host = check->hosts; *host; host++) {
		bool match = sc_pki_name_matches(cert, *host);

		any = any || match;
		if (check->hosts_asked && !match)
			report(run, ASKED_NAME, file, add_missing(run),
			       "the certificate is not for '%s': a client that connects to that name refuses it", *host);
	}
	if (!check->hosts_asked && !any && check->hosts[0])
		report(run, HOST_NAME, file, add_missing(run),
		       "the certificate is not for this host's name '%s': clients that connect to that name refuse it", check->hosts[0]);
}

static void judge_server(struct run *run)
{
	const struct sc_pki_check *check = run->check;
	const struct sc_pki_facts *facts = check->facts;
	const struct spicecfg_cert *cert = &facts->chain[0];

	/* The chain of a certificate for other purposes is refused for that reason already. */
	if (!cert->server_auth)
		report(run, PURPOSE, check->server_cert.path, replace(run), "the certificate is not for TLS servers (key usage)");
	else if (facts->chain_error)
		report(run, CHAIN, check->server_cert.path, replace(run), "clients that trust %s refuse the server's certificate: %s",
		       check->ca_cert.path, facts->chain_error);
	judge_dates(run, cert, check->server_cert.path, "the server's certificate", renew(run));
	judge_strength(run, cert, check->server_cert.path, "the server's certificate", !cert->self_signed, replace(run));
	for (size_t i = 1; i < facts->n_chain; i++)
		judge_dates(run, &facts->chain[i], check->server_cert.path, "an intermediate certificate", NULL);
	judge_names(run, cert);
}

enum spicecfg_status sc_pki_judge(struct spicecfg_ctx *ctx, const struct sc_pki_check *check, struct sc_arena *arena, sc_pki_found_fn found,
				  void *opaque)
{
	const struct sc_pki_facts *facts = check->facts;
	struct run run = {check, arena, found, opaque, SPICECFG_OK};

	judge_places(&run);
	for (size_t i = 0; i < facts->n_ca; i++) {
		const struct spicecfg_cert *ca = &facts->ca[i];

		judge_dates(&run, ca, check->ca_cert.path, "the CA's certificate",
			    verb(&run, "spicecfg pki renew --ca-itself --within 30d"));
		judge_strength(&run, ca, check->ca_cert.path, "the CA's certificate", !ca->self_signed, NULL);
	}
	if (facts->n_chain)
		judge_server(&run);
	if (facts->key_encrypted)
		report(&run, KEY_PASSWORD, check->server_key.path, check->foreign ? NULL : replace(&run),
		       "the server's key has a password, which libvirt can't give to QEMU: openssl pkey -in FILE -out NEWFILE removes it");
	else if (facts->has_key && facts->n_chain && !facts->key_matches)
		report(&run, KEY_MISMATCH, check->server_key.path, replace(&run), "the server's key does not belong to its certificate");
	return run.status == SPICECFG_OK ? SPICECFG_OK : sc_fail_memory(ctx);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/pki.h"

enum { STRONG_ENOUGH = 112, SOON_DAYS = 30, TIME_TEXT = 32 };

struct row {
	const char *id;
	enum spicecfg_level level;
	enum spicecfg_class cls;
};

/* START: QEMU does not start a VM with a TLS port. EFFECT: it does, and clients refuse. */
static const struct row missing = {"pki-file-missing", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START};
static const struct row unreadable = {"pki-file-unreadable", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START};
static const struct row exposed = {"pki-key-exposed", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY};
static const struct row ca_key_place = {"pki-ca-key-place", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY};
static const struct row key_password = {"pki-key-password", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START};
static const struct row key_mismatch = {"pki-key-mismatch", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START};
static const struct row chain = {"pki-chain", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_EFFECT};
static const struct row purpose = {"pki-purpose", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_EFFECT};
static const struct row expired = {"pki-expired", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_EFFECT};
static const struct row not_yet = {"pki-not-yet-valid", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_EFFECT};
static const struct row ends_soon = {"pki-ends-soon", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT};
static const struct row weak = {"pki-weak", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY};
static const struct row asked_name = {"pki-name", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_EFFECT};
static const struct row host_name = {"pki-host-name", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT};
static const struct row no_alt_names = {"pki-no-alt-names", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT};

struct run {
	const struct sc_pki_check *check;
	struct sc_arena *arena;
	sc_pki_found_fn found;
	void *opaque;
	enum spicecfg_status status;
};

/* fix: a verb of pki and its arguments, NULL: none. */
static void tell(struct run *run, const struct row *row, const char *file, const char *fix, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static void tell(struct run *run, const struct row *row, const char *file, const char *fix, const char *format, ...)
{
	const char *dir = run->check->dir;
	bool own_dir = strcmp(dir, SC_PKI_DIR) != 0;
	va_list args;

	if (run->status != SPICECFG_OK)
		return;
	va_start(args, format);
	struct spicecfg_finding finding = {
	    .rule = row->id,
	    .level = row->level,
	    .cls = row->cls,
	    .message = sc_arena_vprintf(run->arena, format, args),
	    .path = "",
	    .file = sc_arena_strdup(run->arena, file),
	};
	va_end(args);
	if (fix)
		finding.fix = sc_arena_printf(run->arena, "spicecfg pki %s%s%s", fix, own_dir ? " --dir " : "", own_dir ? dir : "");
	run->status = finding.message && finding.file ? run->found(run->opaque, &finding) : SPICECFG_SYSTEM;
}

static void judge_place(struct run *run, const struct sc_pki_place *place, const char *what, const char *fix)
{
	const struct sc_pki_check *check = run->check;

	if (!place->exists) {
		tell(run, &missing, place->path, fix, "%s is missing: QEMU can't open a TLS port", what);
		return;
	}
	if (!check->qemu_user)
		return;
	if (place->blocked_at)
		tell(run, &unreadable, place->path, "issue", "%s can't be read by QEMU's account %s: it can't pass %s", what,
		     check->qemu_user, place->blocked_at);
	else if (!place->qemu_reads)
		tell(run, &unreadable, place->path, "issue", "%s can't be read by QEMU's account %s (group %s)", what, check->qemu_user,
		     check->qemu_group);
}

static void judge_places(struct run *run)
{
	const struct sc_pki_check *check = run->check;

	judge_place(run, &check->ca_cert, "the CA's certificate", "issue");
	judge_place(run, &check->server_cert, "the server's certificate", "issue");
	judge_place(run, &check->server_key, "the server's key", "issue");
	if (check->server_key.exists && check->server_key.others_read)
		tell(run, &exposed, check->server_key.path, "issue", "the server's key can be read by accounts other than root and QEMU's");
	if (check->ca_key.exists && check->ca_key.others_read)
		tell(run, &exposed, check->ca_key.path, "init", "the CA's key can be read by accounts other than root");
	if (check->ca_key_in_dir)
		tell(run, &ca_key_place, check->dir, NULL,
		     "a CA's key lies in the server's folder, where QEMU's account gets at what it can read: keep it apart (%s)",
		     SC_PKI_CA_DIR);
	if (check->facts->cert_holds_key)
		tell(run, &exposed, check->server_cert.path, "issue",
		     "the certificate's file holds a private key, and certificates are for everybody");
}

static void judge_dates(struct run *run, const struct spicecfg_cert *cert, const char *file, const char *what, const char *fix)
{
	int64_t now = run->check->now, left = sc_pki_days_left(cert->not_after, now);
	char text[TIME_TEXT];

	if (cert->not_before > now) {
		spicecfg_pki_time(cert->not_before, text, sizeof(text));
		tell(run, &not_yet, file, NULL, "%s is valid from %s only: clients refuse it until then; look at the clock", what, text);
	}
	spicecfg_pki_time(cert->not_after, text, sizeof(text));
	if (cert->not_after < now)
		tell(run, &expired, file, fix, "%s ended at %s: clients refuse it", what, text);
	else if (left < SOON_DAYS)
		tell(run, &ends_soon, file, fix, "%s ends at %s, in %lld days", what, text, (long long)left);
}

static void judge_strength(struct run *run, const struct spicecfg_cert *cert, const char *file, const char *what, bool signed_by_other,
			   const char *fix)
{
	if (cert->key_bits < STRONG_ENOUGH)
		tell(run, &weak, file, fix, "%s has a weak key (%s): TLS libraries refuse it", what, cert->key);
	if (signed_by_other && cert->signature_bits && cert->signature_bits < STRONG_ENOUGH)
		tell(run, &weak, file, fix, "%s is signed with a weak hash (%d bits of strength): TLS libraries refuse it", what,
		     cert->signature_bits);
}

static void judge_names(struct run *run, const struct spicecfg_cert *cert)
{
	const struct sc_pki_check *check = run->check;
	const char *file = check->server_cert.path;
	bool any = false;

	if (!cert->dns[0] && !cert->ip[0])
		tell(run, &no_alt_names, file, "issue",
		     "the certificate has no subjectAltName: many TLS clients don't look at the common name '%s'",
		     cert->common_name ? cert->common_name : "");
	for (const char *const *host = check->hosts; *host; host++) {
		bool match = sc_pki_name_matches(cert, *host);

		any = any || match;
		if (check->hosts_asked && !match)
			tell(run, &asked_name, file, sc_arena_printf(run->arena, "issue --host %s", *host),
			     "the certificate is not for '%s': a client that connects there refuses it", *host);
	}
	if (!check->hosts_asked && !any && check->hosts[0])
		tell(run, &host_name, file, sc_arena_printf(run->arena, "issue --host %s", check->hosts[0]),
		     "the certificate is not for this host's name '%s': clients that connect by it refuse it", check->hosts[0]);
}

static void judge_server(struct run *run)
{
	const struct sc_pki_check *check = run->check;
	const struct sc_pki_facts *facts = check->facts;
	const struct spicecfg_cert *cert = &facts->chain[0];

	if (facts->chain_error)
		tell(run, &chain, check->server_cert.path, "issue", "clients that trust %s refuse the server's certificate: %s",
		     check->ca_cert.path, facts->chain_error);
	else if (!cert->server_auth)
		tell(run, &purpose, check->server_cert.path, "issue", "the certificate is not for TLS servers (key usage)");
	judge_dates(run, cert, check->server_cert.path, "the server's certificate", "renew");
	judge_strength(run, cert, check->server_cert.path, "the server's certificate", !cert->self_signed, "renew");
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

		judge_dates(&run, ca, check->ca_cert.path, "the CA's certificate", "renew --ca");
		judge_strength(&run, ca, check->ca_cert.path, "the CA's certificate", !ca->self_signed, NULL);
	}
	if (facts->n_chain)
		judge_server(&run);
	if (facts->key_encrypted)
		tell(&run, &key_password, check->server_key.path, NULL,
		     "the server's key has a password, which libvirt can't give to QEMU: openssl pkey -in FILE -out NEWFILE takes it off");
	else if (facts->has_key && facts->n_chain && !facts->key_matches)
		tell(&run, &key_mismatch, check->server_key.path, "issue", "the server's key does not belong to its certificate");
	return run.status == SPICECFG_OK ? SPICECFG_OK : sc_fail_memory(ctx);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The SASL file of a host or of a VM, and the mechanisms that it offers. */
#include "rules/login/sasl.h"

#include <string.h>
#include <strings.h>

#include "rules/tables.h"

bool sc_sasl_scope_of(const struct sc_rule_input *in, struct sc_sasl_scope *scope)
{
	const struct sc_console *console = in->domain ? in->launch->spice : NULL;
	bool own = in->sasl.vm;

	*scope = (struct sc_sasl_scope){in->sasl.fact, in->host, in->sasl.tls, in->sasl.plain, false};
	if (in->domain) {
		if (!console || console->broken || !console->sasl)
			return false;
		scope->fact = sc_host_sasl(in->host, sc_sasl_directory(in->domain, in->host, &own));
		scope->tls = sc_console_asks_tls(console);
		/* an -spice of the VM may turn on what the host has off: nothing else reports it then */
		if (!own && in->host_told && in->host->conf.spice_sasl && (!scope->tls || in->host->conf.spice_tls))
			return false;
		scope->plain = sc_console_asks_plain(console);
	} else if (!scope->fact) {
		if (!in->host->conf.spice_sasl)
			return false;
		scope->fact = sc_host_sasl(in->host, sc_sasl_shared_directory(in->host));
		scope->tls = in->host->conf.spice_tls;
		scope->plain = true;
	}
	scope->own = own;
	return scope->fact != NULL;
}

void sc_sasl_fix(const struct sc_sasl_scope *scope, struct sc_findings *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	sc_find_vfix(out, format, args);
	va_end(args);
	if (scope->own)
		sc_find_fix_more(out, "--vm TARGET");
}

#define SAFE "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-"

void sc_sasl_fix_closed(const struct sc_sasl_scope *scope, const char *closed, const char *file, struct sc_findings *out)
{
	const char *user = scope->host->account.known == SC_TRUE ? scope->host->account.user : NULL;

	if (!closed || (strcmp(closed, file) == 0 && strcmp(file, "/etc/sasldb2") != 0))
		sc_sasl_fix(scope, out, "spicecfg sasl set");
	else if (!user || strspn(user, SAFE) != strlen(user))
		sc_find_fix(out, NULL);
	else
		sc_find_fix(out, "setfacl -m u:%s:%s -- %s", user, strcmp(closed, file) == 0 ? "r" : "x", closed);
}

static struct sc_where at_file(const struct sc_sasl_scope *scope)
{
	return (struct sc_where){scope->fact->file ? scope->fact->file : scope->fact->directory, 0, 0};
}

/* A directory that a setting names; libsasl2's own may be missing, and then its file is missing. */
static bool names_missing(const struct sc_sasl_fact *fact)
{
	return fact->exists == SC_FALSE && strcmp(fact->directory, SC_SASL_HOST_DIR) != 0;
}

static void directory_missing(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || !names_missing(scope.fact))
		return;
	sc_find_at(out, rule, (struct sc_where){scope.fact->directory, 0, 0},
		   "the SASL directory '%s' is missing: libsasl2 uses its built-in defaults and /etc/sasldb2", scope.fact->directory);
	sc_sasl_fix(&scope, out, "spicecfg sasl set");
}

/*
 * Another file than qemu.conf, where libsasl2 looks for that: it is renamed, since a file that 'sasl set' writes would not have its
 * settings. One that libsasl2 can't read ends QEMU under its right name.
 */
static void fix_missing(const struct sc_sasl_scope *scope, struct sc_findings *out)
{
	const char *other = scope->fact->state == SC_SASL_FILE_MISSING ? scope->fact->misnamed : NULL;
	const char *slash = other ? strrchr(other, '/') : NULL;

	if (!slash)
		sc_sasl_fix(scope, out, "spicecfg sasl set");
	else if (scope->fact->misnamed_ok == SC_TRUE)
		sc_find_fix(out, "mv -n -- %s %.*s/qemu.conf", other, (int)(slash - other), other);
	else
		sc_find_fix(out, NULL);
}

static void file_missing(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || names_missing(scope.fact) || scope.fact->state != SC_SASL_FILE_MISSING || scope.fact->misnamed)
		return;
	sc_find_at(out, rule, at_file(&scope), "%s is missing: libsasl2 uses its built-in defaults and /etc/sasldb2", scope.fact->file);
	fix_missing(&scope, out);
}

static void file_misnamed(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || scope.fact->state != SC_SASL_FILE_MISSING || !scope.fact->misnamed)
		return;
	sc_find_at(out, rule, (struct sc_where){scope.fact->misnamed, 0, 0}, "nothing reads %s: QEMU's SASL file is %s",
		   scope.fact->misnamed, scope.fact->file);
	fix_missing(&scope, out);
}

static void file_unreadable(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || scope.fact->state != SC_SASL_FILE_UNREADABLE)
		return;
	sc_find_at(out, rule, at_file(&scope), "QEMU's account can't read %s: libsasl2 continues as if the file were missing",
		   scope.fact->file);
	sc_sasl_fix_closed(&scope, scope.fact->closed, scope.fact->file, out);
}

/* spice-server asks libsasl2 for its settings whether SASL is on or not, and a QXL device starts spice-server too. */
static void file_broken(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_sasl_fact *fact = in->sasl.fact;
	bool own = in->sasl.vm;

	if (in->domain)
		fact = sc_host_sasl(in->host, sc_sasl_directory(in->domain, in->host, &own));
	bool used = !in->domain || in->launch->spice;
	for (size_t i = 0; in->domain && i < in->domain->n_videos; i++)
		used |= in->domain->videos[i].kind == SC_VIDEO_QXL;
	if (fact && used && in->domain && fact->state == SC_SASL_FILE_UNKNOWN && !in->host->assumed)
		sc_doubt(out, rule, "nothing is known about '%s'", fact->file ? fact->file : fact->directory);
	if (!fact || !used || fact->state != SC_SASL_FILE_BROKEN)
		return;
	sc_find_at(out, rule, (struct sc_where){fact->file, fact->line, fact->line ? 1 : 0},
		   "libsasl2 can't read %s: spice-server ends QEMU at its start, with or without SASL", fact->file);
	if (fact->line && strspn(fact->file, SAFE) == strlen(fact->file))
		sc_find_fix(out, "sed -i '%us/^[^#]/#&/' -- %s", fact->line, fact->file);
}

static void file_writable(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || scope.fact->others_may != SC_TRUE)
		return;
	sc_find_at(out, rule, at_file(&scope), "accounts other than root may change %s, or replace it", scope.fact->file);
	sc_sasl_fix(&scope, out, "spicecfg sasl set");
}

static void confined(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || !scope.fact->confined)
		return;
	const char *path = scope.fact->confined;
	bool file = scope.fact->file && strcmp(path, scope.fact->file) == 0, mux = scope.fact->mux && strcmp(path, scope.fact->mux) == 0;
	sc_find_at(out, rule, (struct sc_where){path, 0, 0}, "AppArmor keeps QEMU from %s: %s", path,
		   file ? "libsasl2 continues as if the file were missing, and with TLS, ANONYMOUS lets anybody in" : "every login fails");
	const char *site = scope.fact->site_rules, *perms = mux ? "rw" : file ? "r" : "rk";
	if (strspn(path, SAFE) != strlen(path))
		return;
	if (site)
		sc_find_fix(out, "install -d -- %s && echo '%s %s,' >>%s/spicecfg", site, path, perms, site);
	else
		sc_find_fix(out, "echo '%s %s,' >>/etc/apparmor.d/local/abstractions/libvirt-qemu", path, perms);
}

static void anonymous(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || !scope.tls)
		return;
	const char *why = sc_sasl_admits_anybody(scope.host, scope.fact);
	bool no_list = scope.fact->state == SC_SASL_FILE_OK && !scope.fact->mech_list, offered = why && strstr(why, "ANONYMOUS");
	if (!offered && no_list) {
		sc_find_at(
		    out, rule, at_file(&scope),
		    "the SASL file has no mech_list: as soon as ANONYMOUS is installed, clients are offered it, and it lets anybody in");
		sc_sasl_fix(&scope, out, "spicecfg sasl set");
	}
	/* with a guard, QEMU does not start without its file */
	if (!offered || sc_sasl_guard_ends(in, scope.fact))
		return;
	const char *reason = scope.fact->state == SC_SASL_FILE_MISSING      ? "no SASL file with a mech_list exists"
			     : scope.fact->state == SC_SASL_FILE_UNREADABLE ? "QEMU can't read its SASL file"
			     : scope.fact->mech_list                        ? "mech_list names it"
									    : "the SASL file has no mech_list";
	sc_find_at(out, rule, at_file(&scope), "with TLS, clients are offered ANONYMOUS, which lets anybody in: %s", reason);
	fix_missing(&scope, out);
}

static void always_true(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || scope.fact->state != SC_SASL_FILE_OK || !scope.fact->method ||
	    !strstr(scope.fact->method, "alwaystrue"))
		return;
	sc_find_at(out, rule, at_file(&scope), "pwcheck_method is '%s': any password is accepted", scope.fact->method);
	sc_sasl_fix(&scope, out, "spicecfg sasl set --backend sasldb");
}

static void method_unknown(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const known[] = {"auxprop", "auxprop-hashed", "saslauthd", "authdaemond", "alwaystrue"};
	struct sc_sasl_scope scope;
	bool any = false;

	if (!sc_sasl_scope_of(in, &scope) || scope.fact->state != SC_SASL_FILE_OK || !scope.fact->method)
		return;
	for (const char *at = scope.fact->method; *at; at += strspn(at, " \t")) {
		size_t len = strcspn(at, " \t");

		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			any |= strlen(known[i]) == len && strncasecmp(at, known[i], len) == 0;
		at += len;
	}
	if (any)
		return;
	sc_find_at(out, rule, at_file(&scope), "libsasl2 does not know pwcheck_method '%s': every login with plain fails",
		   scope.fact->method);
	sc_sasl_fix(&scope, out, "spicecfg sasl set --backend sasldb");
}

/* Sorts the mechanisms of a list into those that a rule finds and the rest. */
struct sift {
	const struct sc_sasl_scope *scope;
	bool (*bad)(const struct sc_mechanism *mechanism, enum sc_mechanism_outcome outcome);
	struct sc_buf bad_names, rest;
	const char *package;
	unsigned family;
	bool needed; /* one of the bad ones serves a channel without TLS */
};

/*
 * Without TLS, clients are offered little else than digest-md5, which is weak: nobody could log in there without it. A directory that VMs
 * share may serve such channels of others.
 */
static bool serves_plain(const struct sc_sasl_scope *scope, const char *name, size_t len)
{
	struct sc_mechanism_input input = sc_sasl_input(scope->host, scope->fact, false);

	return (scope->plain || !scope->own) && sc_mechanism_judge(&input, name, len, NULL) == SC_MECH_OFFERED;
}

static void sift_one(void *opaque, const char *name, size_t len, const struct sc_mechanism *mechanism, enum sc_mechanism_outcome outcome)
{
	struct sift *sift = opaque;

	if (sift->bad(mechanism, outcome)) {
		sc_buf_addf(&sift->bad_names, "%s%.*s", sift->bad_names.len ? ", " : "", (int)len, name);
		sift->needed |= serves_plain(sift->scope, name, len);
		if (mechanism && !sift->package)
			sift->package = mechanism->packages[sift->family];
	} else if (outcome == SC_MECH_OFFERED && (!mechanism->weak || serves_plain(sift->scope, name, len))) {
		sc_buf_addf(&sift->rest, "%s%.*s", sift->rest.len ? "," : "", (int)len, name);
	}
}

/* True when the list has bad ones; the fix sets the rest, or the usual list. */
static bool sift_list(const struct sc_rule_input *in, struct sc_sasl_scope *scope, struct sift *sift)
{
	if (!sc_sasl_scope_of(in, scope) || scope->fact->state != SC_SASL_FILE_OK || !scope->fact->mech_list)
		return false;
	struct sc_mechanism_input input = sc_sasl_input(scope->host, scope->fact, true);
	sift->scope = scope;
	sift->family = scope->host->sasl.distribution % 3;
	sc_mechanism_each(&input, sift_one, sift);
	return sift->bad_names.len != 0;
}

static void fix_list(struct sc_findings *out, struct sift *sift)
{
	const struct sc_sasl_scope *scope = sift->scope;
	const char *usual = sc_sasl_asks_saslauthd(scope->fact) ? "plain" : "scram-sha-256,plain";

	sc_sasl_fix(scope, out, "spicecfg sasl set --mech %s", sift->rest.len ? sc_buf_text(&sift->rest) : usual);
}

static void drop(struct sift *sift)
{
	sc_buf_free(&sift->bad_names);
	sc_buf_free(&sift->rest);
}

static bool is_missing(const struct sc_mechanism *mechanism, enum sc_mechanism_outcome outcome)
{
	(void)mechanism;
	return outcome == SC_MECH_NO_PLUGIN;
}

static void mech_plugin(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;
	struct sift sift = {.bad = is_missing};

	if (sift_list(in, &scope, &sift)) {
		sc_find_at(out, rule, at_file(&scope), "the plugin of %s is not installed: install %s, or omit the mechanism",
			   sc_buf_text(&sift.bad_names), sift.package);
		fix_list(out, &sift);
		if (!sift.rest.len)
			sc_find_fix(out, NULL);
	}
	drop(&sift);
}

static bool is_unknown(const struct sc_mechanism *mechanism, enum sc_mechanism_outcome outcome)
{
	(void)mechanism;
	return outcome == SC_MECH_UNKNOWN;
}

static void mech_unknown(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;
	struct sift sift = {.bad = is_unknown};

	if (sift_list(in, &scope, &sift)) {
		sc_find_at(out, rule, at_file(&scope), "%s is not a SASL mechanism (names are separated by spaces)",
			   sc_buf_text(&sift.bad_names));
		fix_list(out, &sift);
	}
	drop(&sift);
}

static bool is_weak(const struct sc_mechanism *mechanism, enum sc_mechanism_outcome outcome)
{
	return mechanism && mechanism->weak && outcome != SC_MECH_ANYBODY;
}

static void mech_weak(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;
	struct sift sift = {.bad = is_weak};

	if (sift_list(in, &scope, &sift)) {
		sc_find_at(out, rule, at_file(&scope), "weak mechanisms are offered: %s%s", sc_buf_text(&sift.bad_names),
			   sift.needed ? "; on channels without TLS, nothing better is offered" : "");
		fix_list(out, &sift);
		if (sift.needed)
			sc_find_fix(out, NULL);
	}
	drop(&sift);
}

static bool is_useless(const struct sc_mechanism *mechanism, enum sc_mechanism_outcome outcome)
{
	(void)mechanism;
	return outcome == SC_MECH_USELESS;
}

static void mech_saslauthd(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;
	struct sift sift = {.bad = is_useless};

	if (sift_list(in, &scope, &sift)) {
		sc_find_at(out, rule, at_file(&scope), "saslauthd can't verify %s: clients that choose it are refused",
			   sc_buf_text(&sift.bad_names));
		fix_list(out, &sift);
	}
	drop(&sift);
}

static void count_offers(void *opaque, const char *name, size_t len, const struct sc_mechanism *mechanism,
			 enum sc_mechanism_outcome outcome)
{
	(void)name;
	(void)len;
	(void)mechanism;
	*(size_t *)opaque += outcome == SC_MECH_OFFERED || outcome == SC_MECH_ANYBODY || outcome == SC_MECH_USELESS;
}

static void no_mechanism(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;
	size_t offers = 0;

	if (!sc_sasl_scope_of(in, &scope) || !scope.tls || scope.fact->state != SC_SASL_FILE_OK)
		return;
	struct sc_mechanism_input input = sc_sasl_input(scope.host, scope.fact, true);
	sc_mechanism_each(&input, count_offers, &offers);
	if (offers)
		return;
	sc_find_at(out, rule, at_file(&scope), "clients are offered no mechanism: every login fails");
	sc_sasl_fix(&scope, out, "spicecfg sasl set --mech %s", sc_sasl_asks_saslauthd(scope.fact) ? "plain" : "scram-sha-256,plain");
}

const struct sc_rule sc_rules_sasl[] = {
    {"sasl-file-broken", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DOMAIN | SC_OF_HOST, "A SASL file that libsasl2 can't read",
     "A line without a colon, with invalid characters in its key, or without a value makes libsasl2 refuse the whole file. spice-server "
     "reads it whether SASL is on or not, and ends QEMU: no VM with a Spice console or a QXL device starts.",
     "A18; cyrus-sasl lib/config.c sasl_config_init, spice-server server/reds.cpp do_spice_init; measured", NULL, file_broken},
    {"sasl-folder-missing", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "A SASL directory that is missing",
     "SASL_CONF_PATH of the domain, or spice_sasl_dir of qemu.conf, names a directory that does not exist. libsasl2 then uses its built-in "
     "defaults: every mechanism that is installed, and the users of /etc/sasldb2.",
     "A18, A27; cyrus-sasl lib/server.c load_config; measured", "spicecfg sasl set --vm TARGET", directory_missing},
    {"sasl-file-missing", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "SASL without its file",
     "SASL is on, but the SASL directory has no qemu.conf. libsasl2 then uses its built-in defaults: every mechanism that is installed, "
     "and the users of /etc/sasldb2.",
     "A18; cyrus-sasl lib/server.c load_config; measured", "spicecfg sasl set", file_missing},
    {"sasl-file-misnamed", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "A SASL file with the wrong name",
     "QEMU's SASL application name is 'qemu', so its file is qemu.conf. Nothing reads qemu.config or spice.conf: libsasl2 uses its "
     "built-in "
     "defaults, every mechanism that is installed, and the users of /etc/sasldb2. Rename the file. Where libsasl2 can't read it, correct "
     "it "
     "first: under its right name it would keep VMs from starting.",
     "A18; QEMU ui/spice-core.c qemu_spice_init", "mv -n -- FILE DIR/qemu.conf", file_misnamed},
    {"sasl-file-unreadable", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "A SASL file that QEMU can't read",
     "libsasl2 silently continues as if the file were missing, with its built-in defaults. The file should belong to root and QEMU's "
     "group, with mode 0640, and QEMU's account must be able to pass the directories above it.",
     "A18; cyrus-sasl lib/config.c sasl_config_init; measured", "spicecfg sasl set", file_unreadable},
    {"sasl-file-writable", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "A SASL file that others can write",
     "The file decides who can log in, and with which database. It and its directory must belong to root, and nobody else may write to "
     "them.",
     "A18, A21", "spicecfg sasl set", file_writable},
    {"sasl-apparmor", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "SASL files that AppArmor denies QEMU",
     "libvirt's stock AppArmor rules let QEMU read below /etc/pki/libvirt-spice, where the SASL files of single VMs are, but not "
     "/etc/sasl2 or saslauthd's socket. A local rule belongs in the file that abstractions/libvirt-qemu includes: "
     "/etc/apparmor.d/local/abstractions/libvirt-qemu, or one in "
     "/etc/apparmor.d/abstractions/libvirt-qemu.d; each VM's profile is "
     "generated again at its start.",
     "A18; libvirt security/apparmor/libvirt-qemu", NULL, confined},
    {"sasl-anonymous", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "SASL that lets anybody in",
     "On a TLS channel, spice-server accepts any mechanism. Without a mech_list, libsasl2 offers all that are installed, among them "
     "ANONYMOUS, which lets every client in without a password. A file that is missing or can't be read has no list either.",
     "A18, A19; spice-server server/red-stream.cpp red_sasl_start_auth; measured", "spicecfg sasl set", anonymous},
    {"sasl-always-true", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "Passwords that are not checked",
     "pwcheck_method alwaystrue accepts any password for any name. It exists for tests.", "cyrus-sasl lib/checkpw.c always_true; measured",
     "spicecfg sasl set --backend sasldb", always_true},
    {"sasl-method", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST,
     "A pwcheck_method that libsasl2 does not know",
     "libsasl2 knows auxprop (sasldb), saslauthd and authdaemond. 'sasldb' and 'pam' are names from Cyrus SASL 1.",
     "A18, A25; cyrus-sasl lib/checkpw.c _sasl_verify_password", "spicecfg sasl set --backend sasldb", method_unknown},
    {"sasl-plugin", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "A SASL mechanism that is not installed",
     "mech_list names a mechanism whose plugin is not in libsasl2's directory, so it is not offered. The message names the package; the "
     "client needs it too.",
     "A18; cyrus-sasl plugins", "spicecfg sasl set --mech scram-sha-256,plain", mech_plugin},
    {"sasl-mechanism", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "A name that is not a SASL mechanism",
     "mech_list must contain names separated by spaces. A list with commas is one long name, and nothing is offered.",
     "A18; cyrus-sasl lib/server.c", "spicecfg sasl set --mech scram-sha-256,plain", mech_unknown},
    {"sasl-weak", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "Weak SASL mechanisms",
     "digest-md5 and cram-md5 are based on MD5 and obsolete (RFC 6331), as are login and ntlm. A client may choose them. Inside TLS, "
     "scram-sha-256 and plain are good. On a port without TLS and on a Unix socket, spice-server offers only mechanisms with encryption of "
     "their own, digest-md5 and gssapi: first give each console that uses the SASL file TLS for all its channels, with 'set-listen TARGET "
     "address ADDR --tls-port auto', then set the list with 'sasl set --mech scram-sha-256,plain'. The other way round, nobody could log "
     "in.",
     "A19; RFC 6331; spice-server server/red-stream.cpp red_sasl_start_auth", "spicecfg sasl set --mech scram-sha-256,plain", mech_weak},
    {"sasl-challenge", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "Challenge mechanisms with saslauthd",
     "saslauthd verifies a name and a password, so it can only serve plain. For scram and the like, the server needs the clear-text "
     "password, which only sasldb has; clients choose these mechanisms first, and are refused.",
     "A25; cyrus-sasl plugins/scram.c, lib/checkpw.c; measured", "spicecfg sasl set --mech plain", mech_saslauthd},
    {"sasl-no-mechanism", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "No SASL mechanism is offered",
     "No mechanism of mech_list is both installed and known: clients say 'No worthy mechs found', and every login fails.",
     "A18, A19; measured", "spicecfg sasl set --mech scram-sha-256,plain", no_mechanism},
    {0},
};

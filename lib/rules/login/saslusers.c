/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What verifies SASL passwords: the database of users, or saslauthd. */
#include <string.h>

#include "rules/login/sasl.h"
#include "rules/tables.h"

/* A mechanism whose passwords have to be verified; a Kerberos ticket needs no verification here. */
static void count_passwords(void *opaque, const char *name, size_t len, const struct sc_mechanism *mechanism,
			    enum sc_mechanism_outcome outcome)
{
	(void)name;
	(void)len;
	*(bool *)opaque |= mechanism && outcome != SC_MECH_NO_PLUGIN && (mechanism->needs_secret || !mechanism->no_plaintext);
}

static bool takes_passwords(const struct sc_sasl_scope *scope)
{
	struct sc_mechanism_input input = sc_sasl_input(scope->host, scope->fact, true);
	bool any = false;

	sc_mechanism_each(&input, count_passwords, &any);
	return any;
}

/* The scope when the SASL file is in effect and its passwords are those of the database. */
static bool database_of(const struct sc_rule_input *in, struct sc_sasl_scope *scope)
{
	return sc_sasl_scope_of(in, scope) && scope->fact->database && !sc_sasl_asks_saslauthd(scope->fact) && takes_passwords(scope);
}

static struct sc_where at_database(const struct sc_sasl_scope *scope)
{
	return (struct sc_where){scope->fact->database, 0, 0};
}

static void saslauthd_off(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || scope.fact->mux_listens != SC_FALSE || !takes_passwords(&scope))
		return;
	sc_find_at(out, rule, (struct sc_where){scope.fact->mux, 0, 0},
		   "saslauthd does not listen on %s: every login with a password fails until it is started", scope.fact->mux);
	sc_sasl_fix(&scope, out, "spicecfg sasl set --backend saslauthd");
}

static void saslauthd_closed(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || !scope.fact->mux_closed || !takes_passwords(&scope))
		return;
	sc_find_at(out, rule, (struct sc_where){scope.fact->mux_closed, 0, 0},
		   "QEMU's account can't pass %s on the way to saslauthd's socket: every login with a password fails",
		   scope.fact->mux_closed);
	sc_sasl_fix(&scope, out, "spicecfg sasl set --backend saslauthd");
}

/* spicecfg removes the cache option from the host's own file and from its own unit; what others wrote, they have to change. */
static void fix_cache(const struct sc_sasl_scope *scope, struct sc_findings *out)
{
	const char *file = scope->fact->cache_file;

	if (file && (strcmp(file, "/etc/default/saslauthd") == 0 || strcmp(file, "/etc/sysconfig/saslauthd") == 0))
		sc_find_fix(out, scope->own ? "spicecfg sasl set --vm TARGET" : "spicecfg sasl set --backend saslauthd");
	else if (file && scope->own && strcmp(file, "/etc/systemd/system/spicecfg-saslauthd@.service") == 0)
		sc_find_fix(out, "spicecfg pam install --vm TARGET");
	else
		sc_find_fix(out, NULL);
}

static void saslauthd_cache(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || scope.fact->caches != SC_TRUE || !sc_sasl_asks_saslauthd(scope.fact) ||
	    !takes_passwords(&scope))
		return;
	const char *file = scope.fact->cache_file;
	unsigned line = scope.fact->cache_line;
	sc_find_at(out, rule, (struct sc_where){file ? file : scope.fact->mux, file ? line : 0, file && line ? 1 : 0},
		   "saslauthd %s a cache (-c): an account is let in for up to 8 hours after it was locked or its password was changed",
		   !file  ? "was started with"
		   : line ? "has"
			  : "has, because OPTIONS is not set,");
	fix_cache(&scope, out);
}

static void cache_unknown(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!sc_sasl_scope_of(in, &scope) || scope.fact->caches != SC_UNKNOWN || !scope.fact->cache_file ||
	    !sc_sasl_asks_saslauthd(scope.fact) || !takes_passwords(&scope))
		return;
	sc_find_at(out, rule, (struct sc_where){scope.fact->cache_file, scope.fact->cache_line, scope.fact->cache_line ? 1 : 0},
		   "it is not known whether saslauthd has a cache (-c): the options that this line sets are known only when it is run");
}

static void db_missing(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!database_of(in, &scope) || scope.fact->db_state != SC_SASL_DB_MISSING)
		return;
	sc_find_at(out, rule, at_database(&scope), "the user database %s is missing: every login with a password fails",
		   scope.fact->database);
	sc_sasl_fix(&scope, out, "spicecfg sasl set");
}

static void db_unreadable(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!database_of(in, &scope) || scope.fact->db_state != SC_SASL_DB_UNREADABLE)
		return;
	sc_find_at(out, rule, at_database(&scope), "QEMU's account can't %s %s: every login with a password fails",
		   scope.fact->db_closed && strcmp(scope.fact->db_closed, scope.fact->database) != 0 ? "pass" : "read",
		   scope.fact->db_closed ? scope.fact->db_closed : scope.fact->database);
	sc_sasl_fix_closed(&scope, scope.fact->db_closed, scope.fact->database, out);
}

static void db_damaged(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (database_of(in, &scope) && scope.fact->db_state == SC_SASL_DB_DAMAGED)
		sc_find_at(out, rule, at_database(&scope), "%s is not a user database, or is damaged: every login with a password fails",
			   scope.fact->database);
}

static void db_empty(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!database_of(in, &scope) || scope.fact->users != 0)
		return;
	sc_find_at(out, rule, at_database(&scope), "%s contains no users: every login with a password fails", scope.fact->database);
	sc_sasl_fix(&scope, out, "spicecfg user add NAME");
}

static void db_realm(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!database_of(in, &scope) || scope.fact->users < 1 || scope.fact->realm != SC_FALSE)
		return;
	sc_find_at(out, rule, at_database(&scope),
		   "no user has this host's name as realm, which is used where a client names none: '%s' is unknown then",
		   scope.fact->a_user ? scope.fact->a_user : "");
	bool plain_name =
	    scope.fact->a_user &&
	    strspn(scope.fact->a_user, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._") == strlen(scope.fact->a_user);
	if (plain_name)
		sc_sasl_fix(&scope, out, "spicecfg user add %s", scope.fact->a_user);
	else
		sc_sasl_fix(&scope, out, "spicecfg user add NAME");
}

static void db_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!database_of(in, &scope) || scope.fact->db_open != SC_TRUE)
		return;
	sc_find_at(out, rule, at_database(&scope), "every account of the host can read the passwords in %s, or change them",
		   scope.fact->database);
	sc_sasl_fix(&scope, out, "spicecfg sasl set");
}

static void db_owner(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;

	if (!database_of(in, &scope) || !scope.fact->db_owner || scope.fact->db_open == SC_TRUE)
		return;
	sc_find_at(out, rule, (struct sc_where){scope.fact->db_owner, 0, 0},
		   "%s should belong to root and QEMU's group, and be closed to others (directory 0750, file 0640)", scope.fact->db_owner);
	/* A directory that spicecfg did not create may serve others: it is closed no further than necessary. */
	const char *path = scope.fact->db_owner;
	bool file = strncmp(path, scope.fact->database, strlen(scope.fact->database)) == 0;
	if (file || strncmp(path, SC_SASL_OWN_BASE, strlen(SC_SASL_OWN_BASE)) == 0)
		sc_sasl_fix(&scope, out, "spicecfg sasl set");
	else
		sc_find_fix(out, "chown root -- %s; chmod go-w -- %s", path, path);
}

static void db_group(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_sasl_scope scope;
	struct sc_buf names = SC_BUF_INIT;

	if (!database_of(in, &scope) || !scope.fact->n_readers)
		return;
	for (size_t i = 0; i < scope.fact->n_readers; i++)
		sc_buf_addf(&names, "%s%s", i ? ", " : "", scope.fact->readers[i]);
	sc_find_at(out, rule, at_database(&scope), "these accounts can read the passwords in %s through their group: %s",
		   scope.fact->database, sc_buf_text(&names));
	sc_buf_free(&names);
	if (scope.fact->readers_group && scope.fact->n_readers == 1)
		sc_find_fix(out, "gpasswd -d %s -- %s", scope.fact->readers[0], scope.fact->readers_group);
}

const struct sc_rule sc_rules_saslusers[] = {
    {"saslauthd-off", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "saslauthd is not running",
     "The SASL file leaves every password to saslauthd, but its socket does not exist. saslauthd has to run before the first login; its "
     "socket is /run/saslauthd/mux or /run/sasl2/mux unless saslauthd_path says otherwise.",
     "A25; cyrus-sasl lib/checkpw.c saslauthd_verify_password", "spicecfg sasl set --backend saslauthd", saslauthd_off},
    {"saslauthd-cache", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "A saslauthd that caches logins",
     "With -c, Debian's default, saslauthd continues to admit an account for 8 hours after a login: even after its password was changed, "
     "after it was locked, after PAM rules became stricter, or outside the permitted hours. Remove -c, and -t and -s with it, from "
     "OPTIONS, FLAGS or SASLAUTHD_PARAMS, or from the unit's ExecStart, and restart the daemon, which empties the cache.",
     "A25; cyrus-sasl saslauthd/cache.c; measured", "spicecfg sasl set --backend saslauthd", saslauthd_cache},
    {"saslauthd-cache-unknown", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "Options of saslauthd that can't be determined",
     "The file with saslauthd's options, or its unit, contains more than plain assignments: commands such as '. FILE' or 'unset OPTIONS', "
     "or variables within a word ('-$X'). They may add -c, with which saslauthd continues to admit accounts that were locked. Write the "
     "options literally, without variables and commands.",
     "A25; saslauthd/saslauthd-main.c, systemd.exec(5)", NULL, cache_unknown},
    {"saslauthd-closed", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "QEMU can't reach saslauthd",
     "On Debian, saslauthd's directory belongs to root and group sasl, with mode 0710: QEMU's account has to be a member. Otherwise every "
     "login fails, and the only trace is 'Password verification failed' in the VM's log. Running VMs keep their groups until their next "
     "start.",
     "A25; measured", "spicecfg sasl set --backend saslauthd", saslauthd_closed},
    {"sasldb-missing", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "No database of SASL users",
     "sasldb_path of the SASL file, or /etc/sasldb2 where it is not set, does not exist.", "A18, A20; cyrus-sasl sasldb/db_berkeley.c",
     "spicecfg sasl set", db_missing},
    {"sasldb-unreadable", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST,
     "A database of SASL users that QEMU can't read",
     "QEMU opens the database with its own account: the file should belong to root and QEMU's group, with mode 0640, in a directory that "
     "this account can pass.",
     "A21; measured", "spicecfg sasl set", db_unreadable},
    {"sasldb-damaged", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "A damaged database of SASL users",
     "libsasl2 can't list the users. Move the file aside, create a new one with 'spicecfg sasl set', and add the users again.",
     "A22; cyrus-sasl sasldb", NULL, db_damaged},
    {"sasldb-empty", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "No SASL users",
     "The database contains no users, so every login with a password fails.", "A20, A22", "spicecfg user add NAME", db_empty},
    {"sasldb-realm", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_OF_HOST, "No SASL user of this host",
     "Users are name@realm. A client names no realm, and libsasl2 then uses the host's name, short or full, which may have changed since. "
     "Add the users under both.",
     "A20; cyrus-sasl lib/server.c sasl_server_new; measured", "spicecfg user add NAME", db_realm},
    {"sasldb-open", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "SASL passwords that everybody can read",
     "A sasldb contains passwords in clear text. Use root:qemu and mode 0750 for the directory, 0640 for the file.", "A21",
     "spicecfg sasl set", db_open},
    {"sasldb-owner", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "Owner and mode of the user database",
     "A sasldb contains passwords in clear text: its directory (mode 0750) and the file itself (0640) should belong to root and QEMU's "
     "group. QEMU only reads it.",
     "A21", "spicecfg sasl set", db_owner},
    {"sasldb-group", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "Other accounts in the database's group",
     "The group that may read the clear-text passwords should have QEMU's account as its only member.", "A21", "gpasswd -d USER GROUP",
     db_group},
    {0},
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's own ways in. They are reported once for a whole host, and with a VM where facts about a host are given. */
#include "model/ways.h"
#include "base/text.h"

#include <string.h>

#include "rules/tables.h"

#define SAFE "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._@+-"

/* The next daemon, from *at on, that lets everybody it admits manage every VM. */
static const struct sc_daemon_fact *next(const struct sc_rule_input *in, size_t *at)
{
	while (*at < in->host->ways.n_daemons) {
		const struct sc_daemon_fact *daemon = &in->host->ways.daemons[(*at)++];

		if (daemon->by_call != SC_TRUE)
			return daemon;
	}
	return NULL;
}

static struct sc_where where(const struct sc_daemon_fact *daemon, unsigned line)
{
	return (struct sc_where){daemon->file, line, line ? 1 : 0};
}

/* The fix for a setting that is worse than the default: the line becomes a comment. */
static void fix_line(struct sc_findings *out, const struct sc_daemon_fact *daemon, unsigned line)
{
	if (line && strspn(daemon->file, SAFE) == strlen(daemon->file))
		sc_find_fix(out, "sed -i '%us/^[^#]/#&/' -- %s", line, daemon->file);
	else
		sc_find_fix(out, NULL);
}

static void fix_unit(struct sc_findings *out, const char *unit, const struct sc_daemon_fact *daemon, unsigned line)
{
	if (unit)
		sc_find_fix(out, "systemctl disable -- %s", unit);
	else
		fix_line(out, daemon, line);
}

/* Adds the names as "a, b and 3 more". */
static void list_names(struct sc_buf *text, const char *const *names, size_t count)
{
	enum { SHOWN = 6 };

	for (size_t i = 0; i < count && i < SHOWN; i++)
		sc_buf_addf(text, "%s%s", i ? ", " : "", names[i]);
	if (count > SHOWN)
		sc_buf_addf(text, " and %zu more", count - SHOWN);
}

static const char *reach(const struct sc_daemon_fact *daemon)
{
	return daemon->local == SC_TRUE ? "every account of this host" : "every host that can reach the port";
}

static void tcp(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	/* The facts may contain no more than that. */
	if (!in->host->ways.n_daemons && in->host->ways.listen_tcp == SC_TRUE && in->host->ways.auth_tcp_none != SC_TRUE)
		sc_find_at(out, rule, (struct sc_where){0},
			   "libvirtd listens on plain TCP: anybody who logs in there can open every console");
	while ((daemon = next(in, &at)))
		if (daemon->tcp == SC_TRUE && !sc_text_is(daemon->auth_tcp, "none")) {
			sc_find_at(out, rule, where(daemon, daemon->listen_tcp_line),
				   "%s listens on plain TCP: anybody who logs in there with %s can open every console", daemon->name,
				   daemon->auth_tcp);
			fix_unit(out, daemon->tcp_unit, daemon, daemon->listen_tcp_line);
		}
}

static void tcp_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	if (!in->host->ways.n_daemons && in->host->ways.listen_tcp == SC_TRUE && in->host->ways.auth_tcp_none == SC_TRUE)
		sc_find_at(
		    out, rule, (struct sc_where){0},
		    "libvirtd listens on plain TCP without authentication: every host that can reach the port can open every console");
	while ((daemon = next(in, &at)))
		if (daemon->tcp == SC_TRUE && sc_text_is(daemon->auth_tcp, "none")) {
			sc_find_at(out, rule, where(daemon, daemon->auth_tcp_line),
				   "%s listens on plain TCP without authentication: %s can open every console", daemon->name,
				   reach(daemon));
			fix_line(out, daemon, daemon->auth_tcp_line);
		}
}

static void tls_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	while ((daemon = next(in, &at)))
		if (daemon->tls == SC_TRUE && sc_text_is(daemon->auth_tls, "none") && daemon->verifies == SC_FALSE) {
			sc_find_at(out, rule, where(daemon, daemon->verify_line),
				   "%s asks TLS clients for neither a certificate nor a password: %s can open every console", daemon->name,
				   reach(daemon));
			fix_line(out, daemon, daemon->verify_line);
		}
}

static void tls_certificates(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	while ((daemon = next(in, &at)))
		if (daemon->tls == SC_TRUE && sc_text_is(daemon->auth_tls, "none") && daemon->verifies == SC_TRUE &&
		    daemon->names == SC_FALSE) {
			sc_find_at(
			    out, rule, where(daemon, 0),
			    "anybody with a certificate of libvirt's CA can manage every VM through %s: tls_allowed_dn_list names nobody",
			    daemon->name);
			bool safe = strspn(daemon->file, SAFE) == strlen(daemon->file);
			if (safe && daemon->auth_tls_line)
				sc_find_fix(out, "sed -i '%us/none/sasl/' -- %s", daemon->auth_tls_line, daemon->file);
			else if (safe)
				sc_find_fix(out, "touch -- %s && sed -i '/^auth_tls *=/d' -- %s && echo 'auth_tls = \"sasl\"' >>%s",
					    daemon->file, daemon->file, daemon->file);
		}
}

static void socket_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	while ((daemon = next(in, &at)))
		if (sc_text_is(daemon->auth_unix, "none") && (daemon->mode & 02)) {
			sc_find_at(
			    out, rule, where(daemon, daemon->auth_unix_line),
			    "%s asks for no password, and its socket is open to all (%04o): every account of this host can manage every VM",
			    daemon->name, daemon->mode);
			fix_line(out, daemon, daemon->auth_unix_line);
		}
}

static void socket_group(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_daemon_fact *daemon;
	struct sc_buf names = SC_BUF_INIT;
	size_t at = 0;

	while ((daemon = next(in, &at))) {
		if (!sc_text_is(daemon->auth_unix, "none") || (daemon->mode & 02) || !(daemon->mode & 020) || !daemon->group ||
		    sc_text_is(daemon->group, "libvirt") || !daemon->n_members)
			continue;
		names.len = 0;
		list_names(&names, daemon->members, daemon->n_members);
		sc_find_at(out, rule, where(daemon, daemon->auth_unix_line),
			   "members of the group '%s' can manage every VM through the socket of %s, without a password: %s", daemon->group,
			   daemon->name, sc_buf_text(&names));
		fix_line(out, daemon, daemon->auth_unix_line);
	}
	sc_buf_free(&names);
}

/* polkit is relevant only where a daemon asks it. */
static bool asks_polkit(const struct sc_rule_input *in)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	while ((daemon = next(in, &at)))
		if (sc_text_is(daemon->auth_unix, "polkit"))
			return true;
	return false;
}

/* The members of group libvirt, where the socket or polkit lets them in; NULL: the group is not let in, or has no members. */
static const char *const *friends(const struct sc_rule_input *in, size_t *count)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	while ((daemon = next(in, &at)))
		if (sc_text_is(daemon->auth_unix, "none") && (daemon->mode & 020) && daemon->group &&
		    sc_text_is(daemon->group, "libvirt")) {
			*count = daemon->n_members;
			return daemon->n_members ? daemon->members : NULL;
		}
	for (size_t i = 0; i < in->host->ways.n_polkit && asks_polkit(in); i++) {
		const struct sc_polkit_fact *fact = &in->host->ways.polkit[i];

		if (fact->who == SC_POLKIT_GROUP && sc_text_is(fact->name, "libvirt") && fact->n_members) {
			*count = fact->n_members;
			return fact->members;
		}
	}
	return NULL;
}

static void group_libvirt(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_buf names = SC_BUF_INIT;
	size_t count = 0;
	const char *const *members = friends(in, &count);

	if (!members)
		return;
	list_names(&names, members, count);
	sc_find_at(out, rule, (struct sc_where){"/etc/group", 0, 0},
		   "members of the group libvirt can manage every VM and open every console: %s", sc_buf_text(&names));
	if (count == 1 && strspn(members[0], SAFE) == strlen(members[0]))
		sc_find_fix(out, "gpasswd -d %s libvirt", members[0]);
	sc_find_fix_asks(out);
	sc_buf_free(&names);
}

/* polkit reads only files with these endings. Other rules of the file are disabled with it. */
static void fix_polkit(const struct sc_polkit_fact *fact, struct sc_findings *out)
{
	if (strspn(fact->file, SAFE) != strlen(fact->file) || !(sc_text_ends(fact->file, ".rules") || sc_text_ends(fact->file, ".pkla")))
		return;
	sc_find_fix(out, "mv -n -- %s %s.disabled", fact->file, fact->file);
	sc_find_fix_asks(out);
}

static void polkit_all(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->host->ways.n_polkit && asks_polkit(in); i++) {
		const struct sc_polkit_fact *fact = &in->host->ways.polkit[i];

		if (fact->who != SC_POLKIT_ALL)
			continue;
		sc_find_at(out, rule, (struct sc_where){fact->file, fact->line, fact->line ? 1 : 0},
			   "polkit lets every account of this host manage every VM");
		fix_polkit(fact, out);
	}
}

static void polkit_some(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_buf names = SC_BUF_INIT;

	for (size_t i = 0; i < in->host->ways.n_polkit && asks_polkit(in); i++) {
		const struct sc_polkit_fact *fact = &in->host->ways.polkit[i];
		struct sc_where place = {fact->file, fact->line, fact->line ? 1 : 0};

		names.len = 0;
		list_names(&names, fact->members, fact->n_members);
		if (fact->who == SC_POLKIT_USER && !sc_text_is(fact->name, "root"))
			sc_find_at(out, rule, place, "polkit lets '%s' manage every VM without a password", fact->name);
		else if (fact->who == SC_POLKIT_GROUP && !sc_text_is(fact->name, "libvirt") && fact->n_members)
			sc_find_at(out, rule, place, "polkit lets members of the group '%s' manage every VM without a password: %s",
				   fact->name, sc_buf_text(&names));
		else if (fact->who == SC_POLKIT_CONDITION)
			sc_find_at(out, rule, place,
				   "a rule of polkit lets accounts manage every VM on a condition of its own: read the rule");
		else
			continue;
		if (fact->who != SC_POLKIT_CONDITION)
			fix_polkit(fact, out);
	}
	sc_buf_free(&names);
}

const struct sc_rule sc_rules_ways[] = {
    {"libvirt-tcp", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "libvirt's TCP port gives access to the consoles",
     "libvirt's port 16509 is not encrypted, and gives access to every console, bypassing the console's own protection. libvirtd listens "
     "there with --listen and listen_tcp = 1, or through the unit libvirtd-tcp.socket; virtproxyd with listen_tcp = 1 or through "
     "virtproxyd-tcp.socket. Restart the daemon after the fix; use TLS or SSH instead.",
     "A34; libvirt remote/remote_daemon.c daemonSetupNetworking; measured", NULL, tcp},
    {"libvirt-tcp-open", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "libvirt's TCP port asks for no password",
     "With auth_tcp = \"none\", anybody who can reach the port can manage the VMs and open every console. The default is sasl. Restart the "
     "daemon after the fix.",
     "A34; libvirt remote/remote_daemon_config.c daemonConfigNew; measured", NULL, tcp_open},
    {"libvirt-tls-open", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "libvirt's TLS port authenticates nobody",
     "auth_tls is \"none\" by default, because client certificates are verified. With tls_no_verify_certificate = 1, nothing is verified. "
     "Restart the daemon after the fix.",
     "A34; libvirt remote/remote_daemon_config.c daemonConfigNew, rpc/virnettlscontext.c", NULL, tls_open},
    {"libvirt-tls-certificates", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "Every certificate of the CA gives access to libvirt",
     "Without tls_allowed_dn_list, and with auth_tls = \"none\", anybody who has any certificate of the CA, even that of a server, can "
     "manage the VMs and open every console. Name the clients, or require a password as well: auth_tls = \"sasl\".",
     "A34; libvirt rpc/virnettlscontext.c virNetTLSContextCheckCertDN", NULL, tls_certificates},
    {"libvirt-socket-open", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "libvirt's socket is open to every account",
     "With auth_unix_rw = \"none\", libvirt authenticates nobody, and the socket's mode is 0777 unless unix_sock_rw_perms says otherwise "
     "(0666 where systemd creates the socket). An account that can manage VMs can become root on the host. By default libvirt asks polkit. "
     "The read-only socket opens no console.",
     "A34; libvirt remote/remote_daemon_config.c daemonConfigNew; measured", NULL, socket_open},
    {"libvirt-socket-group", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "A group that can use libvirt's socket",
     "With auth_unix_rw = \"none\", the members of unix_sock_group can manage every VM and open every console without a password.",
     "A34; libvirt remote/remote_daemon.c daemonSetupNetworking; measured", NULL, socket_group},
    {"libvirt-group", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "Members of the group libvirt",
     "A polkit rule that distributions ship, or the socket's group, lets the members manage every VM without a password, and so open every "
     "console, bypassing SASL, ACLs and passwords.",
     "A34; libvirt remote/libvirtd.rules; measured", "gpasswd -d USER libvirt", group_libvirt},
    {"libvirt-polkit-all", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "polkit lets everybody manage VMs",
     "A rule, a legacy local authority file (.pkla) or the action's own defaults answer yes for org.libvirt.unix.manage to every account, "
     "so each of them can become root on the host. Remove the rule.",
     "A34; polkit(8); measured", NULL, polkit_all},
    {"libvirt-polkit", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "polkit lets more accounts manage VMs",
     "Apart from the group libvirt, a rule or a legacy local authority file (.pkla) answers yes for org.libvirt.unix.manage: these "
     "accounts can open every console. Rules are programs: the accounts that a rule names are reported, not what it computes.",
     "A34; polkit(8), pklocalauthority(8); measured", NULL, polkit_some},
    {0},
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's own ways in. They are told once for a whole host, and with a VM where facts about a host are given. */
#include "model/ways.h"

#include <string.h>

#include "rules/tables.h"

#define SAFE "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._@+-"

static bool is(const char *word, const char *text)
{
	return strcmp(word, text) == 0;
}

/* The n-th daemon by which somebody who is let in manages every VM. */
static const struct sc_daemon_fact *next(const struct sc_rule_input *in, size_t *at)
{
	while (*at < in->host->n_daemons) {
		const struct sc_daemon_fact *daemon = &in->host->daemons[(*at)++];

		if (daemon->by_call != SC_TRUE)
			return daemon;
	}
	return NULL;
}

static struct sc_where where(const struct sc_daemon_fact *daemon, unsigned line)
{
	return (struct sc_where){daemon->file, line, line ? 1 : 0};
}

/* The fix for a setting that makes worse what the default does well: it becomes a comment. */
static void fix_line(struct sc_findings *out, const struct sc_daemon_fact *daemon, unsigned line)
{
	if (line && strspn(daemon->file, SAFE) == strlen(daemon->file))
		sc_find_fix(out, "sed -i '%us/^/#/' -- %s", line, daemon->file);
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

/* "a, b and 3 more" of names. */
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
	return daemon->local == SC_TRUE ? "every account of this host" : "every host that reaches the port";
}

static void tcp(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	/* Facts may tell no more than that. */
	if (!in->host->n_daemons && in->host->listen_tcp == SC_TRUE && in->host->auth_tcp_none != SC_TRUE)
		sc_find_at(out, rule, (struct sc_where){0}, "libvirtd listens on plain TCP: who gets in there opens every console");
	while ((daemon = next(in, &at)))
		if (daemon->tcp == SC_TRUE && !is(daemon->auth_tcp, "none")) {
			sc_find_at(out, rule, where(daemon, daemon->listen_tcp_line),
				   "%s listens on plain TCP: who gets in there by %s opens every console", daemon->name, daemon->auth_tcp);
			fix_unit(out, daemon->tcp_unit, daemon, daemon->listen_tcp_line);
		}
}

static void tcp_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	if (!in->host->n_daemons && in->host->listen_tcp == SC_TRUE && in->host->auth_tcp_none == SC_TRUE)
		sc_find_at(out, rule, (struct sc_where){0},
			   "libvirtd listens on plain TCP without authentication: every host that reaches the port opens every console");
	while ((daemon = next(in, &at)))
		if (daemon->tcp == SC_TRUE && is(daemon->auth_tcp, "none")) {
			sc_find_at(out, rule, where(daemon, daemon->auth_tcp_line),
				   "%s listens on plain TCP without authentication: %s opens every console", daemon->name, reach(daemon));
			fix_line(out, daemon, daemon->auth_tcp_line);
		}
}

static void tls_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	while ((daemon = next(in, &at)))
		if (daemon->tls == SC_TRUE && is(daemon->auth_tls, "none") && daemon->verifies == SC_FALSE) {
			sc_find_at(out, rule, where(daemon, daemon->verify_line),
				   "%s asks TLS clients for neither certificate nor password: %s opens every console", daemon->name,
				   reach(daemon));
			fix_line(out, daemon, daemon->verify_line);
		}
}

static void tls_certificates(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	while ((daemon = next(in, &at)))
		if (daemon->tls == SC_TRUE && is(daemon->auth_tls, "none") && daemon->verifies == SC_TRUE && daemon->names == SC_FALSE) {
			sc_find_at(
			    out, rule, where(daemon, 0),
			    "whoever has any certificate of libvirt's CA manages every VM through %s: tls_allowed_dn_list names nobody",
			    daemon->name);
			bool safe = strspn(daemon->file, SAFE) == strlen(daemon->file);
			if (safe && daemon->auth_tls_line)
				sc_find_fix(out, "sed -i '%us/none/sasl/' -- %s", daemon->auth_tls_line, daemon->file);
			else if (safe)
				sc_find_fix(out, "echo 'auth_tls = \"sasl\"' >>%s", daemon->file);
		}
}

static void socket_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	while ((daemon = next(in, &at)))
		if (is(daemon->auth_unix, "none") && (daemon->mode & 02)) {
			sc_find_at(
			    out, rule, where(daemon, daemon->auth_unix_line),
			    "%s asks nobody for a password, and its socket is open to all (%04o): every account of this host manages "
			    "every VM",
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
		if (!is(daemon->auth_unix, "none") || (daemon->mode & 02) || !(daemon->mode & 020) || !daemon->group ||
		    is(daemon->group, "libvirt") || !daemon->n_members)
			continue;
		names.len = 0;
		list_names(&names, daemon->members, daemon->n_members);
		sc_find_at(out, rule, where(daemon, daemon->auth_unix_line),
			   "members of the group '%s' manage every VM through the socket of %s, without a password: %s", daemon->group,
			   daemon->name, sc_buf_text(&names));
		fix_line(out, daemon, daemon->auth_unix_line);
	}
	sc_buf_free(&names);
}

/* polkit counts where a daemon asks it. */
static bool asks_polkit(const struct sc_rule_input *in)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	while ((daemon = next(in, &at)))
		if (is(daemon->auth_unix, "polkit"))
			return true;
	return false;
}

/* The members of group libvirt, where the socket or polkit lets them in; NULL: nobody does, or there are none. */
static const char *const *friends(const struct sc_rule_input *in, size_t *count)
{
	const struct sc_daemon_fact *daemon;
	size_t at = 0;

	while ((daemon = next(in, &at)))
		if (is(daemon->auth_unix, "none") && (daemon->mode & 020) && daemon->group && is(daemon->group, "libvirt")) {
			*count = daemon->n_members;
			return daemon->n_members ? daemon->members : NULL;
		}
	for (size_t i = 0; i < in->host->n_polkit && asks_polkit(in); i++) {
		const struct sc_polkit_fact *fact = &in->host->polkit[i];

		if (fact->who == SC_POLKIT_GROUP && is(fact->name, "libvirt") && fact->n_members) {
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
		   "members of the group libvirt manage every VM and open every console: %s", sc_buf_text(&names));
	if (count == 1 && strspn(members[0], SAFE) == strlen(members[0]))
		sc_find_fix(out, "gpasswd -d %s libvirt", members[0]);
	sc_buf_free(&names);
}

static void polkit_all(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->host->n_polkit && asks_polkit(in); i++) {
		const struct sc_polkit_fact *fact = &in->host->polkit[i];

		if (fact->who == SC_POLKIT_ALL)
			sc_find_at(out, rule, (struct sc_where){fact->file, fact->line, fact->line ? 1 : 0},
				   "polkit lets every account of this host manage every VM");
	}
}

static void polkit_some(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_buf names = SC_BUF_INIT;

	for (size_t i = 0; i < in->host->n_polkit && asks_polkit(in); i++) {
		const struct sc_polkit_fact *fact = &in->host->polkit[i];
		struct sc_where place = {fact->file, fact->line, fact->line ? 1 : 0};

		names.len = 0;
		list_names(&names, fact->members, fact->n_members);
		if (fact->who == SC_POLKIT_USER && !is(fact->name, "root"))
			sc_find_at(out, rule, place, "polkit lets '%s' manage every VM without a password", fact->name);
		else if (fact->who == SC_POLKIT_GROUP && !is(fact->name, "libvirt") && fact->n_members)
			sc_find_at(out, rule, place, "polkit lets members of the group '%s' manage every VM without a password: %s",
				   fact->name, sc_buf_text(&names));
		else if (fact->who == SC_POLKIT_CONDITION)
			sc_find_at(out, rule, place, "a rule of polkit lets accounts manage every VM on a condition of its own: read it");
	}
	sc_buf_free(&names);
}

const struct sc_rule sc_rules_ways[] = {
    {"libvirt-tcp", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "libvirt's TCP port is a way to the consoles",
     "libvirt's port 16509 is plain, and leads to every console past its own protection. libvirtd listens there with --listen and "
     "listen_tcp = 1, or by the unit libvirtd-tcp.socket; virtproxyd by listen_tcp = 1 or virtproxyd-tcp.socket. Restart the daemon after "
     "the fix; use TLS or SSH.",
     "A34; libvirt remote/remote_daemon.c daemonSetupNetworking; measured", NULL, tcp},
    {"libvirt-tcp-open", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "libvirt's TCP port asks for no password",
     "With auth_tcp = \"none\" everybody who reaches the port manages the VMs and opens every console. The default is sasl. Restart the "
     "daemon after the fix.",
     "A34; libvirt remote/remote_daemon_config.c daemonConfigNew; measured", NULL, tcp_open},
    {"libvirt-tls-open", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "libvirt's TLS port asks for nothing",
     "auth_tls is \"none\" by default, as certificates of clients are checked. With tls_no_verify_certificate = 1 nothing is. Restart the "
     "daemon after the fix.",
     "A34; libvirt remote/remote_daemon_config.c daemonConfigNew, rpc/virnettlscontext.c", NULL, tls_open},
    {"libvirt-tls-certificates", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "Every certificate of the CA opens libvirt",
     "Without tls_allowed_dn_list, and with auth_tls = \"none\", whoever has any certificate of the CA, that of a server too, manages the "
     "VMs "
     "and opens every console. Name the clients, or ask for a password beside: auth_tls = \"sasl\".",
     "A34; libvirt rpc/virnettlscontext.c virNetTLSContextCheckCertDN", NULL, tls_certificates},
    {"libvirt-socket-open", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "libvirt's socket is open to every account",
     "auth_unix_rw = \"none\" asks nobody, and the socket's mode stays 0777 unless unix_sock_rw_perms says otherwise (0666 where systemd "
     "makes the socket). Who manages VMs is root on the host. The default asks polkit. The read-only socket opens no console.",
     "A34; libvirt remote/remote_daemon_config.c daemonConfigNew; measured", NULL, socket_open},
    {"libvirt-socket-group", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST,
     "A group that libvirt's socket is open to",
     "With auth_unix_rw = \"none\" the members of unix_sock_group manage every VM and open every console without a password.",
     "A34; libvirt remote/remote_daemon.c daemonSetupNetworking; measured", NULL, socket_group},
    {"libvirt-group", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "Members of the group libvirt",
     "A rule of polkit that distributions ship, or the socket's group, lets them manage every VM without a password, and so open every "
     "console past SASL, ACLs and passwords.",
     "A34; libvirt remote/libvirtd.rules; measured", "gpasswd -d USER libvirt", group_libvirt},
    {"libvirt-polkit-all", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "polkit lets everybody manage VMs",
     "A rule, an authority of old or the action's own defaults answers yes for org.libvirt.unix.manage to every account, which makes each "
     "of "
     "them root on the host. Take the rule away.",
     "A34; polkit(8); measured", NULL, polkit_all},
    {"libvirt-polkit", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE | SC_OF_HOST, "polkit lets more accounts manage VMs",
     "Beside the group libvirt, a rule or an authority of old answers yes for org.libvirt.unix.manage: these accounts open every console. "
     "Rules are programs: which accounts one names is told, not what it computes.",
     "A34; polkit(8), pklocalauthority(8); measured", NULL, polkit_some},
    {0},
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can reach a console, and what protects it. */
#include <string.h>

#include "rules/fixes.h"
#include "rules/login/sasl.h"
#include "rules/tables.h"

static const struct sc_console *console_of(const struct sc_rule_input *in)
{
	const struct sc_console *console = in->launch->spice;

	return console && !console->broken ? console : NULL;
}

static const char *address_of(const struct sc_console *console)
{
	if (!console->address)
		return console->network ? console->network : "?";
	return *console->address ? console->address : "0.0.0.0";
}

/* Why no client needs a password; NULL: clients need one. */
static const char *unprotected(const struct sc_rule_input *in, const struct sc_console *console)
{
	bool own;

	if (console->ticketing)
		return NULL;
	if (!console->sasl)
		return "with neither password nor SASL";
	const struct sc_sasl_fact *fact = sc_host_sasl(in->host, sc_sasl_directory(in->domain, in->host, &own));
	if (!console->open_tls || !sc_sasl_admits_anybody(in->host, fact) || sc_sasl_guard_ends(in, fact))
		return NULL;
	return "with SASL that lets anybody in";
}

/* A password is not a fix where SASL is on, or ticketing is off in an argument of QEMU: such a VM does not start. */
static void fix_open(const struct sc_rule_input *in, const struct sc_console *console, struct sc_findings *out)
{
	const struct sc_spice_arg *arg = sc_spice_args_find(&in->launch->args, "disable-ticketing");
	bool own;

	if (!console->sasl) {
		const char *attr;
		const struct sc_xml_node *node = sc_console_address_node(console, &attr);

		/* what follows a comma in the address is an argument too */
		if (arg && console->graphics && strcmp(sc_xml_node_name(arg->node), "arg") != 0) {
			sc_find_fix_address(out, console, node, attr);
			if (!console->password)
				sc_find_fix_more(out, "&& spicecfg set-password TARGET --generate");
		} else if (arg || !console->graphics) {
			sc_find_fix_arg(out, in->domain, arg ? arg->node : console->node);
		}
		return;
	}
	(void)sc_sasl_directory(in->domain, in->host, &own);
	sc_find_fix(out, own ? "spicecfg sasl set --vm TARGET" : "spicecfg sasl set");
}

static void console_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = console_of(in);
	const char *attr;

	const char *why = console && sc_console_is_open(console) ? unprotected(in, console) : NULL;
	if (!why)
		return;
	const struct sc_xml_node *node = sc_console_address_node(console, &attr);
	sc_find(out, rule, SC_HOST, node, attr, "the console listens on '%s' %s", address_of(console), why);
	fix_open(in, console, out);
}

static void console_local(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = console_of(in);

	const char *why = console && sc_console_on_tcp(console) && !sc_console_is_open(console) ? unprotected(in, console) : NULL;
	if (!why)
		return;
	sc_find(out, rule, SC_HOST, console->node, NULL, "every local user and every SSH user of this host can open the console on '%s'%s",
		address_of(console), console->sasl ? ": its SASL lets anybody in" : "");
	fix_open(in, console, out);
}

/* A TLS port replaces the plain one; a console without a graphics device comes from an argument of QEMU. */
static void fix_plain(const struct sc_rule_input *in, const struct sc_console *console, struct sc_findings *out)
{
	bool own;
	const struct sc_sasl_fact *fact = sc_host_sasl(in->host, sc_sasl_directory(in->domain, in->host, &own));

	bool open = console->sasl && sc_sasl_admits_anybody(in->host, fact) && !sc_sasl_guard_ends(in, fact);

	if (!console->graphics) {
		sc_find_fix_arg(out, in->domain, console->node);
		return;
	}
	/* an argument opens another plain port than the definition */
	if (console->qemu_port != (console->port > 0 ? console->port : 0)) {
		sc_find_fix(out, NULL);
		return;
	}
	/* with TLS, such SASL lets anybody in: it comes first */
	if (open)
		sc_find_fix(out, in->host->conf.spice_tls && !own ? "spicecfg sasl set --backend sasldb && spicecfg set TARGET" : NULL);
	else
		sc_find_fix_tls(out, in);
	sc_find_fix_tls_port(out, in, console);
}

static void console_plain(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = console_of(in);
	const char *attr;

	if (!console || !sc_console_is_open(console) || !console->open_plain || console->open_tls)
		return;
	const struct sc_xml_node *node = sc_console_address_node(console, &attr);
	sc_find(out, rule, SC_HOST, node, attr, "the console on '%s' is not encrypted", address_of(console));
	fix_plain(in, console, out);
}

/* Modes of single channels take precedence over the default. */
static void fix_channels(const struct sc_console *console, struct sc_findings *out)
{
	if (console->graphics->n_channels)
		sc_find_fix(out, "spicecfg set TARGET mode=secure");
	sc_find_fix_channels(out, console->graphics, 1U << SC_MODE_ANY | 1U << SC_MODE_INSECURE, "secure");
}

static void tls_not_enforced(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = console_of(in);

	if (!console || !sc_console_is_open(console) || !console->open_plain || !console->open_tls || !console->graphics)
		return;
	if (console->graphics->mode.value == SC_MODE_SECURE && !console->insecure_channel)
		return;
	sc_find(out, rule, SC_HOST, console->node, console->graphics->mode.text ? "defaultMode" : NULL,
		"the console has a TLS port, but its plain port lets clients in unencrypted");
	fix_channels(console, out);
}

static void channel_insecure(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = console_of(in);

	if (!console || !console->graphics || !sc_console_is_open(console) || console->graphics->mode.value != SC_MODE_SECURE)
		return;
	for (size_t i = 0; i < console->graphics->n_channels; i++) {
		const struct sc_spice_channel *channel = &console->graphics->channels[i];

		if (channel->mode != SC_MODE_SECURE && console->modes[channel->name] == channel->mode)
			sc_find(out, rule, SC_ALWAYS, channel->node, "mode", "channel '%s' is %s while defaultMode is secure",
				channel->name_text, channel->mode_text);
	}
}

static void sasl_without_tls(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = console_of(in);

	if (console && console->sasl && sc_console_asks_plain(console)) {
		sc_find(out, rule, SC_HOST, console->node, NULL, "SASL on %s offers at most digest-md5 and gssapi",
			console->unix_socket ? "a socket" : "a plain port");
		if (!console->unix_socket) {
			fix_plain(in, console, out);
			return;
		}
		/* without its own, the VM has that of the host */
		if (in->host->conf.spice_sasl)
			sc_find_fix(out, NULL);
		sc_find_fix_asks(out);
	}
}

static void sasl_global(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = console_of(in);

	/* with a password, the VM does not start */
	if (!console || !console->sasl || in->domain->sasl_env || console->password)
		return;
	sc_find(out, rule, SC_HOST, console->node, NULL, "every SASL user of this host can open this console");
	/* the VM's own database has no users yet */
	sc_find_fix_asks(out);
}

static void sasl_virt_manager(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = console_of(in);

	if (console && console->sasl)
		sc_find(out, rule, SC_HOST, console->node, NULL, "virt-manager's built-in console can't log in with SASL");
}

/* True when every port of the range is open to everybody, for the address family that the console listens on. */
static bool is_passed(const struct sc_host *host, const char *address, long long first, long long last)
{
	bool six = address && strchr(address, ':'), both = address && strcmp(address, "::") == 0, passed = host->firewall.open == SC_TRUE;

	for (size_t i = 0; i < host->firewall.n_open4 && (!six || both); i++)
		passed |= host->firewall.open4[i].first <= first && host->firewall.open4[i].last >= last;
	for (size_t i = 0; i < host->firewall.n_open6 && (six || both); i++)
		passed |= host->firewall.open6[i].first <= first && host->firewall.open6[i].last >= last;
	return passed;
}

/* Rules in a table of their own for one port, in effect until the host restarts; the administrator has to fill in the clients. */
static void fix_firewall(struct sc_findings *out, const char *address, long long port)
{
	bool six = address && strchr(address, ':'), both = address && strcmp(address, "::") == 0;
	const char *family = six ? "ip6" : "ip";

	if (!both)
		sc_find_fix(out,
			    "nft 'table inet console { chain input { type filter hook input priority 0; tcp dport %lld %s saddr != CLIENT "
			    "drop; }; }'",
			    port, family);
	else
		sc_find_fix(
		    out,
		    "nft 'table inet console { chain input { type filter hook input priority 0; tcp dport %lld ip saddr != CLIENT drop; "
		    "tcp dport %lld ip6 saddr != CLIENT drop; }; }'",
		    port, port);
}

static void firewall_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = console_of(in);
	const struct sc_qemu_conf *conf = &in->host->conf;

	if (!console || !sc_console_is_open(console))
		return;
	const struct {
		bool open;
		long long port;
	} ports[] = {{console->open_plain, console->qemu_port}, {console->open_tls, console->qemu_tls_port}};
	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++) {
		bool fixed = ports[i].port > 0;

		if (!ports[i].open ||
		    !is_passed(in->host, console->address, fixed ? ports[i].port : conf->port_min, fixed ? ports[i].port : conf->port_max))
			continue;
		if (fixed) {
			sc_find(out, rule, SC_HOST, console->node, NULL,
				"no firewall of this host keeps others from the console's port %lld", ports[i].port);
			fix_firewall(out, console->address, ports[i].port);
		} else {
			sc_find(out, rule, SC_HOST, console->node, NULL, "no firewall of this host keeps others from the console's port");
		}
		return;
	}
}

const struct sc_rule sc_rules_security[] = {
    {"console-open", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "A console open to the network",
     "A console that other hosts can reach, with neither a password nor SASL, belongs to whoever connects first; a second client takes it "
     "over with the rights of the user who is logged in.",
     "A1, A36", "spicecfg set-password TARGET --generate", console_open},
    {"console-local", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "A console open to every local user",
     "A listener on the loopback address can be reached by every account of this host and, through port forwarding, by every SSH user. Use "
     "a socket with an ACL, a password, or SASL.",
     "A1, A13", "spicecfg set-password TARGET --generate", console_local},
    {"console-plain", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "A console without encryption",
     "On a plain port, the screen, the keys pressed and the exchange of the ticket can be read and changed on the way. Offer a TLS port "
     "only.",
     "A3", "spicecfg set TARGET tls-port=auto", console_plain},
    {"tls-not-enforced", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "TLS is offered, not enforced",
     "As long as a plain port is open next to the TLS port, with defaultMode any or insecure, clients fall back silently. The safe "
     "configuration is a TLS port only, autoport no, defaultMode secure.",
     "A16, A17", "spicecfg set-mode TARGET secure", tls_not_enforced},
    {"channel-insecure", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "A channel outside TLS",
     "defaultMode is secure, but this channel may be, or always is, unencrypted.", "A12, A16", "spicecfg set TARGET 'PATH=secure'",
     channel_insecure},
    {"sasl-without-tls", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "SASL without TLS",
     "spice-server requires a security layer unless the channel uses TLS, even on a Unix socket: plain and scram disappear, and with "
     "saslauthd every login fails. On a socket, the ACL is the authentication.",
     "A19, A25; spice-server server/red-stream.cpp red_sasl_start_auth; measured", "spicecfg sasl off --vm TARGET", sasl_without_tls},
    {"sasl-global", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "SASL users of the whole host",
     "With one SASL file for all VMs, any valid user can open every VM's console. A directory of its own, named by SASL_CONF_PATH, "
     "restricts a VM to its users.",
     "A27", "spicecfg sasl set --vm TARGET", sasl_global},
    {"sasl-virt-manager", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "virt-manager and SASL",
     "virt-manager's built-in console fails when SASL is on; use virt-viewer or remote-viewer, which work. Nothing is wrong with the VM; "
     "'--rule sasl-virt-manager=off' (or .spicecfg.conf) silences this note.",
     "A24", NULL, sasl_virt_manager},
    {"firewall-open", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "No firewall in front of the console",
     "A server should open a console's port to chosen client addresses only: restrict the port in its firewall (nft, firewalld). This is "
     "reported only where the host's own rules (nftables, and iptables rules translated to it) certainly let everybody through to the "
     "port.",
     "A35; measured", NULL, firewall_open},
    {0},
};

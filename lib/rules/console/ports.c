/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ports and modes of a console: what libvirt needs TLS for, which port numbers libvirt and QEMU accept. */
#include <stdlib.h>

#include <string.h>

#include "rules/fixes.h"
#include "rules/tables.h"

typedef void console_check(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console,
			   struct sc_findings *out);

static void each(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out, enum sc_graphics_kind kind,
		 console_check *check)
{
	for (size_t i = 0; i < in->launch->n_consoles; i++) {
		const struct sc_console *console = &in->launch->consoles[i];

		if (!console->broken && console->graphics && console->graphics->kind == kind)
			check(rule, in, console, out);
	}
}

static bool on_network(const struct sc_console *console)
{
	return console->type == SC_LISTEN_ADDRESS || console->type == SC_LISTEN_NETWORK;
}

/* libvirt checks TLS ports when a VM is defined, before spice_auto_unix_socket turns the address into a socket. */
static bool written_on_network(const struct sc_console *console)
{
	return on_network(console) || console->conf_socket;
}

static void tls_port_of(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console,
			struct sc_findings *out)
{
	if (in->host->conf.spice_tls || console->graphics->tls_port.value <= 0 || console->autoport || !written_on_network(console))
		return;
	sc_find(out, rule, SC_HOST, console->node, "tlsPort", "tlsPort is %lld, but spice_tls is off in qemu.conf",
		console->graphics->tls_port.value);
	sc_find_fix_tls_on(out, in);
}

static void tls_port_without_tls(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, SC_GRAPHICS_SPICE, tls_port_of);
}

static void auto_tls_of(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console,
			struct sc_findings *out)
{
	if (in->host->conf.spice_tls || !console->auto_tls || !on_network(console))
		return;
	if (console->autoport)
		sc_find(out, rule, SC_HOST, console->node, console->secure_channel ? NULL : "defaultMode",
			"libvirt has to choose a TLS port for %s, but spice_tls is off in qemu.conf",
			console->secure_channel ? "a secure channel" : "defaultMode secure");
	else
		sc_find(out, rule, SC_HOST, console->node, "tlsPort",
			"libvirt has to choose the TLS port, but spice_tls is off in qemu.conf");
	sc_find_fix_tls_on(out, in);
}

static void auto_tls_without_tls(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, SC_GRAPHICS_SPICE, auto_tls_of);
}

/* Refused on every host: nothing can give this console a TLS listener. */
static enum sc_certainty certainty_of(const struct sc_console *console)
{
	return console->origin == SC_FROM_CONF ? SC_HOST : SC_ALWAYS;
}

/* The same, where qemu.conf can at most choose another address, or a socket: neither has TLS without a TLS port. */
static enum sc_certainty certainty_of_tls(const struct sc_console *console)
{
	const struct sc_number *port = &console->graphics->tls_port;

	return !console->autoport && !(port->text && port->value) ? SC_ALWAYS : certainty_of(console);
}

/* What gives the encrypted channels a TLS port. The plain port is kept where channels use it; a listener without ports is replaced. */
static void fix_secure(const struct sc_rule_input *in, const struct sc_console *console, struct sc_findings *out)
{
	bool plain = console->insecure_channel || console->graphics->mode.value != SC_MODE_SECURE;

	sc_find_fix_tls(out, in);
	if (!on_network(console)) {
		sc_find_fix_more(out, "'listen=address 127.0.0.1'");
		sc_find_fix_asks(out);
	}
	if (plain && on_network(console) && !console->autoport && console->port > 0)
		sc_find_fix_more(out, "port=%lld", console->port);
	else if (plain)
		sc_find_fix_more(out, "port=auto");
	sc_find_fix_tls_port(out, in, console);
}

static void secure_of(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console, struct sc_findings *out)
{
	if (console->graphics->mode.value != SC_MODE_SECURE || console->tls)
		return;
	sc_find(out, rule, certainty_of_tls(console), console->node, "defaultMode",
		"defaultMode is secure, but the console opens no TLS port");
	fix_secure(in, console, out);
}

static void secure_without_port(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, SC_GRAPHICS_SPICE, secure_of);
}

/* Where no plain port is opened, every channel is encrypted anyway. */
static void fix_insecure(const struct sc_console *console, struct sc_findings *out)
{
	sc_find_fix(out, console->graphics->mode.value == SC_MODE_INSECURE ? "spicecfg set TARGET mode=any" : "spicecfg set TARGET");
	sc_find_fix_channels(out, console->graphics, 1U << SC_MODE_INSECURE, "any");
}

static void insecure_of(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console,
			struct sc_findings *out)
{
	(void)in;
	if (console->graphics->mode.value != SC_MODE_INSECURE || console->plain)
		return;
	sc_find(out, rule, certainty_of(console), console->node, "defaultMode",
		"defaultMode is insecure, but the console opens no plain port");
	fix_insecure(console, out);
}

static void insecure_without_port(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, SC_GRAPHICS_SPICE, insecure_of);
}

static const struct sc_xml_node *channel_node(const struct sc_console *console, enum sc_mode mode)
{
	for (size_t i = 0; i < console->graphics->n_channels; i++) {
		const struct sc_spice_channel *channel = &console->graphics->channels[i];

		if (channel->mode == mode && console->modes[channel->name] == mode)
			return channel->node;
	}
	return console->node;
}

static void secure_channel_of(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console,
			      struct sc_findings *out)
{
	if (!console->secure_channel || console->tls)
		return;
	sc_find(out, rule, certainty_of_tls(console), channel_node(console, SC_MODE_SECURE), "mode",
		"a channel is secure, but the console opens no TLS port");
	fix_secure(in, console, out);
}

static void secure_channel_without_port(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, SC_GRAPHICS_SPICE, secure_channel_of);
}

static void insecure_channel_of(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console,
				struct sc_findings *out)
{
	(void)in;
	if (!console->insecure_channel || console->plain)
		return;
	sc_find(out, rule, certainty_of(console), channel_node(console, SC_MODE_INSECURE), "mode",
		"a channel is insecure, but the console opens no plain port");
	fix_insecure(console, out);
}

static void insecure_channel_without_port(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, SC_GRAPHICS_SPICE, insecure_channel_of);
}

/* The number comes from the definition, or from an argument of QEMU. */
static void fix_number(const struct sc_rule_input *in, const struct sc_console *console, const char *attr, bool own,
		       struct sc_findings *out)
{
	if (own && console->graphics) {
		sc_find_fix_port(out, in, console, attr);
		return;
	}
	const struct sc_spice_arg *arg = sc_spice_args_find(&in->launch->args, strcmp(attr, "port") == 0 ? "port" : "tls-port");
	if (arg)
		sc_find_fix_arg(out, in->domain, arg->node);
}

static void range_of(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console, struct sc_findings *out)
{
	if (console->qemu_port > 65535) {
		sc_find(out, rule, certainty_of(console), console->node, "port", "port %lld is above 65535", console->qemu_port);
		fix_number(in, console, "port", console->qemu_port == console->port, out);
	}
	if (console->qemu_tls_port > 65535) {
		sc_find(out, rule, certainty_of(console), console->node, "tlsPort", "tlsPort %lld is above 65535", console->qemu_tls_port);
		fix_number(in, console, "tlsPort", console->qemu_tls_port == console->tls_port, out);
	}
}

static void port_range(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, SC_GRAPHICS_SPICE, range_of);
}

static void vnc_range_of(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console,
			 struct sc_findings *out)
{
	if (!on_network(console) || console->autoport || (console->port >= 5900 && console->port <= 65535))
		return;
	sc_find(out, rule, SC_ALWAYS, console->node, "port", "VNC port %lld is not between 5900 and 65535", console->port);
	if (console->port > 0)
		sc_find_fix_port(out, in, console, "port");
}

static void vnc_port_range(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, SC_GRAPHICS_VNC, vnc_range_of);
}

static void privileged(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->launch->n_consoles; i++) {
		const struct sc_console *console = &in->launch->consoles[i];
		long long limit = in->host->machine.unprivileged_port;

		if (console->broken || console->unix_socket || in->host->account.root)
			continue;
		if (console->open_plain && console->qemu_port && console->qemu_port < limit) {
			sc_find(out, rule, SC_HOST, console->node, console->graphics ? "port" : NULL,
				"port %lld is reserved for root (below %lld)", console->qemu_port, limit);
			fix_number(in, console, "port", console->qemu_port == console->port, out);
		}
		if (console->open_tls && console->qemu_tls_port && console->qemu_tls_port < limit) {
			sc_find(out, rule, SC_HOST, console->node, console->graphics ? "tlsPort" : NULL,
				"tlsPort %lld is reserved for root (below %lld)", console->qemu_tls_port, limit);
			fix_number(in, console, "tlsPort", console->qemu_tls_port == console->tls_port, out);
		}
	}
}

const struct sc_rule sc_rules_ports[] = {
    {"tls-port-without-tls", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "A TLS port while TLS is off",
     "A fixed tlsPort needs spice_tls = 1 in qemu.conf, with certificates for QEMU; otherwise libvirt refuses the VM. Turn TLS on for the "
     "host, or omit the TLS port.",
     "A15, A16; libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefSPICEGraphics; measured", "spicecfg host set spice_tls=1",
     tls_port_without_tls},
    {"auto-tls-without-tls", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "libvirt can't choose a TLS port while TLS is off",
     "With autoport, defaultMode secure or any secure channel makes libvirt look for a TLS port; so does tlsPort='-1'. libvirt refuses to "
     "start the VM while spice_tls is off.",
     "libvirt qemu/qemu_process.c qemuProcessSPICEAllocatePorts; measured", "spicecfg host set spice_tls=1", auto_tls_without_tls},
    {"secure-without-port", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "defaultMode secure without a TLS port",
     "defaultMode secure requires every channel to use TLS, which only a TLS port offers: a console with listen type socket or none has "
     "none.",
     "A12, A17; libvirt qemu/qemu_command.c qemuBuildGraphicsSPICECommandLine; measured", "spicecfg set TARGET tls-port=auto",
     secure_without_port},
    {"insecure-without-port", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "defaultMode insecure without a plain port",
     "defaultMode insecure needs a plain port (or a socket), which a console with only a TLS port does not have.",
     "A12; libvirt qemu/qemu_command.c qemuBuildGraphicsSPICECommandLine; measured", "spicecfg set-mode TARGET any", insecure_without_port},
    {"secure-channel-without-port", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "A secure channel without a TLS port",
     "A <channel mode='secure'> needs a TLS port. Of several elements for one channel, the last takes precedence.",
     "libvirt qemu/qemu_command.c qemuBuildGraphicsSPICECommandLine; measured", "spicecfg set TARGET tls-port=auto",
     secure_channel_without_port},
    {"insecure-channel-without-port", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "An insecure channel without a plain port",
     "A <channel mode='insecure'> needs a plain port, a socket or listen type none.",
     "libvirt qemu/qemu_command.c qemuBuildGraphicsSPICECommandLine; measured", "spicecfg set-mode TARGET any",
     insecure_channel_without_port},
    {"port-range", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "A port above 65535",
     "libvirt stores any 32-bit number; QEMU refuses one that is not a TCP port.", "QEMU ui/spice-core.c qemu_spice_init; measured",
     "spicecfg set TARGET port=auto", port_range},
    {"vnc-port-range", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VNC, "A VNC port out of range",
     "VNC numbers its displays from port 5900 on: without autoport, the port must be between 5900 and 65535.",
     "libvirt qemu/qemu_command.c qemuBuildGraphicsVNCCommandLine; measured",
     "spicecfg set TARGET 'ELEMENT/@port=default' 'ELEMENT/@autoport=yes'", vnc_port_range},
    {"port-privileged", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE | SC_HAS_VNC, "A port that only root may open",
     "QEMU runs as an ordinary user and can't open ports below net.ipv4.ip_unprivileged_port_start (1024).",
     "spice-server server/reds.cpp reds_init_socket; measured", "spicecfg set TARGET port=auto", privileged},
    {0},
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings of a console with which the VM starts, but which have no effect or let nobody in. */
#include <string.h>

#include "model/agent.h"
#include "rules/fixes.h"
#include "rules/tables.h"

/* The Spice console, if the definition has it: graphics is set. */
static const struct sc_console *written_console(const struct sc_rule_input *in)
{
	const struct sc_console *console = in->launch->spice;

	return console && !console->broken && console->graphics ? console : NULL;
}

static void console_nowhere(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = written_console(in);

	if (!console || console->unix_socket || sc_console_on_tcp(console))
		return;
	if (console->made_none)
		sc_find(out, rule, SC_ALWAYS, console->node, NULL,
			"without port and autoport, libvirt sets listen type none, which only virt-viewer --attach can reach");
	else if (console->type != SC_LISTEN_NONE)
		sc_find(out, rule, SC_ALWAYS, console->node, "port", "neither port %lld nor tlsPort %lld is opened: nobody can connect",
			console->port, console->tls_port);
}

static void port_ignored(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->kind != SC_GRAPHICS_SPICE || graphics->autoport.value != SC_YES)
			continue;
		if (graphics->port.value > 0)
			sc_find(out, rule, SC_ALWAYS, graphics->node, "port", "port %lld is ignored because autoport is on",
				graphics->port.value);
		if (graphics->tls_port.value > 0)
			sc_find(out, rule, SC_ALWAYS, graphics->node, "tlsPort", "tlsPort %lld is ignored because autoport is on",
				graphics->tls_port.value);
	}
}

static void port_without_network(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = written_console(in);

	if (!console || console->made_none || (console->type != SC_LISTEN_SOCKET && console->type != SC_LISTEN_NONE))
		return;
	if (console->port > 0)
		sc_find(out, rule, SC_ALWAYS, console->node, "port", "a console with listen type %s has no port %lld",
			sc_listen_words[console->type], console->port);
	if (console->tls_port > 0)
		sc_find(out, rule, SC_ALWAYS, console->node, "tlsPort", "a console with listen type %s has no TLS port %lld",
			sc_listen_words[console->type], console->tls_port);
}

/* The word of <image> that is effective; NULL: none, or a -spice argument of the VM's own replaces it. */
static const struct sc_choice *image_of(const struct sc_rule_input *in, const struct sc_console *console)
{
	return console && !sc_spice_args_find(&in->launch->args, "image-compression") ? &console->graphics->options[SC_OPTION_IMAGE] : NULL;
}

static void socket_compression(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = written_console(in);
	const struct sc_choice *image = image_of(in, console);

	if (image && console->unix_socket && image->node && image->value > 0 && strcmp(image->text, "off") != 0)
		sc_find(out, rule, SC_ALWAYS, image->node, "compression", "image compression '%s' on a Unix socket", image->text);
}

static void compression_off(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = written_console(in);
	const struct sc_choice *image = image_of(in, console);

	if (image && sc_console_is_open(console) && image->text && strcmp(image->text, "off") == 0)
		sc_find(out, rule, SC_ALWAYS, image->node, "compression", "image compression is off on a network port");
}

static void option_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		for (int j = 0; j < SC_OPTION_COUNT && graphics->kind == SC_GRAPHICS_SPICE; j++) {
			const char *element = sc_option_specs[j].element;
			const struct sc_xml_node *second =
			    graphics->options[j].node ? sc_xml_next(graphics->options[j].node, element) : NULL;

			if (second)
				sc_find(out, rule, SC_ALWAYS, second, NULL, "libvirt reads only the first <%s>", element);
		}
	}
}

static void channel_repeated(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = written_console(in);
	bool seen[8] = {false};

	for (size_t i = console ? console->graphics->n_channels : 0; i > 0; i--) {
		const struct sc_spice_channel *channel = &console->graphics->channels[i - 1];

		if (seen[channel->name])
			sc_find(out, rule, SC_ALWAYS, channel->node, "mode", "a later <channel name='%s'> takes precedence",
				channel->name_text);
		seen[channel->name] = true;
	}
}

static void agent_missing(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_xml_node *channel = written_console(in) ? sc_agent_channel(in->domain) : NULL;
	const char *type = channel ? sc_xml_get(channel, "type") : NULL;

	if (!written_console(in) || (channel && sc_agent_served(channel)))
		return;
	/* other findings come first: there has to be one Spice console, and a channel of an unknown type may be the agent's */
	if (in->domain->n_spice > 1 || in->host->qemu.spice == SC_FALSE)
		return;
	for (size_t i = 0; i < in->domain->chars.count; i++) {
		const char *word = sc_xml_get(in->domain->chars.items[i], "type");

		if (word && sc_word_find(sc_char_words, word) < 0)
			return;
	}
	if (!channel) {
		sc_find(out, rule, SC_ALWAYS, in->launch->spice->node, NULL, "the guest's agent has no channel com.redhat.spice.0");
		return;
	}
	sc_find(out, rule, SC_ALWAYS, channel, type ? "type" : NULL,
		"the channel com.redhat.spice.0 has %s%s: the guest's agent needs spicevmc", type ? "type " : "no type", type ? type : "");
	sc_find_fix_asks(out);
}

static void socket_automatic(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = written_console(in);

	if (console && console->unix_socket && !console->socket)
		sc_find(out, rule, console->origin == SC_FROM_CONF ? SC_HOST : SC_ALWAYS, console->node, NULL,
			"libvirt creates the socket in a directory that is new at each start, so an ACL on it is lost");
}

const struct sc_rule sc_rules_effect[] = {
    {"console-nowhere", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "A console that nobody can reach",
     "The VM starts, but Spice opens neither a port nor a socket: only libvirt's own virDomainOpenGraphics (virt-viewer --attach) reaches "
     "the console.",
     "libvirt conf/domain_postparse.c virDomainDefPostParseGraphics; measured", "spicecfg set-listen TARGET address 127.0.0.1 --port auto",
     console_nowhere},
    {"port-ignored", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "A port together with autoport",
     "With autoport='yes', libvirt chooses the ports and ignores those in the definition.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured", "spicecfg set TARGET 'PATH=default'", port_ignored},
    {"port-without-network", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "A port of a console without a network listener",
     "With listen type socket or none, ports are ignored, even duplicate ones and those out of range.",
     "libvirt qemu/qemu_process.c qemuProcessGraphicsReservePorts; measured", "spicecfg set TARGET 'PATH=default'", port_without_network},
    {"socket-compression", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "Image compression on a Unix socket",
     "Article IV says that Spice does not accept image compression on a pure socket. No release refuses it: libvirt passes the word to "
     "QEMU unchecked (from 2.0, which brought sockets, to 11.3), and 7.0 with QEMU 5.2, 9.0 with 7.2 and 11.3 with 10.0 start the VM. "
     "Compression for a client on the same host costs time and gains nothing: off is right.",
     "A10; libvirt qemu/qemu_command.c qemuBuildGraphicsSPICECommandLine (2.0 to 11.3); measured", "spicecfg set-compression TARGET off",
     socket_compression},
    {"compression-off", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "No image compression on a network port",
     "In measurements, compression auto_glz reduced the traffic from 70 MiB/s to 9-12 MiB/s without loss of responsiveness. A console on a "
     "loopback address needs none.",
     "A11", "spicecfg set-compression TARGET auto_glz", compression_off},
    {"option-twice", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "A setting that is set twice",
     "Of repeated sub-elements of a console, libvirt reads the first and ignores the others, whatever they say.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured", "spicecfg set TARGET 'ELEMENT=default'", option_twice},
    {"channel-repeated", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "A channel that is set twice",
     "Of repeated <channel> elements of one name, the last takes precedence.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured", "spicecfg set TARGET 'ELEMENT=default'", channel_repeated},
    {"agent-missing", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "No channel for the guest's agent",
     "Clipboard, file transfer, client mouse and additional displays need spice-vdagent in the guest and the channel com.redhat.spice.0. A "
     "channel "
     "of that name with another type serves something else (qemu-vdagent: VNC and D-Bus), and a second one of the name is refused: the fix "
     "changes its type.",
     "A6", "spicecfg set-options TARGET --agent on", agent_missing},
    {"socket-automatic", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "A socket whose path libvirt chooses",
     "A socket without a path, or one made by spice_auto_unix_socket, is created in the VM's run directory: only root and QEMU's account "
     "can "
     "reach it, and ACLs do not last.",
     "A9; libvirt qemu/qemu_process.c qemuProcessGraphicsSetupListen", "spicecfg set-listen TARGET socket", socket_automatic},
    {0},
};

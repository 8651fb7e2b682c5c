/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The address that a console listens on: whether QEMU can resolve and bind it. */
#include "model/address.h"

#include <string.h>

#include "rules/fixes.h"
#include "rules/tables.h"

/* The console at index, NULL: QEMU opens no TCP listener for it when it starts. */
static const struct sc_console *listening(const struct sc_rule_input *in, size_t index)
{
	const struct sc_console *console = &in->launch->consoles[index];

	if (console->broken || !console->address)
		return NULL;
	return sc_console_on_tcp(console) ? console : NULL;
}

static const char *origin_of(const struct sc_console *console)
{
	switch (console->origin) {
	case SC_FROM_CONF:
		return console->graphics->kind == SC_GRAPHICS_VNC ? " (vnc_listen in qemu.conf)" : " (spice_listen in qemu.conf)";
	case SC_FROM_NETWORK:
		return " (of the network)";
	case SC_FROM_ARGS:
		return " (in qemu:commandline)";
	case SC_FROM_XML:
		break;
	}
	return "";
}

/* An address in the domain is wrong on every host, one from elsewhere only on this one. */
static enum sc_certainty certainty_of(const struct sc_console *console)
{
	return console->origin == SC_FROM_XML || console->origin == SC_FROM_ARGS ? SC_ALWAYS : SC_HOST;
}

static void address_nonsense(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->launch->n_consoles; i++) {
		const struct sc_console *console = listening(in, i);
		const char *attr;

		if (!console)
			continue;
		struct sc_address address = sc_address_read(console->address);
		const struct sc_xml_node *node = sc_console_address_node(console, &attr);
		if (address.kind == SC_ADDRESS_NONSENSE)
			sc_find(out, rule, certainty_of(console), node, attr, "'%s'%s is neither an address nor a host name",
				console->address, origin_of(console));
		else if (address.kind == SC_ADDRESS_V4 && address.bytes[0] == 0)
			sc_find(out, rule, certainty_of(console), node, attr, "'%s'%s is an address of \"this network\", which no host has",
				console->address, origin_of(console));
		else if (address.kind == SC_ADDRESS_LINK)
			sc_find(out, rule, certainty_of(console), node, attr, "link-local address '%s'%s needs its interface: '%s%%eth0'",
				console->address, origin_of(console), console->address);
		else if (address.kind == SC_ADDRESS_V6 && address.bytes[0] == 0xff)
			sc_find(out, rule, certainty_of(console), node, attr, "'%s'%s is a multicast address", console->address,
				origin_of(console));
		else
			continue;
		sc_find_fix_address(out, console, node, attr);
		sc_find_fix_asks(out);
	}
}

static void address_comma(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = in->launch->spice;
	const char *attr;

	for (size_t i = 0; console && i < in->launch->args.count; i++) {
		const struct sc_spice_arg *arg = &in->launch->args.items[i];

		/* what the definition has as an argument of its own is not part of the address */
		if (arg->node != console->node || !console->graphics || strcmp(arg->name, "addr") == 0 ||
		    strcmp(sc_xml_node_name(arg->node), "arg") == 0)
			continue;
		const struct sc_xml_node *node = sc_console_address_node(console, &attr);
		sc_find(out, rule, certainty_of(console), node, attr, "the address contains a comma: '%s' becomes an option of QEMU",
			arg->name);
	}
}

/* Chooses the loopback address whose family the host has. */
static void fix_family(const struct sc_rule_input *in, const struct sc_console *console, int only, struct sc_findings *out)
{
	const struct sc_spice_arg *arg = sc_spice_args_find(&in->launch->args, only == 4 ? "ipv4" : "ipv6");

	if (console->family && arg)
		sc_find_fix_arg(out, in->domain, arg->node);
	else
		sc_find_fix(out, "spicecfg set-listen TARGET address %s", only == 4 ? "127.0.0.1" : "::1");
}

/* AI_ADDRCONFIG: on a host that has addresses of one family only besides 127.0.0.1 and ::1, glibc considers that family alone. */
static void address_family(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = in->launch->spice;
	bool v4 = false, v6 = false;
	const char *attr;

	if (!console || console->broken || !console->address || !sc_console_on_tcp(console))
		return;
	for (size_t i = 0; i < in->host->machine.n_addresses; i++) {
		const char *text = in->host->machine.addresses[i];

		v6 |= strchr(text, ':') && strcmp(text, "::1") != 0;
		v4 |= !strchr(text, ':') && strncmp(text, "127.0.0.", 8) != 0;
	}
	struct sc_address address = sc_address_read(console->address);
	bool is_v4 = address.kind == SC_ADDRESS_V4 || (address.kind == SC_ADDRESS_ANY4 && *console->address && *console->address != '*');
	bool is_v6 = address.kind == SC_ADDRESS_V6 || address.kind == SC_ADDRESS_ANY6;
	int only = console->family ? console->family : v4 == v6 ? 0 : v4 ? 4 : 6;
	if (!only || (!is_v4 && !is_v6) || (only == 4) == is_v4)
		return;
	const struct sc_xml_node *node = sc_console_address_node(console, &attr);
	sc_find(out, rule, SC_HOST, node, attr, "'%s' is an IPv%d address, but %s", console->address, is_v4 ? 4 : 6,
		console->family ? "-spice asks for the other family" : "this host has no address of that family except loopback");
	fix_family(in, console, only, out);
}

/* 224.0.0.0/4 and 255.255.255.255 can be bound, though nobody can connect to them. */
static bool bindable_anywhere(const struct sc_address *address)
{
	static const unsigned char broadcast[4] = {255, 255, 255, 255};

	if (address->kind != SC_ADDRESS_V4)
		return false;
	return (address->bytes[0] & 0xf0) == 0xe0 || memcmp(address->bytes, broadcast, 4) == 0;
}

static bool is_local(const struct sc_host *host, const struct sc_address *address)
{
	for (size_t i = 0; i < host->machine.n_addresses; i++)
		if (sc_address_in(address, host->machine.addresses[i]))
			return true;
	return bindable_anywhere(address);
}

static void address_not_local(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->launch->n_consoles; i++) {
		const struct sc_console *console = listening(in, i);
		const char *attr;

		if (!console || in->host->assumed)
			continue;
		struct sc_address address = sc_address_read(console->address);
		if (sc_address_is_loopback(&address, console->address))
			continue;
		if (address.kind == SC_ADDRESS_NAME) {
			sc_doubt(out, rule, "'%s' is resolved when the VM starts", console->address);
			continue;
		}
		if (address.kind == SC_ADDRESS_SCOPED) {
			address.kind = SC_ADDRESS_V6;
			if (!in->host->machine.addresses || is_local(in->host, &address)) {
				sc_doubt(out, rule, "it is not known whether '%s' is on that interface", console->address);
				continue;
			}
		}
		if (address.kind != SC_ADDRESS_V4 && address.kind != SC_ADDRESS_V6)
			continue;
		if (!in->host->machine.addresses) {
			sc_doubt(out, rule, "it is not known whether '%s' is an address of this host", console->address);
			continue;
		}
		if (is_local(in->host, &address) || (address.kind == SC_ADDRESS_V6 && address.bytes[0] == 0xff))
			continue;
		const struct sc_xml_node *node = sc_console_address_node(console, &attr);
		sc_find(out, rule, SC_HOST, node, attr, "'%s'%s is not an address of this host", console->address, origin_of(console));
		sc_find_fix_address(out, console, node, attr);
	}
}

const struct sc_rule sc_rules_address[] = {
    {"address-nonsense", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE | SC_HAS_VNC,
     "An address that can't be resolved or bound",
     "libvirt passes any text to QEMU. Names with brackets or blanks, and those in the domain .invalid, never resolve; a link-local IPv6 "
     "address needs %interface; IPv6 multicast addresses can't be bound.",
     "spice-server server/reds.cpp reds_init_socket; measured", "spicecfg set-listen TARGET address 127.0.0.1", address_nonsense},
    {"address-comma", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "A comma in an address",
     "libvirt puts the address into QEMU's option list as it is: what follows the comma becomes another option, such as disable-ticketing. "
     "QEMU refuses anything that is not an option.",
     "libvirt qemu/qemu_command.c qemuBuildGraphicsSPICECommandLine; measured", "spicecfg set-listen TARGET address 127.0.0.1",
     address_comma},
    {"address-family", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "An address of a family that the host does not have",
     "spice-server resolves addresses with AI_ADDRCONFIG: a host whose only IPv6 address is ::1 accepts no IPv6 address at all, not even "
     "::1; the same is true of IPv4 and 127.0.0.1.",
     "spice-server server/reds.cpp reds_init_socket; measured", "spicecfg set-listen TARGET address 127.0.0.1", address_family},
    {"address-not-local", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE | SC_HAS_VNC, "An address of another host",
     "QEMU can listen only on addresses that an interface of this host has when the VM starts.",
     "spice-server server/reds.cpp reds_init_socket; measured", "spicecfg set-listen TARGET address 127.0.0.1", address_not_local},
    {0},
};

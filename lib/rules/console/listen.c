/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <listen> elements, and whether they agree with the attributes of <graphics>. */
#include <string.h>

#include "model/address.h"
#include "rules/fixes.h"
#include "rules/tables.h"

typedef void listen_check(const struct sc_rule *rule, const struct sc_graphics *graphics, const struct sc_listen *listen, bool first,
			  struct sc_findings *out);

static void each(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out, listen_check *check)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++)
		for (size_t j = 0; j < in->domain->graphics[i].n_listens; j++)
			check(rule, &in->domain->graphics[i], &in->domain->graphics[i].listens[j], j == 0, out);
}

static void type_of(const struct sc_rule *rule, const struct sc_graphics *graphics, const struct sc_listen *listen, bool first,
		    struct sc_findings *out)
{
	(void)first;
	if (listen->type != SC_LISTEN_BAD)
		return;
	if (listen->type_text)
		sc_find(out, rule, SC_ALWAYS, listen->node, "type", "libvirt does not know the listen type '%s'", listen->type_text);
	else
		sc_find(out, rule, SC_ALWAYS, listen->node, NULL, "<listen> has no type");
	if (graphics->kind != SC_GRAPHICS_SPICE)
		sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
	if (listen->type_text)
		sc_find_fix_word(out, sc_listen_words, listen->type_text);
	else if (listen->address || listen->network || listen->socket)
		sc_find_fix(out, "spicecfg set TARGET 'ELEMENT/@type=%s'",
			    listen->socket    ? "socket"
			    : listen->network ? "network"
					      : "address");
}

static void listen_type(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, type_of);
}

static bool is_loopback(const char *text)
{
	struct sc_address address = sc_address_read(text);

	return *text && sc_address_is_loopback(&address, text);
}

/* libvirt itself writes the attribute from the element; of two addresses, the one that only this host can reach is the safe one. */
static void fix_mismatch(const struct sc_graphics *graphics, const struct sc_listen *listen, struct sc_findings *out)
{
	if (is_loopback(graphics->listen_attr) && !is_loopback(listen->address))
		sc_find_fix(out, "spicecfg set TARGET %s=%s", sc_find_fix_path(out, listen->node, "address"), graphics->listen_attr);
	else
		sc_find_fix(out, "spicecfg set TARGET '%s=default'", sc_find_fix_path(out, graphics->node, "listen"));
}

static void address_of(const struct sc_rule *rule, const struct sc_graphics *graphics, const struct sc_listen *listen, bool first,
		       struct sc_findings *out)
{
	if (!first || listen->type != SC_LISTEN_ADDRESS || !listen->address || !graphics->listen_attr ||
	    strcmp(listen->address, graphics->listen_attr) == 0)
		return;
	sc_find(out, rule, SC_ALWAYS, listen->node, "address", "<listen> has address '%s', but <graphics> has listen '%s'", listen->address,
		graphics->listen_attr);
	fix_mismatch(graphics, listen, out);
}

static void listen_mismatch(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, address_of);
}

static void socket_of(const struct sc_rule *rule, const struct sc_graphics *graphics, const struct sc_listen *listen, bool first,
		      struct sc_findings *out)
{
	if (first && listen->type == SC_LISTEN_SOCKET && listen->socket && graphics->socket_attr &&
	    strcmp(listen->socket, graphics->socket_attr) != 0) {
		sc_find(out, rule, SC_ALWAYS, listen->node, "socket", "<listen> has socket '%s', but <graphics> has '%s'", listen->socket,
			graphics->socket_attr);
		sc_find_fix(out, "spicecfg set TARGET '%s=default'", sc_find_fix_path(out, graphics->node, "socket"));
	}
}

static void socket_mismatch(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, socket_of);
}

static void network_attr_of(const struct sc_rule *rule, const struct sc_graphics *graphics, const struct sc_listen *listen, bool first,
			    struct sc_findings *out)
{
	(void)graphics;
	(void)first;
	if (listen->type != SC_LISTEN_BAD && listen->type != SC_LISTEN_NETWORK && listen->network && *listen->network)
		sc_find(out, rule, SC_ALWAYS, listen->node, "network", "a listen of type '%s' names the network '%s'", listen->type_text,
			listen->network);
}

static void listen_network_attr(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, network_attr_of);
}

static void socket_attr_of(const struct sc_rule *rule, const struct sc_graphics *graphics, const struct sc_listen *listen, bool first,
			   struct sc_findings *out)
{
	(void)graphics;
	(void)first;
	if (listen->type != SC_LISTEN_BAD && listen->type != SC_LISTEN_SOCKET && listen->socket && *listen->socket)
		sc_find(out, rule, SC_ALWAYS, listen->node, "socket", "a listen of type '%s' names the socket '%s'", listen->type_text,
			listen->socket);
}

static void listen_socket_attr(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, socket_attr_of);
}

static void network_of(const struct sc_rule *rule, const struct sc_graphics *graphics, const struct sc_listen *listen, bool first,
		       struct sc_findings *out)
{
	/* The attribute of a VNC socket replaces the first listen. */
	bool replaced = first && graphics->kind == SC_GRAPHICS_VNC && graphics->socket_attr;

	if (listen->type == SC_LISTEN_NETWORK && !replaced && !(listen->network && *listen->network)) {
		sc_find(out, rule, SC_ALWAYS, listen->node, NULL, "a listen of type 'network' names no network");
		if (graphics->kind != SC_GRAPHICS_SPICE)
			sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
	}
}

static void listen_network_missing(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, network_of);
}

/* The first one, which the attributes of <graphics> repeat, is kept. */
static void fix_twice(const struct sc_graphics *graphics, struct sc_findings *out)
{
	sc_find_fix(out, "spicecfg set TARGET");
	for (size_t i = 1; i < graphics->n_listens; i++)
		sc_find_fix_more(out, "%s=default", sc_find_fix_element(out, graphics->listens[i].node));
}

static void listen_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++)
		if (in->domain->graphics[i].n_listens > 1) {
			sc_find(out, rule, SC_ALWAYS, in->domain->graphics[i].listens[1].node, NULL,
				"the console has %zu <listen> elements", in->domain->graphics[i].n_listens);
			fix_twice(&in->domain->graphics[i], out);
			sc_find_fix_asks(out);
		}
}

static void listen_network_unknown(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->launch->n_consoles; i++) {
		const struct sc_console *console = &in->launch->consoles[i];

		if (console->broken || console->type != SC_LISTEN_NETWORK || !console->network)
			continue;
		const struct sc_network_fact *network = sc_host_network(in->host, console->network);
		if (network && network->address)
			continue;
		if (network ? network->unread : in->host->files.networks_complete != SC_TRUE) {
			if (!in->host->assumed)
				sc_doubt(out, rule, "nothing is known about network '%s'", console->network);
			continue;
		}
		if (network)
			sc_find(out, rule, SC_HOST, console->listen->node, "network", "network '%s' has no address to listen on",
				console->network);
		else
			sc_find(out, rule, SC_HOST, console->listen->node, "network", "network '%s' does not exist", console->network);
		if (console->graphics->kind != SC_GRAPHICS_SPICE)
			sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
	}
}

const struct sc_rule sc_rules_listen[] = {
    {"listen-type", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "Unknown listen type",
     "The type of a <listen> is required and is address, network, socket or none, in lower case.",
     "libvirt conf/domain_conf.c virDomainGraphicsListenDefParseXML; measured", "spicecfg set-listen TARGET address 127.0.0.1 --port auto",
     listen_type},
    {"listen-mismatch", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "Listen attribute and element differ",
     "The listen attribute of <graphics> must repeat the address of the first <listen>, even an empty one. set-listen keeps the two equal.",
     "A12; libvirt conf/domain_conf.c virDomainGraphicsListenDefParseXML; measured", "spicecfg set-listen TARGET address 127.0.0.1",
     listen_mismatch},
    {"socket-mismatch", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "Socket attribute and element differ",
     "The socket attribute of <graphics> must repeat the path of the first <listen type='socket'>.",
     "libvirt conf/domain_conf.c virDomainGraphicsListenDefParseXML; measured", "spicecfg set TARGET 'PATH=default'", socket_mismatch},
    {"listen-network-attr", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "A network on another kind of listen",
     "Only a <listen type='network'> may name a network.", "libvirt conf/domain_conf.c virDomainGraphicsListenDefParseXML; measured",
     "spicecfg set TARGET 'PATH=default'", listen_network_attr},
    {"listen-socket-attr", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "A socket on another kind of listen",
     "Only a <listen type='socket'> may name a socket.", "libvirt conf/domain_conf.c virDomainGraphicsListenDefParseXML; measured",
     "spicecfg set TARGET 'PATH=default'", listen_socket_attr},
    {"listen-network-missing", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS | SC_SPAN(SC_SPAN_NETWORK),
     "A listen of type network without a network", "A <listen type='network'> must name the network.",
     "libvirt conf/domain_validate.c virDomainGraphicsDefListensValidate; measured", "spicecfg set-listen TARGET address 127.0.0.1",
     listen_network_missing},
    {"listen-twice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "Two listeners",
     "QEMU opens one listener per console. libvirt stores the definition, but refuses to start the VM.",
     "libvirt qemu/qemu_process.c qemuProcessStartValidateGraphics; measured", "spicecfg set TARGET 'ELEMENT=default'", listen_twice},
    {"listen-network-unknown", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "The network to listen on is missing",
     "libvirt looks the network up when the VM starts and listens on its address: the network must exist, and its bridge or interface must "
     "have an address.",
     "libvirt qemu/qemu_process.c qemuProcessGetNetworkAddress; measured", "spicecfg set-listen TARGET address 127.0.0.1",
     listen_network_unknown},
    {0},
};

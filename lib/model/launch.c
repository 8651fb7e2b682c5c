/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/launch.h"

#include <stdlib.h>
#include <string.h>

#include "model/address.h"

static bool filled(const char *text)
{
	return text && *text;
}

static bool is_broken(const struct sc_graphics *graphics)
{
	bool broken = graphics->port.bad || graphics->tls_port.bad || graphics->mode.value < 0;

	/* VNC ignores an invalid autoport */
	broken |= graphics->kind == SC_GRAPHICS_SPICE && graphics->autoport.value < 0;
	for (size_t i = 0; i < graphics->n_listens; i++)
		broken |= graphics->listens[i].type == SC_LISTEN_BAD;
	for (size_t i = 0; i < graphics->n_channels; i++)
		broken |= graphics->channels[i].name < 0 || graphics->channels[i].mode == SC_MODE_BAD;
	return broken;
}

/* conf/domain_conf.c, virDomainGraphicsListensParseXML. */
static void plan_listen(struct sc_console *console)
{
	const struct sc_graphics *graphics = console->graphics;
	const struct sc_listen *listen = graphics->n_listens ? &graphics->listens[0] : NULL;

	console->listen = listen;
	console->type = listen ? listen->type : SC_LISTEN_ADDRESS;
	console->origin = SC_FROM_XML;
	if (console->type == SC_LISTEN_ADDRESS) {
		console->address = listen && listen->address ? listen->address : graphics->listen_attr;
		if (!filled(console->address))
			console->address = NULL;
	}
	if (console->type == SC_LISTEN_SOCKET) {
		console->socket = listen->socket ? listen->socket : graphics->socket_attr;
		if (!filled(console->socket))
			console->socket = NULL;
	}
	if (console->type == SC_LISTEN_NETWORK)
		console->network = filled(listen->network) ? listen->network : NULL;
	/* a socket attribute of VNC turns an address or network into a socket */
	if (graphics->kind == SC_GRAPHICS_VNC && graphics->socket_attr &&
	    (console->type == SC_LISTEN_ADDRESS || console->type == SC_LISTEN_NETWORK)) {
		console->type = SC_LISTEN_SOCKET;
		console->socket = filled(graphics->socket_attr) ? graphics->socket_attr : NULL;
	}
}

static void plan_ports(struct sc_console *console)
{
	const struct sc_graphics *graphics = console->graphics;

	console->port = graphics->port.value;
	console->tls_port = graphics->tls_port.value;
	console->autoport = graphics->autoport.value == SC_YES;
	if (graphics->kind == SC_GRAPHICS_VNC) {
		console->autoport = !graphics->port.text || graphics->port.value == -1;
		if (graphics->autoport.value > 0)
			console->autoport = graphics->autoport.value == SC_YES;
		if (console->port == -1 || console->autoport)
			console->port = 0;
		return;
	}
	if (console->port == -1 && console->tls_port == -1)
		console->autoport = true;
	if (console->autoport)
		console->port = console->tls_port = 0;
	/* conf/domain_postparse.c, virDomainDefPostParseGraphics. */
	if (console->type == SC_LISTEN_ADDRESS && !console->port && !console->tls_port && !console->autoport) {
		console->type = SC_LISTEN_NONE;
		console->address = NULL;
		console->made_none = true;
	}
}

/* qemu/qemu_process.c, qemuProcessGraphicsSetupListen. */
static void plan_host_listen(struct sc_console *console, const struct sc_host *host)
{
	bool vnc = console->graphics->kind == SC_GRAPHICS_VNC;
	bool use_socket = vnc ? host->conf.vnc_auto_unix_socket : host->conf.spice_auto_unix_socket;

	if (console->type == SC_LISTEN_ADDRESS && !console->address) {
		console->origin = SC_FROM_CONF;
		console->conf_socket = use_socket;
		if (use_socket)
			console->type = SC_LISTEN_SOCKET;
		else
			console->address = vnc ? host->conf.vnc_listen : host->conf.spice_listen;
	}
	if (console->type == SC_LISTEN_NETWORK && console->network) {
		const struct sc_network_fact *network = sc_host_network(host, console->network);

		console->origin = SC_FROM_NETWORK;
		console->address = network ? network->address : NULL;
	}
}

static void plan_channels(struct sc_console *console)
{
	const struct sc_graphics *graphics = console->graphics;

	for (size_t i = 0; i < graphics->n_channels; i++)
		if (graphics->channels[i].name >= 0)
			console->modes[graphics->channels[i].name] = graphics->channels[i].mode;
	for (size_t i = 0; i < 8; i++) {
		console->secure_channel |= console->modes[i] == SC_MODE_SECURE;
		console->insecure_channel |= console->modes[i] == SC_MODE_INSECURE;
	}
}

/* qemu/qemu_process.c, qemuProcessSPICEAllocatePorts. */
static void plan_auto_ports(struct sc_console *console, const struct sc_host *host)
{
	enum sc_mode mode = (enum sc_mode)console->graphics->mode.value;

	if (console->type != SC_LISTEN_ADDRESS && console->type != SC_LISTEN_NETWORK)
		return;
	if (console->graphics->kind == SC_GRAPHICS_VNC) {
		console->auto_port = console->autoport;
		console->auto_websocket = console->graphics->websocket.value == -1;
		return;
	}
	if (console->autoport) {
		console->auto_tls = console->secure_channel || mode == SC_MODE_SECURE || (mode == SC_MODE_ANY && host->conf.spice_tls);
		console->auto_port = console->insecure_channel || mode == SC_MODE_INSECURE || mode == SC_MODE_ANY;
	}
	console->auto_port |= console->port == -1;
	console->auto_tls |= console->tls_port == -1;
}

static void plan_console(struct sc_console *console, const struct sc_host *host)
{
	const struct sc_graphics *graphics = console->graphics;
	bool vnc = graphics->kind == SC_GRAPHICS_VNC;
	const char *common = vnc ? host->conf.vnc_password : host->conf.spice_password;

	console->node = graphics->node;
	console->broken = is_broken(graphics);
	plan_listen(console);
	plan_ports(console);
	plan_host_listen(console, host);
	plan_channels(console);
	plan_auto_ports(console, host);
	bool tcp = console->type == SC_LISTEN_ADDRESS || console->type == SC_LISTEN_NETWORK;
	console->open_plain = tcp && (console->port > 0 || console->auto_port);
	console->open_tls = tcp && (console->tls_port > 0 || console->auto_tls);
	console->qemu_port = tcp && console->port > 0 ? console->port : 0;
	console->qemu_tls_port = tcp && console->tls_port > 0 ? console->tls_port : 0;
	console->unix_socket = console->type == SC_LISTEN_SOCKET;
	console->plain = console->open_plain || console->type == SC_LISTEN_SOCKET || console->type == SC_LISTEN_NONE;
	console->tls = console->open_tls;
	console->password = graphics->passwd ? graphics->passwd : common;
	console->password_origin = graphics->passwd ? SC_FROM_XML : SC_FROM_CONF;
	console->ticketing = console->password != NULL;
	console->sasl = vnc ? host->conf.vnc_sasl : host->conf.spice_sasl;
	console->gl = !vnc && graphics->options[SC_OPTION_GL].value == SC_YES;
}

static long long number_of(const struct sc_spice_arg *arg)
{
	return strtoll(arg->value, NULL, 0);
}

/* ui/spice-core.c, qemu_spice_init: applies the command line. */
static void plan_args(struct sc_console *console, const struct sc_spice_args *args)
{
	const struct sc_spice_arg *arg;

	if ((arg = sc_spice_args_find(args, "sasl")))
		console->sasl = sc_spice_arg_is_on(arg);
	if ((arg = sc_spice_args_find(args, "disable-ticketing")))
		console->ticketing = !sc_spice_arg_is_on(arg);
	if ((arg = sc_spice_args_find(args, "port"))) {
		console->qemu_port = number_of(arg);
		console->open_plain = console->qemu_port != 0;
	}
	if ((arg = sc_spice_args_find(args, "tls-port"))) {
		console->qemu_tls_port = number_of(arg);
		console->open_tls = console->qemu_tls_port != 0;
	}
	if ((arg = sc_spice_args_find(args, "unix")))
		console->unix_socket = sc_spice_arg_is_on(arg);
	if (sc_spice_arg_is_on(sc_spice_args_find(args, "ipv4")))
		console->family = 4;
	else if (sc_spice_arg_is_on(sc_spice_args_find(args, "ipv6")))
		console->family = 6;
	if (console->family)
		console->unix_socket = false;
	if ((arg = sc_spice_args_find(args, "addr"))) {
		if (arg->node != console->node && strcmp(sc_xml_node_name(arg->node), "arg") == 0)
			console->origin = SC_FROM_ARGS;
		console->address = arg->value;
		if (console->unix_socket)
			console->socket = arg->value;
	} else if (console->unix_socket && console->type == SC_LISTEN_ADDRESS && console->address && *console->address) {
		/* the address from libvirt is a path now */
		console->socket = console->address;
		console->origin = SC_FROM_ARGS;
		console->node = sc_spice_args_find(args, "unix")->node;
	}
	if ((arg = sc_spice_args_find(args, "gl")))
		console->gl = sc_spice_arg_is_on(arg);
	if (!console->graphics && console->unix_socket)
		console->type = SC_LISTEN_SOCKET;
}

static void add_bare(struct sc_launch *launch)
{
	const struct sc_spice_args *args = &launch->args;
	struct sc_console *console = &launch->consoles[launch->n_consoles++];

	*console = (struct sc_console){
	    .node = args->count ? args->items[0].node : args->missing,
	    .broken = !args->count,
	    .type = SC_LISTEN_ADDRESS,
	    .origin = SC_FROM_ARGS,
	    .address = "",
	    .ticketing = true,
	};
	launch->spice = console;
}

bool sc_console_is_open(const struct sc_console *console)
{
	if (!sc_console_on_tcp(console) || console->unix_socket)
		return false;
	if (!console->address)
		return true;
	struct sc_address address = sc_address_read(console->address);
	return !sc_address_is_loopback(&address, console->address);
}

/* The address that libvirt would put into its -spice unescaped, if it contains a comma; NULL: it does not. */
static const char *injected_address(const struct sc_launch *launch)
{
	const struct sc_console *console = launch->spice;

	if (!console || console->broken || console->unix_socket || !console->address || !sc_console_on_tcp(console))
		return NULL;
	return strchr(console->address, ',') ? console->address : NULL;
}

struct sc_launch *sc_launch_plan(const struct sc_domain *domain, const struct sc_host *host, struct sc_arena *memory)
{
	struct sc_launch *launch = sc_arena_alloc(memory, sizeof(*launch));

	if (!launch)
		return NULL;
	launch->consoles = sc_arena_alloc(memory, (domain->n_graphics + 1) * sizeof(*launch->consoles));
	if (!launch->consoles)
		return NULL;
	for (size_t i = 0; i < domain->n_graphics; i++) {
		enum sc_graphics_kind kind = domain->graphics[i].kind;

		if (kind != SC_GRAPHICS_SPICE && kind != SC_GRAPHICS_VNC)
			continue;
		struct sc_console *console = &launch->consoles[launch->n_consoles++];
		console->graphics = &domain->graphics[i];
		plan_console(console, host);
		if (kind == SC_GRAPHICS_SPICE && !launch->spice)
			launch->spice = console;
	}
	const char *injected = injected_address(launch);
	if (!domain->n_args && !injected)
		return launch;
	if (!sc_spice_args_read(domain, memory, injected, launch->spice ? launch->spice->node : NULL, &launch->args) ||
	    !sc_guards_read(domain, memory, &launch->guards, &launch->n_guards))
		return NULL;
	if (launch->args.any && !launch->spice)
		add_bare(launch);
	if (launch->args.any || launch->args.count)
		plan_args(launch->spice, &launch->args);
	return launch;
}

const struct sc_xml_node *sc_console_address_node(const struct sc_console *console, const char **attr)
{
	*attr = NULL;
	if (console->origin != SC_FROM_XML && console->origin != SC_FROM_NETWORK)
		return console->node;
	if (console->origin == SC_FROM_NETWORK) {
		*attr = "network";
		return console->listen->node;
	}
	if (console->listen && console->listen->address) {
		*attr = "address";
		return console->listen->node;
	}
	*attr = "listen";
	return console->node;
}

const struct sc_xml_node *sc_console_socket_node(const struct sc_console *console, const char **attr)
{
	*attr = NULL;
	if (console->origin != SC_FROM_XML || !console->socket)
		return console->node;
	*attr = "socket";
	return console->listen && console->listen->socket ? console->listen->node : console->node;
}

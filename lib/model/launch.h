/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How libvirt and QEMU would open a domain's consoles on a host: the defaults, conversions and ports from libvirt's
 * conf/domain_postparse.c, qemu/qemu_process.c and qemu/qemu_command.c, merged with -spice in qemu:commandline. Pure.
 */
#ifndef SC_MODEL_LAUNCH_H
#define SC_MODEL_LAUNCH_H

#include "model/domain.h"
#include "model/guard.h"
#include "model/host.h"
#include "model/spiceargs.h"

enum sc_origin { SC_FROM_XML, SC_FROM_CONF, SC_FROM_NETWORK, SC_FROM_ARGS };

/* A Spice or VNC console. */
struct sc_console {
	const struct sc_graphics *graphics; /* NULL: only -spice makes it */
	const struct sc_xml_node *node;     /* the place for findings: graphics, or the qemu:arg */
	bool broken;                        /* libvirt can't read it: the other members are irrelevant */
	const struct sc_listen *listen;     /* the first <listen>; NULL: none */
	enum sc_listen_type type;           /* as libvirt interprets it */
	bool made_none;                     /* listen type none because no port is requested */
	enum sc_origin origin;              /* of the address or socket */
	const char *address;                /* "": all; NULL: none, or unknown (a network without facts) */
	const char *network;                /* of listen type network */
	const char *socket;                 /* path; NULL: libvirt chooses one in the domain's run directory */
	bool autoport;                      /* libvirt chooses the ports */
	long long port, tls_port;           /* fixed ports; 0 and less: none */
	bool auto_websocket;                /* VNC: libvirt chooses the websocket's port */
	bool auto_port, auto_tls;           /* libvirt chooses one from the range */
	bool plain, tls;                    /* to libvirt it has a plain, a TLS listener; a socket and none are plain */
	enum sc_mode modes[8];              /* of the channels, by index; SC_MODE_ANY: not set */
	bool insecure_channel, secure_channel;
	const char *password; /* NULL: none */
	enum sc_origin password_origin;
	/* As QEMU interprets it, including -spice in qemu:commandline. */
	bool sasl;                          /* SASL authenticates */
	bool ticketing;                     /* a password is required */
	long long qemu_port, qemu_tls_port; /* the ports that QEMU is given; 0: none, or chosen by libvirt */
	bool open_plain;                    /* a plain TCP port is opened */
	bool open_tls;                      /* a TLS port is opened */
	bool conf_socket;                   /* it is a socket because of spice_auto_unix_socket or vnc_auto_unix_socket */
	bool unix_socket;                   /* a Unix socket is opened; its ports are reserved, but not opened */
	int family;                         /* 4 or 6: only this one; 0: any */
	bool gl;
};

struct sc_launch {
	struct sc_console *consoles; /* one for each Spice and VNC device, in their order, then one for a -spice without a device */
	size_t n_consoles;
	struct sc_console *spice; /* the first Spice console; NULL: none */
	struct sc_spice_args args;
	struct sc_guard *guards; /* files that QEMU has to read when it starts */
	size_t n_guards;
};

/* Determines the consoles of a domain. The result is allocated in memory. NULL when memory runs out. */
struct sc_launch *sc_launch_plan(const struct sc_domain *domain, const struct sc_host *host, struct sc_arena *memory);

/* Returns true when the console opens a TCP listener. */
static inline bool sc_console_on_tcp(const struct sc_console *console)
{
	return !console->unix_socket && (console->open_plain || console->open_tls);
}

/* Returns true when other hosts can reach the console; an unknown address counts as one that they can reach. */
bool sc_console_is_open(const struct sc_console *console);

/* Whether clients that log in have a TLS port, or a plain one; a Unix socket is plain. */
static inline bool sc_console_asks_tls(const struct sc_console *console)
{
	return console->open_tls && !console->unix_socket;
}
static inline bool sc_console_asks_plain(const struct sc_console *console)
{
	return console->open_plain || console->unix_socket;
}

/* Returns the node, and in *attr the attribute, that set the address, for findings. */
const struct sc_xml_node *sc_console_address_node(const struct sc_console *console, const char **attr);
/* The same for the socket's path. */
const struct sc_xml_node *sc_console_socket_node(const struct sc_console *console, const char **attr);

#endif

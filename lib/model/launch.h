/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How libvirt and QEMU would open a domain's consoles on a host: the defaults, conversions and port needs of libvirt's
 * conf/domain_postparse.c, qemu/qemu_process.c and qemu/qemu_command.c, with -spice of qemu:commandline merged in. Pure arithmetic.
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
	const struct sc_graphics *graphics; /* NULL: made by -spice alone */
	const struct sc_xml_node *node;     /* where findings go: graphics, or the qemu:arg */
	bool broken;                        /* libvirt can't read it: the rest is not worth looking at */
	const struct sc_listen *listen;     /* the first <listen>, NULL: none */
	enum sc_listen_type type;           /* what libvirt makes of it */
	bool made_none;                     /* listen type none because no port is asked for */
	enum sc_origin origin;              /* of the address or socket */
	const char *address;                /* "": all; NULL: none, or not known (a network without facts) */
	const char *network;                /* of a listen type network */
	const char *socket;                 /* path; NULL: libvirt makes one in the domain's run directory */
	bool autoport;                      /* libvirt chooses the ports */
	long long port, tls_port;           /* fixed ones, 0 and below: none */
	bool auto_websocket;                /* VNC: libvirt chooses the websocket */
	bool auto_port, auto_tls;           /* libvirt takes one out of the range */
	bool plain, tls;                    /* libvirt counts on a plain, a TLS listener; a socket and none are plain */
	enum sc_mode modes[8];              /* of the channels, by index; SC_MODE_ANY: not told */
	bool insecure_channel, secure_channel;
	const char *password; /* NULL: none */
	enum sc_origin password_origin;
	/* QEMU's view: after -spice of qemu:commandline. */
	bool sasl;                          /* SASL authenticates */
	bool ticketing;                     /* a password is asked for */
	long long qemu_port, qemu_tls_port; /* the numbers that QEMU is given; 0: none, or chosen by libvirt */
	bool open_plain;                    /* a plain TCP port is opened */
	bool open_tls;                      /* a TLS port is opened */
	bool conf_socket;                   /* spice_auto_unix_socket or vnc_auto_unix_socket made it a socket */
	bool unix_socket;                   /* a Unix socket is opened; its ports count then, but are not opened */
	int family;                         /* 4 or 6: only this one, 0: any */
	bool gl;
};

struct sc_launch {
	struct sc_console *consoles; /* one per Spice and VNC device, in their order, then one for a bare -spice */
	size_t n_consoles;
	struct sc_console *spice; /* the first Spice one, NULL: none */
	struct sc_spice_args args;
	struct sc_guard *guards; /* files that QEMU has to read at its start */
	size_t n_guards;
};

/* Works it out; memory owns the result. NULL when memory is short. */
struct sc_launch *sc_launch_plan(const struct sc_domain *domain, const struct sc_host *host, struct sc_arena *memory);

/* True when a TCP listener of the console is opened. */
static inline bool sc_console_on_tcp(const struct sc_console *console)
{
	return !console->unix_socket && (console->open_plain || console->open_tls);
}

/* The node and attribute that tell the address, for findings. */
const struct sc_xml_node *sc_console_address_node(const struct sc_console *console, const char **attr);
/* The same for the socket's path. */
const struct sc_xml_node *sc_console_socket_node(const struct sc_console *console, const char **attr);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the real clients (remote-viewer, virt-viewer, ssh) open a console: their command lines, and the file that remote-viewer reads. Pure.
 */
#ifndef SC_ACCESS_CLIENT_H
#define SC_ACCESS_CLIENT_H

#include "base/fix.h"
#include "model/launch.h"

/* A console, and from where it is opened. */
struct sc_client {
	const struct sc_console *console;
	const char *name;         /* of the domain */
	const char *host;         /* by which clients reach the host */
	bool host_given;          /* the user said so: it may be an end of a tunnel */
	const char *user;         /* login name, for ssh and SASL; NULL: not given */
	const char *socket;       /* path of the Unix socket; NULL: unknown, or none */
	long long port, tls_port; /* 0: none; -1: one that libvirt chooses at the start */
	const char *subject;      /* of the server's certificate, in the order in which it is written; NULL: unknown */
	bool named;               /* the certificate contains the name host */
	const char *ca;           /* the CA's certificates as PEM; NULL: unknown */
	bool sound;               /* the VM has a sound device */
	bool forward_x11;         /* by ssh, the client runs on the host, and shows its windows where ssh was started */
	struct sc_arena *memory;
};

/* From where a command is to be run. */
enum sc_client_place { SC_CLIENT_ON_HOST, SC_CLIENT_ON_CLIENT };

struct sc_client_command {
	const char *reach; /* "network", "loopback", "socket", "ssh", "libvirt" */
	enum sc_client_place place;
	const struct spicecfg_fix *fix;
};

struct sc_client_answer {
	struct sc_client_command *commands;
	size_t n_commands;
	const char **notes; /* what the user should know: complete sentences */
	size_t n_notes;
	bool failed; /* memory was short */
};

/* Fills in the commands for one reach, or for all with NULL, and the notes. Commands of one reach are to be run one after the other. */
void sc_client_commands(const struct sc_client *client, const char *reach, struct sc_client_answer *out);

/*
 * Returns the connection file for remote-viewer, allocated in client->memory; NULL when the console has neither a port nor a socket that is
 * known, or memory is short.
 */
const char *sc_client_file(const struct sc_client *client);

/* Whether clients on the network reach the console, and whether those on the host do through TCP. */
bool sc_client_is_remote(const struct sc_client *client);
bool sc_client_is_local(const struct sc_client *client);
/* Whether some channel has to use this mode. */
bool sc_client_asks_mode(const struct sc_client *client, enum sc_mode mode);
/* The address by which clients on the host reach it. */
const char *sc_client_local_host(const struct sc_client *client);

#endif

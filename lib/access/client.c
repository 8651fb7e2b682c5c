/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/client.h"

#include <string.h>

#include "base/grow.h"
#include "base/text.h"
#include "model/address.h"

/* Where ssh's end of a tunnel listens on the client, and its usual end of sound. */
enum { TUNNEL_BASE = 20000, SOUND_PORT = 44713, PULSE_PORT = 4713, PORT_MAX = 65535, TUNNEL_SOCKET = 31001 };

static bool has_port(const struct sc_client *client)
{
	return client->port > 0 || client->tls_port > 0;
}

static bool on_loopback(const struct sc_client *client)
{
	if (!client->console->address)
		return false;
	struct sc_address address = sc_address_read(client->console->address);

	return sc_address_is_loopback(&address, client->console->address);
}

static bool on_all(const struct sc_client *client)
{
	if (!client->console->address)
		return false;
	enum sc_address_kind kind = sc_address_read(client->console->address).kind;

	return kind == SC_ADDRESS_ANY4 || kind == SC_ADDRESS_ANY6;
}

bool sc_client_is_remote(const struct sc_client *client)
{
	return !client->console->unix_socket && has_port(client) && !on_loopback(client);
}

bool sc_client_is_local(const struct sc_client *client)
{
	return !client->console->unix_socket && has_port(client) && (on_loopback(client) || on_all(client));
}

bool sc_client_asks_mode(const struct sc_client *client, enum sc_mode mode)
{
	const struct sc_console *console = client->console;

	return (console->graphics && console->graphics->mode.value == (int)mode) ||
	       (mode == SC_MODE_SECURE ? console->secure_channel : console->insecure_channel);
}

static void add(struct sc_client_answer *out, const struct sc_client *client, struct sc_client_command command)
{
	struct sc_client_command *rows = sc_arena_grow(client->memory, out->commands, out->n_commands, sizeof(*rows));

	/* spicecfg works on this run's root; the clients, and the host that they reach, are not in it */
	if (command.fix && strcmp(command.fix->parts->text, "spicecfg") != 0)
		command.fix = sc_fix_outside(client->memory, command.fix);
	out->failed |= !rows || !command.fix;
	if (!rows)
		return;
	out->commands = rows;
	rows[out->n_commands++] = command;
}

static void note(struct sc_client_answer *out, const struct sc_client *client, const char *text)
{
	const char **rows = sc_arena_grow(client->memory, out->notes, out->n_notes, sizeof(*rows));

	out->failed |= !rows || !text;
	if (!rows)
		return;
	out->notes = rows;
	rows[out->n_notes++] = text;
}

/* A host in a URI: an IPv6 address in brackets. */
static const char *uri_host(const struct sc_client *client, const char *host)
{
	return strchr(host, ':') ? sc_arena_printf(client->memory, "[%s]", host) : host;
}

/* The user in a URI or as ssh takes it: "anne@", or nothing. What a URI would take for its own signs is percent-encoded. */
static const char *uri_user(const struct sc_client *client)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
	SC_BUF out = SC_BUF_INIT;

	if (!client->user)
		return "";
	for (const char *at = client->user; *at; at++) {
		if (strchr(plain, *at))
			sc_buf_add(&out, at, 1);
		else
			sc_buf_addf(&out, "%%%02X", (unsigned char)*at);
	}
	sc_buf_adds(&out, "@");
	return out.failed ? NULL : sc_arena_strdup(client->memory, sc_buf_text(&out));
}

/*
 * remote-viewer for a TCP port at host. A URI with both ports would not use TLS (seen with spice-gtk 0.42). tunnel: host is an end of a
 * tunnel, which no certificate names.
 */
static const struct spicecfg_fix *view_port(const struct sc_client *client, const char *host, long long port, bool tunnel)
{
	const char *user = client->console->sasl ? uri_user(client) : "";
	const char *at = uri_host(client, host);

	if (!user || !at)
		return NULL;
	if (client->tls_port <= 0)
		return sc_fix_command(client->memory, "remote-viewer %s",
				      sc_arena_printf(client->memory, "spice://%s%s:%lld", user, at, port));
	const char *uri = sc_arena_printf(client->memory, "spice://%s%s?tls-port=%lld", user, at, port);
	if (client->subject && (tunnel || !client->named))
		return sc_fix_command(client->memory, "remote-viewer --spice-ca-file=spice-ca.pem --spice-host-subject=%s %s",
				      client->subject, uri);
	return sc_fix_command(client->memory, "remote-viewer --spice-ca-file=spice-ca.pem %s", uri);
}

static const struct spicecfg_fix *view_socket(const struct sc_client *client)
{
	return sc_fix_command(client->memory, "remote-viewer %s", sc_arena_printf(client->memory, "spice+unix://%s", client->socket));
}

/* A TLS client needs the CA's certificate in a file. */
static void bring_ca(struct sc_client_answer *out, const struct sc_client *client, const char *reach)
{
	if (client->tls_port > 0)
		add(out, client,
		    (struct sc_client_command){reach, SC_CLIENT_ON_HOST,
					       sc_fix_command(client->memory, "spicecfg pki export-ca -o spice-ca.pem")});
}

static void by_network(struct sc_client_answer *out, const struct sc_client *client)
{
	long long port = client->tls_port > 0 ? client->tls_port : client->port;

	if (!sc_client_is_remote(client))
		return;
	bring_ca(out, client, "network");
	add(out, client, (struct sc_client_command){"network", SC_CLIENT_ON_CLIENT, view_port(client, client->host, port, false)});
}

const char *sc_client_local_host(const struct sc_client *client)
{
	const char *address = client->console->address;

	if (!address || on_all(client))
		return address && strcmp(address, "::") == 0 ? "::1" : "127.0.0.1";
	return address;
}

static void by_loopback(struct sc_client_answer *out, const struct sc_client *client)
{
	long long port = client->tls_port > 0 ? client->tls_port : client->port;

	if (!sc_client_is_local(client))
		return;
	bring_ca(out, client, "loopback");
	add(out, client,
	    (struct sc_client_command){"loopback", SC_CLIENT_ON_HOST, view_port(client, sc_client_local_host(client), port, true)});
}

static void by_socket(struct sc_client_answer *out, const struct sc_client *client)
{
	if (client->console->unix_socket && client->socket)
		add(out, client, (struct sc_client_command){"socket", SC_CLIENT_ON_HOST, view_socket(client)});
}

static const char *login(const struct sc_client *client)
{
	return client->user ? sc_arena_printf(client->memory, "%s@%s", client->user, client->host) : client->host;
}

/* ssh joins its words, and the host's shell splits them again: the command is one word, quoted for that shell. */
static void by_x11(struct sc_client_answer *out, const struct sc_client *client, const struct spicecfg_fix *view)
{
	static const char sound[] = "env PULSE_SERVER=tcp:localhost:44713 ";
	SC_BUF remote = SC_BUF_INIT;

	if (client->sound)
		sc_buf_adds(&remote, sound);
	sc_fix_put(&remote, view);
	out->failed |= remote.failed || !view;
	const char *to = login(client), *text = sc_buf_text(&remote);
	const struct spicecfg_fix *fix =
	    client->sound ? sc_fix_command(client->memory, "ssh -XC -R %d:localhost:%d %s %s", SOUND_PORT, PULSE_PORT, to, text)
			  : sc_fix_command(client->memory, "ssh -XC %s %s", to, text);
	add(out, client, (struct sc_client_command){"ssh", SC_CLIENT_ON_CLIENT, fix});
}

static void by_tunnel(struct sc_client_answer *out, const struct sc_client *client)
{
	long long port = client->tls_port > 0 ? client->tls_port : client->port;
	bool socket = client->console->unix_socket;
	long long end = socket ? TUNNEL_SOCKET : port + TUNNEL_BASE > PORT_MAX ? port - TUNNEL_BASE : port + TUNNEL_BASE;
	const char *to =
	    socket ? client->socket : sc_arena_printf(client->memory, "%s:%lld", uri_host(client, sc_client_local_host(client)), port);
	struct sc_client through = *client;

	out->failed |= !to;
	if (!to)
		return;
	if (!socket)
		bring_ca(out, client, "ssh");
	add(out, client,
	    (struct sc_client_command){"ssh", SC_CLIENT_ON_CLIENT,
				       sc_fix_command(client->memory, "ssh -N -f -o ExitOnForwardFailure=yes -L %s %s",
						      sc_arena_printf(client->memory, "127.0.0.1:%lld:%s", end, to), login(client))});
	if (socket)
		through.tls_port = 0;
	add(out, client, (struct sc_client_command){"ssh", SC_CLIENT_ON_CLIENT, view_port(&through, "127.0.0.1", end, true)});
}

static void by_ssh(struct sc_client_answer *out, const struct sc_client *client)
{
	bool socket = client->console->unix_socket && client->socket;
	long long port = client->tls_port > 0 ? client->tls_port : client->port;

	if (!socket && (client->console->unix_socket || !has_port(client)))
		return;
	if (!client->forward_x11) {
		by_tunnel(out, client);
		return;
	}
	if (!socket)
		bring_ca(out, client, "ssh");
	by_x11(out, client, socket ? view_socket(client) : view_port(client, sc_client_local_host(client), port, true));
}

/*
 * On the host libvirt passes on a connection (--attach): no port, certificate or password is asked for. From elsewhere virt-viewer makes a
 * tunnel of its own. Channels that must use TLS refuse both: virt-viewer 11 was not seen to open them, whatever was said of the CA.
 */
static void by_libvirt(struct sc_client_answer *out, const struct sc_client *client)
{
	const char *uri = sc_arena_printf(client->memory, "qemu+ssh://%s%s/system", uri_user(client), uri_host(client, client->host));

	if (sc_client_asks_mode(client, SC_MODE_SECURE))
		return;
	add(out, client,
	    (struct sc_client_command){
		"libvirt", SC_CLIENT_ON_HOST,
		sc_fix_command(client->memory, "virt-viewer --attach --connect qemu:///system -- %s", client->name)});
	if (client->port > 0 || client->socket)
		add(out, client,
		    (struct sc_client_command){"libvirt", SC_CLIENT_ON_CLIENT,
					       sc_fix_command(client->memory, "virt-viewer --connect %s -- %s", uri, client->name)});
}

static void add_notes(struct sc_client_answer *out, const struct sc_client *client)
{
	const struct sc_console *console = client->console;
	bool chosen = client->port < 0 || client->tls_port < 0 || (console->unix_socket && !client->socket);

	if (chosen)
		note(out, client, "libvirt chooses the port or socket when the VM starts: ask again while it is running.");
	if (console->sasl)
		note(out, client, "The client asks for a user name and password (SASL). virt-manager's own console can't log in.");
	else if (console->ticketing)
		note(out, client, "The client asks for the VM's password.");
	if (console->sasl && client->tls_port > 0)
		note(out, client,
		     "A second client takes the console over. With TLS and SASL the window of the first one freezes instead of closing.");
	if (client->tls_port > 0 && !client->ca)
		note(out, client, "The certificate of the CA can't be read here, and is missing in the connection file.");
	if (client->tls_port > 0 && !client->named && !client->subject)
		note(out, client, "The server's certificate can't be read here: if it does not name the host, clients refuse it.");
	if (client->port > 0 && client->tls_port > 0 && sc_client_asks_mode(client, SC_MODE_INSECURE))
		note(out, client, "Some channels use the plain port: a URI can't say so, a connection file (--vv) does.");
	if (client->forward_x11 && client->sound)
		note(out, client, "Sound needs PulseAudio's module-native-protocol-tcp on the client, for 127.0.0.1.");
	for (size_t i = 0; i < out->n_commands; i++)
		if (strcmp(out->commands[i].reach, "libvirt") == 0 && out->commands[i].place == SC_CLIENT_ON_CLIENT)
			note(out, client, "By way of SSH virt-viewer needs nc (netcat) on the host.");
	if (console->gl)
		note(out, client, "With OpenGL only clients on this host, through the Unix socket, show anything.");
}

void sc_client_commands(const struct sc_client *client, const char *reach, struct sc_client_answer *out)
{
	static const struct {
		const char *reach;
		void (*add)(struct sc_client_answer *out, const struct sc_client *client);
	} ways[] = {{"network", by_network}, {"loopback", by_loopback}, {"socket", by_socket}, {"ssh", by_ssh}, {"libvirt", by_libvirt}};

	*out = (struct sc_client_answer){.commands = NULL};
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (!reach || strcmp(reach, ways[i].reach) == 0)
			ways[i].add(out, client);
	add_notes(out, client);
}

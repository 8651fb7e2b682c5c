/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connection file of remote-viewer(1): a GKeyFile. */
#include <string.h>

#include "access/client.h"

/* A value as g_key_file_get_string() reads it back: g_key_file_parse_string_as_value(). */
static void put_value(struct sc_buf *out, const char *key, const char *value)
{
	bool first = true;

	sc_buf_addf(out, "%s=", key);
	for (const char *at = value; *at; at++) {
		switch (*at) {
		case '\n':
			sc_buf_adds(out, "\\n");
			break;
		case '\r':
			sc_buf_adds(out, "\\r");
			break;
		case '\\':
			sc_buf_adds(out, "\\\\");
			break;
		case '\t':
			sc_buf_adds(out, first ? "\\t" : "\t");
			break;
		case ' ':
			sc_buf_adds(out, first ? "\\s" : " ");
			break;
		default:
			sc_buf_add(out, at, 1);
			first = false;
		}
	}
	sc_buf_adds(out, "\n");
}

/* The channels that use TLS where there are both ports, as spice-gtk calls them: without the list it uses the plain port for all. */
static void put_channels(struct sc_buf *out, const struct sc_client *client)
{
	/* in libvirt's order (conf/domain_conf.c, virDomainGraphicsSpiceChannelName) */
	static const char *const names[] = {"main", "display", "inputs", "cursor", "playback", "record", "smartcard", "usbredir"};
	const struct sc_graphics *graphics = client->console->graphics;
	bool plain_default = graphics && graphics->mode.value == SC_MODE_INSECURE, any = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (client->console->modes[i] == SC_MODE_SECURE || (client->console->modes[i] == SC_MODE_ANY && !plain_default)) {
			sc_buf_addf(out, "%s%s", any ? ";" : "secure-channels=", names[i]);
			any = true;
		}
	if (any)
		sc_buf_adds(out, "\n");
}

const char *sc_client_file(const struct sc_client *client)
{
	const struct sc_console *console = client->console;
	bool far = client->host_given || sc_client_is_remote(client);
	bool plain = client->port > 0 && (client->tls_port <= 0 || sc_client_asks_mode(client, SC_MODE_INSECURE));
	SC_BUF out = SC_BUF_INIT;

	if (console->unix_socket ? !client->socket : client->port <= 0 && client->tls_port <= 0)
		return NULL;
	sc_buf_adds(&out, "[virt-viewer]\ntype=spice\n");
	put_value(&out, "title", client->name);
	if (console->unix_socket) {
		put_value(&out, "unix-path", client->socket);
	} else {
		put_value(&out, "host", far ? client->host : sc_client_local_host(client));
		/* a port that is not there is left out: 0 and -1 are read as ports */
		if (plain)
			sc_buf_addf(&out, "port=%lld\n", client->port);
		if (client->tls_port > 0)
			sc_buf_addf(&out, "tls-port=%lld\n", client->tls_port);
		if (client->tls_port > 0 && client->ca)
			put_value(&out, "ca", client->ca);
		if (client->tls_port > 0 && client->subject && (!far || !client->named))
			put_value(&out, "host-subject", client->subject);
		if (client->tls_port > 0 && plain)
			put_channels(&out, client);
	}
	if (client->user && console->sasl)
		put_value(&out, "username", client->user);
	return out.failed ? NULL : sc_arena_strdup(client->memory, sc_buf_text(&out));
}

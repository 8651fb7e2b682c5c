/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's daemons according to their files, as src/remote/remote_daemon.c reads them: what they listen on, and whom they ask for a
 * password. */
#include <stdlib.h>
#include <string.h>

#include "doc/qemuconf.h"
#include "model/address.h"
#include "model/libvirt.h"
#include "model/ways.h"
#include "system/facts/hostgather.h"
#include "system/os/look.h"

#define WANTS "/etc/systemd/system/sockets.target.wants"
enum { PORT_TCP = 16509, PORT_TLS = 16514, UNIT_SIZE_MAX = 65536, DEFAULT_MODE = 0777, UNIT_MODE = 0666 };

struct look {
	struct spicecfg_ctx *ctx;
	struct sc_host *host;
	struct sc_daemon_fact *fact;
	const struct sc_qemuconf *conf; /* NULL: no file, the daemon's defaults */
	bool libvirtd;                  /* which listens only with --listen */
};

static unsigned line_of(const struct look *look, const char *key)
{
	const struct sc_qemuconf_entry *entry = look->conf ? sc_qemuconf_get(look->conf, key, NULL) : NULL;

	return entry ? entry->line : 0;
}

/* A copy; fallback also where memory is short. */
static const char *text_of(const struct look *look, const char *key, const char *fallback)
{
	const char *text = sc_qemuconf_text(look->conf, key, NULL), *copy = text ? sc_arena_strdup(look->host->memory, text) : NULL;

	return copy ? copy : fallback;
}

/* The socket unit NAME<suffix>.socket if it is enabled and systemd is running; else NULL. */
static const char *enabled_unit(const struct look *look, const char *suffix)
{
	/* sd_booted(3); below a root nothing runs yet */
	if (!look->ctx->root && !sc_look_exists(look->ctx, "/run/systemd/system"))
		return NULL;
	const char *unit = sc_arena_printf(look->host->memory, "%s%s.socket", look->fact->name, suffix);
	const char *path = unit ? sc_arena_printf(look->host->memory, WANTS "/%s", unit) : NULL;

	return path && sc_look_exists(look->ctx, path) ? unit : NULL;
}

/* Whether libvirtd's arguments contain --listen or -l. */
static bool says_listen(const struct look *look)
{
	static const char *const files[] = {"/etc/default/libvirtd", "/etc/sysconfig/libvirtd"};
	bool says = false;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files) && !says; i++) {
		SC_BUF bytes = SC_BUF_INIT;

		if (sc_look_read(look->ctx, files[i], UNIT_SIZE_MAX, &bytes) == SC_LOOK_OK)
			for (const char *line = sc_buf_text(&bytes); line && *line;
			     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
				const char *at = line + strspn(line, " \t");
				size_t len = strcspn(at, "\n");
				char *args = strncmp(at, "LIBVIRTD_ARGS=", 14) == 0 ? sc_arena_strndup(look->host->memory, at, len) : NULL;

				if (args)
					says = strstr(args, "--listen") || strstr(args, "-l ") || strstr(args, "-l\"") ||
					       strcmp(args + strlen(args) - 2, "-l") == 0;
			}
	}
	return says;
}

/* Whether a process listens on the port now; *beyond: also on an address other than loopback. */
static bool listens_now(const struct look *look, unsigned port, bool *beyond)
{
	bool listens = false;

	*beyond = false;
	for (size_t i = 0; i < look->host->ports.n_busy; i++) {
		if (look->host->ports.busy[i].port != port)
			continue;
		struct sc_address address = sc_address_read(look->host->ports.busy[i].address);
		listens = true;
		*beyond |= !sc_address_is_loopback(&address, look->host->ports.busy[i].address);
	}
	return listens;
}

static unsigned port_of(const struct look *look, const char *key, unsigned fallback)
{
	const char *text = text_of(look, key, NULL);
	unsigned long port = text ? strtoul(text, NULL, 10) : 0;

	return port && port < 65536 ? (unsigned)port : fallback;
}

static void read_ports(const struct look *look)
{
	struct sc_daemon_fact *fact = look->fact;
	bool tcp_beyond, tls_beyond;
	bool serves = strcmp(fact->name, "virtqemud") != 0, activated = enabled_unit(look, "") != NULL;
	/* With systemd's socket activation the settings have no effect, and --listen is an error. */
	bool asked = !activated && (look->libvirtd ? says_listen(look) : true);
	const char *address = text_of(look, "listen_addr", NULL);
	bool tcp = sc_qemuconf_switch(look->conf, "listen_tcp", false);
	bool tls = sc_qemuconf_switch(look->conf, "listen_tls", look->libvirtd);

	fact->listen_tcp_line = line_of(look, "listen_tcp");
	fact->tcp = fact->tls = fact->local = SC_FALSE;
	if (!serves)
		return;
	fact->tcp_unit = enabled_unit(look, "-tcp");
	fact->tls_unit = enabled_unit(look, "-tls");
	/* An open port is attributed to the installed daemon. */
	bool tcp_now = listens_now(look, port_of(look, "tcp_port", PORT_TCP), &tcp_beyond) && (look->libvirtd || fact->tcp_unit || tcp);
	bool tls_now = listens_now(look, port_of(look, "tls_port", PORT_TLS), &tls_beyond) && (look->libvirtd || fact->tls_unit || tls);
	if (fact->tcp_unit || (asked && tcp) || tcp_now)
		fact->tcp = SC_TRUE;
	if (fact->tls_unit || (asked && tls) || tls_now)
		fact->tls = SC_TRUE;
	struct sc_address parsed = sc_address_read(address ? address : "");
	bool named_local = address && *address && sc_address_is_loopback(&parsed, address);
	if (!fact->tcp_unit && !fact->tls_unit && named_local && !(tcp_now && tcp_beyond) && !(tls_now && tls_beyond))
		fact->local = SC_TRUE;
}

/* Finds the last assignment of a setting in one file, if any. */
static void read_setting(const struct look *look, const char *path, const char *key, const char **found)
{
	SC_BUF bytes = SC_BUF_INIT;
	size_t len = strlen(key);

	if (sc_look_read(look->ctx, path, UNIT_SIZE_MAX, &bytes) != SC_LOOK_OK)
		return;
	for (const char *line = sc_buf_text(&bytes); line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (strncmp(line, key, len) == 0 && line[len] == '=')
			*found = sc_arena_strndup(look->host->memory, line + len + 1, strcspn(line + len + 1, "\r\n"));
}

/* A setting of a unit and its drop-ins: the last assignment applies. Allocated in the host's memory; NULL: not set. */
static const char *unit_setting(const struct look *look, const char *unit, const char *key)
{
	static const char *const directories[] = {"/etc/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system"};
	struct sc_arena *memory = look->host->memory;
	const char *found = NULL, *path = NULL;

	for (size_t i = 0; i < 3 && !path; i++) {
		path = sc_arena_printf(memory, "%s/%s", directories[i], unit);
		path = path && sc_look_exists(look->ctx, path) ? path : NULL;
	}
	if (path)
		read_setting(look, path, key, &found);
	const char *dropins = sc_arena_printf(memory, "/etc/systemd/system/%s.d", unit);
	for (char **names = sc_look_list(look->ctx, dropins, memory); names && *names; names++)
		read_setting(look, sc_arena_printf(memory, "%s/%s", dropins, *names), key, &found);
	return found && *found ? found : NULL;
}

static enum spicecfg_status read_socket(const struct look *look)
{
	struct sc_daemon_fact *fact = look->fact;
	const char *mode = text_of(look, "unix_sock_rw_perms", NULL);

	fact->socket_unit = enabled_unit(look, "");
	fact->group = text_of(look, "unix_sock_group", NULL);
	fact->mode = mode ? (unsigned)strtoul(mode, NULL, 8) : DEFAULT_MODE;
	if (fact->socket_unit) {
		mode = unit_setting(look, fact->socket_unit, "SocketMode");
		fact->group = unit_setting(look, fact->socket_unit, "SocketGroup");
		fact->mode = mode ? (unsigned)strtoul(mode, NULL, 8) : UNIT_MODE;
	}
	if (fact->group && strcmp(fact->group, "root") == 0)
		fact->group = NULL;
	SC_NAMES_BOOK book = {0};
	struct sc_host_members members = {NULL, 0};
	if (fact->group && sc_host_gather_members(look->ctx, look->host, &book, fact->group, &members))
		sc_look_error(look->ctx, "/etc/group");
	fact->members = members.names;
	fact->n_members = members.count;
	return sc_settle(look->ctx);
}

static bool any_item(const struct sc_qemuconf_value *list, const char *word)
{
	if (list && list->kind == SC_QEMUCONF_STRING)
		return !word || strcmp(list->text, word) == 0;
	for (const struct sc_qemuconf_value *item = list && list->kind == SC_QEMUCONF_LIST ? list->items : NULL; item; item = item->next)
		if (item->kind == SC_QEMUCONF_STRING && (!word || strcmp(item->text, word) == 0))
			return true;
	return false;
}

static enum spicecfg_status read_daemon(const struct look *look)
{
	struct sc_daemon_fact *fact = look->fact;
	const struct sc_qemuconf_entry *drivers = look->conf ? sc_qemuconf_get(look->conf, "access_drivers", NULL) : NULL;

	read_ports(look);
	fact->auth_tcp = text_of(look, "auth_tcp", "sasl");
	fact->auth_tcp_line = line_of(look, "auth_tcp");
	fact->auth_tls = text_of(look, "auth_tls", "none");
	fact->auth_tls_line = line_of(look, "auth_tls");
	fact->auth_unix = text_of(look, "auth_unix_rw", "polkit");
	fact->auth_unix_line = line_of(look, "auth_unix_rw");
	fact->verify_line = line_of(look, "tls_no_verify_certificate");
	fact->verifies = sc_qemuconf_switch(look->conf, "tls_no_verify_certificate", false) ? SC_FALSE : SC_TRUE;
	/* Even an empty list: it allows nobody. */
	fact->names = look->conf && sc_qemuconf_get(look->conf, "tls_allowed_dn_list", NULL) ? SC_TRUE : SC_FALSE;
	fact->by_call = any_item(drivers ? &drivers->value : NULL, "polkit") ? SC_TRUE : SC_FALSE;
	return read_socket(look);
}

static enum spicecfg_status look_at(struct spicecfg_ctx *ctx, struct sc_host *host, const char *name)
{
	struct sc_daemon_fact *fact = &host->ways.daemons[host->ways.n_daemons];
	SC_BUF bytes = SC_BUF_INIT;
	SC_QEMUCONF *conf = NULL;
	struct look look = {.ctx = ctx, .host = host, .fact = fact, .libvirtd = strcmp(name, "libvirtd") == 0};
	const char *program = sc_arena_printf(host->memory, "/usr/sbin/%s", name);

	*fact = (struct sc_daemon_fact){.name = name, .file = sc_arena_printf(host->memory, SC_LIBVIRT_DIR "/%s.conf", name)};
	if (!fact->file || !program)
		return sc_fail_memory(ctx);
	if (!sc_look_exists(ctx, program) && !sc_look_exists(ctx, fact->file))
		return SPICECFG_OK;
	enum sc_look read = sc_look_read(ctx, fact->file, SC_QEMUCONF_SIZE_MAX, &bytes);
	if (read == SC_LOOK_OK && sc_qemuconf_parse(ctx, fact->file, sc_buf_text(&bytes), bytes.len, &conf)) {
		/* the daemon doesn't start with such a file */
		sc_look_error(ctx, fact->file);
		read = SC_LOOK_UNREAD;
	}
	if (read == SC_LOOK_UNREAD)
		return sc_settle(ctx);
	look.conf = conf;
	enum spicecfg_status status = read_daemon(&look);
	host->ways.n_daemons++;
	return status;
}

enum spicecfg_status sc_host_gather_ways(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	static const char *const names[] = {"libvirtd", "virtproxyd", "virtqemud"};
	enum spicecfg_status status = SPICECFG_OK;

	if (host->ways.daemons)
		return SPICECFG_OK;
	host->ways.daemons = sc_arena_alloc(host->memory, sizeof(names) / sizeof(*names) * sizeof(*host->ways.daemons));
	if (!host->ways.daemons)
		return sc_fail_memory(ctx);
	if (sc_host_gather_account(ctx, host))
		status = sc_host_gather_ports(ctx, host);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && !status; i++)
		status = look_at(ctx, host, names[i]);
	for (size_t i = 0; i < host->ways.n_daemons; i++) {
		const struct sc_daemon_fact *fact = &host->ways.daemons[i];

		if (host->ways.listen_tcp != SC_TRUE)
			host->ways.listen_tcp = fact->tcp;
		if (fact->tcp == SC_TRUE)
			host->ways.auth_tcp_none =
			    strcmp(fact->auth_tcp, "none") == 0 || host->ways.auth_tcp_none == SC_TRUE ? SC_TRUE : SC_FALSE;
	}
	return status ? status : sc_host_gather_polkit(ctx, host);
}

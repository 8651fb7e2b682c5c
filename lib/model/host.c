/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/host.h"

#include <stdlib.h>
#include <string.h>

#include "model/libvirt.h"

enum { PORT_MIN = 5900, PORT_MAX = 65535, WEBSOCKET_MIN = 5700, MIGRATION_MIN = 49152, MIGRATION_MAX = 49215 };

struct sc_host *sc_host_new(struct spicecfg_ctx *ctx)
{
	struct sc_arena *memory = sc_arena_new();
	struct sc_host *host = memory ? sc_arena_alloc(memory, sizeof(*host)) : NULL;

	if (!host) {
		sc_arena_free(memory);
		sc_fail_memory(ctx);
		return NULL;
	}
	host->memory = memory;
	host->assumed = true;
	host->machine.unprivileged_port = 1024;
	host->files.networks_complete = SC_FALSE;
	host->qemu.render_node = SC_FALSE;
	host->qemu.virtio_gpu_gl = SC_FALSE;
	host->qemu.spice = SC_TRUE;
	host->qemu.qxl = SC_TRUE;
	host->conf = (struct sc_qemu_conf){
	    .file = "qemu.conf",
	    .spice_listen = "127.0.0.1",
	    .vnc_listen = "127.0.0.1",
	    .port_min = PORT_MIN,
	    .port_max = PORT_MAX,
	    .websocket_min = WEBSOCKET_MIN,
	    .websocket_max = PORT_MAX,
	    .migration_min = MIGRATION_MIN,
	    .migration_max = MIGRATION_MAX,
	};
	return host;
}

void sc_host_free(struct sc_host *host)
{
	if (!host)
		return;
	sc_table_free(&host->conf.keys);
	sc_table_free(&host->logins.lists);
	free(host->conf.entries);
	sc_arena_free(host->memory);
}

void sc_host_forget(struct sc_host *host)
{
	host->assumed = false;
	host->files.networks_complete = SC_UNKNOWN;
	host->qemu.render_node = SC_UNKNOWN;
	host->qemu.virtio_gpu_gl = SC_UNKNOWN;
	host->qemu.vhost_user_gpu = SC_UNKNOWN;
	host->qemu.spice = SC_UNKNOWN;
	host->qemu.qxl = SC_UNKNOWN;
}

/* root can read what QEMU's account can't */
static struct sc_cert_fact as_user(const struct sc_host *host, struct sc_cert_fact fact)
{
	enum sc_cert_state *states[] = {&fact.ca, &fact.cert, &fact.key};

	for (size_t i = 0; host->account.root && i < sizeof(states) / sizeof(states[0]); i++)
		if (*states[i] == SC_CERT_UNREADABLE)
			*states[i] = SC_CERT_OK;
	return fact;
}

struct sc_cert_fact sc_host_certs(const struct sc_host *host, const char *dir)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	for (size_t i = 0; i < host->files.n_certs; i++)
		if (strncmp(host->files.certs[i].dir, dir, len) == 0 && !host->files.certs[i].dir[len])
			return as_user(host, host->files.certs[i]);
	/* libvirtd's working directory is /, which contains nothing of that name */
	if (!len || (*dir != '/' && !strchr(dir, '/')))
		return (struct sc_cert_fact){.dir = dir, .exists = SC_FALSE};
	if (!host->assumed)
		return (struct sc_cert_fact){.dir = dir};
	return (struct sc_cert_fact){.dir = dir,
				     .exists = SC_TRUE,
				     .ca = SC_CERT_OK,
				     .cert = SC_CERT_OK,
				     .key = SC_CERT_OK,
				     .expired = SC_FALSE,
				     .names_host = SC_TRUE,
				     .key_private = SC_TRUE};
}

static const char *cert_dir(const struct sc_host *host, const char *written, const char *own)
{
	if (written)
		return written;
	switch (sc_host_certs(host, own).exists) {
	case SC_TRUE:
		return own;
	case SC_FALSE:
		return host->conf.default_cert_dir ? host->conf.default_cert_dir : SC_PKI_COMMON_DIR;
	default:
		return NULL;
	}
}

const char *sc_host_cert_dir(const struct sc_host *host)
{
	return cert_dir(host, host->conf.spice_cert_dir, SC_PKI_DIR);
}

const char *sc_host_vnc_cert_dir(const struct sc_host *host)
{
	return cert_dir(host, host->conf.vnc_cert_dir, SC_PKI_VNC_DIR);
}

const struct sc_network_fact *sc_host_network(const struct sc_host *host, const char *name)
{
	for (size_t i = 0; i < host->files.n_networks; i++)
		if (strcmp(host->files.networks[i].name, name) == 0)
			return &host->files.networks[i];
	return NULL;
}

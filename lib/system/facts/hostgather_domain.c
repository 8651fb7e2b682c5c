/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts for checks of one domain: socket directories, certificates, networks. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/grow.h"
#include "doc/xml.h"
#include "model/address.h"
#include "model/libvirt.h"
#include "model/sasl.h"
#include "system/facts/certs.h"
#include "system/facts/hostgather.h"
#include "system/os/look.h"
#include "system/os/names.h"

#define NETWORKS SC_DOMAINS_DIR "/networks"
enum { LINKS_MAX = 8, NETWORK_SIZE_MAX = 1024 * 1024 };

struct gather {
	struct spicecfg_ctx *ctx;
	struct sc_host *host;
};

static bool is_told(const struct sc_host *host, const char *path)
{
	for (size_t i = 0; i < host->files.n_paths; i++)
		if (strcmp(host->files.paths[i].path, path) == 0)
			return true;
	return false;
}

static bool add_path(struct sc_host *host, const struct sc_path_fact *fact)
{
	struct sc_path_fact *paths = sc_arena_grow(host->memory, host->files.paths, host->files.n_paths, sizeof(*paths));

	if (!paths)
		return false;
	host->files.paths = paths;
	host->files.paths[host->files.n_paths] = *fact;
	host->files.paths[host->files.n_paths].path = sc_arena_strdup(host->memory, fact->path);
	return host->files.paths[host->files.n_paths++].path != NULL;
}

static bool tell_path(struct gather *gather, const char *path, int links);

/* One component, not followed if it is a link. False if memory is short. */
static bool tell_one(struct gather *gather, const char *path, int links)
{
	struct sc_path_fact fact = {.path = path, .type = SC_PATH_MISSING};
	char link[PATH_MAX];
	struct sc_seen seen;
	enum sc_look look = sc_look_see(gather->ctx, path, false, &seen);

	if (look == SC_LOOK_UNREAD)
		return true; /* unknown */
	if (look == SC_LOOK_OK) {
		const struct stat st = seen.st;

		fact.type = S_ISDIR(st.st_mode) ? SC_PATH_DIRECTORY : SC_PATH_FILE;
		fact.own = !sc_host_gather_account(gather->ctx, gather->host) ? SC_UNKNOWN
			   : st.st_uid == gather->host->account.uid           ? SC_TRUE
									      : SC_FALSE;
		fact.sticky = st.st_mode & S_ISVTX;
		fact.others = st.st_mode & S_IXOTH;
		ssize_t len = S_ISLNK(st.st_mode) ? readlinkat(seen.fd, "", link, sizeof(link) - 1) : -1;
		if (len > 0) {
			link[len] = '\0';
			const char *slash = strrchr(path, '/');
			fact.target = *link == '/' ? sc_arena_strdup(gather->host->memory, link)
						   : sc_arena_printf(gather->host->memory, "%.*s/%s", (int)(slash - path), path, link);
		}
		if (fact.type == SC_PATH_DIRECTORY) {
			fact.writable = sc_host_gather_may(gather->ctx, gather->host, &seen, W_OK | X_OK);
			fact.searchable = sc_host_gather_may(gather->ctx, gather->host, &seen, X_OK);
		}
	}
	sc_seen_close(&seen);
	if (!add_path(gather->host, &fact))
		return false;
	return !fact.target || !links || tell_path(gather, fact.target, links - 1);
}

/* The path and every directory above it. */
static bool tell_path(struct gather *gather, const char *path, int links)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (*path != '/' || len >= sizeof(part))
		return true;
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i])
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (i > 1 && part[i - 1] == '/')
			continue;
		if (!is_told(gather->host, part) && !tell_one(gather, part, links))
			return false;
	}
	return true;
}

static enum sc_cert_state file_state(const struct gather *gather, const char *dir, const char *name, struct stat *st)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/%s", dir, name);
	struct sc_seen seen;

	*st = (struct stat){0};
	if (len >= (int)sizeof(path))
		return SC_CERT_UNKNOWN;
	enum sc_look look = sc_look_see(gather->ctx, path, true, &seen);
	if (look != SC_LOOK_OK)
		return look == SC_LOOK_MISSING ? SC_CERT_MISSING : SC_CERT_UNKNOWN;
	enum sc_known readable = sc_host_gather_may(gather->ctx, gather->host, &seen, R_OK);
	*st = seen.st;
	sc_seen_close(&seen);
	return readable == SC_TRUE ? SC_CERT_OK : readable == SC_FALSE ? SC_CERT_UNREADABLE : SC_CERT_UNKNOWN;
}

static bool tell_certs(struct gather *gather, const char *dir)
{
	struct sc_host *host = gather->host;
	struct stat st;

	for (size_t i = 0; i < host->files.n_certs; i++)
		if (strcmp(host->files.certs[i].dir, dir) == 0)
			return true;
	struct sc_cert_fact *certs = sc_arena_alloc(host->memory, (host->files.n_certs + 1) * sizeof(*certs));
	if (!certs)
		return false;
	if (host->files.n_certs)
		memcpy(certs, host->files.certs, host->files.n_certs * sizeof(*certs));
	struct sc_cert_fact *fact = &certs[host->files.n_certs++];
	host->files.certs = certs;
	*fact = (struct sc_cert_fact){.dir = sc_arena_strdup(host->memory, dir)};
	struct sc_seen seen;
	enum sc_look look = sc_look_see(gather->ctx, dir, true, &seen);
	fact->exists = look == SC_LOOK_OK ? SC_TRUE : look == SC_LOOK_MISSING ? SC_FALSE : SC_UNKNOWN;
	bool shut =
	    look == SC_LOOK_OK && S_ISDIR(seen.st.st_mode) && sc_host_gather_may(gather->ctx, gather->host, &seen, X_OK) == SC_FALSE;
	sc_seen_close(&seen);
	fact->ca = file_state(gather, dir, "ca-cert.pem", &st);
	fact->cert = file_state(gather, dir, "server-cert.pem", &st);
	fact->key = file_state(gather, dir, "server-key.pem", &st);
	if (fact->key != SC_CERT_MISSING && fact->key != SC_CERT_UNKNOWN)
		fact->key_private = st.st_mode & S_IROTH ? SC_FALSE : SC_TRUE;
	/* without TLS nothing reads them, and OpenSSL need not be loaded */
	if (fact->dir && fact->cert != SC_CERT_MISSING && host->conf.spice_tls)
		sc_pki_tell(gather->ctx, host->memory, fact);
	if (shut)
		fact->ca = fact->cert = fact->key = SC_CERT_UNREADABLE;
	return fact->dir != NULL;
}

/* The directories that QEMU may use, in libvirt's order. */
static bool tell_all_certs(struct gather *gather)
{
	const struct sc_qemu_conf *conf = &gather->host->conf;
	const char *const dirs[] = {conf->spice_cert_dir, SC_PKI_DIR,         conf->default_cert_dir,
				    SC_PKI_COMMON_DIR,    conf->vnc_cert_dir, SC_PKI_VNC_DIR};
	bool fine = true;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (dirs[i] && *dirs[i])
			fine = fine && tell_certs(gather, dirs[i]);
	return fine;
}

/* Reads a network's definition and takes its first address. */
static enum sc_look read_network(struct gather *gather, const char *name, struct sc_network_fact *fact)
{
	SC_BUF bytes = SC_BUF_INIT;
	SC_XML *doc = NULL;
	const char *path = sc_arena_printf(gather->host->memory, NETWORKS "/%s.xml", name);
	enum sc_look look = strchr(name, '/') ? SC_LOOK_MISSING : sc_look_read(gather->ctx, path, NETWORK_SIZE_MAX, &bytes);

	if (look == SC_LOOK_OK && sc_xml_parse(gather->ctx, path, sc_buf_text(&bytes), bytes.len, &doc)) {
		sc_look_error(gather->ctx, path);
		look = SC_LOOK_UNREAD;
	}
	const char *written = doc ? sc_xml_get(sc_xml_child(sc_xml_root(doc), "ip"), "address") : NULL;
	*fact = (struct sc_network_fact){sc_arena_strdup(gather->host->memory, name), sc_arena_strdup(gather->host->memory, written),
					 look == SC_LOOK_UNREAD};
	if (!path || !fact->name || (written && !fact->address))
		sc_look_failed(gather->ctx, NULL, NULL);
	return look;
}

static bool tell_network(struct gather *gather, const char *name)
{
	struct sc_host *host = gather->host;
	struct sc_network_fact fact;

	if (sc_host_network(host, name) || read_network(gather, name, &fact) == SC_LOOK_MISSING)
		return true;
	struct sc_network_fact *networks = sc_arena_alloc(host->memory, (host->files.n_networks + 1) * sizeof(*networks));
	if (!networks)
		return false;
	if (host->files.n_networks)
		memcpy(networks, host->files.networks, host->files.n_networks * sizeof(*networks));
	networks[host->files.n_networks++] = fact;
	host->files.networks = networks;
	return true;
}

/* True if all networks of the host can be seen, so that one that isn't found doesn't exist. */
static enum sc_known networks_seen(const struct gather *gather)
{
	bool seen = sc_look_list(gather->ctx, NETWORKS, gather->host->memory) || errno == ENOENT;

	return seen ? SC_TRUE : SC_UNKNOWN;
}

static bool tell_graphics(struct gather *gather, const struct sc_graphics *graphics)
{
	bool fine = true;

	for (size_t i = 0; i < graphics->n_listens && fine; i++) {
		const struct sc_listen *listen = &graphics->listens[i];

		if (listen->socket)
			fine = tell_path(gather, listen->socket, LINKS_MAX) &&
			       sc_host_gather_socket(gather->ctx, gather->host, listen->socket);
		if (listen->network) {
			gather->host->files.networks_complete = networks_seen(gather);
			fine = fine && tell_network(gather, listen->network);
		}
	}
	if (graphics->socket_attr)
		fine = fine && tell_path(gather, graphics->socket_attr, LINKS_MAX);
	if (graphics->rendernode)
		fine = fine && tell_path(gather, graphics->rendernode, LINKS_MAX);
	return fine;
}

/* Addresses that every machine has; others, names, and IPv6 have to be looked up. */
static bool is_everywhere(const char *address)
{
	static const char *const everywhere[] = {"", "127.0.0.1", "0.0.0.0"};

	for (size_t i = 0; i < sizeof(everywhere) / sizeof(everywhere[0]); i++)
		if (!address || strcmp(address, everywhere[i]) == 0)
			return true;
	return false;
}

static bool needs_addresses(const struct sc_host *host, const struct sc_domain *domain)
{
	bool needs = !is_everywhere(host->conf.spice_listen) || !is_everywhere(host->conf.vnc_listen);

	for (size_t i = 0; i < domain->n_graphics && !needs; i++) {
		const struct sc_graphics *graphics = &domain->graphics[i];

		needs = !is_everywhere(graphics->listen_attr);
		for (size_t j = 0; j < graphics->n_listens && !needs; j++)
			needs = !is_everywhere(graphics->listens[j].address) || graphics->listens[j].network;
	}
	return needs;
}

static bool has_fixed_port(const struct sc_domain *domain)
{
	for (size_t i = 0; i < domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &domain->graphics[i];

		if (sc_xml_get(graphics->node, "port") || sc_xml_get(graphics->node, "tlsPort"))
			return true;
	}
	return false;
}

/* spice-server reads its SASL file in every QEMU that has a Spice console or a QXL device. */
static enum spicecfg_status tell_sasl(struct gather *gather, const struct sc_domain *domain)
{
	bool own, used = domain->content & SC_HAS_SPICE;

	for (size_t i = 0; i < domain->n_videos && !used; i++)
		used = domain->videos[i].kind == SC_VIDEO_QXL;
	if (!used)
		return SPICECFG_OK;
	const char *directory = sc_sasl_directory(domain, gather->host, &own);
	return sc_host_gather_sasl(gather->ctx, gather->host, directory, own || gather->host->conf.spice_sasl || domain->n_args);
}

static bool is_beyond(const char *address)
{
	struct sc_address parsed = sc_address_read(address ? address : "127.0.0.1");

	return address && !sc_address_is_loopback(&parsed, address);
}

/* Whether other hosts may reach a listener, according to the definition and qemu.conf. */
static bool listens_beyond(const struct sc_host *host, const struct sc_domain *domain)
{
	bool beyond = false;

	for (size_t i = 0; i < domain->n_graphics && !beyond; i++) {
		const struct sc_graphics *graphics = &domain->graphics[i];

		beyond = is_beyond(graphics->listen_attr) || is_beyond(host->conf.spice_listen);
		for (size_t j = 0; j < graphics->n_listens; j++)
			beyond |= graphics->listens[j].type == SC_LISTEN_NETWORK || is_beyond(graphics->listens[j].address);
	}
	return beyond;
}

/* Whether a console should be encrypted, so that a fix may need certificates where TLS is off. */
static bool wants_tls(const struct sc_host *host, const struct sc_domain *domain)
{
	bool wants = host->conf.spice_sasl || domain->n_args || listens_beyond(host, domain);

	for (size_t i = 0; i < domain->n_graphics && !wants; i++) {
		const struct sc_graphics *graphics = &domain->graphics[i];

		wants = graphics->mode.value == SC_MODE_SECURE || sc_xml_get(graphics->node, "tlsPort");
		for (size_t j = 0; j < graphics->n_channels; j++)
			wants |= graphics->channels[j].mode == SC_MODE_SECURE;
	}
	return wants;
}

enum spicecfg_status sc_host_gather_domain(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_domain *domain)
{
	struct gather gather = {.ctx = ctx, .host = host};
	bool fine = true;
	enum spicecfg_status status = tell_sasl(&gather, domain);

	sc_host_gather_names(ctx, host);
	if (status || !domain->n_graphics)
		return status ? status : sc_settle(ctx);
	/* Without TLS nobody opens them, but libvirt's driver doesn't start if a directory that qemu.conf names is missing. */
	if (host->conf.spice_tls || host->conf.vnc_tls || host->conf.spice_cert_dir || host->conf.default_cert_dir ||
	    host->conf.vnc_cert_dir || wants_tls(host, domain))
		fine = tell_all_certs(&gather);
	if (fine && needs_addresses(host, domain) && sc_host_gather_addresses(ctx, host))
		return SPICECFG_SYSTEM;
	for (size_t i = 0; i < domain->n_graphics && fine; i++)
		fine = tell_graphics(&gather, &domain->graphics[i]);
	if (fine && listens_beyond(host, domain) && sc_host_gather_firewall(ctx, host))
		return SPICECFG_SYSTEM;
	if (fine && has_fixed_port(domain) && sc_host_gather_account(gather.ctx, gather.host) && sc_host_gather_ports(ctx, host))
		return SPICECFG_SYSTEM;
	return fine ? sc_settle(ctx) : sc_fail_memory(ctx);
}

enum spicecfg_status sc_host_gather_any(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	struct gather gather = {.ctx = ctx, .host = host};

	sc_host_gather_names(ctx, host);
	if (!tell_all_certs(&gather))
		return sc_fail_memory(ctx);
	enum spicecfg_status status = sc_host_gather_sasl(ctx, host, sc_sasl_shared_directory(host), true);
	if (!status)
		status = sc_host_gather_ways(ctx, host);
	if (!status)
		status = sc_host_gather_firewall(ctx, host);
	return status ? status : sc_host_gather_addresses(ctx, host);
}

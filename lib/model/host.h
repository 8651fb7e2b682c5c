/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of the host that a domain will run on. Filled by lib/system, or with assumptions; rules only read it. */
#ifndef SC_MODEL_HOST_H
#define SC_MODEL_HOST_H

#include "base/arena.h"
#include "base/ctx.h"
#include "base/table.h"
#include "base/version.h"
#include "doc/qemuconf.h"
#include "model/exposure.h"

/* A fact that may not be known. */
enum sc_known { SC_UNKNOWN, SC_FALSE, SC_TRUE };

/* An assignment in qemu.conf: the first of each key, as libvirt takes it. */
struct sc_conf_entry {
	const char *key;
	enum { SC_CONF_INT, SC_CONF_STRING, SC_CONF_OTHER } type;
	long long number;
	const char *text;
	unsigned line; /* 0: unknown */
	unsigned column;
};

/* qemu.conf: every assignment, and the effective values of what counts for consoles (libvirt qemu/qemu_conf.c). */
struct sc_qemu_conf {
	const char *file;   /* for messages; "qemu.conf" when not told */
	const char *unread; /* why the host's could not be read: this is a stock one; NULL: it could */
	struct sc_conf_entry *entries;
	size_t count, size;
	struct sc_table keys; /* times: the index of its entry */
	bool spice_tls, spice_sasl, spice_auto_unix_socket;
	bool vnc_tls, vnc_sasl, vnc_auto_unix_socket;
	bool vnc_host_audio, nographics_host_audio;
	const char *spice_listen, *vnc_listen;
	const char *spice_password, *vnc_password;                    /* NULL: not set */
	const char *spice_cert_dir, *default_cert_dir, *vnc_cert_dir; /* as written, NULL: not set */
	const char *spice_sasl_dir, *vnc_sasl_dir;                    /* by sc_sasl_directories(), NULL: not set */
	long long port_min, port_max, websocket_min, websocket_max, migration_min, migration_max;
	const char *user;            /* NULL: the package's own */
	struct sc_exposure exposure; /* of the file, where it holds a password */
};

enum sc_path_type {
	SC_PATH_UNKNOWN, /* not told */
	SC_PATH_MISSING,
	SC_PATH_DIRECTORY,
	SC_PATH_FILE, /* regular file, socket, device, dangling link: what unlink() takes away */
};

/* A path of the host as QEMU's user sees it. */
struct sc_path_fact {
	const char *path; /* absolute, no trailing slash */
	enum sc_path_type type;
	const char *target;       /* of a symbolic link, NULL: none */
	enum sc_known writable;   /* directory: QEMU's user may make and remove files in it */
	enum sc_known searchable; /* directory: and pass through it */
	enum sc_known own;        /* belongs to QEMU's user */
	bool sticky;
	bool others; /* directory: others than owner and group may pass through it */
};

/* Who gets at a console's socket by its ACLs; NULL: nobody. Accounts are "user:NAME" and "group:NAME". */
struct sc_socket_fact {
	const char *path;               /* as the definition has it */
	const char *heir;               /* whom the default ACL lets into every socket that is made in the directory, one of them */
	const char *barred, *barred_at; /* one of those who can't pass a directory on the way, and which */
	const char *beyond;             /* whom the socket of the running VM lets in beside those: an account, or "others" */
};

/* Why a certificate, key or CA file can't be used. */
enum sc_cert_state {
	SC_CERT_UNKNOWN,
	SC_CERT_OK,
	SC_CERT_MISSING,
	SC_CERT_UNREADABLE,
	SC_CERT_INVALID,
	SC_CERT_ENCRYPTED,
	SC_CERT_MISMATCH
};

/* A directory of certificates. */
struct sc_cert_fact {
	const char *dir;
	enum sc_known exists; /* the path exists; a file does for libvirt */
	enum sc_cert_state ca, cert, key;
	enum sc_known expired;     /* the server certificate, at the time of asking */
	enum sc_known names_host;  /* the certificate names the host */
	enum sc_known key_private; /* nobody but root and QEMU's user reads the key */
};

/* A libvirt network: the address that a console would listen on, NULL when it has none. */
struct sc_network_fact {
	const char *name;
	const char *address;
	bool unread; /* its definition could not be read: the address is not known */
};

/* A TCP socket that something else listens on. */
struct sc_busy_fact {
	const char *address;
	unsigned port;
};

/* TCP ports. */
struct sc_port_range {
	unsigned first, last;
};

/* Names of what could not be read (base/unread.h) that decide more than their own fact. */
#define SC_QEMU_CONF "/etc/libvirt/qemu.conf"
#define SC_UNREAD_PORTS "the list of listening sockets"

struct sc_sasl_fact;
struct sc_daemon_fact;
struct sc_polkit_fact;

/* A VM that runs, by what its QEMU was started with. */
struct sc_guest_fact {
	const char *name, *uuid; /* NULL: not given */
};

struct sc_host {
	struct sc_arena *memory;
	bool assumed; /* nothing was asked: a healthy host is assumed (docs/cli.md, verdict) */
	struct sc_qemu_conf conf;
	bool root_user; /* QEMU runs as root */
	struct {
		enum sc_known known; /* SC_UNKNOWN: nobody looked */
		unsigned uid, gid;   /* gid: its main group while QEMU runs */
		const char *user;
	} account;            /* that QEMU runs as; lib/system looks it up for facts about files */
	long long memory_kib; /* RAM and swap; 0: unknown */
	long long unprivileged_port;
	const char *const *addresses; /* local ones, "a.b.c.d", "::1", "127.0.0.0/8"; NULL: unknown */
	size_t n_addresses;
	bool all_addresses; /* lib/system has looked for all of them */
	struct sc_path_fact *paths;
	size_t n_paths;
	struct sc_socket_fact *sockets;
	size_t n_sockets;
	struct sc_cert_fact *certs;
	size_t n_certs;
	struct sc_network_fact *networks;
	size_t n_networks;
	enum sc_known networks_complete; /* what is not listed is not there */
	struct sc_busy_fact *busy;
	size_t n_busy;
	unsigned *vm_ports; /* TCP ports that VMs which run listen on */
	size_t n_vm_ports;  /* those that count: 0 while the domain at hand may be one of these VMs */
	size_t n_vm_ports_known;
	struct sc_guest_fact *guests; /* VMs that run, for telling whether the domain at hand is one of them */
	size_t n_guests;
	enum sc_known guests_complete; /* SC_UNKNOWN: nobody looked; SC_FALSE: not all can be seen */
	bool all_ports;                /* lib/system has looked for all of them */
	bool ports_unread;             /* and could not */
	bool guests_unread;            /* whether the domain at hand is one of the VMs that run is not known */
	enum sc_known render_node;     /* there is a /dev/dri/renderD* */
	enum sc_known virtio_gpu_gl;   /* QEMU's module for accel3d */
	enum sc_known vhost_user_gpu;  /* a vhost-user-gpu helper is installed */
	enum sc_known sdl;             /* QEMU's module for SDL, and a display */
	enum sc_known spice, qxl;      /* QEMU has them */
	const char *const *keymaps;    /* QEMU's, NULL: unknown */
	size_t n_keymaps;
	struct sc_sasl_fact *sasl; /* directories that were looked into (model/sasl.h) */
	size_t n_sasl;
	const char *const *sasl_plugins; /* "scram"…, of libsasl2's directory; NULL: unknown */
	size_t n_sasl_plugins;
	unsigned distribution;          /* whose package names are told: 0 Debian, 1 SUSE, 2 Red Hat */
	struct sc_daemon_fact *daemons; /* of libvirt (model/ways.h) */
	size_t n_daemons;
	struct sc_polkit_fact *polkit;
	size_t n_polkit;
	enum sc_known listen_tcp, auth_tcp_none; /* libvirtd: plain TCP, and without authentication */
	enum sc_known firewall_open;             /* nothing filters what comes in */
	struct sc_port_range *open4, *open6;     /* ports that everybody gets through to, by IPv4 and IPv6; others may be shut */
	size_t n_open4, n_open6;
	bool firewall_asked;                    /* lib/system has looked */
	unsigned libvirt_version, qemu_version; /* 9000000, 7002000; 0: unknown */
};

/* The versions that verdicts are for: told or found, else libvirt 9.0 and QEMU 7.2. */
static inline unsigned sc_host_libvirt(const struct sc_host *host)
{
	return host->libvirt_version ? host->libvirt_version : SC_VERSION(9, 0);
}
static inline unsigned sc_host_qemu(const struct sc_host *host)
{
	return host->qemu_version ? host->qemu_version : SC_VERSION(7, 2);
}

/* The host as --no-host assumes it, with a stock qemu.conf; NULL when memory is short (recorded). */
SPICECFG_CHECKED struct sc_host *sc_host_new(struct spicecfg_ctx *ctx);
void sc_host_free(struct sc_host *host);
static inline void sc_host_freep(struct sc_host **host)
{
	sc_host_free(*host);
}
#define SC_HOST_FACTS __attribute__((cleanup(sc_host_freep))) struct sc_host

/* From assumptions to "nothing is known": facts are then filled in. qemu.conf stays. */
void sc_host_forget(struct sc_host *host);

/*
 * Takes an assignment of qemu.conf, in the order of the file; of a repeated key the first counts. entry's strings are copied.
 * Never fails for a bad value: rules report it (sc_host_conf_find).
 */
SPICECFG_CHECKED enum spicecfg_status sc_host_conf_add(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_conf_entry *entry);
/* The assignment that counts, or NULL. */
const struct sc_conf_entry *sc_host_conf_find(const struct sc_host *host, const char *key);
/* The one that gives consoles a password, or NULL. */
const struct sc_conf_entry *sc_host_conf_password(const struct sc_host *host);

/* Takes all assignments of a parsed qemu.conf, and its name. */
SPICECFG_CHECKED enum spicecfg_status sc_host_conf_read(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_qemuconf *doc);

/* What kind of value libvirt takes for a key; SC_KEY_UNKNOWN: none of those that consoles care about. */
enum sc_key_kind { SC_KEY_UNKNOWN, SC_KEY_BOOL, SC_KEY_STRING, SC_KEY_NUMBER };
enum sc_key_kind sc_host_conf_kind(const char *key);

/* What is known of a directory of certificates; the answer for an unknown one says so. With assumptions every directory is complete. */
struct sc_cert_fact sc_host_certs(const struct sc_host *host, const char *dir);
/* The directory that QEMU will be given (qemu/qemu_conf.c, virQEMUDriverConfigSetDefaults). NULL when it depends on what is unknown. */
const char *sc_host_cert_dir(const struct sc_host *host);
/* The same for VNC. */
const char *sc_host_vnc_cert_dir(const struct sc_host *host);

/* What QEMU's user finds at an absolute path (symbolic links followed). */
struct sc_path_fact sc_host_path(const struct sc_host *host, const char *path);

/* What stands at an absolute path itself (links not followed); what nobody told of is not there. */
struct sc_path_fact sc_host_file(const struct sc_host *host, const char *path);

/* The socket's row; NULL: not told. */
const struct sc_socket_fact *sc_host_socket(const struct sc_host *host, const char *path);
/* Copies a row in. false when memory is short. */
bool sc_host_add_socket(struct sc_host *host, const struct sc_socket_fact *fact);

/* The network's row; NULL: not told. */
const struct sc_network_fact *sc_host_network(const struct sc_host *host, const char *name);

#endif

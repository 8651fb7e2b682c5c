/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts about the host that a domain will run on. Filled by lib/system, or with assumptions; rules only read it. */
#ifndef SC_MODEL_HOST_H
#define SC_MODEL_HOST_H

#include "base/arena.h"
#include "base/ctx.h"
#include "base/table.h"
#include "base/version.h"
#include "doc/qemuconf.h"
#include "model/exposure.h"

/* A fact that can be unknown. */
enum sc_known { SC_UNKNOWN, SC_FALSE, SC_TRUE };

/* An assignment in qemu.conf: the first one of a key, which libvirt uses. */
struct sc_conf_entry {
	const char *key;
	enum { SC_CONF_INT, SC_CONF_STRING, SC_CONF_OTHER } type;
	long long number;
	const char *text;
	unsigned line; /* 0: unknown */
	unsigned column;
};

/* qemu.conf: every assignment, and the effective values that matter for consoles (libvirt qemu/qemu_conf.c). */
struct sc_qemu_conf {
	const char *file;    /* for messages; "qemu.conf" when unknown */
	const char *unread;  /* why the host's file could not be read, so that these are the defaults; NULL: it could */
	const char *pending; /* the daemon that runs since before the file was changed, and has not read it ("libvirtd"); NULL: none */
	bool pending_systemd, pending_script; /* what restarts it; neither: not known */
	struct sc_conf_entry *entries;
	size_t count;
	struct sc_table keys; /* times: the index of its entry */
	bool spice_tls, spice_sasl, spice_auto_unix_socket;
	bool vnc_tls, vnc_sasl, vnc_auto_unix_socket;
	bool vnc_host_audio, nographics_host_audio;
	const char *spice_listen, *vnc_listen;
	const char *spice_password, *vnc_password;                    /* NULL: not set */
	const char *spice_cert_dir, *default_cert_dir, *vnc_cert_dir; /* as in the file; NULL: not set */
	const char *spice_sasl_dir, *vnc_sasl_dir;                    /* from sc_sasl_directories(); NULL: not set */
	long long port_min, port_max, websocket_min, websocket_max, migration_min, migration_max;
	const char *user;            /* NULL: the default of the package */
	struct sc_exposure exposure; /* of the file, when it contains a password */
};

enum sc_path_type {
	SC_PATH_UNKNOWN,
	SC_PATH_MISSING,
	SC_PATH_DIRECTORY,
	SC_PATH_FILE, /* regular file, socket, device, dangling link: what unlink() removes */
};

/* A path of the host as QEMU's account sees it. */
struct sc_path_fact {
	const char *path; /* absolute, no trailing slash */
	enum sc_path_type type;
	const char *target;       /* of a symbolic link; NULL: not a link */
	enum sc_known writable;   /* directory: QEMU's account can create and remove files in it */
	enum sc_known searchable; /* directory: and can access its files */
	enum sc_known own;        /* belongs to QEMU's account */
	bool sticky;
	bool others; /* directory: others than owner and group can access its files */
};

/* Whom the ACLs of a console's socket grant access; NULL: nobody. Accounts are "user:NAME" and "group:NAME". */
struct sc_socket_fact {
	const char *path;               /* as in the definition */
	const char *heir;               /* one of those to whom the default ACL grants every socket that is created in the directory */
	const char *barred, *barred_at; /* one of those who can't access a directory in the path, and that directory */
	const char *masked;             /* one whom the default ACL names, but whom its mask keeps out */
	const char *nobody;             /* an entry of the default ACL whose account or group does not exist: "group:1777" */
	enum sc_known replaceable;      /* every account may write to the directory, and replace the socket */
	const char *beyond;             /* to whom else the socket of the running VM grants access: an account, or "others" */
};

/* Why a certificate, key or CA file can't be used. */
enum sc_cert_state {
	SC_CERT_UNKNOWN,
	SC_CERT_OK,
	SC_CERT_MISSING,
	SC_CERT_UNREADABLE,
	SC_CERT_INVALID,
	SC_CERT_ENCRYPTED,
	SC_CERT_MISMATCH,
	SC_CERT_WEAK /* a key or signature below the security level of the host's OpenSSL */
};

/* A directory of certificates. */
struct sc_cert_fact {
	const char *dir;
	enum sc_known exists; /* the path exists; for libvirt it can be a file */
	enum sc_cert_state ca, cert, key;
	enum sc_known expired;     /* the server certificate, when the facts were collected */
	enum sc_known names_host;  /* the certificate names the host */
	enum sc_known key_private; /* only root and QEMU's user can read the key */
	enum sc_known foreign;     /* another CA than the host's own issued the certificate */
	const char *const *names;  /* the names and addresses in the certificate; NULL: unknown */
	size_t n_names;
	const char *host_name; /* the host's own name; NULL: unknown */
};

/* A libvirt network. address: the one that a console would listen on; NULL: none. */
struct sc_network_fact {
	const char *name;
	const char *address;
	bool unread; /* its definition could not be read: the address is unknown */
};

/* A TCP port that another program listens on. */
struct sc_busy_fact {
	const char *address;
	unsigned port;
};

/* TCP ports. */
struct sc_port_range {
	unsigned first, last;
};

/* A name in the list of what could not be read (base/unread.h) that matters for more than one fact, as SC_QEMU_CONF does. */
#define SC_UNREAD_PORTS "the list of listening sockets"

struct sc_sasl_fact;
struct sc_daemon_fact;
struct sc_polkit_fact;
struct sc_account_fact;
struct sc_group_fact;
struct sc_pam_fact;
struct sc_pam_list_fact;
struct sc_nft_file;
struct sc_door_fact;

/* A running VM, as its QEMU was started. */
struct sc_guest_fact {
	const char *name, *uuid; /* NULL: not set */
};

/* Split by what fills it; files are those of lib/system/facts. */
struct sc_host {
	struct sc_arena *memory;
	bool assumed;             /* nothing was examined: a healthy host is assumed (docs/cli.md, verdict) */
	struct sc_qemu_conf conf; /* hostgather.c */
	/* The account that QEMU runs as, needed for facts about files; hostgather_account.c. */
	struct sc_host_account {
		bool root;           /* it is root, by qemu.conf */
		enum sc_known known; /* SC_UNKNOWN: not looked up */
		unsigned uid, gid;   /* gid: QEMU's primary group */
		const char *user;
		const char *no_user, *no_group; /* what qemu.conf names, and the host does not have; NULL: nothing is known to be missing */
	} account;
	/* The machine; hostgather.c. */
	struct sc_host_machine {
		long long memory_kib; /* RAM and swap; 0: unknown */
		long long unprivileged_port;
		const char *const *addresses; /* local ones, "a.b.c.d", "::1", "127.0.0.0/8"; NULL: unknown */
		size_t n_addresses;
		bool all_addresses; /* all of them have been collected */
	} machine;
	/* What QEMU has; hostgather.c. */
	struct sc_host_qemu {
		enum sc_known render_node;    /* a /dev/dri/renderD* exists */
		enum sc_known virtio_gpu_gl;  /* QEMU's module for accel3d is installed */
		enum sc_known vhost_user_gpu; /* a vhost-user-gpu helper is installed */
		enum sc_known sdl;            /* QEMU's module for SDL, and a display, are present */
		enum sc_known spice, qxl;     /* QEMU supports them */
		const char *const *keymaps;   /* NULL: unknown */
		size_t n_keymaps;
	} qemu;
	/* The releases; hostgather_versions.c. 9000000, 7002000; 0: unknown. */
	struct sc_host_version {
		unsigned libvirt, qemu;
	} version;
	/* What definitions refer to; hostgather_domain.c and hostgather_socket.c. */
	struct sc_host_files {
		struct sc_path_fact *paths;
		size_t n_paths;
		struct sc_socket_fact *sockets;
		size_t n_sockets;
		struct sc_cert_fact *certs;
		size_t n_certs;
		struct sc_network_fact *networks;
		size_t n_networks;
		enum sc_known networks_complete; /* a network that is not listed does not exist */
	} files;
	/* Ports in use; hostgather_ports.c. */
	struct sc_host_ports {
		struct sc_busy_fact *busy;
		size_t n_busy;
		unsigned *of_vms; /* TCP ports that running VMs listen on */
		size_t n_of_vms;  /* how many are considered: 0 while the checked domain can be one of these VMs */
		size_t n_of_vms_known;
		bool asked;  /* lib/system has tried to collect all of them */
		bool unread; /* and failed */
	} ports;
	/* Running VMs, to determine whether the checked domain is one of them; hostgather_ports.c. */
	struct sc_host_guests {
		struct sc_guest_fact *list;
		size_t n;
		enum sc_known complete; /* SC_UNKNOWN: not examined; SC_FALSE: not all are visible */
		bool unread;            /* it is unknown whether the checked domain is one of them */
	} guests;
	/* Logins; hostgather_sasl.c and hostgather_saslauthd.c. */
	struct sc_host_sasl {
		struct sc_sasl_fact *facts; /* directories that were examined (model/sasl.h) */
		size_t n_facts;
		const char *const *plugins; /* "scram"…, in libsasl2's directory; NULL: unknown */
		size_t n_plugins;
		bool no_libraries;     /* unknown because the tree (--root) has no libraries at all, only settings */
		const char *realm;     /* that libsasl2 in QEMU adds to a name without one; NULL: unknown */
		unsigned distribution; /* whose package names are shown: 0 Debian, 1 SUSE, 2 Red Hat */
	} sasl;
	/* Who can open consoles: accounts and what PAM asks of them (model/accounts.h), sockets (model/door.h); hostgather_logins.c. */
	struct sc_host_logins {
		struct sc_account_fact *accounts; /* sorted by name */
		struct sc_group_fact *groups;     /* sorted by name */
		size_t n_accounts, n_groups;
		enum sc_known complete; /* an account or group that is not listed does not exist */
		struct sc_pam_fact *pam;
		struct sc_table lists; /* path -> struct sc_pam_list_fact */
		struct sc_door_fact *doors;
		size_t n_pam, n_doors;
		/* the host's time zone, for rules with hours; hostgather_zone.c */
		struct sc_zone_fact {
			enum sc_known known;
			const char *name; /* "Europe/Vienna"; NULL: none */
			const char *data; /* len bytes of its file (base/zone.h); NULL: UTC */
			size_t len;
			bool asked;     /* lib/system has looked for it */
			bool elsewhere; /* below a root that lacks the file: it is that of this machine */
		} zone;
		bool asked; /* lib/system has looked for accounts and groups */
	} logins;
	/* libvirt's own ways in; hostgather_ways.c and hostgather_polkit.c. */
	struct sc_host_ways {
		struct sc_daemon_fact *daemons; /* model/ways.h */
		size_t n_daemons;
		struct sc_polkit_fact *polkit;
		size_t n_polkit;
		enum sc_known listen_tcp, auth_tcp_none; /* libvirtd: plain TCP, and without authentication */
	} ways;
	/* The packet filter; hostgather_firewall.c. */
	struct sc_host_firewall {
		enum sc_known open;                  /* nothing filters incoming packets */
		struct sc_port_range *open4, *open6; /* ports that are open to everybody, by IPv4 and by IPv6; others can be filtered */
		size_t n_open4, n_open6;
		bool asked;                      /* lib/system has examined it */
		enum sc_known loads;             /* a unit of the host loads rules, also where they can't be read (--root) */
		const char *file;                /* the first of these units, or its file of rules; NULL: unknown */
		const struct sc_nft_file *rules; /* the only rules that are loaded (doc/nftfile.h); NULL: unknown */
	} firewall;
};

/* The versions that verdicts apply to: those given or found, else libvirt 9.0 and QEMU 7.2. */
static inline unsigned sc_host_libvirt(const struct sc_host *host)
{
	return host->version.libvirt ? host->version.libvirt : SC_VERSION(9, 0);
}
static inline unsigned sc_host_qemu(const struct sc_host *host)
{
	return host->version.qemu ? host->version.qemu : SC_VERSION(7, 2);
}

/*
 * Makes a host as --no-host assumes it, with an unchanged qemu.conf, to be freed with sc_host_free(). NULL, with an error, when memory runs
 * out.
 */
SPICECFG_CHECKED struct sc_host *sc_host_new(struct spicecfg_ctx *ctx);
void sc_host_free(struct sc_host *host);
static inline void sc_host_freep(struct sc_host **host)
{
	sc_host_free(*host);
}
#define SC_HOST_FACTS __attribute__((cleanup(sc_host_freep))) struct sc_host

/* Replaces the assumptions by unknown facts, which are then filled in. qemu.conf is kept. */
void sc_host_forget(struct sc_host *host);

/*
 * Adds an assignment of qemu.conf (copied), in the order of the file; of a repeated key the first one is effective. An invalid value is not
 * a failure: rules report it (sc_host_conf_find()). SPICECFG_SYSTEM when memory runs out.
 */
SPICECFG_CHECKED enum spicecfg_status sc_host_conf_add(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_conf_entry *entry);
/* Returns the effective assignment of key, or NULL. */
const struct sc_conf_entry *sc_host_conf_find(const struct sc_host *host, const char *key);
/* Returns the assignment that gives consoles a password, or NULL. */
const struct sc_conf_entry *sc_host_conf_password(const struct sc_host *host);

/* Adds all assignments of a parsed qemu.conf, and its name. SPICECFG_SYSTEM when memory runs out. */
SPICECFG_CHECKED enum spicecfg_status sc_host_conf_read(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_qemuconf *doc);

enum sc_key_kind { SC_KEY_UNKNOWN, SC_KEY_BOOL, SC_KEY_STRING, SC_KEY_NUMBER };
/* Returns the kind of value that libvirt accepts for a key; SC_KEY_UNKNOWN: the key does not matter for consoles. */
enum sc_key_kind sc_host_conf_kind(const char *key);

/* Returns what is known about a directory of certificates, also that it is unknown. With assumptions every directory is complete. */
struct sc_cert_fact sc_host_certs(const struct sc_host *host, const char *dir);
/* Returns the directory that libvirt passes to QEMU (qemu/qemu_conf.c, virQEMUDriverConfigSetDefaults); NULL: it can't be determined. */
const char *sc_host_cert_dir(const struct sc_host *host);
/* The same for VNC. */
const char *sc_host_vnc_cert_dir(const struct sc_host *host);

/* Returns what QEMU's account finds at an absolute path, following symbolic links. */
struct sc_path_fact sc_host_path(const struct sc_host *host, const char *path);

/*
 * Returns the length of the first directory above an absolute path that QEMU's account can't pass (a link: whose target it can't pass); 0:
 * none is known.
 */
size_t sc_host_closed(const struct sc_host *host, const char *path);

/* Returns what is at an absolute path itself, without following links. An unknown path is missing. */
struct sc_path_fact sc_host_file(const struct sc_host *host, const char *path);

/* Returns what is known about a socket; NULL: nothing. */
const struct sc_socket_fact *sc_host_socket(const struct sc_host *host, const char *path);
/* Adds a fact about a socket (copied). Returns false when memory runs out. */
bool sc_host_add_socket(struct sc_host *host, const struct sc_socket_fact *fact);

/* Returns what is known about a network; NULL: nothing. */
const struct sc_network_fact *sc_host_network(const struct sc_host *host, const char *name);

#endif

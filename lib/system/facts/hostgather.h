/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What this machine, or the tree below the context's root, says of itself: facts for the rules. Nothing is changed, no daemon is needed. */
#ifndef SC_SYSTEM_HOSTGATHER_H
#define SC_SYSTEM_HOSTGATHER_H

#include <sys/stat.h>

#include "base/ctx.h"
#include "model/domain.h"
#include "model/host.h"
#include "system/os/names_book.h"

/* True where there is a libvirt host to ask: /etc/libvirt below the root. */
bool sc_host_gather_domains_exist(const struct spicecfg_ctx *ctx);
bool sc_host_gather_possible(const struct spicecfg_ctx *ctx);

/*
 * The facts that do not depend on a domain: qemu.conf (unless conf is false: then the caller gives one), QEMU's modules and keymaps, local
 * addresses, versions. A qemu.conf that may not be read counts as a stock one, and is told to the log. SPICECFG_INPUT where it is
 * malformed.
 */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather(struct spicecfg_ctx *ctx, bool conf, struct sc_host *host);

/* The two halves of it: qemu.conf, and the rest, which only domains with a console or video need. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_settings(struct spicecfg_ctx *ctx, bool conf, struct sc_host *host);
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_machine(struct spicecfg_ctx *ctx, struct sc_host *host);

/* The installed releases of libvirt (from its library) and QEMU (from dpkg's database), where nobody has told them; else they stay unknown.
 */
void sc_host_gather_versions(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Those of the daemon behind the context's connection, where nobody has told them. */
void sc_host_gather_running(struct spicecfg_ctx *ctx, struct sc_host *host);

/* All addresses of this machine's interfaces, once; before it those that every machine has are known. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_addresses(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Ports that others than QEMU's account listen on, once; host->account must be known, and not root's, or nothing can be told apart. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_ports(struct spicecfg_ctx *ctx, struct sc_host *host);

/*
 * True when no VM that runs here has the domain's name or UUID, so that whoever holds a port is another one. False where one has, or where
 * the processes can't be read.
 */
bool sc_host_gather_stopped(const struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_domain *domain);

/* Takes the assignments of a qemu.conf. SPICECFG_INPUT with line and column where libvirt could not read it. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_conf(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
							  struct sc_host *host);
/* The same for a qemu.conf of the user's choice. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_conf_file(struct spicecfg_ctx *ctx, const char *path, struct sc_host *host);

/* Adds what the domain needs to know: the directories of its sockets, the certificates that it would use, its networks. */
/* The ACLs on the way to a socket of a console. false when memory is short; what can't be looked at is not told. */
bool sc_host_gather_socket(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path);

SPICECFG_CHECKED enum spicecfg_status sc_host_gather_domain(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_domain *domain);

/* Adds what some domain may need to know: the certificates, the host's SASL directory, addresses. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_any(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Looks up who QEMU runs as, once (host->account); false: nobody knows. */
bool sc_host_gather_account(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Whether QEMU's account may do what mode says (R_OK, W_OK, X_OK, or-ed) with the file or directory behind fd. */
enum sc_known sc_host_gather_may(struct spicecfg_ctx *ctx, struct sc_host *host, int fd, const struct stat *st, int mode);

/*
 * The same for a path, and passing the directories above it. *at (may be NULL) gets what is in its way, in the host's memory. SC_UNKNOWN
 * where it can't be told, or is not there.
 */
enum sc_known sc_host_gather_reach(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path, int mode, const char **at);

/* True when AppArmor is on, and none of libvirt's rules for all VMs grants perms ("r", "rw") on the path. False where it can't be told. */
bool sc_host_gather_confined(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path, const char *perms);

/*
 * Adds what is known of a SASL directory (":" between several), once. deep: where SASL is on, the users, saslauthd and libsasl2's plugins
 * too; without it whether its file can be read, which every VM with a Spice console depends on.
 */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_sasl(struct spicecfg_ctx *ctx, struct sc_host *host, const char *directory, bool deep);

/* Adds to the fact, whose socket of saslauthd is known, whether that daemon has a cache. */
void sc_host_gather_saslauthd(struct spicecfg_ctx *ctx, struct sc_host *host, struct sc_sasl_fact *fact);

/* Adds to which ports this host's packet filter lets everybody, once; nothing is known below a root and without root's rights. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_firewall(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Adds libvirt's own ways in, once: what its daemons listen on and whom they ask for a password, and what polkit lets pass. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_ways(struct spicecfg_ctx *ctx, struct sc_host *host);
/* The part of it about polkit. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_polkit(struct spicecfg_ctx *ctx, struct sc_host *host);
/* The members of a group without root, in the host's memory. Errors: those of sc_names_members(). */
struct sc_host_members {
	const char *const *names;
	size_t count;
};
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_members(struct spicecfg_ctx *ctx, struct sc_host *host, struct sc_names_book *book,
							     const char *group, struct sc_host_members *out);

/*
 * The context's host, looked up once and kept: qemu.conf and what QEMU has, no paths, certificates, networks. For remarks, not for
 * verdicts: NULL, and no error, where it can't be told.
 */
const struct sc_host *sc_host_own(struct spicecfg_ctx *ctx);

#endif

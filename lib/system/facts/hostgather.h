/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gathers facts for the rules from this machine or the tree below the context's root. Nothing is changed, and no daemon is needed. */
#ifndef SC_SYSTEM_HOSTGATHER_H
#define SC_SYSTEM_HOSTGATHER_H

#include <sys/stat.h>

#include "base/ctx.h"
#include "model/domain.h"
#include "model/host.h"
#include "plan/plan.h"
#include "system/os/names_book.h"
#include "system/os/seen.h"

/* True where there is a libvirt host to ask: /etc/libvirt below the root. */
bool sc_host_gather_domains_exist(const struct spicecfg_ctx *ctx);
bool sc_host_gather_possible(const struct spicecfg_ctx *ctx);

/*
 * Gathers the facts that don't depend on a domain: qemu.conf (unless conf is false, when the caller provides one), QEMU's modules and
 * keymaps, local addresses, versions. If qemu.conf can't be read, libvirt's defaults are assumed, and that is logged. SPICECFG_INPUT if it
 * is malformed.
 */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather(struct spicecfg_ctx *ctx, bool conf, struct sc_host *host);

/* The two halves of sc_host_gather(): qemu.conf, and the rest, which only domains with a console or video device need. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_settings(struct spicecfg_ctx *ctx, bool conf, struct sc_host *host);
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_machine(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Sets the installed releases of libvirt (from its library) and QEMU (from dpkg's database) if they are not set yet; they stay unknown if
 * they can't be determined.
 */
void sc_host_gather_versions(struct spicecfg_ctx *ctx, struct sc_host *host);

/* The same from the daemon that the context's connection leads to. */
void sc_host_gather_running(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Gathers all addresses of this machine's interfaces, once. Before that, only the addresses that every machine has are known. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_addresses(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Gathers the ports that accounts other than QEMU's listen on, once. host->account must be known, and not root, or they can't be
 * distinguished. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_ports(struct spicecfg_ctx *ctx, struct sc_host *host);

/*
 * True if no VM running here has the domain's name or UUID, so that another process must hold a port that is in use. False if one has, or
 * if the processes can't be read.
 */
bool sc_host_gather_stopped(const struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_domain *domain);

/* Takes the assignments of a qemu.conf. SPICECFG_INPUT with line and column if libvirt couldn't read it. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_conf(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
							  struct sc_host *host);
/* The same for a qemu.conf that the user named. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_conf_file(struct spicecfg_ctx *ctx, const char *path, struct sc_host *host);

/* Adds the ACLs of a console's socket and of the directories above it. False if memory is short; what can't be read is not added. */
bool sc_host_gather_socket(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path);

/* Adds what the checks of the domain need: the directories of its sockets, the certificates that it would use, its networks. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_domain(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_domain *domain);

/* Adds what the checks of any domain may need: the certificates, the host's SASL directory, addresses. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_any(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Which account and group of qemu.conf the host does not have. */
void sc_host_gather_names(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Looks up the account that QEMU runs as, once (host->account); false: it can't be determined. */
bool sc_host_gather_account(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Whether QEMU's account has the access that mode names (R_OK, W_OK, X_OK, or-ed) to what was seen. */
enum sc_known sc_host_gather_may(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_seen *seen, int mode);

/*
 * The same for a path, including the search of the directories above it. *at (at may be NULL) is set to the path that denies access, in the
 * host's memory. SC_UNKNOWN if it can't be determined or the path doesn't exist.
 */
enum sc_known sc_host_gather_reach(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path, int mode, const char **at);

/*
 * True if AppArmor is enabled and none of libvirt's rules for all VMs grants perms ("r", "rw") on the path. *site is then the directory for
 * rules of the host, NULL: they belong in local/abstractions/libvirt-qemu. False if it can't be determined.
 */
bool sc_host_gather_confined(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path, const char *perms, const char **site);

/*
 * Adds the facts about a SASL directory (or several, separated by ":"), once. Without deep only whether its file can be read, which every
 * VM with a Spice console depends on; with deep, needed where SASL is on, also the users, saslauthd and libsasl2's plugins.
 */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_sasl(struct spicecfg_ctx *ctx, struct sc_host *host, const char *directory, bool deep);

/* Adds whether saslauthd has a cache to a fact whose saslauthd socket is known. */
void sc_host_gather_saslauthd(struct spicecfg_ctx *ctx, struct sc_host *host, struct sc_sasl_fact *fact);

/* Adds to such a fact whether that saslauthd serves QEMU (starts), whom it asks (backend, pam) and under which name (joins). */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_daemon(struct spicecfg_ctx *ctx, struct sc_host *host, struct sc_sasl_fact *fact);

/*
 * Adds what decides who can open the domain's console (lib/access): everything of the functions below, and the domain's SASL directory.
 * sc_host_gather_domain() comes first.
 */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_access(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_domain *domain);
/* Adds the accounts and groups, once. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_logins(struct spicecfg_ctx *ctx, struct sc_host *host);
/* Adds a PAM service by its path, and the lists that it names, once. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_pam(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path);
/* The host's time zone (/etc/localtime), once. Below a root that lacks the zone's file, this machine's own data about it are used. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_zone(struct spicecfg_ctx *ctx, struct sc_host *host);
/* Adds the permissions on the way to a socket (absolute path), once. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_door(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path);

/* Adds the ports that this host's packet filter opens to everybody, once. They are unknown below another root (--root), and without root
 * privileges. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_firewall(struct spicecfg_ctx *ctx, struct sc_host *host);

/* Adds the ways into libvirt itself, once: what its daemons listen on, whom they ask for a password, and what polkit allows. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_ways(struct spicecfg_ctx *ctx, struct sc_host *host);
/* The part of sc_host_gather_ways() about polkit. */
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_polkit(struct spicecfg_ctx *ctx, struct sc_host *host);
/* The members of a group except root, in the host's memory. Errors: those of sc_names_members(). */
struct sc_host_members {
	const char *const *names;
	size_t count;
};
SPICECFG_CHECKED enum spicecfg_status sc_host_gather_members(struct spicecfg_ctx *ctx, struct sc_host *host, struct sc_names_book *book,
							     const char *group, struct sc_host_members *out);

/*
 * The facts about the context's host, gathered once and kept: qemu.conf and QEMU's features, but no paths, certificates or networks. For
 * hints, not for checks: NULL without an error if they can't be gathered.
 */
const struct sc_host *sc_host_own(struct spicecfg_ctx *ctx);

/*
 * Makes the row of the VM's check (plan->now): the rules on its new definition, beside the other domains and the host as they will be.
 * vm must outlive the plan.
 */
SPICECFG_CHECKED enum spicecfg_status sc_host_plan_check(struct spicecfg_plan *plan, const struct spicecfg_vm *vm);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans who may open the Unix socket of a console. Pure: no I/O. */
#ifndef SC_PLAN_ACL_H
#define SC_PLAN_ACL_H

#include "model/acl.h"
#include "plan/plan.h"

/* The parent of the directories that spicecfg makes for sockets: one per VM, named after its UUID. */
#define SC_SOCKET_ROOT "/var/spicex"
#define SC_SOCKET_NAME "spice.socket"

/* A directory on the path to the socket, or the socket itself, in its present state. */
struct sc_acl_node {
	const char *path;
	bool exists;
	uid_t uid;
	gid_t gid;
	mode_t mode; /* type and permissions */
	struct sc_acl access, standing;
};

/* A socket and everything that decides who can reach it. */
struct sc_socket_place {
	struct sc_acl_node *above; /* the directories above the socket's own, topmost first, without "/" */
	size_t n_above;
	struct sc_acl_node dir;    /* the socket's own directory */
	struct sc_acl_node socket; /* of the running VM, if any */
	const char *const *beside; /* other names in the directory, NULL-terminated */
	const char *stranger;      /* one of them that is not a socket: the directory is not for sockets only; NULL: none */
	bool directories;          /* dir contains directories, which is allowed (SC_SOCKET_ROOT) */
	const char *default_path;  /* the VM's default socket, in a directory of its own */
	bool own;                  /* the socket is in that directory */
	bool settled;              /* the VM already has its socket in dir */
	const char *other_vm;      /* another VM whose socket is directly in dir; NULL: none known */
	bool unfit;                /* set while planning: sc_socket_unfit() gave a reason */
	uid_t qemu_uid;
	gid_t qemu_gid;
	const char *qemu_user, *qemu_group;
};

/* A user or group whose access is granted or revoked. */
struct sc_socket_change {
	struct sc_grant grant;
	const char *word;    /* "group:spicex" */
	const gid_t *groups; /* of a user: all groups that the account is a member of */
	size_t n_groups;
	bool revoke;
};

/* Whether an account other than root and QEMU's can rename entries of the directory and put something else in their place. */
bool sc_socket_replaceable(const struct sc_socket_place *place, const struct sc_acl_node *node);

/*
 * Why the (existing) directory can't have a socket with its own ACLs: a phrase that completes "DIR ...", in arena; NULL: it can. A default
 * ACL applies to each socket that is made in a directory, so a directory with sockets of others can't have one for a single VM.
 */
const char *sc_socket_unfit(const struct sc_socket_place *place, const struct sc_socket_change *changes, size_t n, struct sc_arena *arena);

/*
 * The ACLs that the directory and the live socket get. The VM's own directory is closed to everybody else; any other directory stays
 * passable for everybody who can pass it now. false: too many entries for an ACL.
 */
bool sc_socket_acls(const struct sc_socket_place *place, const struct sc_socket_change *changes, size_t n, struct sc_acl_wanted *dir,
		    struct sc_acl_wanted *socket);

/*
 * Plans the directory (made if missing: root:QEMU's group, 0770), its ACLs and the live socket's. A directory above it that QEMU or a
 * grantee can't pass is a finding of the plan. SPICECFG_FINDINGS: the directory isn't fit for ACLs (sc_socket_unfit()), because others than
 * the grantees would get in, for example. SPICECFG_INPUT: it is not a directory, or an ACL would get too many entries.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_socket(struct spicecfg_plan *plan, struct sc_socket_place *place,
						     const struct sc_socket_change *changes, size_t n_changes);

/*
 * Whether the subject can pass all directories and open the socket: the existing one if live, else a new one with the ACL that it will
 * inherit.
 */
bool sc_socket_opens(const struct sc_socket_place *place, const struct sc_acl_subject *who, bool live);

#endif

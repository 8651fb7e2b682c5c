/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Planning who may open a Unix socket of a console: pure. */
#ifndef SC_PLAN_ACL_H
#define SC_PLAN_ACL_H

#include "model/acl.h"
#include "plan/plan.h"

/* Directories of sockets that spicecfg makes lie here, one per VM, named by its UUID. */
#define SC_SOCKET_ROOT "/var/spicex"
#define SC_SOCKET_NAME "spice.socket"

/* Something on the way to the socket, as it is. */
struct sc_acl_node {
	const char *path;
	bool exists;
	uid_t uid;
	gid_t gid;
	mode_t mode; /* type and permissions */
	struct sc_acl access, standing;
};

/* A socket and all that decides who gets to it. */
struct sc_socket_place {
	struct sc_acl_node *above; /* the directories above the socket's own, the topmost first, without "/" */
	size_t n_above;
	struct sc_acl_node dir;    /* the socket's own directory */
	struct sc_acl_node socket; /* the live one */
	const char *const *beside; /* other names in the directory, NULL-terminated */
	const char *stranger;      /* one of them that is no socket: the directory is not for sockets only; NULL: none */
	bool directories;          /* directories lie in it, which it may have (our root) */
	const char *default_path;  /* of the VM's socket, in a directory of the VM's own */
	bool own;                  /* it lies in that directory */
	bool settled;              /* the VM has its socket in this directory already */
	const char *other_vm;      /* another VM that has a socket right in it; NULL: none is known */
	bool unfit;                /* set while planning: sc_socket_unfit() has a reason */
	uid_t qemu_uid;
	gid_t qemu_gid;
	const char *qemu_user, *qemu_group;
};

/* One who is let in or shut out. */
struct sc_socket_change {
	struct sc_grant grant;
	const char *word;    /* "group:spicex" */
	const gid_t *groups; /* of a user: all that he is a member of */
	size_t n_groups;
	bool revoke;
};

/* Whether somebody else than root and QEMU's account can rename what lies in it, and put something of his own in its place. */
bool sc_socket_replaceable(const struct sc_socket_place *place, const struct sc_acl_node *node);

/*
 * Why a socket with ACLs of its own can't be had in the directory, which exists: words for "DIR ...", in arena; NULL: it can. A default ACL
 * holds for each socket that is made in a directory, so one that others have sockets in can't have one for a VM.
 */
const char *sc_socket_unfit(const struct sc_socket_place *place, const struct sc_socket_change *changes, size_t n, struct sc_arena *arena);

/*
 * What the directory and the live socket get. The VM's own directory is closed for everybody else; in another one who can pass it still
 * can. false: no room.
 */
bool sc_socket_acls(const struct sc_socket_place *place, const struct sc_socket_change *changes, size_t n, struct sc_acl_wanted *dir,
		    struct sc_acl_wanted *socket);

/*
 * Plans the directory (made where it is missing: root:QEMU's group, 0770), its ACLs and the live socket's. Directories above it that
 * somebody can't pass are findings of the plan. SPICECFG_FINDINGS: a directory in which nobody's passage could be kept, or more than who
 * is granted would get in.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_socket(struct spicecfg_plan *plan, struct sc_socket_place *place,
						     const struct sc_socket_change *changes, size_t n_changes);

/* Whether one passes all directories and, live, the socket's own ACL; or the ACL that a new socket will inherit. */
bool sc_socket_opens(const struct sc_socket_place *place, const struct sc_acl_subject *who, bool live);

#endif

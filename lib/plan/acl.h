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
	uid_t qemu_uid;
	gid_t qemu_gid;
	const char *qemu_user, *qemu_group;
};

/* One who is let in or shut out. */
struct sc_socket_change {
	struct sc_grant grant;
	const char *word; /* "group:spicex" */
	gid_t primary;    /* of a user: his own group */
	bool revoke;
};

/*
 * Plans the directory (made where it is missing: root:QEMU's group, 0770), its ACLs and the live socket's. Directories above it that
 * somebody can't pass are findings of the plan, except those that spicecfg makes itself.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_socket(struct spicecfg_plan *plan, const struct sc_socket_place *place,
						     const struct sc_socket_change *changes, size_t n_changes);

/* Whether one passes all directories and, live, the socket's own ACL; or the ACL that a new socket will inherit. */
bool sc_socket_opens(const struct sc_socket_place *place, const struct sc_acl_subject *who, bool live);

#endif

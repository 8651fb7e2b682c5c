/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* POSIX ACLs of a Spice socket and its directory: structs and computation, no I/O. */
#ifndef SC_MODEL_ACL_H
#define SC_MODEL_ACL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

/* The kinds of entries, in the order in which the kernel stores them (acl(5)). */
enum sc_acl_tag { SC_ACL_OWNER, SC_ACL_USER, SC_ACL_OWNING_GROUP, SC_ACL_GROUP, SC_ACL_MASK, SC_ACL_OTHER };

enum { SC_ACL_X = 1, SC_ACL_W = 2, SC_ACL_R = 4, SC_ACL_RW = 6, SC_ACL_RWX = 7 };

struct sc_acl_entry {
	enum sc_acl_tag tag;
	unsigned id; /* of SC_ACL_USER and SC_ACL_GROUP, else 0 */
	unsigned perms;
};

/* The most entries of an ACL. For more users a group is appropriate. */
enum { SC_ACL_ENTRIES_MAX = 64 };

/* The entries are sorted by tag and id. n == 0: there is no ACL (only a default ACL can be missing). */
struct sc_acl {
	size_t n;
	struct sc_acl_entry entries[SC_ACL_ENTRIES_MAX];
};

/* The object that an ACL belongs to. It determines the permissions of a grant. */
enum sc_acl_role {
	SC_ACL_DIRECTORY, /* access ACL of the socket's directory: a grant is x */
	SC_ACL_STANDING,  /* its default ACL, which each new socket inherits: a grant is rw */
	SC_ACL_SOCKET,    /* access ACL of the socket of the running VM: a grant is rw */
	/* the same two for a directory that contains other directories, which inherit the default ACL and must remain accessible */
	SC_ACL_STANDING_MIXED,
};

/* A user or group that can open the console. */
struct sc_grant {
	bool group;
	unsigned id;
};

/* The data of a step SC_STEP_ACL (plan/plan.h). */
struct sc_acl_wanted {
	bool socket; /* path is a socket, which has an access ACL only; else a directory */
	struct sc_acl access;
	struct sc_acl standing; /* n == 0: no default ACL */
	/* The state that the plan was made from: a directory that differs at commit time has been changed meanwhile. */
	bool known;
	struct sc_acl old_access, old_standing;
};

/* A subject whose access is determined: an account with its groups; uid -1: only the groups. */
struct sc_acl_subject {
	uid_t uid;
	const gid_t *groups;
	size_t n_groups;
};

/* Sets *acl to the minimal ACL that is equivalent to a mode. */
void sc_acl_from_mode(struct sc_acl *acl, mode_t mode);

/* Returns the permission bits that stat() shows for an ACL: those of the mask, if any, for the owning group. */
mode_t sc_acl_mode(const struct sc_acl *acl);

/* Sets the permissions of an entry, and adds it when it is missing. Returns false when there is no room. */
bool sc_acl_put(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id, unsigned perms);

/* Removes an entry. Does nothing when it is missing. */
void sc_acl_drop(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id);

/* Returns the effective permissions of an entry, with the mask applied; 0 when it is missing. */
unsigned sc_acl_effective(const struct sc_acl *acl, enum sc_acl_tag tag, unsigned id);

/*
 * Returns true when the kernel grants all of perms on a file with that owner and group (acl(5), access check algorithm). Root always has
 * access.
 */
bool sc_acl_allows(const struct sc_acl *acl, uid_t owner, gid_t group, const struct sc_acl_subject *who, unsigned perms);

bool sc_acl_equal(const struct sc_acl *a, const struct sc_acl *b);

/*
 * Restricts an ACL to the owner, the owning group (QEMU's) and named entries: rwx for directories, rw for sockets, nothing for others, and
 * a mask that does not restrict them. Named entries are kept. QEMU's group needs rwx on the directory, because QEMU creates the socket.
 */
void sc_acl_close(struct sc_acl *acl, enum sc_acl_role role);

/*
 * Reduces each entry, including that of the owning group, to its effective permissions, so that widening the mask afterwards grants
 * nothing.
 */
void sc_acl_settle(struct sc_acl *acl);

/* Adds perms to an entry. The effective permissions of all others are kept. Returns false when there is no room. */
bool sc_acl_add(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id, unsigned perms);

/* Removes an entry. The effective permissions of all others are kept. */
void sc_acl_remove(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id);

/* Removes all permissions of the owning group, for a socket whose group is not QEMU's. */
void sc_acl_shut_group(struct sc_acl *acl);

/* Reduces all named users and groups, except the user but, to x on a directory, because whoever can write in it can replace the socket. */
void sc_acl_only_pass(struct sc_acl *acl, uid_t but);

/* Does what sc_acl_close() does, and grants access to one more subject. Returns false when there is no room. */
bool sc_acl_grant(struct sc_acl *acl, enum sc_acl_role role, struct sc_grant grant);

/* Revokes a grant. What other entries grant, such as that of a group of the user, is kept. */
void sc_acl_revoke(struct sc_acl *acl, enum sc_acl_role role, struct sc_grant grant);

/* Appends "user::rwx,user:1001:--x,…" with numeric IDs, as acl_to_any_text(3) writes it; nothing when there is no ACL. */
void sc_acl_text(const struct sc_acl *acl, struct sc_buf *out);

/* Writes permissions as "rw-": 3 characters and a NUL. */
void sc_acl_perms_text(unsigned perms, char text[4]);

#endif

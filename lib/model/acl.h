/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* POSIX ACLs of a Spice socket and its directory: structs and arithmetic, no I/O. */
#ifndef SC_MODEL_ACL_H
#define SC_MODEL_ACL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

/* In the order in which the kernel keeps entries (acl(5)). */
enum sc_acl_tag { SC_ACL_OWNER, SC_ACL_USER, SC_ACL_OWNING_GROUP, SC_ACL_GROUP, SC_ACL_MASK, SC_ACL_OTHER };

enum { SC_ACL_X = 1, SC_ACL_W = 2, SC_ACL_R = 4, SC_ACL_RW = 6, SC_ACL_RWX = 7 };

struct sc_acl_entry {
	enum sc_acl_tag tag;
	unsigned id; /* of SC_ACL_USER and SC_ACL_GROUP, else 0 */
	unsigned perms;
};

/* More are refused: who needs them wants a group. */
enum { SC_ACL_ENTRIES_MAX = 64 };

/* Sorted by tag and id; n == 0: there is none (only a default ACL may be missing). */
struct sc_acl {
	size_t n;
	struct sc_acl_entry entries[SC_ACL_ENTRIES_MAX];
};

/* What an ACL is for; it decides which permissions a grant means. */
enum sc_acl_role {
	SC_ACL_DIRECTORY, /* access ACL of the socket's directory: a grant passes (x) */
	SC_ACL_STANDING,  /* its default ACL, which each new socket inherits: a grant opens (rw) */
	SC_ACL_SOCKET,    /* access ACL of the live socket: a grant opens (rw) */
	/* Default ACL, or live socket, of a directory that other directories lie in: those inherit it and must stay passable. */
	SC_ACL_STANDING_MIXED,
};

/* A user or group that may open the console. */
struct sc_grant {
	bool group;
	unsigned id;
};

/* The data of a step SC_STEP_ACL (plan/plan.h). */
struct sc_acl_wanted {
	bool socket; /* path is a socket: access only; else a directory */
	struct sc_acl access;
	struct sc_acl standing; /* n == 0: no default ACL */
	/* What the plan was made from; a directory that differs at commit time was changed by somebody else. */
	bool known;
	struct sc_acl old_access, old_standing;
};

/* Who wants in: an account with its groups; uid -1: nobody in particular, only the groups count. */
struct sc_acl_subject {
	uid_t uid;
	const gid_t *groups;
	size_t n_groups;
};

/* The minimal ACL that a mode stands for. */
void sc_acl_from_mode(struct sc_acl *acl, mode_t mode);

/* The permission bits that stat() shows for it: the mask takes the place of the owning group. */
mode_t sc_acl_mode(const struct sc_acl *acl);

/* Sets the permissions of an entry, which is added where it is missing; false: no room. */
bool sc_acl_put(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id, unsigned perms);

/* Removes an entry; fine when it is not there. */
void sc_acl_drop(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id);

/* What an entry really gives, the mask applied; 0 when there is no such entry. */
unsigned sc_acl_effective(const struct sc_acl *acl, enum sc_acl_tag tag, unsigned id);

/*
 * Whether the kernel grants all of perms on a file of that owner and group (acl(5), access check algorithm). Root is always let in.
 */
bool sc_acl_allows(const struct sc_acl *acl, uid_t owner, gid_t group, const struct sc_acl_subject *who, unsigned perms);

bool sc_acl_equal(const struct sc_acl *a, const struct sc_acl *b);

/*
 * Makes the ACL one that shuts everybody out but owner, owning group (QEMU's) and named entries: directories rwx, sockets rw,
 * others nothing, and the mask wide enough. Named entries stay. Facts: QEMU's group makes the socket and needs rwx on its directory.
 */
void sc_acl_close(struct sc_acl *acl, enum sc_acl_role role);

/*
 * Gives each entry, the owning group's too, just what the mask leaves of it: a mask that is widened afterwards brings nothing to life.
 */
void sc_acl_settle(struct sc_acl *acl);

/* The entry has at least perms afterwards; all others have what they had. false: no room. */
bool sc_acl_add(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id, unsigned perms);

/* The entry is gone afterwards; all others have what they had. */
void sc_acl_remove(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id);

/* The owning group has nothing of it afterwards: a socket whose group is not QEMU's. */
void sc_acl_shut_group(struct sc_acl *acl);

/* Named users and groups but that user have no more than passage (x) afterwards: who may write in a directory may replace its socket. */
void sc_acl_only_pass(struct sc_acl *acl, uid_t but);

/* Lets one more in, beside what sc_acl_close() does; false: no room. */
bool sc_acl_grant(struct sc_acl *acl, enum sc_acl_role role, struct sc_grant grant);

/* Shuts one out. What other entries give, a group that the user is a member of for one, stays. */
void sc_acl_revoke(struct sc_acl *acl, enum sc_acl_role role, struct sc_grant grant);

/* Appends "user::rwx,user:1001:--x,…" with numbers for names, as acl_to_any_text(3) writes it; nothing when there is no ACL. */
void sc_acl_text(const struct sc_acl *acl, struct sc_buf *out);

/* "rw-" and the like, 3 letters and a NUL. */
void sc_acl_perms_text(unsigned perms, char text[4]);

#endif

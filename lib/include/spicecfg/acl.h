/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may open a VM's Spice socket. */
#ifndef SPICECFG_ACL_H
#define SPICECFG_ACL_H

#include <spicecfg/plan.h>
#include <spicecfg/vm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is asked for. */
struct spicecfg_acl_request {
	size_t size;            /* of this struct */
	const char *const *who; /* "user:U" or "group:G", NULL-terminated */
	bool revoke;            /* shut out in place of let in */
	bool create_group;      /* grant: make the groups that are missing */
};

/*
 * Plans ACLs of the socket's directory, which new sockets inherit, and of the live socket. SPICECFG_USAGE: a word that is no user or group;
 * SPICECFG_INPUT: no such account, the VM has no socket, or one in a directory that is not its own, or the way to it is a symlink.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_acl(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
							const struct spicecfg_acl_request *request);

/* One who is named in an ACL, or everybody ("others"). */
struct spicecfg_acl_entry {
	const char *who; /* "user:uvmb", "group:spicex", "others" */
	bool now;        /* may open the live socket */
	bool next;       /* may open the socket of the next start */
};

struct spicecfg_acl;

/* Reads who may open the VM's socket; the same failures. *out is NULL on failure. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_acl_read(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct spicecfg_acl **out);
void spicecfg_acl_free(struct spicecfg_acl *acl);
/* The socket's path, and whether it is there. */
const char *spicecfg_acl_socket(const struct spicecfg_acl *acl, bool *live);
/* NULL behind the last. */
const struct spicecfg_acl_entry *spicecfg_acl_entry(const struct spicecfg_acl *acl, size_t index);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * Which accounts of the host can open the Unix socket of a VM's Spice console.
 */
#ifndef SPICECFG_ACL_H
#define SPICECFG_ACL_H

#include <spicecfg/plan.h>
#include <spicecfg/vm.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A change of the ACLs of a socket. */
struct spicecfg_acl_request {
	size_t size;            /* of this struct */
	const char *const *who; /* "user:NAME" or "group:NAME", NULL-terminated */
	bool revoke;            /* deny access instead of granting it */
	bool create_group;      /* grant: create the groups that do not exist */
};

/**
 * Plans ACLs of the socket's directory, which new sockets inherit, and of the socket of a running VM.
 *
 * @param plan the plan that it is added to
 * @param vm the VM, which must outlive the plan
 * @param request what to change
 * @return SPICECFG_OK; SPICECFG_USAGE when a word is neither a user nor a group, or is given twice, or the VM is not one of this host or
 * root; SPICECFG_INPUT when an account does not exist, the VM has no socket, its path contains a symlink or can't be read, or an ACL would
 * have too many entries; SPICECFG_FINDINGS when access can't be granted in a directory that other programs use too, with an error that
 * says why
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_acl(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
							const struct spicecfg_acl_request *request);

/** A subject that an ACL names, or all others. */
struct spicecfg_acl_entry {
	const char *who; /* "user:NAME", "group:NAME" or "others" */
	bool now;        /* can open the socket of the running VM */
	bool next;       /* can open the socket that the VM makes at its next start */
};

struct spicecfg_acl;

/**
 * Reads who can open the socket of a VM.
 *
 * @param ctx the context that the VM was opened with
 * @param vm the VM
 * @param out the result, to be freed with spicecfg_acl_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_USAGE when the VM is not one of this host or root; SPICECFG_INPUT when the VM has no socket, or its path
 * contains a symlink or can't be read
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_acl_read(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct spicecfg_acl **out);

/**
 * Frees what spicecfg_acl_read() returned.
 *
 * @param acl the object, or NULL
 */
void spicecfg_acl_free(struct spicecfg_acl *acl);

/**
 * Returns the path of the socket.
 *
 * @param acl the object
 * @param live set to whether the socket exists
 * @return the path, which belongs to acl
 */
const char *spicecfg_acl_socket(const struct spicecfg_acl *acl, bool *live);

/**
 * Returns an entry of the list.
 *
 * @param acl the object
 * @param index which one, from 0
 * @return the entry, which belongs to acl; NULL after the last
 */
const struct spicecfg_acl_entry *spicecfg_acl_entry(const struct spicecfg_acl *acl, size_t index);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * Who can open the Spice console of a VM, by which way, and why: read from what is configured, never guessed.
 */
#ifndef SPICECFG_ACCESS_H
#define SPICECFG_ACCESS_H

#include <spicecfg/plan.h>
#include <spicecfg/vm.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The answer to a question about access. */
enum spicecfg_access_verdict {
	SPICECFG_ACCESS_DENY,
	SPICECFG_ACCESS_UNKNOWN, /**< something that decides could not be read, or is not evaluated */
	SPICECFG_ACCESS_ALLOW,
};

/** A question. */
struct spicecfg_access_request {
	size_t size;      /**< of this struct */
	const char *user; /**< NAME, "user:NAME", "group:NAME", "login:NAME@REALM", "anybody" or "holder"; NULL: everybody (list only) */
	const char *at;   /**< a TIME as in RFC 3339, without a zone in local time; NULL: now */
	bool explain;     /**< all ways and all facts, also those that deny; needs user */
};

/** A way by which a subject can open the console, or may be able to; with explain also ways that are closed. */
struct spicecfg_access_row {
	const char *subject; /**< "anybody", "holder" (of the VM's password), "user:NAME", "group:NAME", "login:NAME@REALM" */
	const char *reach;   /**< "network", "loopback", "socket", "ssh" or "libvirt" */
	const char *via;     /**< "none", "ticket", "sasldb", "pam", "acl", "key" or "libvirt" */
	const char *login;   /**< what the subject types as its name; NULL: no name is asked for */
	enum spicecfg_access_verdict verdict;
	size_t first_fact, n_facts; /**< its facts, for spicecfg_access_fact() */
};

/** A fact that was looked at. */
struct spicecfg_access_fact {
	const char *text; /**< what it is, with its value; never a secret */
	const char *file; /**< where it stands; NULL: no particular place */
	unsigned line;    /**< 0: unknown */
	enum spicecfg_access_verdict matched;
};

struct spicecfg_access;

/**
 * Reads who can open a VM's console. What could not be read (spicecfg_ctx_unread()) can hide rows. Ways by SSH and by libvirt itself are
 * not evaluated yet: they are unknown.
 *
 * @param ctx the context that the VM was opened with
 * @param vm the VM, of this host or root, opened for changes: otherwise libvirt hides its password
 * @param request the question
 * @param out the answer, to be freed with spicecfg_access_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_USAGE when the VM is not one of this host or root, was opened for reading only, user is missing or not such
 * a word, or at is not a TIME; SPICECFG_INPUT when qemu.conf is malformed
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_access_read(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm,
							   const struct spicecfg_access_request *request, struct spicecfg_access **out);

/**
 * Returns whether the user of the request can open the console by some way.
 *
 * @param access the answer
 * @return the best verdict of its rows
 */
enum spicecfg_access_verdict spicecfg_access_verdict(const struct spicecfg_access *access);

/**
 * Returns the instant that the answer is about.
 *
 * @param access the answer
 * @return seconds since 1970
 */
int64_t spicecfg_access_at(const struct spicecfg_access *access);

/**
 * Returns a row, sorted by way.
 *
 * @param access the answer
 * @param index its index
 * @return the row, which belongs to access; NULL after the last
 */
const struct spicecfg_access_row *spicecfg_access_row(const struct spicecfg_access *access, size_t index);

/**
 * Returns a fact.
 *
 * @param access the answer
 * @param index its index, first_fact of a row and the following
 * @return the fact, which belongs to access; NULL after the last
 */
const struct spicecfg_access_fact *spicecfg_access_fact(const struct spicecfg_access *access, size_t index);

/**
 * Frees an answer.
 *
 * @param access the answer, or NULL
 */
void spicecfg_access_free(struct spicecfg_access *access);

/** A named subject that a plan takes a console from, or gives it to. */
struct spicecfg_access_change {
	const char *subject; /**< "holder", "user:NAME", "group:NAME" or "login:NAME@REALM" */
	const char *reach;   /**< of a way that it had, or will have */
	const char *via;
	bool gains;         /**< else it loses the console */
	bool unknown;       /**< it may, because something could not be read */
	const char *unread; /**< what; NULL: it has no name */
};

struct spicecfg_access_changes;

/**
 * Determines which named subjects lose or gain a VM's console when a plan is carried out, from another machine and on the host each by
 * itself. Everybody who needs no name ("anybody") is not one of them.
 *
 * @param plan the plan
 * @param target the TARGET word of a VM of this host or root
 * @param out the changes, to be freed with spicecfg_access_changes_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_USAGE when it is not a VM of this host or root, or libvirt hides its password from this account;
 * SPICECFG_INPUT when there is no such VM, or qemu.conf is malformed
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_access(struct spicecfg_plan *plan, const char *target,
							   struct spicecfg_access_changes **out);

/**
 * Returns a change of access.
 *
 * @param changes the changes
 * @param index which one, from 0
 * @return the change, which belongs to changes; NULL after the last
 */
const struct spicecfg_access_change *spicecfg_access_change(const struct spicecfg_access_changes *changes, size_t index);

/**
 * Frees changes of access.
 *
 * @param changes the changes, or NULL
 */
void spicecfg_access_changes_free(struct spicecfg_access_changes *changes);

#ifdef __cplusplus
}
#endif

#endif

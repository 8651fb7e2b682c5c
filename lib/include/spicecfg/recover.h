/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * Undoing what a crash, a power cut or a kill left of a commit.
 *
 * A commit keeps a journal in /var/lib/spicecfg (other accounts: $XDG_STATE_HOME/spicecfg or ~/.local/state/spicecfg; with a root: its own
 * var/lib/spicecfg). A program calls spicecfg_recover() before it plans a change, because a plan is made from what is there. A commit that
 * finds an unfinished one recovers it too, and is stale then.
 */
#ifndef SPICECFG_RECOVER_H
#define SPICECFG_RECOVER_H

#include <spicecfg/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spicecfg_recovery;

/** What became of a transaction that was not finished. */
enum spicecfg_recovered {
	SPICECFG_RECOVERED_UNDONE,   /* everything is as it was before it */
	SPICECFG_RECOVERED_DONE,     /* it was committed: what it left over was removed */
	SPICECFG_RECOVERED_CONFLICT, /* closed: somebody else has changed the documents, which stay; the rest is as it was before */
	SPICECFG_RECOVERED_FAILED,   /* the documents can't be restored: it is tried again */
	SPICECFG_RECOVERED_WAITING,  /* it changed definitions of another libvirt URI, or nothing was to be changed now */
	SPICECFG_RECOVERED_ACCEPTED, /* a conflict that is over: the documents stay as they are */
};

/** A transaction. */
struct spicecfg_recovery_row {
	const char *id;
	enum spicecfg_recovered state;
	const char *const *documents; /* what it is about: NULL-terminated */
};

/**
 * Undoes all transactions that no living process works on.
 *
 * @param ctx the context
 * @param accept the ID of a transaction whose documents stay as they are, because somebody else has changed them; NULL: none
 * @param out what was found, to be freed with spicecfg_recovery_free(); may be NULL; set even if the call fails, except for NULL when
 * memory runs out or a lock is held
 * @return SPICECFG_OK, also for a conflict that was reported before; SPICECFG_INPUT when there is no transaction accept; SPICECFG_SYSTEM
 * when a document is not in its old state: the error lists it as unrestored
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_recover(struct spicecfg_ctx *ctx, const char *accept, struct spicecfg_recovery **out);

/**
 * Finds transactions that no living process works on, and changes nothing. For programs that only read: what they read may be a mixture.
 *
 * @param ctx the context
 * @param out what was found, to be freed with spicecfg_recovery_free(); NULL on failure
 * @return SPICECFG_OK, also when this account may not look
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_recovery_look(struct spicecfg_ctx *ctx, struct spicecfg_recovery **out);

/**
 * Returns a transaction.
 *
 * @param recovery what was found; may be NULL
 * @param index which one, from 0
 * @return the transaction, which belongs to the recovery; NULL after the last
 */
const struct spicecfg_recovery_row *spicecfg_recovery_row(const struct spicecfg_recovery *recovery, size_t index);

/**
 * Frees what was found.
 *
 * @param recovery the recovery, or NULL
 */
void spicecfg_recovery_free(struct spicecfg_recovery *recovery);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * What was changed on this host, by whom, and why. Commits keep it in the directory of their journal (spicecfg/recover.h).
 */
#ifndef SPICECFG_HISTORY_H
#define SPICECFG_HISTORY_H

#include <spicecfg/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spicecfg_history;

/** A committed transaction. A string is NULL where it is not known. */
struct spicecfg_history_row {
	const char *id;
	int64_t time;                 /* when it was begun: seconds since 1970 */
	const char *uid;              /* the account that the program had, as a number */
	const char *login_uid;        /* the account that had logged in, as a number */
	const char *sudo_user;        /* the account that called sudo */
	const char *verb;             /* what was done */
	const char *message;          /* why, if the caller said so */
	const char *const *documents; /* what was changed: NULL-terminated */
	const char *const *restarts;  /* services that were restarted or started: NULL-terminated */
	const char *diff;             /* with *** in place of secrets; only where one transaction was asked for */
};

/**
 * Reads the history.
 *
 * @param ctx the context
 * @param id the ID of the only transaction that is wanted; NULL: all
 * @param out the transactions, the newest first, to be freed with spicecfg_history_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_INPUT when there is no transaction of that ID, or when it can't be read; SPICECFG_USAGE with a root: no
 * history is kept in a tree
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_history(struct spicecfg_ctx *ctx, const char *id, struct spicecfg_history **out);

/**
 * Returns a transaction.
 *
 * @param history the history; may be NULL
 * @param index which one, from 0
 * @return the transaction, which belongs to the history; NULL after the last
 */
const struct spicecfg_history_row *spicecfg_history_row(const struct spicecfg_history *history, size_t index);

/**
 * Frees a history.
 *
 * @param history the history, or NULL
 */
void spicecfg_history_free(struct spicecfg_history *history);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The directories of transactions in the state directory, and who may use them: a commit holds a shared lock on tx, a recovery an exclusive
 * one, and the process that a transaction belongs to a lock on its directory, which shows that it is alive.
 */
#ifndef SC_SYSTEM_TX_DIR_H
#define SC_SYSTEM_TX_DIR_H

#include <sys/file.h>

#include "base/buf.h"
#include "system/commit/attributes.h"
#include "system/commit/state_dir.h"

enum { SC_TX_ID = 48, SC_TX_NAME = 64 };

#define SC_TX_DONE ".done"         /* below a root: committed; or rolled back */
#define SC_TX_CONFLICT ".conflict" /* closed: somebody else had changed one of its documents */
#define SC_TX_WAITING ".waiting"   /* it changed definitions of another libvirt URI */
#define SC_TX_PLAN "plan"
#define SC_TX_RECORD "record"
#define SC_TX_BEFORE "before"
#define SC_TX_FILE ".file" /* of an image: the file in which libvirt keeps the definition */
#define SC_TX_SEEN ".seen" /* of a step: the digests of the definition that libvirt made of the new one, and of its file */

/*
 * Opens the state directory and locks tx: LOCK_SH or LOCK_EX. Without make, state->tx is -1 where there is none. Waits as long as the
 * context allows. The lock ends with sc_state_close().
 */
SPICECFG_CHECKED enum spicecfg_status sc_tx_enter(struct spicecfg_ctx *ctx, bool make, int lock, struct sc_state *state);

/* Makes the directory of a new transaction in tx, marked as that of a living process; returns its descriptor, or -1 with errno. */
int sc_tx_make(const struct spicecfg_ctx *ctx, int tx, char id[SC_TX_ID]);

/* Opens the directory of a transaction in tx or history. Returns its descriptor, or -1 with errno. */
int sc_tx_open(int at, const char *name);

/* Whether it is the name of a transaction, whatever its state. Anything else in tx is not touched. */
bool sc_tx_is_name(const char *name);

/*
 * Whether there is something to recover: a transaction that no living process works on and that is neither a conflict nor waits for
 * another libvirt URI, or one in the history that still has its plan.
 */
bool sc_tx_any_dead(const struct sc_state *state);
/* The same for one name in tx or, with in_history, in history. */
bool sc_tx_is_dead(int at, const char *name, bool in_history);

/* Writes a file in dir and makes its contents durable. Returns 0, or -1 with errno. */
int sc_tx_put(int dir, const char *name, const char *bytes, size_t len);
/* The same, with these attributes, which are set before the contents are synced. */
int sc_tx_put_as(int dir, const char *name, const struct sc_buf *bytes, const struct sc_attributes *attributes);
/* Writes a short text that need not survive a power cut. */
int sc_tx_note(int dir, const char *name, const char *text);
/* Reads a regular file of at most max bytes. Returns 0, or -1 with errno. */
int sc_tx_get(int dir, const char *name, size_t max, struct sc_buf *out);

/* The same of an open file, which is closed. */
int sc_tx_get_from(int fd, size_t max, struct sc_buf *out);

/* Ends the transaction: renames it, makes that durable, and removes it. Returns 0, or -1 with errno if it may still be there. */
int sc_tx_drop(int tx, const char *name);
/* Removes the directory of a transaction. Returns 0, or -1 with errno. */
int sc_tx_remove(int at, const char *name);

/* The name of an image: "0003". */
const char *sc_tx_image(size_t step, char name[SC_TX_NAME]);

#endif

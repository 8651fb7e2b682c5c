/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The file `plan` of a transaction: what it changes, and how that was before. Lines of key=value; a line step=N begins a step, and the last
 * line is digest=SHA-256 of all lines before it, so that a file that was not written completely is recognised. No secrets are in it.
 */
#ifndef SC_SYSTEM_JOURNAL_PLAN_H
#define SC_SYSTEM_JOURNAL_PLAN_H

#include "base/buf.h"
#include "base/sha256.h"
#include "plan/plan.h"
#include "system/commit/attributes.h"

/* Whoever wrote a plan, to recover it costs little. The record of the history contains a diff, too. */
enum {
	SC_TX_VERSION = 1,
	SC_TX_PLAN_MAX = 8 * 1024 * 1024,
	SC_TX_STEPS_MAX = 10000,
	SC_TX_RECORD_MAX = 64 * 1024 * 1024,
	SC_TX_IMAGE_MAX = 256 * 1024 * 1024
};

/* A document before or after the transaction. */
struct sc_tx_state {
	bool exists;
	struct sc_attributes attributes; /* after it: owner and mode; ACLs only of a step that sets them */
	size_t len;                      /* bytes of a file or definition */
	char digest[SC_SHA256_HEX];      /* of them; "": it has none */
};

struct sc_tx_step {
	enum sc_step_type type;
	const char *document; /* how reports name it */
	const char *path;     /* absolute; NULL: it has none */
	const char *temp;     /* the name of its temp file or directory; NULL: none */
	const char *uri;      /* DEFINE, LIVE */
	const char *uuid;
	const char *action[4]; /* ACTION: name and arguments */
	const char *process;   /* ACTION: of the daemon before a restart, as sc_daemon_process() writes it */
	bool outside, no_links, secret;
	bool masked; /* what the history keeps has its passwords masked */
	struct sc_tx_state before, after;
};

/* Who did it, and why; of the record in the history. NULL: not known. */
struct sc_tx_who {
	const char *uid, *login_uid, *sudo_user;
	const char *verb, *message;
	const char *diff; /* with masked secrets */
};

struct sc_tx {
	const char *id;
	int64_t begun; /* seconds since 1970 */
	struct sc_tx_who who;
	struct sc_tx_step *steps;
	size_t n_steps;
};

/* Appends the text; out->failed when memory is short. */
void sc_tx_write(const struct sc_tx *tx, struct sc_buf *out);

enum sc_tx_verdict {
	SC_TX_VALID,
	SC_TX_TORN,  /* not complete, or not a plan: nothing was applied */
	SC_TX_NEWER, /* complete, but this release can't use it */
	SC_TX_MEMORY,
	SC_TX_UNREADABLE, /* never of sc_tx_read(): the file can't be read */
};

/* Reads a plan; everything is allocated from memory. */
enum sc_tx_verdict sc_tx_read(const char *bytes, size_t len, struct sc_arena *memory, struct sc_tx *out);

#endif

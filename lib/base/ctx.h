/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The context as the library sees it, and how functions report errors. */
#ifndef SC_BASE_CTX_H
#define SC_BASE_CTX_H

#include <spicecfg/base.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/unread.h"

struct sc_stage;

struct spicecfg_ctx {
	char *root; /* NULL: the running host */
	char *uri;  /* NULL: libvirt's default */
	char *verb; /* for the history: what is done, and why; NULL: not known */
	char *message;
	int64_t lock_wait_ms;
	bool force;
	int64_t clock; /* seconds since 1970; 0: the system's clock */
	const volatile sig_atomic_t *interrupt;
	spicecfg_log_fn log;
	void *log_opaque;
	const struct sc_stage *stage; /* NULL, or what a plan will change: reads of the host see that (system/os/seen.h) */
	struct sc_unread
	    *unread; /* files of the host that could not be read (system/os/look.h); a context on the stack borrows another's */
	bool used;   /* root and URI can no longer be changed */
	bool has_error;
	bool lasting; /* the error ends the call whatever the caller does: out of memory, or a signal */
	struct spicecfg_error error;
	struct sc_arena *error_memory;
	void *connection; /* lib/system/libvirt/virt.c: the open libvirt connection */
	void (*connection_free)(void *);
	void *host; /* lib/system/qemuconf/host_own.c: facts of this host, collected once */
	void (*host_free)(void *);
	void *holds; /* lib/system/libvirt/vm_neighbours.c: ports and sockets of this host's domains, read once */
	void (*holds_free)(void *);
	void *asked;                       /* lib/system/libvirt/qemu_account.c: what libvirt said, asked once; NULL: not asked */
	void (*asked_free)(void *);        /* NULL: it belongs to another context */
	struct sc_accounts_held *accounts; /* lib/system/os/accounts.c: while a commit holds it */
	void *swept;                       /* lib/system/commit/sweep.c: directories that were searched already */
	void (*swept_free)(void *);
	void *listed; /* lib/system/facts/sasldb_users.c: names in user databases that were read */
	void (*listed_free)(void *);
};

/*
 * Begins a public call that can fail: clears the error of the call before, and makes the root and the URI unchangeable. The library must
 * not call its own public functions while an error is recorded.
 */
void sc_ctx_enter(struct spicecfg_ctx *ctx);

/*
 * Copies a struct of the caller, which begins with its size, to a struct of the library of size bytes. Members that the caller's struct
 * does not have yet become zero. SPICECFG_USAGE when its size is not set, or when it has further members that are not zero.
 */
SPICECFG_CHECKED enum spicecfg_status sc_ctx_take(struct spicecfg_ctx *ctx, void *own, size_t size, const void *given);
/* Copies a struct of the library back to the caller's, as far as that reaches. The caller's size is kept. */
void sc_ctx_give(void *given, const void *own, size_t size);

/* A place in a document. file NULL: no particular place. line and column are 1-based, the column in bytes; 0: unknown. */
struct sc_where {
	const char *file;
	unsigned line;
	unsigned column;
};

/*
 * Records an error, unless one is recorded already, and returns status, so that callers write `return sc_fail(...)`.
 * fix: a template of prose without conversions (base/fix.h), which must be a literal; or NULL. format: the message, which must never
 * contain a secret.
 */
enum spicecfg_status sc_fail(struct spicecfg_ctx *ctx, enum spicecfg_status status, const char *fix, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same, with a place in a document (copied). */
enum spicecfg_status sc_fail_at(struct spicecfg_ctx *ctx, enum spicecfg_status status, struct sc_where where, const char *fix,
				const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Replaces the fix of the recorded error; format is a template of prose (base/fix.h), into which the values are put. */
void sc_fail_fixf(struct spicecfg_ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with an existing fix (copied). */
void sc_fail_fix(struct spicecfg_ctx *ctx, const struct spicecfg_fix *fix);

/* Gives the recorded error a status, and a place unless it has one. Returns the status; that of an error that lasts is kept. */
enum spicecfg_status sc_fail_place(struct spicecfg_ctx *ctx, enum spicecfg_status status, struct sc_where where);

/*
 * Adds to the recorded error the names of documents that a rollback could not restore (NULL-terminated, copied), and changes its status to
 * SPICECFG_SYSTEM. Returns that.
 */
enum spicecfg_status sc_fail_unrestored(struct spicecfg_ctx *ctx, const char *const *names);

/* Records that memory ran out, in place of any other error. Returns SPICECFG_SYSTEM. */
enum spicecfg_status sc_fail_memory(struct spicecfg_ctx *ctx);

/*
 * Clears an error from which the caller can recover. Errors about memory and signals are kept, because they end the verb wherever they
 * occur. The library clears errors in no other way; tests/lint/let_go lists each place with its reason.
 */
void sc_let_go(struct spicecfg_ctx *ctx);

/* The status of a call whose parts have cleared errors with sc_let_go(): SPICECFG_OK, or that of the error that was kept. */
SPICECFG_CHECKED enum spicecfg_status sc_settle(struct spicecfg_ctx *ctx);

/* Passes a line to the log callback. It must contain neither a newline nor a secret. */
void sc_log(struct spicecfg_ctx *ctx, enum spicecfg_log_level level, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Returns true when a signal handler has set the interrupt flag. */
bool sc_interrupted(const struct spicecfg_ctx *ctx);

#endif

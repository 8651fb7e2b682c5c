/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The context as the library sees it, and how a function fails. */
#ifndef SC_BASE_CTX_H
#define SC_BASE_CTX_H

#include <spicecfg/base.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/unread.h"

struct spicecfg_ctx {
	char *root; /* NULL: the running host */
	char *uri;  /* NULL: libvirt's default */
	int64_t lock_wait_ms;
	bool force;
	int64_t clock; /* seconds since 1970; 0: the system's clock */
	const volatile sig_atomic_t *interrupt;
	spicecfg_log_fn log;
	void *log_opaque;
	struct sc_unread *unread; /* what of the host could not be read (system/os/look.h); a context on the stack borrows another's */
	bool used;                /* root and URI are fixed */
	bool has_error;
	bool lasting; /* the error is one that nothing goes on after: memory was short, or a signal came */
	struct spicecfg_error error;
	struct sc_arena *error_memory;
	void *connection; /* lib/system/libvirt/virt.c: the open libvirt connection */
	void (*connection_free)(void *);
	void *host; /* lib/system/qemuconf/host_own.c: facts of this host, looked up once */
	void (*host_free)(void *);
	void *holds; /* lib/system/libvirt/vm_neighbours.c: ports and sockets of this host's domains, looked up once */
	void (*holds_free)(void *);
	struct sc_accounts_held *accounts; /* lib/system/os/accounts.c: while a commit holds it */
	void *swept;                       /* lib/system/commit/sweep.c: directories that were looked through */
	void (*swept_free)(void *);
};

/*
 * Begins a public call that can fail: its error is its own, so that of the call before is forgotten; root and URI are fixed from now on.
 * Where the library calls its own public functions no error may be recorded.
 */
void sc_ctx_enter(struct spicecfg_ctx *ctx);

/*
 * A struct of the caller, which begins with its size, into one of ours of size bytes: what the caller's does not have yet is zero.
 * SPICECFG_USAGE: its size is not set, or it has fields that are set and not known here.
 */
SPICECFG_CHECKED enum spicecfg_status sc_ctx_take(struct spicecfg_ctx *ctx, void *own, size_t size, const void *given);
/* The way back: as much of ours as fits; the caller's size stays. */
void sc_ctx_give(void *given, const void *own, size_t size);

/* Where in a document something stands; file NULL: nowhere in particular. */
struct sc_where {
	const char *file;
	unsigned line;
	unsigned column;
};

/*
 * Records an error, unless one is recorded already, and returns status, so that callers write `return sc_fail(...)`.
 * fix: a template of prose without conversions (base/fix.h), so a literal of ours; or NULL. The message never holds a secret.
 */
enum spicecfg_status sc_fail(struct spicecfg_ctx *ctx, enum spicecfg_status status, const char *fix, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same with a place in a document (the strings are copied). */
enum spicecfg_status sc_fail_at(struct spicecfg_ctx *ctx, enum spicecfg_status status, struct sc_where where, const char *fix,
				const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The fix with values put in: replaces the fix of the recorded error. */
void sc_fail_fixf(struct spicecfg_ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with a fix that was made already; copied. */
void sc_fail_fix(struct spicecfg_ctx *ctx, const struct spicecfg_fix *fix);

/* The recorded error gets the names of documents that a roll-back could not put back (NULL-terminated, copied), and SPICECFG_SYSTEM, which
 * is returned. */
enum spicecfg_status sc_fail_unrestored(struct spicecfg_ctx *ctx, const char *const *names);

/* Out of memory: SPICECFG_SYSTEM. */
enum spicecfg_status sc_fail_memory(struct spicecfg_ctx *ctx);

/*
 * Clears an error that a caller can do without, but for one that lasts: memory that was short and a signal end the verb, whoever meets
 * them. The library clears errors in no other way; tests/lint/let_go lists each place with its reason.
 */
void sc_let_go(struct spicecfg_ctx *ctx);

/* The status with which a call ends whose parts let go of errors: SPICECFG_OK, or the error that stands: memory was short, a signal. */
SPICECFG_CHECKED enum spicecfg_status sc_settle(struct spicecfg_ctx *ctx);

/* Hands a line to the log callback; no newline, no secret. */
void sc_log(struct spicecfg_ctx *ctx, enum spicecfg_log_level level, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* True when a signal asked to stop. */
bool sc_interrupted(const struct spicecfg_ctx *ctx);

#endif

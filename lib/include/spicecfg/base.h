/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Results, errors and the context that every call of libspicecfg takes.
 *
 * Lifetimes. What a call hands out belongs to the caller and has a free function of its own, or is for free() where the call says so. It
 * keeps a pointer to the context, and to what it was made from: free a report before its plan, a plan before the VM or qemu.conf that it
 * was planned for, all of it before the context. Strings and rows that a getter returns belong to the object that was asked and live as
 * long as it does; what a callback is given lives until the callback returns. What a caller passes in is copied, or used during the call
 * only, unless the call says otherwise.
 *
 * Sizes. A struct that the caller allocates for a call begins with `size`, which the caller sets to the size of the struct as it was
 * compiled
 * (`{.size = sizeof(request)}`): later versions of the library add fields at its end. SPICECFG_USAGE where it is not set, or where fields
 * are set that this version does not know.
 *
 * Threads. The library has no state of its own beside contexts; where libvirt is asked, its printing of errors is turned off for the whole
 * process (virSetErrorFunc()). A context, with everything that was made with it, is used by one thread at a time; different contexts may be
 * used by different threads at the same time. Make the first context before further threads are started: it initializes libxml2, which asks
 * for that. spicecfg_check_run() starts threads of its own and ends them before it returns; it calls back on the caller's thread only.
 *
 * Processes. libsasl2, libpam and the trial of a restarted daemon run in child processes, which the library waits for by their ids; the
 * program must not reap children that are not its own (SIGCHLD ignored, wait() for any child). A child of a program with several threads
 * gets a copy of the one that called. After a fork() by the program only one of both processes may go on to use a context and what was made
 * with it, and only the process that opened it may free it: it may hold a connection to libvirt. The other makes a context anew.
 *
 * Signals. The library installs no handlers and changes no signal masks; a program writing to pipes should ignore SIGPIPE.
 */
#ifndef SPICECFG_BASE_H
#define SPICECFG_BASE_H

#include <signal.h>
#include <spicecfg/fix.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SPICECFG_CHECKED __attribute__((warn_unused_result))
#else
#define SPICECFG_CHECKED
#endif

/* What a call came to. The numbers are the exit codes of the program (docs/cli.md). */
enum spicecfg_status {
	SPICECFG_OK = 0,            /* done, or already so */
	SPICECFG_FINDINGS = 1,      /* refused for what the findings, or the error, say; nothing changed */
	SPICECFG_USAGE = 2,         /* a value or a combination of options that has no meaning */
	SPICECFG_INPUT = 3,         /* input missing, unreadable or malformed; untouched */
	SPICECFG_SYSTEM = 4,        /* the system refused; nothing changed, or rolled back but for what the error names as unrestored */
	SPICECFG_INTERRUPTED = 130, /* stopped by a signal; rolled back */
};

/* Why a call failed. Strings live until the next call that can fail, until the error is cleared, or the context freed. */
struct spicecfg_error {
	enum spicecfg_status status;
	const char *message;            /* one sentence: what is wrong with which value */
	const struct spicecfg_fix *fix; /* what to do about it, or NULL */
	const char *file;               /* the document, or NULL */
	unsigned line;                  /* 1-based, 0 = unknown */
	unsigned column;                /* 1-based, in bytes, 0 = unknown */
	const char *const *unrestored;  /* a roll-back failed: documents neither as they were nor as planned, NULL-terminated; or NULL */
};

struct spicecfg_ctx;

enum spicecfg_log_level {
	SPICECFG_LOG_WARNING,
	SPICECFG_LOG_INFO,
	SPICECFG_LOG_DEBUG,
};

/* Called with one line without its newline; never with a secret. */
typedef void (*spicecfg_log_fn)(void *opaque, enum spicecfg_log_level level, const char *line);

/*
 * Makes a context: no root prefix, the default URI, a lock wait of 10 s. Initializes libxml2 (xmlInitParser()).
 * Returns NULL when memory is short. Free it with spicecfg_ctx_free() after everything that was made with it.
 */
struct spicecfg_ctx *spicecfg_ctx_new(void);

/* Frees the context and wipes its memory; takes NULL. */
void spicecfg_ctx_free(struct spicecfg_ctx *ctx);

/*
 * The error of the last call that can fail (those that return an enum spicecfg_status): each forgets the one before when it begins. Getters
 * and free functions leave it. NULL when it did not fail, and for SPICECFG_FINDINGS where the findings say why.
 */
const struct spicecfg_error *spicecfg_ctx_error(const struct spicecfg_ctx *ctx);

/* Records an error of the caller, so that it is shown like the library's own, unless the last call left one. fix: a text of the program
 * itself, with commands in backquotes, never with a value put in; or NULL. Returns status. */
enum spicecfg_status spicecfg_ctx_fail(struct spicecfg_ctx *ctx, enum spicecfg_status status, const char *message, const char *fix);

/* Forgets the error: it was dealt with. */
void spicecfg_ctx_clear_error(struct spicecfg_ctx *ctx);

/* Works on the host tree below dir (absolute or relative, copied): NULL for the running host. SPICECFG_USAGE after the first use: any other
 * call that can fail and takes the context. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_ctx_set_root(struct spicecfg_ctx *ctx, const char *dir);

/* The libvirt URI (copied); NULL: LIBVIRT_DEFAULT_URI, else qemu:///system. SPICECFG_USAGE after the first use. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_ctx_set_uri(struct spicecfg_ctx *ctx, const char *uri);

/* How long a commit waits for another spicecfg, in milliseconds. */
void spicecfg_ctx_set_lock_wait(struct spicecfg_ctx *ctx, int64_t milliseconds);

/* Commit in spite of findings (never in spite of invalid input). */
void spicecfg_ctx_set_force(struct spicecfg_ctx *ctx, bool force);

/* What time it is, in seconds since 1970, for dates of certificates and passwords; 0: the system's clock. For tests and images. */
void spicecfg_ctx_set_clock(struct spicecfg_ctx *ctx, int64_t seconds);

/* A flag that a signal handler may set to another value than 0; NULL: none. Commits and checks poll it, roll back and return
 * SPICECFG_INTERRUPTED. It must last as long as the context. */
void spicecfg_ctx_set_interrupt(struct spicecfg_ctx *ctx, const volatile sig_atomic_t *flag);

/* Where log lines go; NULL: nowhere. */
void spicecfg_ctx_set_log(struct spicecfg_ctx *ctx, spicecfg_log_fn log, void *opaque);

/* How many letters make b of a, changed, added or left out: for "did you mean". FAR: b is no short word. */
enum { SPICECFG_DISTANCE_FAR = 99 };
unsigned spicecfg_text_distance(const char *a, const char *b);

/* The version of the library, "MAJOR.MINOR.PATCH". */
const char *spicecfg_version(void);

#ifdef __cplusplus
}
#endif
#endif

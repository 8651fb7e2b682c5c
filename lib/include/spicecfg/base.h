/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * Results, errors, and the context that every call of libspicecfg takes.
 *
 * Ownership. An object that a call returns belongs to the caller, who frees it with the function that its call names, or with free()
 * where the call says so. An object keeps pointers to its context and to the objects that it was made from: free a report before its
 * plan, a plan before the VM or the qemu.conf that it was planned for, and all of them before the context. Functions that free an object
 * accept NULL. Strings and rows that a getter returns belong to the object that was passed to it and live as long as that object; what
 * a callback receives lives until the callback returns. Arguments are copied, or used during the call only, unless the call says
 * otherwise. Pointer arguments must not be NULL unless the call says otherwise.
 *
 * Results. A call that can fail returns an enum spicecfg_status. Each of them can return SPICECFG_SYSTEM when memory runs out; this is
 * not repeated below. After a failure, spicecfg_ctx_error() says why, and an object that the call would have returned is NULL.
 *
 * Sizes. A struct that the caller allocates for a call begins with the member `size`, which the caller sets to the size of the struct
 * as it was compiled (`{.size = sizeof(request)}`), because later versions of the library append members. SPICECFG_USAGE when it is not
 * set, or when members are set that this version does not know.
 *
 * Threads. The library has no state outside of contexts, with one exception: connecting to libvirt turns off libvirt's own printing of
 * errors for the whole process (virSetErrorFunc()). A context and everything made with it must be used by one thread at a time; different
 * contexts can be used by different threads at the same time. Make the first context before you start other threads: it initializes
 * libxml2, which requires that. spicecfg_check_run() starts threads and joins them before it returns; its callbacks run on the
 * caller's thread only.
 *
 * Processes. libsasl2, libpam and the test of a restarted daemon run in child processes, which the library waits for by process ID. The
 * program must not reap children that are not its own (by ignoring SIGCHLD, or by waiting for any child). In a program with several threads
 * such a child contains a copy of the calling thread only. After a fork() by the program, only one of the two processes may continue to use
 * a context and the objects made with it, and only the process that made a context may free it, because the context can hold a connection
 * to libvirt. The other process makes a new context.
 *
 * Signals. The library installs no signal handlers and changes no signal masks. A program that writes to pipes should ignore SIGPIPE.
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

/** The result of a call. The numbers are the exit codes of the program (docs/cli.md). */
enum spicecfg_status {
	SPICECFG_OK = 0,            /* done, or nothing had to be done */
	SPICECFG_FINDINGS = 1,      /* refused: the findings or the error say why; nothing changed */
	SPICECFG_USAGE = 2,         /* an invalid value or combination of options; nothing changed */
	SPICECFG_INPUT = 3,         /* the input is missing, unreadable or malformed; nothing changed */
	SPICECFG_SYSTEM = 4,        /* the system refused; nothing changed, or rolled back except for what the error lists as unrestored */
	SPICECFG_INTERRUPTED = 130, /* stopped by a signal; rolled back */
};

/** Why a call failed. The strings live until the next call that can fail, until the error is cleared, or until the context is freed. */
struct spicecfg_error {
	enum spicecfg_status status;
	const char *message;            /* one sentence: what is wrong, with which value */
	const struct spicecfg_fix *fix; /* what to do about it, or NULL */
	const char *file;               /* the document, or NULL */
	unsigned line;                  /* 1-based; 0: unknown */
	unsigned column;                /* 1-based, in bytes; 0: unknown */
	const char *const *unrestored;  /* documents that a failed rollback left neither old nor new, NULL-terminated; or NULL */
};

struct spicecfg_ctx;

enum spicecfg_log_level {
	SPICECFG_LOG_WARNING,
	SPICECFG_LOG_INFO,
	SPICECFG_LOG_DEBUG,
};

/**
 * Receives a line of the log.
 *
 * @param opaque the pointer given to spicecfg_ctx_set_log()
 * @param level the severity of the line
 * @param line the text without a newline; it never contains a secret
 */
typedef void (*spicecfg_log_fn)(void *opaque, enum spicecfg_log_level level, const char *line);

/**
 * Makes a context for the running host: no root directory, the default URI, and a lock wait of 10 seconds. Initializes libxml2
 * (xmlInitParser()).
 *
 * @return the context, to be freed with spicecfg_ctx_free() after everything made with it; NULL when memory runs out
 */
struct spicecfg_ctx *spicecfg_ctx_new(void);

/**
 * Frees a context, wipes its memory and closes its connection to libvirt.
 *
 * @param ctx the context, or NULL
 */
void spicecfg_ctx_free(struct spicecfg_ctx *ctx);

/**
 * Returns the error of the last call that can fail. Such calls, which return an enum spicecfg_status, clear the previous error when they
 * begin. Getters and functions that free an object keep it.
 *
 * @param ctx the context
 * @return the error, which belongs to the context; NULL when the call did not fail, or when it returned SPICECFG_FINDINGS and the findings
 * say why
 */
const struct spicecfg_error *spicecfg_ctx_error(const struct spicecfg_ctx *ctx);

/**
 * Records an error of the program, so that it can be reported like those of the library. An error that is already recorded is kept.
 *
 * @param ctx the context
 * @param status the status of the error
 * @param message one sentence that says what is wrong (copied)
 * @param fix what to do about it, or NULL (copied): a constant text with commands in backquotes, into which no values have been formatted
 * @return status
 */
enum spicecfg_status spicecfg_ctx_fail(struct spicecfg_ctx *ctx, enum spicecfg_status status, const char *message, const char *fix);

/**
 * Clears the error of a context, because the program has dealt with it.
 *
 * @param ctx the context
 */
void spicecfg_ctx_clear_error(struct spicecfg_ctx *ctx);

/**
 * Returns what the calls of this context looked at and could not read: what depends on it is unknown, and lists can lack it.
 *
 * @param ctx the context
 * @param index which one, from 0
 * @param why receives the reason
 * @return a path, or words for what has none; NULL after the last. Both belong to the context until its next call
 */
const char *spicecfg_ctx_unread(const struct spicecfg_ctx *ctx, size_t index, const char **why);

/**
 * Makes the context work on the host tree below a directory, such as a mounted image, instead of on the running host.
 *
 * @param ctx the context
 * @param dir an absolute or relative path (copied); NULL: the running host
 * @return SPICECFG_OK; SPICECFG_USAGE when the context has been used by another call that can fail
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_ctx_set_root(struct spicecfg_ctx *ctx, const char *dir);

/**
 * Sets the libvirt connection URI.
 *
 * @param ctx the context
 * @param uri the URI (copied); NULL: the value of LIBVIRT_DEFAULT_URI in the environment, else qemu:///system
 * @return SPICECFG_OK; SPICECFG_USAGE when the context has been used by another call that can fail
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_ctx_set_uri(struct spicecfg_ctx *ctx, const char *uri);

/**
 * Sets how long spicecfg_plan_commit() waits for a lock that another spicecfg process holds.
 *
 * @param ctx the context
 * @param milliseconds the longest wait in milliseconds; the default is 10000
 */
void spicecfg_ctx_set_lock_wait(struct spicecfg_ctx *ctx, int64_t milliseconds);

/**
 * Allows plans and commits that findings would refuse. Invalid input is refused regardless.
 *
 * @param ctx the context
 * @param force whether to ignore findings; the default is false
 */
void spicecfg_ctx_set_force(struct spicecfg_ctx *ctx, bool force);

/**
 * Sets the time at which certificates are checked and issued. For tests and for images.
 *
 * @param ctx the context
 * @param seconds seconds since 1970-01-01 00:00:00 UTC; 0: the system's clock
 */
void spicecfg_ctx_set_clock(struct spicecfg_ctx *ctx, int64_t seconds);

/**
 * Sets a flag by which a signal handler stops a call. Commits and checks poll it; when it is not 0, they roll back and return
 * SPICECFG_INTERRUPTED.
 *
 * @param ctx the context
 * @param flag the flag, which must live as long as the context; NULL: none
 */
void spicecfg_ctx_set_interrupt(struct spicecfg_ctx *ctx, const volatile sig_atomic_t *flag);

/**
 * Sets the function that receives the log.
 *
 * @param ctx the context
 * @param log the function; NULL: no log
 * @param opaque a pointer that is passed to it
 */
void spicecfg_ctx_set_log(struct spicecfg_ctx *ctx, spicecfg_log_fn log, void *opaque);

/**
 * Says what is recorded in the history of changes, beside the account and the time.
 *
 * @param ctx the context
 * @param verb what is done, such as the name of the program's command (copied); NULL: nothing
 * @param message why (copied); NULL: nothing. Where memory is short, nothing is recorded
 */
void spicecfg_ctx_set_record(struct spicecfg_ctx *ctx, const char *verb, const char *message);

/** The distance of a word that is too long to be compared. */
enum { SPICECFG_DISTANCE_FAR = 99 };

/**
 * Computes the edit distance of two words: how many bytes have to be changed, inserted or deleted to turn one into the other. For
 * suggestions of the form "did you mean".
 *
 * @param a a word
 * @param b another word
 * @return the distance; SPICECFG_DISTANCE_FAR when b is longer than 63 bytes
 */
unsigned spicecfg_text_distance(const char *a, const char *b);

/**
 * Returns the version of the library.
 *
 * @return a static string of the form "MAJOR.MINOR.PATCH"
 */
const char *spicecfg_version(void);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Work in a forked process, for libraries whose state is process-wide or that may hang (libsasl2, libpam). The child inherits its input
 * through the fork and returns bytes through a pipe; nothing else of it survives.
 */
#ifndef SC_SYSTEM_HELPER_H
#define SC_SYSTEM_HELPER_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/ctx.h"

/*
 * Runs in the child and fills reply. On failure it returns the status, and reply is the message (without any secret). Its stdout and stderr
 * are /dev/null.
 */
typedef enum spicecfg_status (*sc_helper_fn)(void *opaque, struct sc_buf *reply);

/*
 * Runs fn in a child process and stores its reply in *reply. If the child fails, dies or takes longer than seconds, it is killed and the
 * error names what. fix may be NULL.
 */
SPICECFG_CHECKED enum spicecfg_status sc_helper_run(struct spicecfg_ctx *ctx, const char *what, const char *fix, unsigned seconds,
						    sc_helper_fn fn, void *opaque, struct sc_buf *reply);

/*
 * Call it in the child: limits the process from now on to the given seconds of processor time and to more bytes of address space than it
 * uses now. If it exceeds the time, it is killed, and sc_helper_run() fails with an error that says "too large"; likewise if memory for the
 * reply is short.
 */
void sc_helper_limit(unsigned seconds, size_t more);

/* Call it in the child: switches to the account and its groups; does nothing if not root. user NULL: switches only uid and gid. Returns 0,
 * or -1 with errno. */
int sc_helper_become(const char *user, uid_t uid, gid_t gid);

/* Appends a field to a reply: a length, then the bytes. */
void sc_helper_put(struct sc_buf *reply, const void *data, size_t len);
/* Reads the next field at *at and advances *at; false at the end or if the field is truncated. */
bool sc_helper_get(const struct sc_buf *reply, size_t *at, const char **data, size_t *len);

/* A private directory (0700) for files with secrets, on a file system in memory if there is one. */
struct sc_tempdir {
	char path[64];
	int lock; /* while path is set: a lock held as long as this process or a child of it lives */
};
/* Creates one; returns 0, or -1 with errno. Directories that killed processes of this account left behind are wiped and removed first. */
int sc_tempdir_make(struct sc_tempdir *dir);
/* The same, also for a tree of a root, whose owner could replace the directory by a link. The removal of killed processes'
 * directories is logged. */
int sc_tempdir_make_in(struct spicecfg_ctx *ctx, struct sc_tempdir *dir);
/* Only removes those of killed processes of this account, and logs that. */
void sc_tempdir_sweep(struct spicecfg_ctx *ctx);
/* Overwrites and removes the files in the directory, then removes the directory. */
void sc_tempdir_remove(struct sc_tempdir *dir);
#define SC_TEMPDIR_INIT                                                                                                                    \
	{                                                                                                                                  \
		.lock = -1                                                                                                                 \
	}
#define SC_TEMPDIR __attribute__((cleanup(sc_tempdir_remove))) struct sc_tempdir

/* Write a file (0600) into the directory, or read one; false on failure (errno ENOENT: the file is missing). */
bool sc_tempdir_write(const struct sc_tempdir *dir, const char *name, const void *data, size_t len);
bool sc_tempdir_read(const struct sc_tempdir *dir, const char *name, struct sc_buf *out);

#endif

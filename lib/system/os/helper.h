/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Work in a forked process: for libraries whose state is process-wide or that may hang (libsasl2, libpam). Bytes go in by the fork and
 * come back through a pipe; nothing else of the child survives.
 */
#ifndef SC_SYSTEM_HELPER_H
#define SC_SYSTEM_HELPER_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/ctx.h"

/*
 * Runs in the child: fills reply. On failure the reply is the message (no secret in it) and the result its status. It may not write
 * to stdout or stderr (they lead to /dev/null).
 */
typedef enum spicecfg_status (*sc_helper_fn)(void *opaque, struct sc_buf *reply);

/*
 * Runs fn in a child; *reply gets its bytes. A child that fails, dies, or takes more than seconds is an error that names what; the child is
 * killed then. fix may be NULL.
 */
SPICECFG_CHECKED enum spicecfg_status sc_helper_run(struct spicecfg_ctx *ctx, const char *what, const char *fix, unsigned seconds,
						    sc_helper_fn fn, void *opaque, struct sc_buf *reply);

/*
 * In the child: takes at most seconds of the processor from here on, and more bytes of address space than the process has now. Beyond the
 * time it is ended, which is an error of sc_helper_run() that says "too large"; so is a reply that memory is short for.
 */
void sc_helper_limit(unsigned seconds, size_t more);

/* In the child: becomes the account, with its groups; does nothing when not root. user NULL: only uid and gid. 0, or -1 with errno. */
int sc_helper_become(const char *user, uid_t uid, gid_t gid);

/* Fields of a reply: a length and bytes. */
void sc_helper_put(struct sc_buf *reply, const void *data, size_t len);
/* The next field at *at, which is moved; false at the end or when it is cut short. */
bool sc_helper_get(const struct sc_buf *reply, size_t *at, const char **data, size_t *len);

/* A private directory (0700) for files with secrets, in memory where the system has a place for it. */
struct sc_tempdir {
	char path[64];
	int lock;    /* while path is set: held as long as this process or a child of it lives */
	bool rooted; /* path goes through place, as /proc/self/fd/N/… */
	int place;
};
/* 0, or -1 with errno. Directories that killed processes of this account left behind are wiped and removed first. */
int sc_tempdir_make(struct sc_tempdir *dir);
/* The same below the context's root, where it has one: nothing outside of it is made. What is removed of killed processes is logged. */
int sc_tempdir_make_in(struct spicecfg_ctx *ctx, struct sc_tempdir *dir);
/* Overwrites and removes the files in it, and itself. */
void sc_tempdir_remove(struct sc_tempdir *dir);
#define SC_TEMPDIR_INIT                                                                                                                    \
	{                                                                                                                                  \
		.lock = -1, .place = -1                                                                                                    \
	}
#define SC_TEMPDIR __attribute__((cleanup(sc_tempdir_remove))) struct sc_tempdir

/* Writes a file (0600) into the directory; reads one (errno ENOENT: false). */
bool sc_tempdir_write(const struct sc_tempdir *dir, const char *name, const void *data, size_t len);
bool sc_tempdir_read(const struct sc_tempdir *dir, const char *name, struct sc_buf *out);

#endif

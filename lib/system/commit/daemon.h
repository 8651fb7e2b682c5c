/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon that reads qemu.conf: which one, and its restart. */
#ifndef SC_SYSTEM_DAEMON_H
#define SC_SYSTEM_DAEMON_H

#include <sys/types.h>

#include "base/ctx.h"

struct sc_daemon {
	const char *name; /* "libvirtd" or "virtqemud"; never NULL */
	pid_t pid;        /* 0: it is not running */
	bool systemd;     /* systemd is running here */
};

/*
 * Finds the daemon of the system, or of this user (session): the running one, else the enabled one, else the installed one, else libvirtd.
 * With a root, only files below it are examined.
 */
void sc_daemon_find(const struct spicecfg_ctx *ctx, bool session, struct sc_daemon *out);

/* When the running daemon was started, in milliseconds since 1970; 0: not known, or none is running. */
int64_t sc_daemon_started(const struct sc_daemon *daemon);

/* How a running daemon was started, in order to start it again. */
struct sc_daemon_launch {
	char *exe, *cwd;
	char **argv, **env; /* each array and its bytes in one block */
	int out, err;       /* its stdout and stderr; -1: none */
	mode_t umask;
};

/* Reads *out from /proc; free it with sc_daemon_launch_free(). SPICECFG_SYSTEM: /proc can't be read. */
SPICECFG_CHECKED enum spicecfg_status sc_daemon_remember(struct spicecfg_ctx *ctx, const struct sc_daemon *daemon,
							 struct sc_daemon_launch *out);
void sc_daemon_launch_free(struct sc_daemon_launch *launch);

/* Asks the process to exit (SIGTERM) and waits for it, 20 seconds at most. SPICECFG_SYSTEM: not permitted, or still running. */
SPICECFG_CHECKED enum spicecfg_status sc_daemon_stop(struct spicecfg_ctx *ctx, const struct sc_daemon *daemon);

/* Starts it as before, in a session of its own. */
SPICECFG_CHECKED enum spicecfg_status sc_daemon_start(struct spicecfg_ctx *ctx, const struct sc_daemon_launch *launch);

#endif

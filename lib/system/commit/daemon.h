/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon that reads qemu.conf: which one, and its restart. */
#ifndef SC_SYSTEM_DAEMON_H
#define SC_SYSTEM_DAEMON_H

#include <sys/types.h>

#include "base/ctx.h"

struct sc_daemon {
	const char *name; /* "libvirtd" or "virtqemud"; never NULL */
	pid_t pid;        /* 0: it does not run */
	bool systemd;     /* systemd runs here and has a unit for it that is active */
};

/*
 * The daemon of the system, or of this user (session): the one that runs, else the one that is enabled, else the one that is installed,
 * else libvirtd. With a root only its files are looked at.
 */
void sc_daemon_find(const struct spicecfg_ctx *ctx, bool session, struct sc_daemon *out);

/* When the daemon that runs was started, in milliseconds since 1970; 0: not known, or none runs. */
int64_t sc_daemon_started(const struct sc_daemon *daemon);

/* How a running daemon was started; to start it again. */
struct sc_daemon_launch {
	char *exe, *cwd;
	char **argv, **env; /* each array and its bytes in one block */
	int out, err;       /* where it writes, -1: nowhere */
	mode_t umask;
};

/* Reads it from /proc; SPICECFG_SYSTEM when that is not allowed. Free it with sc_daemon_launch_free(). */
SPICECFG_CHECKED enum spicecfg_status sc_daemon_remember(struct spicecfg_ctx *ctx, const struct sc_daemon *daemon,
							 struct sc_daemon_launch *out);
void sc_daemon_launch_free(struct sc_daemon_launch *launch);

/* Asks the process to end (SIGTERM) and waits for it, 20 seconds at most. */
SPICECFG_CHECKED enum spicecfg_status sc_daemon_stop(struct spicecfg_ctx *ctx, const struct sc_daemon *daemon);

/* Starts it as it was, in a session of its own. */
SPICECFG_CHECKED enum spicecfg_status sc_daemon_start(struct spicecfg_ctx *ctx, const struct sc_daemon_launch *launch);

#endif

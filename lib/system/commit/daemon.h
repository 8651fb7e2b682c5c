/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon that reads qemu.conf. */
#ifndef SC_SYSTEM_DAEMON_H
#define SC_SYSTEM_DAEMON_H

#include <sys/types.h>

#include "base/ctx.h"

struct sc_daemon {
	const char *name; /* "libvirtd" or "virtqemud"; never NULL */
	pid_t pid;        /* 0: it is not running */
	bool systemd;     /* systemd is running here: systemctl restarts it */
	bool script;      /* an init script restarts it, through the program service */
};

/*
 * Finds the daemon of the system, or of this user (session): the running one, else the enabled one, else the installed one, else libvirtd.
 * With a root, only files below it are examined.
 */
void sc_daemon_find(const struct spicecfg_ctx *ctx, bool session, struct sc_daemon *out);

enum { SC_DAEMON_PROCESS = 96 };

/*
 * Writes what no later process of the daemon has: its pid, its start in ticks since the boot, and the boot. Not its time of day, which may
 * be set meanwhile. "": none is running, or it can't be read.
 */
void sc_daemon_process(const struct sc_daemon *daemon, char process[SC_DAEMON_PROCESS]);

/* When the running daemon was started, in milliseconds since 1970; 0: not known, or none is running. */
int64_t sc_daemon_started(const struct sc_daemon *daemon);

/* When the machine was booted, in the same unit: no daemon was started before. */
int64_t sc_daemon_earliest(void);

/* Records and returns the error for a running daemon that can't be restarted here: SPICECFG_SYSTEM. */
enum spicecfg_status sc_daemon_fail(struct spicecfg_ctx *ctx, const struct sc_daemon *daemon);

#endif

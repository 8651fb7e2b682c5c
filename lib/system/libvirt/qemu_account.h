/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The account that QEMU runs as. */
#ifndef SC_SYSTEM_QEMU_ACCOUNT_H
#define SC_SYSTEM_QEMU_ACCOUNT_H

#include <sys/types.h>

#include "base/ctx.h"

struct sc_qemu_account {
	uid_t uid;
	gid_t gid;
	const char *user; /* name, in arena */
	const char *group;
	const char *origin; /* "qemu.conf", "libvirt" or "passwd" */
};

/*
 * The account for a qemu.conf with these values of user and group; NULL or "": not set there. Each of the two may be set alone: the other
 * comes from the capabilities of the system's libvirt daemon, else it is libvirt-qemu or qemu of the passwd and group files. The daemon is
 * asked if the context has no root, its URI is that of the daemon, and a socket of the daemon exists; accounts other than root use a
 * read-only connection, which needs no password. SPICECFG_INPUT: a name that is set does not exist, or no account is found.
 */
SPICECFG_CHECKED enum spicecfg_status sc_qemu_account_find(struct spicecfg_ctx *ctx, const char *user, const char *group,
							   struct sc_arena *arena, struct sc_qemu_account *out);

/* The same for the host's qemu.conf; if it can't be read, neither is set. */
SPICECFG_CHECKED enum spicecfg_status sc_qemu_account_read(struct spicecfg_ctx *ctx, struct sc_arena *arena, struct sc_qemu_account *out);

/*
 * Lets a context use what libvirt said to another one, which must outlive it, so that the threads of one run ask libvirt once. Call it
 * before either of them asks.
 */
SPICECFG_CHECKED enum spicecfg_status sc_qemu_account_share(struct spicecfg_ctx *from, struct spicecfg_ctx *to);

#endif

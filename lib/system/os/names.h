/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accounts and names of the host: from DIR's own files with a root, from the system's name service without. */
#ifndef SC_SYSTEM_NAMES_H
#define SC_SYSTEM_NAMES_H

#include <grp.h>
#include <sys/types.h>

#include "base/ctx.h"

/* Bytes: of a file of accounts, and of a group's entry in memory with all its members. */
enum { SC_NAMES_FILE_MAX = 4 * 1024 * 1024, SC_NAMES_ENTRY_MAX = 16 * 1024 * 1024 };

/* 0 and *id, or -1 when there is no such user or group. Decimal numbers and "+N" are taken as ids. */
int sc_names_user(const struct spicecfg_ctx *ctx, const char *name, uid_t *uid, gid_t *gid);
int sc_names_group(const struct spicecfg_ctx *ctx, const char *name, gid_t *gid);
/* True when the account is a member of the group (as primary or listed). */
bool sc_names_member(const struct spicecfg_ctx *ctx, const char *user, const char *group);
/* A decimal number or "+N" as an id; false: it is none. */
bool sc_names_number(const char *text, size_t len, gid_t *id);
/*
 * A group of the system, by name, or by number when name is NULL. 0, or ENOENT, ERANGE (more than SC_NAMES_ENTRY_MAX), ENOMEM, EIO, EMFILE,
 * ENFILE. free(*room), which holds what entry points to, in any case.
 */
int sc_names_entry(const char *name, gid_t gid, struct group *entry, char **room);
/* All groups of an account, the primary one first, in arena; NULL: no such account, or memory is short. */
const gid_t *sc_names_groups(const struct spicecfg_ctx *ctx, const char *user, struct sc_arena *arena, size_t *n);
/* Name of an id in arena memory; the number as text when it has none. */
const char *sc_names_of_user(const struct spicecfg_ctx *ctx, uid_t uid, struct sc_arena *arena);
const char *sc_names_of_group(const struct spicecfg_ctx *ctx, gid_t gid, struct sc_arena *arena);

/* The account that QEMU runs as. */
struct sc_qemu_account {
	uid_t uid;
	gid_t gid;
	const char *user; /* name, in arena */
	const char *group;
	const char *origin; /* "qemu.conf", "libvirt" or "passwd" */
};
/*
 * user= and group= of qemu.conf when set, else the capabilities of libvirt (without --root, when it can be reached), else libvirt-qemu or
 * qemu of the passwd file. SPICECFG_INPUT when none is found.
 */
SPICECFG_CHECKED enum spicecfg_status sc_names_qemu(struct spicecfg_ctx *ctx, struct sc_arena *arena, struct sc_qemu_account *out);

/* The host's name: /etc/hostname with a root, gethostname() without; and its full name (FQDN) or NULL. In arena. */
const char *sc_names_host(const struct spicecfg_ctx *ctx, struct sc_arena *arena, const char **fqdn);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accounts and names of the host: with a root from the files below it, otherwise from the system's name service. */
#ifndef SC_SYSTEM_NAMES_H
#define SC_SYSTEM_NAMES_H

#include <grp.h>
#include <sys/types.h>

#include "base/ctx.h"

/* Limits in bytes: of a passwd or group file, and of a group's entry in memory with all its members. */
enum { SC_NAMES_FILE_MAX = 4 * 1024 * 1024, SC_NAMES_ENTRY_MAX = 16 * 1024 * 1024 };

/* Return 0 and the ids, or -1 if there is no such user or group. Decimal numbers and "+N" are taken as ids. */
int sc_names_user(const struct spicecfg_ctx *ctx, const char *name, uid_t *uid, gid_t *gid);
int sc_names_group(const struct spicecfg_ctx *ctx, const char *name, gid_t *gid);
/* True if the account is a member of the group (its primary group, or listed in it). */
bool sc_names_member(const struct spicecfg_ctx *ctx, const char *user, const char *group);
/* Parses a decimal number or "+N" as an id; false if it is neither. */
bool sc_names_number(const char *text, size_t len, gid_t *id);
/*
 * Looks up a group of the system, by name, or by number if name is NULL. Returns 0, or ENOENT, ERANGE (more than SC_NAMES_ENTRY_MAX),
 * ENOMEM, EIO, EMFILE, ENFILE. In any case free(*room), which contains what entry points to.
 */
int sc_names_entry(const char *name, gid_t gid, struct group *entry, char **room);
/* All groups of an account, the primary one first, in arena; NULL: there is no such account, or memory is short. */
const gid_t *sc_names_groups(const struct spicecfg_ctx *ctx, const char *user, struct sc_arena *arena, size_t *n);
/* The name of an id, in arena; the number as text if it has no name. */
const char *sc_names_of_user(const struct spicecfg_ctx *ctx, uid_t uid, struct sc_arena *arena);
const char *sc_names_of_group(const struct spicecfg_ctx *ctx, gid_t gid, struct sc_arena *arena);

/* The host's name: with a root from /etc/hostname and /etc/hosts, otherwise from gethostname() and the resolver. *fqdn is its fully
 * qualified name, or NULL. Both are in arena. */
const char *sc_names_host(const struct spicecfg_ctx *ctx, struct sc_arena *arena, const char **fqdn);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whose files may decide what a check says. */
#ifndef SC_SYSTEM_TRUST_H
#define SC_SYSTEM_TRUST_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/arena.h"

/* The caller and root; and, for root, who called sudo (SUDO_UID), whom only root can believe that. As git does it. */
bool sc_trust_owner(uid_t uid);

/*
 * Why the open file (O_PATH will do) can't be trusted, in memory ("it belongs to another account (uid 1001)"); NULL: it can. It is a
 * regular file of a trusted owner that nobody else may write to, neither by its mode nor by its ACL: not everybody, no account that is not
 * trusted, no group but root's and the private one of the owner.
 */
const char *sc_trust_why_not(struct sc_arena *memory, int fd, const struct stat *st);

/* Whether a directory is writable for its owner alone, in the same sense; *owner: who that is. False too where it can't be opened. */
bool sc_trust_only_owner_writes(const char *dir, uid_t *owner);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which accounts' files may affect the result of a check. */
#ifndef SC_SYSTEM_TRUST_H
#define SC_SYSTEM_TRUST_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/arena.h"

/* True for the caller and root and, if the caller is root, the account that called sudo (SUDO_UID, which only root can rely on). The same
 * rule as git's. */
bool sc_trust_owner(uid_t uid);

/*
 * Why the open file (O_PATH is enough) can't be trusted, allocated in memory ("it belongs to another account (uid 1001)"); NULL if it can.
 * A trusted file is a regular file of a trusted owner that nobody else may write to, neither by its mode nor by its ACL: not everybody, no
 * untrusted account, and no group except root's and the owner's private one.
 */
const char *sc_trust_why_not(struct sc_arena *memory, int fd, const struct stat *st);

/* Whether only its owner may write to a directory, in the same sense; *owner is set to the owner. Also false if it can't be opened. */
bool sc_trust_only_owner_writes(const char *dir, uid_t *owner);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lock that every program takes that writes /etc/passwd, /etc/group or their shadow files. */
#ifndef SC_SYSTEM_ACCOUNTS_H
#define SC_SYSTEM_ACCOUNTS_H

#include "base/ctx.h"

/*
 * Takes the lock of lckpwdf(3) and the shadow tools' lock files for groups. With a root these are the files below it, never the host's.
 * Waits as long as the context allows, then fails with SPICECFG_SYSTEM. May be called again while the lock is held.
 */
SPICECFG_CHECKED enum spicecfg_status sc_accounts_lock(struct spicecfg_ctx *ctx);

/* Releases the lock; call it once for each successful sc_accounts_lock(). */
void sc_accounts_unlock(struct spicecfg_ctx *ctx);

#endif

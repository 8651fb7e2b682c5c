/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lock that everybody takes who writes /etc/passwd, /etc/group and their shadows. */
#ifndef SC_SYSTEM_ACCOUNTS_H
#define SC_SYSTEM_ACCOUNTS_H

#include "base/ctx.h"

/*
 * Takes the lock of lckpwdf(3) and the lock files of the shadow tools for the groups, below the root where there is one: never the host's
 * then. Waits as long as the context says, then SPICECFG_SYSTEM. It may be taken again while it is held.
 */
SPICECFG_CHECKED enum spicecfg_status sc_accounts_lock(struct spicecfg_ctx *ctx);

/* Once for each time that it was taken. */
void sc_accounts_unlock(struct spicecfg_ctx *ctx);

#endif

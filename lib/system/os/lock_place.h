/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_LOCK_PLACE_H
#define SC_SYSTEM_LOCK_PLACE_H

#include "base/ctx.h"

/* Opens, and creates if necessary, this account's lock directory, which nobody else may write to. *fd is -1 if an unprivileged account has
 * no place for one. */
SPICECFG_CHECKED enum spicecfg_status sc_lock_place(struct spicecfg_ctx *ctx, int *fd);

/* Opens the directory of the lock that earlier releases take as root; -1 if it doesn't exist. */
int sc_lock_place_old(void);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_LOCK_PLACE_H
#define SC_SYSTEM_LOCK_PLACE_H

#include "base/ctx.h"

/* Opens, and makes, the directory of this account's locks, which nobody else may write in. *fd -1: an ordinary account that has none. */
SPICECFG_CHECKED enum spicecfg_status sc_lock_place(struct spicecfg_ctx *ctx, int *fd);

/* The directory of the lock that earlier releases take as root, else -1. */
int sc_lock_place_old(void);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Modules: shared objects that link the heavy libraries (libvirt, OpenSSL, libsasl2, libpam), opened when they are first needed. */
#ifndef SC_SYSTEM_MODULES_H
#define SC_SYSTEM_MODULES_H

#include "base/ctx.h"

/*
 * Opens LIBDIR/spicecfg/NAME.so (beside the library that this code is in, where no other account could put it; else the installed place)
 * and returns the address of its symbol `sc_module_NAME` (an ops struct). It stays loaded. NULL with the error recorded (SPICECFG_SYSTEM,
 * the missing package named).
 */
const void *sc_module(struct spicecfg_ctx *ctx, const char *name);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Modules: shared objects that link the libraries that few verbs need (libvirt, OpenSSL, libsasl2, libpam, iniparser), opened when first
 * needed. */
#ifndef SC_SYSTEM_MODULES_H
#define SC_SYSTEM_MODULES_H

#include "base/ctx.h"

/*
 * Opens LIBDIR/spicecfg/NAME.so (next to the library that contains this code, if no other account may write there; else in the directory
 * configured at build time) and returns the address of its symbol `sc_module_NAME` (an ops struct). The module stays loaded. NULL with the
 * error recorded (SPICECFG_SYSTEM, naming the missing package).
 */
const void *sc_module(struct spicecfg_ctx *ctx, const char *name);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The context's connection to libvirt, through the module "virt", which is opened when a libvirt target is named. */
#ifndef SC_SYSTEM_VIRT_H
#define SC_SYSTEM_VIRT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"
#include "system/modules/virt.h"

/* The module's operations, NULL with the error recorded. */
const struct sc_virt_ops *sc_virt(struct spicecfg_ctx *ctx);

/* The context's connection, opened on first use and kept; NULL with the error recorded (SPICECFG_SYSTEM). A read-only one is tried where
 * readonly is set and the full one is refused. */
void *sc_virt_connection(struct spicecfg_ctx *ctx, bool readonly);

/*
 * Keeps domains that were listed (takes them and the array), for some seconds: opening each of many needs no look-up then.
 * sc_virt_kept() is one of them by its name, for domain_free, or NULL: it may have been renamed or removed since.
 */
void sc_virt_keep(struct spicecfg_ctx *ctx, void **domains);
void *sc_virt_kept(struct spicecfg_ctx *ctx, const char *name);

/* True when the connection that is open is read-only. */
bool sc_virt_is_readonly(const struct spicecfg_ctx *ctx);

/* True when uri means another host: a name behind "://" or a transport with one. NULL: libvirt's default, which is looked up. */
bool sc_virt_uri_is_remote(const char *uri);

/* True when the context's URI means the QEMU driver of this machine's system daemon. */
bool sc_virt_is_system(const struct spicecfg_ctx *ctx);

/* The URI that the context means: its own, LIBVIRT_DEFAULT_URI, else qemu:///system. */
const char *sc_virt_uri(const struct spicecfg_ctx *ctx);

#endif

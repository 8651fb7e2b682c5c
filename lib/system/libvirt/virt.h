/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The context's connection to libvirt, through the module "virt", which is loaded when it is first needed. */
#ifndef SC_SYSTEM_VIRT_H
#define SC_SYSTEM_VIRT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"
#include "system/modules/virt.h"

/* The module's operations; NULL with the error recorded. */
const struct sc_virt_ops *sc_virt(struct spicecfg_ctx *ctx);

/*
 * The context's connection, opened on first use and kept; NULL with the error recorded (SPICECFG_SYSTEM). With readonly, a read-only one is
 * tried if the full one is refused.
 */
void *sc_virt_connection(struct spicecfg_ctx *ctx, bool readonly);

/*
 * Keeps domains that were listed (takes ownership of them and of the array) for some seconds, so that opening each of many needs no
 * look-up. sc_virt_kept() returns one of them by its name, to be freed with the module's domain_free, or NULL; it may have been renamed or
 * removed since.
 */
void sc_virt_keep(struct spicecfg_ctx *ctx, void **domains);
void *sc_virt_kept(struct spicecfg_ctx *ctx, const char *name);

/* Whether the open connection is read-only. */
bool sc_virt_is_readonly(const struct spicecfg_ctx *ctx);

/* Whether uri refers to another host: a name after "://", or a transport that needs one. NULL: libvirt's default is used. */
bool sc_virt_uri_is_remote(const char *uri);

/* Whether the context's URI refers to the QEMU driver of this machine's system daemon. */
bool sc_virt_is_system(const struct spicecfg_ctx *ctx);

/* The context's effective URI: its own, else LIBVIRT_DEFAULT_URI, else qemu:///system. */
const char *sc_virt_uri(const struct spicecfg_ctx *ctx);

#endif

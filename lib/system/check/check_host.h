/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which host a check asks: assumed, told by a file, below a root, or this one. */
#ifndef SC_SYSTEM_CHECK_HOST_H
#define SC_SYSTEM_CHECK_HOST_H

#include <spicecfg/check.h>

#include "base/ctx.h"
#include "model/host.h"

/*
 * Makes the host that options mean. files_only: no domain of libvirt is among the targets, so that a machine without libvirt counts as
 * --no-host. *live: this machine or the root was asked for its qemu.conf; sc_host_gather_machine() and
 * sc_host_gather_domain() add what a domain needs.
 * *out is for sc_host_free(); it may be made on failure too.
 */
SPICECFG_CHECKED enum spicecfg_status sc_check_host(struct spicecfg_ctx *ctx, const struct spicecfg_check_options *options, bool files_only,
						    struct sc_host **out, bool *live);

/* True when text is such as "libvirt=9.0,qemu=7.2". */
bool sc_check_knows_versions(const char *text);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host of a check: assumed, described by a file, below a root, or this machine. */
#ifndef SC_SYSTEM_CHECK_HOST_H
#define SC_SYSTEM_CHECK_HOST_H

#include <spicecfg/check.h>

#include "base/ctx.h"
#include "model/host.h"

/*
 * Makes the host that options specify. files_only: no domain of libvirt is among the targets, so a machine without libvirt is treated as
 * with --no-host. *live: qemu.conf was read from this machine or the root, and sc_host_gather_machine() and sc_host_gather_domain() can add
 * what a domain needs. Free *out with sc_host_free(), on failure too.
 */
SPICECFG_CHECKED enum spicecfg_status sc_check_host(struct spicecfg_ctx *ctx, const struct spicecfg_check_options *options, bool files_only,
						    struct sc_host **out, bool *live);

/* Whether text is a list of versions such as "libvirt=9.0,qemu=7.2". */
bool sc_check_knows_versions(const char *text);

#endif

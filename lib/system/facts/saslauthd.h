/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How this host starts saslauthd. */
#ifndef SC_SYSTEM_FACTS_SASLAUTHD_H
#define SC_SYSTEM_FACTS_SASLAUTHD_H

#include "plan/sasl.h"

/* Reads the settings of the saslauthd that this host starts. */
SPICECFG_CHECKED enum spicecfg_status sc_host_saslauthd(struct spicecfg_ctx *ctx, struct sc_arena *memory, enum sc_distro family,
							struct sc_saslauthd *daemon);

/* The socket that saslauthd creates according to its settings, allocated in memory; NULL: they can't be read. */
const char *sc_host_mux(struct spicecfg_ctx *ctx, struct sc_arena *memory);

/* The family of the host's distribution, from os-release and its files. */
enum sc_distro sc_host_family(const struct spicecfg_ctx *ctx);

#endif

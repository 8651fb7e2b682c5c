/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What starts and restarts daemons of this host. */
#ifndef SC_SYSTEM_MANAGER_H
#define SC_SYSTEM_MANAGER_H

#include "base/ctx.h"

/* True where systemd runs (sd_booted(3)); false below a root. */
bool sc_manager_is_systemd(const struct spicecfg_ctx *ctx);

/* systemctl VERB UNIT (NULL: none), its output dropped: its exit status, -1 with errno when it can't be run. */
int sc_manager_systemctl(const char *verb, const char *unit);

/* True where systemd does not run, and the program service and an init script of that name exist; false below a root. */
bool sc_manager_has_script(const struct spicecfg_ctx *ctx, const char *name);

/* service NAME VERB, in the same way. */
int sc_manager_service(const char *name, const char *verb);

#endif

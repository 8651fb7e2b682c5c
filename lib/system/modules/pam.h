/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libpam, through the module "pam": authenticates as saslauthd does, in a forked process. */
#ifndef SC_SYSTEM_MODULES_PAM_H
#define SC_SYSTEM_MODULES_PAM_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/ctx.h"

struct sc_pam_login {
	const char *service; /* "spice" */
	const char *confdir; /* a directory with the service file, used instead of /etc/pam.d (included files are still read from there);
				NULL: the system's */
	const char *user;
	const char *password;
	size_t password_len;
	bool only_start; /* no login: only verify that pam_start() succeeds for the service */
};

struct sc_module_pam {
	/*
	 * Calls pam_start(), pam_authenticate() and pam_acct_mgmt(). *admitted is the result; if it is false, *why is the step that failed
	 * and libpam's message ("Authentication failure"), in arena memory. SPICECFG_SYSTEM: libpam can't start, or confdir is set and
	 * libpam is older than 1.4.
	 */
	enum spicecfg_status (*login)(struct spicecfg_ctx *ctx, const struct sc_pam_login *login, struct sc_arena *arena, bool *admitted,
				      const char **why);
};

/* The module; NULL with the error recorded. */
const struct sc_module_pam *sc_pamauth(struct spicecfg_ctx *ctx);

#endif

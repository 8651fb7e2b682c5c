/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the verbs of PAM services share. */
#ifndef SC_SYSTEM_PAM_SERVICE_H
#define SC_SYSTEM_PAM_SERVICE_H

#include "plan/plan.h"

/* Sets a service that is NULL to "spice". SPICECFG_USAGE: it is not a name of a service. */
SPICECFG_CHECKED enum spicecfg_status sc_pam_service(struct spicecfg_ctx *ctx, const char **service);

/* Appends the text of a service without delays, as sc_pam_undelay() does with the host's own files. */
SPICECFG_CHECKED enum spicecfg_status sc_pam_install_text(struct spicecfg_plan *plan, const char *text, struct sc_buf *out);

#endif

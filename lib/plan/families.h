/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The families of settings, one file each. */
#ifndef SC_PLAN_FAMILIES_H
#define SC_PLAN_FAMILIES_H

#include "plan/vm.h"

extern const struct sc_family sc_family_place;       /* place.c: what a path names */
extern const struct sc_family sc_family_listen;      /* listen.c: listener and ports */
extern const struct sc_family sc_family_mode;        /* mode.c: encryption per channel */
extern const struct sc_family sc_family_compression; /* compression.c */
extern const struct sc_family sc_family_options;     /* options.c: input, agent, GL */
extern const struct sc_family sc_family_password;    /* password.c: ticket and expiry */
extern const struct sc_family sc_family_heads;       /* heads.c: displays and their memory */

#endif

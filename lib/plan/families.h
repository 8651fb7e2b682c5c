/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The families of settings, one file each. */
#ifndef SC_PLAN_FAMILIES_H
#define SC_PLAN_FAMILIES_H

#include "plan/vm.h"

extern const struct sc_family sc_family_place;       /* place.c: attributes and elements by path */
extern const struct sc_family sc_family_listen;      /* listen.c: listener and ports */
extern const struct sc_family sc_family_mode;        /* mode.c: encryption per channel */
extern const struct sc_family sc_family_compression; /* compression.c */
extern const struct sc_family sc_family_options;     /* options.c: input, agent, OpenGL */
extern const struct sc_family sc_family_password;    /* password.c: ticket and expiry */
extern const struct sc_family sc_family_heads;       /* heads.c: heads and video memory */

#endif

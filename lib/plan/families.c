/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of families. */
#include "plan/families.h"

/* Places first, as paths count what is there before; then listeners: the others look at what they have become. */
const struct sc_family *const sc_families[] = {
    &sc_family_place,   &sc_family_listen,   &sc_family_mode,  &sc_family_compression,
    &sc_family_options, &sc_family_password, &sc_family_heads, NULL,
};

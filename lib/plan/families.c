/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of families of settings. */
#include "plan/families.h"

/* Paths first, since they refer to the document before the edit; then listeners, since the other families depend on them. */
const struct sc_family *const sc_families[] = {
    &sc_family_place,   &sc_family_listen,   &sc_family_mode,  &sc_family_compression,
    &sc_family_options, &sc_family_password, &sc_family_heads, NULL,
};

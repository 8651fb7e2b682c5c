/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The finding about a file with a password that others can read, wherever the file was found. */
#ifndef SC_RULES_EXPOSURE_H
#define SC_RULES_EXPOSURE_H

#include <spicecfg/check.h>

#include "base/arena.h"
#include "model/domain.h"
#include "model/exposure.h"

/* True for a definition that contains a console's password: then it matters who can read its file. */
bool sc_exposure_matters(const struct sc_domain *domain);

/* Makes the finding for exposure, whose reader must be set, in memory; false when memory is short. */
bool sc_exposure_finding(const struct sc_exposure *exposure, struct sc_arena *memory, struct spicecfg_finding *out);

#endif

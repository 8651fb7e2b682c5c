/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The finding about a file with a password that others can read, wherever it is found. */
#ifndef SC_RULES_EXPOSURE_H
#define SC_RULES_EXPOSURE_H

#include <spicecfg/check.h>

#include "base/arena.h"
#include "model/domain.h"
#include "model/exposure.h"

/* True for a definition that holds a console's password: who reads its file is of interest. */
bool sc_exposure_matters(const struct sc_domain *domain);

/* exposure->reader must be set. In memory; false when that is short. */
bool sc_exposure_finding(const struct sc_exposure *exposure, struct sc_arena *memory, struct spicecfg_finding *out);

#endif

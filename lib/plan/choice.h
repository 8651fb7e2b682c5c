/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sub-elements of <graphics> that hold one word each. */
#ifndef SC_PLAN_CHOICE_H
#define SC_PLAN_CHOICE_H

#include "plan/edit.h"

/* Sets the option's word; "default" removes its attribute, and the element when that leaves it empty. The first element counts. */
SPICECFG_CHECKED enum spicecfg_status sc_choice_put(struct sc_vm_edit *edit, struct sc_graphics *graphics, enum sc_spice_option option,
						    const char *word);

/* The word of an option, NULL: not written; *origin as for sc_setting.show. */
const char *sc_choice_show(const struct sc_domain *domain, enum sc_spice_option option, const char **origin);

#endif

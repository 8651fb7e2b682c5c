/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings that are a single word in a sub-element of <graphics>: those whose row has an option. */
#ifndef SC_PLAN_CHOICE_H
#define SC_PLAN_CHOICE_H

#include "plan/edit.h"

/*
 * Sets the requested words of the family's settings; libvirt's yes and no are on and off here. "default" removes the element. Of several
 * elements of a kind, the first one is in effect.
 */
SPICECFG_CHECKED enum spicecfg_status sc_choice_put(struct sc_vm_edit *edit, const struct sc_family *family, struct sc_graphics *graphics);

/* sc_setting.show of such a setting: NULL if the definition does not contain it. */
const char *sc_choice_show(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin);

/* "on" and "off" for libvirt's "yes" and "no", and back; other words, and NULL, are returned unchanged. */
const char *sc_choice_on(const char *yes);
const char *sc_choice_yes(const char *on);

#endif

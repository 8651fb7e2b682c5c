/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the families of settings share: places in the definition, and edits that leave alone what means the same. */
#ifndef SC_PLAN_EDIT_H
#define SC_PLAN_EDIT_H

#include "plan/vm.h"

/* The value asked for a key of this edit, NULL: not asked. */
static inline const char *sc_want(const struct sc_vm_edit *edit, const char *key)
{
	return sc_asked(edit->request, key);
}

/*
 * The domain's Spice console. There is none: *out is NULL and, unless every key of the family that is asked is "default", an error of
 * SPICECFG_INPUT with the verb that adds one. Two of them: SPICECFG_FINDINGS unless forced.
 */
SPICECFG_CHECKED enum spicecfg_status sc_edit_spice(struct sc_vm_edit *edit, const struct sc_family *family, struct sc_graphics **out);

/* The first child element called name; made in libvirt's order of elements where it is not there. NULL when memory is short (recorded). */
SPICECFG_CHECKED struct sc_xml_node *sc_edit_child(struct sc_vm_edit *edit, struct sc_xml_node *parent, const char *name);

/* Adds a device (graphics, video, channel) to the devices, behind its like. NULL when memory is short (recorded). */
SPICECFG_CHECKED struct sc_xml_node *sc_edit_device(struct sc_vm_edit *edit, const char *name, struct sc_xml_node *after);

/* Removes all child elements called name. */
void sc_edit_remove(struct sc_xml_node *parent, const char *name);

/* Sets an attribute; SPICECFG_SYSTEM when memory is short. */
SPICECFG_CHECKED enum spicecfg_status sc_edit_set(struct sc_vm_edit *edit, struct sc_xml_node *node, const char *attr, const char *value);
SPICECFG_CHECKED enum spicecfg_status sc_edit_set_number(struct sc_vm_edit *edit, struct sc_xml_node *node, const char *attr,
							 unsigned value);

/* Reads a decimal number without sign: false for anything else, or above max. */
bool sc_parse_number(const char *text, unsigned max, unsigned *out);

#endif

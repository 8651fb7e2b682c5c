/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the families of settings share: finding places in the definition, and edits that leave an equivalent value untouched. */
#ifndef SC_PLAN_EDIT_H
#define SC_PLAN_EDIT_H

#include "plan/vm.h"

/* The value requested for a key of this edit; NULL: not requested. */
static inline const char *sc_want(const struct sc_vm_edit *edit, const char *key)
{
	return sc_asked(edit->request, key);
}

/*
 * The domain's Spice console. If it has none, *out is NULL and the result is SPICECFG_INPUT, with the verb that adds one, unless all
 * requested keys of the family are "default". More than one console: SPICECFG_FINDINGS unless forced.
 */
SPICECFG_CHECKED enum spicecfg_status sc_edit_spice(struct sc_vm_edit *edit, const struct sc_family *family, struct sc_graphics **out);

/* The first child element called name; if missing, it is added in libvirt's order of elements. NULL: out of memory (recorded). */
SPICECFG_CHECKED struct sc_xml_node *sc_edit_child(struct sc_vm_edit *edit, struct sc_xml_node *parent, const char *name);

/*
 * Adds a device (graphics, video, channel) to the devices: after `after`, or (NULL) after the others of its kind. NULL: out of memory
 * (recorded).
 */
SPICECFG_CHECKED struct sc_xml_node *sc_edit_device(struct sc_vm_edit *edit, const char *name, struct sc_xml_node *after);

/* Removes all child elements called name. */
void sc_edit_remove(struct sc_xml_node *parent, const char *name);

/* Sets an attribute; SPICECFG_SYSTEM: out of memory. */
SPICECFG_CHECKED enum spicecfg_status sc_edit_set(struct sc_vm_edit *edit, struct sc_xml_node *node, const char *attr, const char *value);
SPICECFG_CHECKED enum spicecfg_status sc_edit_set_number(struct sc_vm_edit *edit, struct sc_xml_node *node, const char *attr,
							 unsigned value);

/* Reads an unsigned decimal number: false for anything else, or above max. */
bool sc_parse_number(const char *text, unsigned max, unsigned *out);

#endif

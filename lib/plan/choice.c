/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/choice.h"

enum spicecfg_status sc_choice_put(struct sc_vm_edit *edit, struct sc_graphics *graphics, enum sc_spice_option option, const char *word)
{
	const struct sc_option_spec *spec = &sc_option_specs[option];
	struct sc_xml_node *element = sc_xml_child(graphics->node, spec->element);

	if (sc_is_default(word)) {
		/* gl keeps its render node out of use: the element goes as a whole, and those that libvirt did not read behind it. */
		sc_edit_remove(graphics->node, spec->element);
		return SPICECFG_OK;
	}
	if (!element)
		element = sc_edit_child(edit, graphics->node, spec->element);
	return element ? sc_edit_set(edit, element, spec->attr, word) : SPICECFG_SYSTEM;
}

const char *sc_choice_show(const struct sc_domain *domain, enum sc_spice_option option, const char **origin)
{
	const char *text = domain->spice ? domain->spice->options[option].text : NULL;

	if (text)
		*origin = "XML";
	return text;
}

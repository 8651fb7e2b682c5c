/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/choice.h"

#include <string.h>

const char *sc_choice_on(const char *yes)
{
	if (!yes)
		return NULL;
	return strcmp(yes, "yes") == 0 ? "on" : strcmp(yes, "no") == 0 ? "off" : yes;
}

const char *sc_choice_yes(const char *on)
{
	if (!on)
		return NULL;
	return strcmp(on, "on") == 0 ? "yes" : strcmp(on, "off") == 0 ? "no" : on;
}

static enum spicecfg_status put(struct sc_vm_edit *edit, struct sc_graphics *graphics, const struct sc_option_spec *spec, const char *word)
{
	struct sc_xml_node *element = sc_xml_child(graphics->node, spec->element);

	if (sc_is_default(word)) {
		/* the whole element is removed, so that gl keeps no unused render node, and so are the later ones, which libvirt ignored */
		sc_edit_remove(graphics->node, spec->element);
		return SPICECFG_OK;
	}
	if (!element)
		element = sc_edit_child(edit, graphics->node, spec->element);
	if (!element)
		return SPICECFG_SYSTEM;
	return sc_edit_set(edit, element, spec->attr, spec->words == sc_yes_no_words ? sc_choice_yes(word) : word);
}

enum spicecfg_status sc_choice_put(struct sc_vm_edit *edit, const struct sc_family *family, struct sc_graphics *graphics)
{
	enum spicecfg_status status = SPICECFG_OK;

	for (const struct sc_setting *setting = family->settings; !status && setting->key; setting++) {
		const char *word = setting->option ? sc_want(edit, setting->key) : NULL;

		if (word)
			status = put(edit, graphics, setting->option, word);
	}
	return status;
}

const char *sc_choice_show(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	const struct sc_option_spec *spec = setting->option;
	const char *text = domain->spice ? domain->spice->options[spec - sc_option_specs].text : NULL;

	if (text)
		*origin = "XML";
	return spec->words == sc_yes_no_words ? sc_choice_on(text) : text;
}

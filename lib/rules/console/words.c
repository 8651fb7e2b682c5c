/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words of graphics other than Spice and VNC, and of character devices that Spice uses. */
#include <string.h>

#include "base/table.h"
#include "base/text.h"
#include "rules/fixes.h"
#include "rules/tables.h"

static void check_yes_no(const struct sc_rule *rule, const struct sc_xml_node *node, const char *attr, struct sc_findings *out)
{
	const char *value = sc_xml_get(node, attr);

	if (value && strcmp(value, "yes") != 0 && strcmp(value, "no") != 0) {
		sc_find(out, rule, SC_ALWAYS, node, attr, "%s is '%s', neither 'yes' nor 'no'", attr, value);
		if (strcmp(attr, "copypaste") == 0 && sc_word_guess(sc_yes_no_words, value) < 0)
			sc_find_fix_asks(out);
		sc_find_fix_word(out, sc_yes_no_words, value);
	}
}

static void graphics_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->kind == SC_GRAPHICS_SDL)
			check_yes_no(rule, graphics->node, "fullscreen", out);
		else if (graphics->kind == SC_GRAPHICS_DBUS)
			check_yes_no(rule, graphics->node, "p2p", out);
	}
}

static void dbus_address(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];
		const char *p2p = sc_xml_get(graphics->node, "p2p");

		if (graphics->kind == SC_GRAPHICS_DBUS && p2p && strcmp(p2p, "yes") == 0 && sc_xml_get(graphics->node, "address"))
			sc_find(out, rule, SC_ALWAYS, graphics->node, "address", "D-Bus graphics with p2p='yes' can't have an address");
	}
}

/* The name that the guest sees; libvirt's default is the agent's. */
static const char *name_of(const struct sc_xml_node *node)
{
	const char *name = sc_xml_get(sc_xml_child(node, "target"), "name");

	return name ? name : "com.redhat.spice.0";
}

static bool is_virtio(const struct sc_xml_node *node)
{
	return sc_text_is(sc_xml_get(sc_xml_child(node, "target"), "type"), "virtio");
}

/* With another channel of the same name, the word can't be corrected. */
static void device_type(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_nodes *chars = &in->domain->chars;
	SC_TABLE names = SC_TABLE_INIT;

	for (size_t i = 0; i < chars->count; i++) {
		struct sc_table_entry *entry = is_virtio(chars->items[i]) ? sc_table_add_text(&names, name_of(chars->items[i])) : NULL;

		if (entry)
			entry->times++;
	}
	for (size_t i = 0; i < chars->count; i++) {
		const struct sc_xml_node *node = chars->items[i];
		const char *type = sc_xml_get(node, "type");

		if (!type || sc_word_find(sc_char_words, type) >= 0)
			continue;
		const struct sc_table_entry *entry = is_virtio(node) ? sc_table_find_text(&names, name_of(node)) : NULL;
		sc_find(out, rule, SC_ALWAYS, node, "type", "libvirt does not know the type '%s' for <%s>", type, sc_xml_node_name(node));
		sc_find_fix_asks(out);
		if (!entry || entry->times < 2)
			sc_find_fix_word(out, sc_char_words, type);
	}
	sc_findings_fail(out, names.failed);
}

static void vdagent_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const modes[] = {"server", "client", NULL};

	for (size_t i = 0; i < in->domain->chars.count; i++) {
		const struct sc_xml_node *node = in->domain->chars.items[i];
		const struct sc_xml_node *source = sc_xml_child(node, "source");
		const char *type = sc_xml_get(node, "type");

		if (!type || strcmp(type, "qemu-vdagent") != 0)
			continue;
		const struct sc_xml_node *clipboard = sc_xml_child(source, "clipboard"), *mouse = sc_xml_child(source, "mouse");
		if (clipboard && !sc_xml_get(clipboard, "copypaste"))
			sc_find(out, rule, SC_ALWAYS, clipboard, NULL, "<clipboard> has no attribute 'copypaste'");
		else if (clipboard)
			check_yes_no(rule, clipboard, "copypaste", out);
		const char *mode = sc_xml_get(mouse, "mode");
		if (mouse && (!mode || sc_word_find(modes, mode) < 0)) {
			sc_find(out, rule, SC_ALWAYS, mouse, mode ? "mode" : NULL, "mouse mode is '%s', neither server nor client",
				mode ? mode : "");
			sc_find_fix_word(out, modes, mode);
		}
	}
}

const struct sc_rule sc_rules_words[] = {
    {"graphics-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "Unknown setting of SDL or D-Bus graphics",
     "fullscreen of type sdl and p2p of type dbus are yes or no.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSDL, virDomainGraphicsDefParseXMLDBus; measured",
     "spicecfg set TARGET 'PATH=default'", graphics_word},
    {"dbus-address", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "D-Bus graphics with p2p and an address",
     "With p2p='yes', clients connect through a socket that libvirt passes on; an address names a bus. Remove one of the two.",
     "libvirt conf/domain_validate.c virDomainGraphicsDefValidate; measured", "spicecfg set TARGET 'PATH=default'", dbus_address},
    {"device-type", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "Unknown type of character device",
     "The type of a <channel>, <serial>, <console> or <parallel> must be one that libvirt knows; for Spice these are spicevmc and "
     "spiceport.",
     "libvirt conf/domain_conf.c virDomainChrDefParseXML; measured", "spicecfg set TARGET 'ELEMENT=default'", device_type},
    {"vdagent-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "Unknown setting of qemu-vdagent",
     "A channel of type qemu-vdagent accepts <clipboard copypaste='yes|no'/> and <mouse mode='server|client'/> in its <source>.",
     "libvirt conf/domain_conf.c virDomainChrSourceDefParseQemuVdagent; measured", "spicecfg set TARGET 'ELEMENT=default'", vdagent_word},
    {0},
};

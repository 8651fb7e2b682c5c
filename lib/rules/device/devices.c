/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices that use Spice: agent and port channels, USB redirection, smart cards. */
#include <string.h>

#include "base/table.h"
#include "base/text.h"
#include "rules/fixes.h"
#include "rules/tables.h"

static const struct sc_xml_node *target_of(const struct sc_xml_node *node)
{
	return sc_xml_child(node, "target");
}

/* libvirt compares the number of the target type with that of channel targets: usb-serial and xen have the same one. */
static bool passes_for_virtio(const struct sc_xml_node *node)
{
	const char *element = sc_xml_node_name(node);
	const char *type = sc_xml_get(target_of(node), "type");

	if (strcmp(element, "channel") == 0)
		return sc_text_is(type, "virtio");
	if (strcmp(element, "serial") == 0)
		return sc_text_is(type, "usb-serial");
	return strcmp(element, "console") == 0 && sc_text_is(type, "xen");
}

static const char *const channel_targets[] = {"none", "guestfwd", "virtio", "xen", NULL};

/* The agent's channel exists or set-options adds it; another one is removed. */
static void fix_channel(const struct sc_rule_input *in, const struct sc_xml_node *node, struct sc_findings *out)
{
	const char *path = sc_find_fix_element(out, node);

	if (sc_text_is(sc_xml_get(node, "type"), "spicevmc") && in->domain->n_spice)
		sc_find_fix(out, "spicecfg set TARGET '%s=default' agent=on", path);
	else
		sc_find_fix(out, "spicecfg set TARGET '%s=default'", path);
	sc_find_fix_asks(out);
}

static void channel_target(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->chars.count; i++) {
		const struct sc_xml_node *node = in->domain->chars.items[i];

		if (strcmp(sc_xml_node_name(node), "channel") != 0)
			continue;
		const char *type = sc_xml_get(target_of(node), "type");
		if (!type)
			sc_find(out, rule, SC_ALWAYS, node, NULL, "the channel has no target type");
		else if (sc_word_find(channel_targets, type) < 0)
			sc_find(out, rule, SC_ALWAYS, target_of(node), "type", "libvirt does not know the target type '%s' for channels",
				type);
		else
			continue;
		if (target_of(node))
			sc_find_fix(out, "spicecfg set TARGET '%s=virtio'", sc_find_fix_path(out, target_of(node), "type"));
		else
			fix_channel(in, node, out);
	}
}

static void spicevmc_target(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->chars.count; i++) {
		const struct sc_xml_node *node = in->domain->chars.items[i];
		bool channel = strcmp(sc_xml_node_name(node), "channel") == 0;

		if (!sc_text_is(sc_xml_get(node, "type"), "spicevmc") || passes_for_virtio(node))
			continue;
		const char *target = sc_xml_get(target_of(node), "type");
		if (channel && (!target || sc_word_find(channel_targets, target) < 0))
			continue;
		sc_find(out, rule, SC_ALWAYS, node, "type", "type spicevmc is for channels with a virtio target, not for this <%s>",
			sc_xml_node_name(node));
		fix_channel(in, node, out);
	}
}

static void spicevmc_name(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->chars.count; i++) {
		const struct sc_xml_node *node = in->domain->chars.items[i];
		const char *name = sc_xml_get(target_of(node), "name");

		if (sc_text_is(sc_xml_get(node, "type"), "spicevmc") && passes_for_virtio(node) &&
		    strcmp(sc_xml_node_name(node), "channel") == 0 && name && strcmp(name, "com.redhat.spice.0") != 0)
			sc_find(out, rule, SC_ALWAYS, target_of(node), "name",
				"the target of a spicevmc channel is com.redhat.spice.0, not '%s'", name);
	}
}

static const char *port_name(const struct sc_xml_node *node)
{
	const struct sc_xml_node *target = target_of(node);
	const char *name = sc_xml_get(target, "name");

	if (strcmp(sc_xml_node_name(node), "channel") != 0 || !sc_text_is(sc_xml_get(target, "type"), "virtio"))
		return NULL;
	/* libvirt sets the name of an agent's channel itself. */
	if (!name && sc_text_is(sc_xml_get(node, "type"), "spicevmc"))
		return "com.redhat.spice.0";
	return name && *name ? name : NULL;
}

static void channel_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_nodes *chars = &in->domain->chars;
	SC_TABLE names = SC_TABLE_INIT;

	for (size_t i = 0; i < chars->count; i++) {
		const char *name = port_name(chars->items[i]);
		struct sc_table_entry *entry = name ? sc_table_add_text(&names, name) : NULL;
		bool spice = sc_is_spice_type(sc_xml_get(chars->items[i], "type"));

		if (!entry)
			continue;
		/* value: an earlier channel of that name belongs to Spice. */
		bool twice = entry->times++ && (spice || entry->value);
		entry->value = spice ? name : entry->value;
		if (!twice)
			continue;
		sc_find(out, rule, SC_ALWAYS, target_of(chars->items[i]), "name", "another channel is named '%s' too", name);
		sc_find_fix(out, "spicecfg set TARGET '%s=default'", sc_find_fix_element(out, chars->items[i]));
		sc_find_fix_asks(out);
	}
	sc_findings_fail(out, names.failed);
}

static void check_port_source(const struct sc_rule *rule, const struct sc_xml_node *node, struct sc_findings *out)
{
	const struct sc_xml_node *source = sc_xml_child(node, "source");
	const char *channel = sc_xml_get(source, "channel");
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	if (!sc_text_is(sc_xml_get(node, "type"), "spiceport"))
		return;
	if (!channel)
		sc_find(out, rule, SC_ALWAYS, source ? source : node, NULL, "a device of type spiceport has no <source channel='…'/>");
	else if (strspn(channel, allowed) != strlen(channel))
		sc_find(out, rule, SC_ALWAYS, source, "channel",
			"channel '%s' contains characters other than letters, digits, '-', '_' and '.'", channel);
	else
		return;
	sc_find_fix(out, "spicecfg set TARGET '%s=default'", sc_find_fix_element(out, node));
	sc_find_fix_asks(out);
}

static void spiceport_source(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->chars.count; i++)
		check_port_source(rule, in->domain->chars.items[i], out);
	for (size_t i = 0; i < in->domain->redirdevs.count; i++)
		check_port_source(rule, in->domain->redirdevs.items[i], out);
	for (size_t i = 0; i < in->domain->smartcards.count; i++)
		check_port_source(rule, in->domain->smartcards.items[i], out);
}

static void two_sources(const struct sc_rule *rule, const struct sc_nodes *nodes, struct sc_findings *out)
{
	for (size_t i = 0; i < nodes->count; i++) {
		struct sc_xml_node *source = sc_xml_child(nodes->items[i], "source");

		if (sc_is_spice_type(sc_xml_get(nodes->items[i], "type")) && source && sc_xml_next(source, "source"))
			sc_find(out, rule, SC_ALWAYS, sc_xml_next(source, "source"), NULL, "a character device can have only one <source>");
	}
}

static void source_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	two_sources(rule, &in->domain->chars, out);
	two_sources(rule, &in->domain->redirdevs, out);
	two_sources(rule, &in->domain->smartcards, out);
}

/* QEMU accepts a spicevmc without Spice; so does libvirt before 8.4 (commit 36e86dbf33), which omits a serial spiceport. */
static void check_spice(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_nodes *nodes, struct sc_findings *out)
{
	unsigned libvirt = sc_host_libvirt(in->host);

	for (size_t i = 0; i < nodes->count; i++) {
		const char *type = sc_xml_get(nodes->items[i], "type");
		bool serial = strcmp(sc_xml_node_name(nodes->items[i]), "serial") == 0;
		bool taken = libvirt < SC_VERSION(8, 4) && (sc_text_is(type, "spicevmc") || serial);

		if (!sc_is_spice_type(type) || taken)
			continue;
		sc_find(out, rule, SC_ALWAYS, nodes->items[i], "type", "<%s> has type '%s', but the domain has no Spice console",
			sc_xml_node_name(nodes->items[i]), type);
		/* Who has another console is asked to remove the device, who has none to add one. */
		if (in->domain->n_graphics)
			sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
		sc_find_fix_asks(out);
	}
}

static void device_without_spice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	if (in->domain->n_spice)
		return;
	check_spice(rule, in, &in->domain->chars, out);
	check_spice(rule, in, &in->domain->redirdevs, out);
	check_spice(rule, in, &in->domain->smartcards, out);
}

/* An address of a type that does not belong to the device. */
static void check_address(const struct sc_rule *rule, const struct sc_xml_node *node, const char *kind, struct sc_findings *out)
{
	const struct sc_xml_node *address = sc_xml_child(node, "address");
	const char *type = sc_xml_get(address, "type");

	if (!type || strcmp(type, kind) == 0)
		return;
	sc_find(out, rule, SC_ALWAYS, address, "type", "a <%s> has an address of type '%s', not %s", sc_xml_node_name(node), type, kind);
	sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
}

static void redirdev_type(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->redirdevs.count; i++) {
		const struct sc_xml_node *node = in->domain->redirdevs.items[i];
		const char *type = sc_xml_get(node, "type");
		const char *bus = sc_xml_get(node, "bus");

		if (!type)
			sc_find(out, rule, SC_ALWAYS, node, NULL, "<redirdev> has no type");
		else if (sc_word_find(sc_char_words, type) < 0)
			sc_find(out, rule, SC_ALWAYS, node, "type", "libvirt does not know the redirdev type '%s'", type);
		if (bus && strcmp(bus, "usb") != 0) {
			sc_find(out, rule, SC_ALWAYS, node, "bus", "redirdev bus is '%s', not usb", bus);
			sc_find_fix(out, "spicecfg set TARGET 'PATH=usb'");
		}
		check_address(rule, node, "usb", out);
	}
}

static bool no_usb(const struct sc_domain *domain)
{
	for (size_t i = 0; i < domain->controllers.count; i++)
		if (sc_text_is(sc_xml_get(domain->controllers.items[i], "type"), "usb") &&
		    sc_text_is(sc_xml_get(domain->controllers.items[i], "model"), "none"))
			return true;
	return false;
}

static void redirdev_usb(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	if (!in->domain->redirdevs.count || !no_usb(in->domain))
		return;
	sc_find(out, rule, SC_ALWAYS, in->domain->redirdevs.items[0], NULL, "USB is redirected, but the USB controller has model none");
	sc_find_fix(out, "spicecfg set TARGET");
	for (size_t i = 0; i < in->domain->redirdevs.count; i++)
		sc_find_fix_more(out, "%s=default", sc_find_fix_element(out, in->domain->redirdevs.items[i]));
	sc_find_fix_asks(out);
}

static void check_passthrough(const struct sc_rule *rule, const struct sc_xml_node *node, struct sc_findings *out)
{
	const char *type = sc_xml_get(node, "type");

	if (!type)
		sc_find(out, rule, SC_ALWAYS, node, NULL, "a smartcard of mode passthrough has no type");
	else if (sc_word_find(sc_char_words, type) < 0)
		sc_find(out, rule, SC_ALWAYS, node, "type", "libvirt does not know the type '%s' for <smartcard>", type);
	else
		return;
	sc_find_fix(out, "spicecfg set TARGET 'ELEMENT/@type=spicevmc'");
}

static void check_certificates(const struct sc_rule *rule, const struct sc_xml_node *node, struct sc_findings *out)
{
	const struct sc_xml_node *certificate = sc_xml_child(node, "certificate");
	size_t count = 0;

	for (; certificate; certificate = sc_xml_next(certificate, "certificate"))
		count++;
	if (count == 3)
		return;
	sc_find(out, rule, SC_ALWAYS, node, NULL, "a smartcard of mode host-certificates needs three certificates, not %zu", count);
	sc_find_fix_asks(out);
}

static void fix_mode(const struct sc_xml_node *node, const char *const *modes, const char *mode, struct sc_findings *out)
{
	if (sc_is_spice_type(sc_xml_get(node, "type")))
		sc_find_fix(out, "spicecfg set TARGET 'ELEMENT/@mode=passthrough'");
	else
		sc_find_fix_asks(out);
	sc_find_fix_word(out, modes, mode);
}

static void smartcard_mode(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const modes[] = {"host", "host-certificates", "passthrough", NULL};

	for (size_t i = 0; i < in->domain->smartcards.count; i++) {
		const struct sc_xml_node *node = in->domain->smartcards.items[i];
		const char *mode = sc_xml_get(node, "mode");

		if (!mode || sc_word_find(modes, mode) < 0) {
			sc_find(out, rule, SC_ALWAYS, node, mode ? "mode" : NULL,
				"smartcard mode is '%s', not host, host-certificates or passthrough", mode ? mode : "");
			fix_mode(node, modes, mode, out);
		} else if (strcmp(mode, "passthrough") == 0)
			check_passthrough(rule, node, out);
		else if (strcmp(mode, "host-certificates") == 0)
			check_certificates(rule, node, out);
		check_address(rule, node, "ccid", out);
	}
}

static void smartcard_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	if (in->domain->smartcards.count < 2)
		return;
	sc_find(out, rule, SC_ALWAYS, in->domain->smartcards.items[1], NULL, "the domain has %zu smart cards",
		in->domain->smartcards.count);
	sc_find_fix_asks(out);
}

const struct sc_rule sc_rules_devices[] = {
    {"channel-target", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A channel without a target type",
     "A <channel> needs <target type='virtio' …/>.", "libvirt conf/domain_conf.c virDomainChrDefaultTargetType; measured",
     "spicecfg set TARGET 'ELEMENT=default'", channel_target},
    {"spicevmc-target", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "spicevmc on another device",
     "Type spicevmc is for the agent's channel: <channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>. "
     "Serial lines use type spiceport.",
     "libvirt conf/domain_conf.c virDomainChrDefParseXML; measured", "spicecfg set TARGET 'ELEMENT=default'", spicevmc_target},
    {"spicevmc-name", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "spicevmc with another name",
     "The agent's channel has only one possible name, com.redhat.spice.0, which libvirt also uses when no name is given. Other names are "
     "for type spiceport.",
     "libvirt qemu/qemu_command.c qemuBuildVirtioSerialPortDevProps; measured", "spicecfg set TARGET 'PATH=default'", spicevmc_name},
    {"channel-twice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "Two channels with the same name",
     "Each virtio port name is unique in QEMU.", "QEMU hw/char/virtio-serial-bus.c virtser_port_device_realize; measured",
     "spicecfg set TARGET 'ELEMENT=default'", channel_twice},
    {"spiceport-source", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A Spice port without a valid name",
     "Type spiceport needs <source channel='NAME'/> with a NAME of letters, digits, '-', '_' and '.'.",
     "libvirt conf/domain_validate.c virDomainChrSourceDefValidate; measured", "spicecfg set TARGET 'ELEMENT=default'", spiceport_source},
    {"source-twice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "Two sources of a Spice device",
     "Only UDP devices have two sources.", "libvirt conf/domain_conf.c virDomainChrSourceDefParseXML",
     "spicecfg set TARGET 'ELEMENT=default'", source_twice},
    {"device-without-spice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A Spice device without Spice",
     "Agent channels, Spice ports, redirected USB and smart cards of these types need a graphics device of type spice. Add a "
     "console, or remove the device.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainChrSourceDef; measured", "spicecfg set-listen TARGET address 127.0.0.1 --port auto",
     device_without_spice},
    {"redirdev-type", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A malformed redirdev",
     "<redirdev> needs a type (spicevmc) and bus usb; its address, if any, is of type usb.",
     "libvirt conf/domain_conf.c virDomainRedirdevDefParseXML; measured", "spicecfg set TARGET 'ELEMENT/@type=spicevmc'", redirdev_type},
    {"redirdev-usb", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "USB redirection without USB",
     "A USB controller of model none turns USB off, but redirection needs a controller.",
     "libvirt conf/domain_validate.c virDomainRedirdevDefValidate; measured", "spicecfg set TARGET 'ELEMENT=default'", redirdev_usb},
    {"smartcard-mode", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A malformed smart card",
     "<smartcard> needs mode host, host-certificates (with three certificates) or passthrough (with a type: spicevmc); its address, if "
     "any, is of type ccid.",
     "libvirt conf/domain_conf.c virDomainSmartcardDefParseXML", "spicecfg set TARGET 'ELEMENT=default'", smartcard_mode},
    {"smartcard-twice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "Two smart cards", "QEMU has one smart card slot.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainSmartcardDef; measured", "spicecfg set TARGET 'ELEMENT=default'", smartcard_twice},
    {0},
};

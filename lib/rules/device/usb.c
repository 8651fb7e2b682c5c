/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* USB devices of a console without a USB controller that supports them, input devices, and sources of character devices. */
#include <string.h>

#include "base/text.h"
#include "rules/device/twice.h"
#include "rules/fixes.h"
#include "rules/tables.h"

/* For the guest, another controller is another device. */
static void fix_controller(const struct sc_xml_node *ehci, struct sc_findings *out)
{
	sc_find_fix(out, "spicecfg set TARGET '%s=qemu-xhci'", sc_find_fix_path(out, ehci, "model"));
	sc_find_fix_asks(out);
}

/* EHCI alone does not support full-speed devices. */
static void usb_speed(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_xml_node *ehci = NULL;
	bool full = false;

	for (size_t i = 0; i < in->domain->controllers.count; i++) {
		const struct sc_xml_node *node = in->domain->controllers.items[i];
		const char *model = sc_xml_get(node, "model");

		if (!sc_text_is(sc_xml_get(node, "type"), "usb"))
			continue;
		if (sc_text_is(model, "ich9-ehci1") || sc_text_is(model, "ehci"))
			ehci = node;
		else
			full = true;
	}
	if (!ehci || full)
		return;
	if (in->domain->smartcards.count) {
		sc_find(out, rule, SC_ALWAYS, in->domain->smartcards.items[0], NULL,
			"a smart card does not work on a USB controller of type EHCI");
		fix_controller(ehci, out);
	}
	for (size_t i = 0; i < in->domain->sounds.count; i++)
		if (sc_text_is(sc_xml_get(in->domain->sounds.items[i], "model"), "usb")) {
			sc_find(out, rule, SC_ALWAYS, in->domain->sounds.items[i], "model",
				"USB sound does not work on a USB controller of type EHCI");
			fix_controller(ehci, out);
		}
}

/* True where libvirt would put the input device on USB. */
static bool is_usb_input(const struct sc_xml_node *node)
{
	const char *bus = sc_xml_get(node, "bus");

	return bus ? strcmp(bus, "usb") == 0 : sc_text_is(sc_xml_get(node, "type"), "tablet");
}

static const struct sc_xml_node *usb_device(const struct sc_domain *domain)
{
	const struct sc_xml_node *hub = sc_xml_child(domain->devices, "hub");

	if (domain->smartcards.count)
		return domain->smartcards.items[0];
	for (size_t i = 0; i < domain->sounds.count; i++)
		if (sc_text_is(sc_xml_get(domain->sounds.items[i], "model"), "usb"))
			return domain->sounds.items[i];
	for (size_t i = 0; i < domain->inputs.count; i++)
		if (is_usb_input(domain->inputs.items[i]))
			return domain->inputs.items[i];
	return sc_text_is(sc_xml_get(hub, "type"), "usb") ? hub : NULL;
}

static void usb_off(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_xml_node *other = NULL;
	bool off = false;

	for (size_t i = 0; i < in->domain->controllers.count; i++) {
		const struct sc_xml_node *node = in->domain->controllers.items[i];

		if (!sc_text_is(sc_xml_get(node, "type"), "usb"))
			continue;
		if (sc_text_is(sc_xml_get(node, "model"), "none") && !off)
			off = true;
		else
			other = node;
	}
	if (off && other)
		sc_find(out, rule, SC_ALWAYS, other, NULL, "the domain has another USB controller next to one of model none");
	else if (off && usb_device(in->domain))
		sc_find(out, rule, SC_ALWAYS, usb_device(in->domain), NULL,
			"the domain has a USB device, but its USB controller has model none");
}

static void input_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const types[] = {"mouse", "tablet", "keyboard", "passthrough", "evdev", NULL};
	static const char *const buses[] = {"ps2", "usb", "xen", "parallels", "virtio", "none", NULL};

	for (size_t i = 0; i < in->domain->inputs.count; i++) {
		const struct sc_xml_node *node = in->domain->inputs.items[i];
		const char *type = sc_xml_get(node, "type"), *bus = sc_xml_get(node, "bus");

		if (!type || sc_word_find(types, type) < 0)
			sc_find(out, rule, SC_ALWAYS, node, type ? "type" : NULL, "libvirt does not know the input type '%s'",
				type ? type : "");
		else if (bus && sc_word_find(buses, bus) < 0)
			sc_find(out, rule, SC_ALWAYS, node, "bus", "libvirt does not know the input bus '%s'", bus);
		else if (sc_text_is(bus, "xen") || (sc_text_is(bus, "ps2") && strcmp(type, "mouse") != 0 && strcmp(type, "keyboard") != 0))
			sc_find(out, rule, SC_ALWAYS, node, "bus", "an input device of type '%s' can't be on bus '%s'", type, bus);
	}
}

/* The source whose service libvirt requires: of the two of a udp device, the one that is not mode bind. */
static const struct sc_xml_node *asked_source(const struct sc_xml_node *node, const char *type)
{
	const struct sc_xml_node *source = sc_xml_child(node, "source");

	while (strcmp(type, "udp") == 0 && source && sc_text_is(sc_xml_get(source, "mode"), "bind"))
		source = sc_xml_next(source, "source");
	return source;
}

static void check_source(const struct sc_rule *rule, const struct sc_xml_node *node, struct sc_findings *out)
{
	static const char *const of_path[] = {"file", "dev", "pipe", NULL};
	const char *type = sc_xml_get(node, "type"), *lacks = NULL;
	bool channel = strcmp(sc_xml_node_name(node), "channel") == 0;

	if (!type)
		return;
	const struct sc_xml_node *source = asked_source(node, type);
	if ((sc_word_find(of_path, type) >= 0 || (strcmp(type, "unix") == 0 && !channel)) && !sc_xml_get(source, "path"))
		lacks = "path";
	else if (strcmp(type, "tcp") == 0 && !sc_xml_get(source, "host"))
		lacks = "host";
	else if ((strcmp(type, "tcp") == 0 || strcmp(type, "udp") == 0) && !sc_xml_get(source, "service"))
		lacks = "service";
	else if (strcmp(type, "dbus") == 0 && strcmp(sc_xml_node_name(node), "redirdev") != 0 && !sc_xml_get(source, "channel"))
		lacks = "channel";
	if (lacks)
		sc_find(out, rule, SC_ALWAYS, node, NULL, "a device of type '%s' has no <source %s='…'/>", type, lacks);
	const char *name = strcmp(type, "dbus") == 0 ? sc_xml_get(source, "channel") : NULL;
	if (name && name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")])
		sc_find(out, rule, SC_ALWAYS, source, "channel", "'%s' is not a channel: use letters, digits, '_', '-' and '.' only", name);
	else
		return;
	sc_find_fix(out, "spicecfg set TARGET '%s=default'", sc_find_fix_element(out, node));
}

static void char_source(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->chars.count; i++)
		check_source(rule, in->domain->chars.items[i], out);
	for (size_t i = 0; i < in->domain->redirdevs.count; i++)
		check_source(rule, in->domain->redirdevs.items[i], out);
	for (size_t i = 0; i < in->domain->smartcards.count; i++)
		check_source(rule, in->domain->smartcards.items[i], out);
}

/* Three, or libvirt refuses the mode before anything reads the database. */
static bool has_certificates(const struct sc_xml_node *node)
{
	size_t count = 0;

	for (const struct sc_xml_node *one = sc_xml_child(node, "certificate"); one; one = sc_xml_next(one, "certificate"))
		count++;
	return count == 3;
}

static void smartcard_host(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_xml_node *node = in->domain->smartcards.count ? in->domain->smartcards.items[0] : NULL;
	const char *mode = sc_xml_get(node, "mode");

	if (!sc_text_is(mode, "host") && !(sc_text_is(mode, "host-certificates") && has_certificates(node)))
		return;
	if (in->host->assumed || sc_host_file(in->host, "/etc/pki/nssdb").type == SC_PATH_MISSING)
		sc_find(out, rule, SC_HOST, node, "mode", "this host has no NSS database in /etc/pki/nssdb for mode %s", mode);
	else
		sc_doubt(out, rule, "it is not known whether the host's NSS database contains certificates for mode %s", mode);
}

const struct sc_rule sc_rules_usb[] = {
    {"usb-speed", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A slow USB device on a fast USB controller",
     "QEMU's smart card reader and USB sound card are full-speed devices, which EHCI alone does not support. Use qemu-xhci, or add the "
     "UHCI companion controllers.",
     "QEMU hw/usb/bus.c usb_device_attach; measured", "spicecfg set TARGET 'ELEMENT=default'", usb_speed},
    {"usb-off", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES | SC_HAS_GRAPHICS, "USB next to a USB controller of model none",
     "A USB controller of model none turns USB off: the domain can't have another USB controller, a smart card, USB sound, a tablet or a "
     "hub.",
     "libvirt conf/domain_postparse.c virDomainDefRejectDuplicateControllers, qemu/qemu_domain_address.c; measured",
     "spicecfg set TARGET 'ELEMENT=default'", usb_off},
    {"input-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "Unknown type or bus of an input device",
     "The type of an input device is mouse, tablet, keyboard, passthrough or evdev, its bus usb or virtio; mice and keyboards can also be "
     "on ps2.",
     "libvirt conf/domain_validate.c virDomainInputDefValidate; measured", "spicecfg set TARGET 'ELEMENT=default'", input_word},
    {"char-source", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A character device without its source",
     "Types file, dev, pipe and unix need a path, tcp a host and a service, udp a service, dbus a channel.",
     "libvirt conf/domain_validate.c virDomainChrSourceDefValidate; measured", "spicecfg set TARGET 'ELEMENT=default'", char_source},
    {"smartcard-host", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A smart card of the host without an NSS database",
     "Modes host and host-certificates read the host's NSS database as QEMU's account; QEMU exits without one. With --no-host, the "
     "database "
     "is assumed to be missing.",
     "QEMU hw/usb/ccid-card-emulated.c emulated_realize; measured", "spicecfg set TARGET 'ELEMENT=default'", smartcard_host},
    {"address-twice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES | SC_HAS_VIDEO | SC_HAS_GRAPHICS,
     "One address for two devices",
     "Two devices can't have the same address on a bus: PCI (domain, bus, slot and function), USB (bus and port), virtio-serial "
     "(controller "
     "and port). Remove the <address> of one: libvirt chooses another.",
     "libvirt conf/domain_addr.c virDomainPCIAddressReserveAddr, virDomainUSBAddressReserve, virDomainVirtioSerialAddrReserve; measured",
     "spicecfg set TARGET 'ELEMENT=default'", sc_address_twice},
    {0},
};

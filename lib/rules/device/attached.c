/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Other settings of a console's devices: targets of character devices, addresses, boot order, filters, aliases. */
#include <stdint.h>
#include <string.h>

#include "base/table.h"
#include "base/text.h"
#include "rules/fixes.h"
#include "rules/tables.h"

static void target_type(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const channel[] = {"guestfwd", "virtio", "xen", NULL};
	static const char *const serial[] = {"isa-serial",    "usb-serial",  "pci-serial", "spapr-vio-serial",
					     "system-serial", "sclp-serial", "isa-debug",  NULL};
	static const char *const console[] = {"serial", "xen", "uml", "virtio", "lxc", "openvz", "sclp", "sclplm", NULL};
	static const char *const of_qemu[] = {"serial", "virtio", NULL};
	static const char *const of_s390[] = {"serial", "virtio", "sclp", "sclplm", NULL};
	bool s390 = in->domain->arch && strncmp(in->domain->arch, "s390", 4) == 0;

	for (size_t i = 0; i < in->domain->chars.count; i++) {
		const struct sc_xml_node *node = in->domain->chars.items[i];
		const struct sc_xml_node *target = sc_xml_child(node, "target");
		const char *name = sc_xml_node_name(node), *type = sc_xml_get(target, "type");
		const char *const *words = strcmp(name, "channel") == 0   ? channel
					   : strcmp(name, "serial") == 0  ? serial
					   : strcmp(name, "console") == 0 ? console
									  : NULL;

		bool spice = sc_text_is(sc_xml_get(node, "type"), "spicevmc") || sc_text_is(sc_xml_get(node, "type"), "spiceport");

		if (type && words && sc_word_find(words, type) < 0 && !(words == channel && spice))
			sc_find(out, rule, SC_ALWAYS, target, "type", "libvirt does not know the target type '%s' for a <%s>", type, name);
		else if (type && ((words == channel && sc_text_is(type, "xen")) ||
				  (words == console && sc_word_find(s390 ? of_s390 : of_qemu, type) < 0)))
			sc_find(out, rule, SC_ALWAYS, target, "type", "QEMU has no <%s> with target type '%s'", name, type);
		else
			type = NULL;
		/* Serial lines and consoles have a default target; a channel must name one. */
		if (type && words == channel)
			sc_find_fix(out, "spicecfg set TARGET 'PATH=virtio'");
		/* libvirt accepts a minus sign here. */
		const char *port = words == channel ? NULL : sc_xml_get(target, "port");
		if (port && sc_number_uint(port + (*port == '-'), 10, 0).bad)
			sc_find(out, rule, SC_ALWAYS, target, "port", "target port '%s' is not a number", port);
	}
}

static void check_number(const struct sc_rule *rule, const struct sc_xml_node *node, const char *attr, long long most,
			 struct sc_findings *out)
{
	struct sc_number number = sc_number_uint(sc_xml_get(node, attr), 10, 0);

	if (number.bad)
		sc_find(out, rule, SC_ALWAYS, node, attr, "%s '%s' is not a number", attr, number.text);
	else if (number.value > most)
		sc_find(out, rule, SC_ALWAYS, node, attr, "%s %lld is above %lld", attr, number.value, most);
}

/* Up to four numbers separated by dots. */
static bool is_usb_port(const char *text)
{
	char part[16];

	for (int i = 0; i < 4; i++) {
		size_t len = strcspn(text, ".");

		if (len >= sizeof(part))
			return false;
		memcpy(part, text, len);
		part[len] = '\0';
		struct sc_number number = sc_number_uint(part, 10, 0);
		if (number.bad)
			return false;
		text += len;
		if (!*text)
			return true;
		text++;
	}
	return false;
}

/* The USB controllers of a domain by their index: the highest number of ports of each. */
struct usb {
	struct sc_table ports; /* times: ports + 1 */
	bool unknown;          /* a controller has no index, or a hub is present */
	long long usual;       /* ports of bus 0 when the domain has no controller; -1: not known */
};

/* virDomainUSBAddressControllerModelToPorts; -1: not known. */
static long long ports_of(const struct sc_xml_node *node, bool q35)
{
	const char *model = sc_xml_get(node, "model");

	if (model && strstr(model, "xhci"))
		return sc_number_int(sc_xml_get(node, "ports"), 10, 4).value;
	if (model && strstr(model, "ehci"))
		return 6;
	if (model && strncmp(model, "ich9-uhci", 9) == 0)
		return 0;
	if (sc_text_is(model, "pci-ohci"))
		return 3;
	return !model && q35 ? -1 : 2;
}

static void read_usb(const struct sc_domain *domain, struct usb *out)
{
	bool q35 = sc_domain_is_q35(domain);

	out->unknown = sc_xml_child(domain->devices, "hub");
	out->usual = sc_domain_is_pc(domain) ? 2 : q35 ? 4 : -1;
	for (size_t i = 0; i < domain->controllers.count && !out->unknown; i++) {
		const struct sc_xml_node *node = domain->controllers.items[i];
		const char *index = sc_xml_get(node, "index");

		if (!sc_text_is(sc_xml_get(node, "type"), "usb"))
			continue;
		out->unknown = !index;
		struct sc_table_entry *bus = index ? sc_table_add_number(&out->ports, sc_number_uint(index, 10, 0).value) : NULL;
		long long ports = ports_of(node, q35);
		if (!bus)
			continue;
		bus->value = ports < 0 ? node : bus->value;
		bus->times = (size_t)ports + 1 > bus->times && ports >= 0 ? (size_t)ports + 1 : bus->times ? bus->times : 1;
	}
}

/* Ports of that bus, 0: the bus is missing, -1: not known. */
static long long usb_ports(const struct usb *usb, long long index)
{
	const struct sc_table_entry *bus = sc_table_find_number(&usb->ports, index);

	if (usb->unknown || (bus && bus->value))
		return -1;
	return bus ? (long long)bus->times - 1 : index ? 0 : usb->usual;
}

/* Without hubs: the bus must exist and have the port itself. */
static void check_usb_place(const struct sc_rule *rule, const struct usb *usb, const struct sc_xml_node *node, struct sc_findings *out)
{
	struct sc_number bus = sc_number_uint(sc_xml_get(node, "bus"), 10, 0);
	struct sc_number port = sc_number_uint(sc_xml_get(node, "port"), 10, 0);
	long long ports = bus.bad ? -1 : usb_ports(usb, bus.value);

	if (ports < 0)
		return;
	if (!ports)
		sc_find(out, rule, SC_ALWAYS, node, "bus", "USB bus %lld does not exist", bus.value);
	else if (port.bad)
		sc_find(out, rule, SC_ALWAYS, node, "port", "no USB hub provides port '%s'", port.text);
	else if (port.value > ports)
		sc_find(out, rule, SC_ALWAYS, node, "port", "USB bus %lld has %lld ports, not %lld", bus.value, ports, port.value);
}

static void redirdev_address(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct usb usb = {.ports = SC_TABLE_INIT};

	if (in->domain->redirdevs.count)
		read_usb(in->domain, &usb);
	for (size_t i = 0; i < in->domain->redirdevs.count; i++) {
		const struct sc_xml_node *node = sc_xml_child(in->domain->redirdevs.items[i], "address");
		const char *port = sc_xml_get(node, "port");

		if (!sc_text_is(sc_xml_get(node, "type"), "usb"))
			continue;
		check_number(rule, node, "bus", UINT32_MAX, out);
		if (port && !is_usb_port(port)) {
			sc_find(out, rule, SC_ALWAYS, node, "port", "'%s' is not a USB port", port);
			continue;
		}
		check_usb_place(rule, &usb, node, out);
	}
	sc_findings_fail(out, usb.ports.failed);
	sc_table_free(&usb.ports);
}

static void smartcard_address(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->smartcards.count; i++) {
		const struct sc_xml_node *node = sc_xml_child(in->domain->smartcards.items[i], "address");

		if (!node || !sc_text_is(sc_xml_get(node, "type"), "ccid"))
			continue;
		check_number(rule, node, "controller", 0, out);
		check_number(rule, node, "slot", 0, out);
	}
}

/* The virtio-serial controllers by their index, the first of each. */
static void read_serial(const struct sc_domain *domain, struct sc_table *out)
{
	for (size_t i = 0; i < domain->controllers.count; i++) {
		const struct sc_xml_node *node = domain->controllers.items[i];
		bool serial = sc_text_is(sc_xml_get(node, "type"), "virtio-serial");
		long long index = sc_number_uint(sc_xml_get(node, "index"), 10, 0).value;
		struct sc_table_entry *entry = serial ? sc_table_add_number(out, index) : NULL;

		if (entry && !entry->value)
			entry->value = node;
	}
}

/* Ports of a virtio-serial controller; 31 unless it has another number. */
static long long serial_ports(const struct sc_table *controllers, long long index)
{
	enum { PORTS_DEFAULT = 31 };
	const struct sc_table_entry *entry = sc_table_find_number(controllers, index);
	struct sc_number ports = sc_number_int(entry ? sc_xml_get(entry->value, "ports") : NULL, 10, PORTS_DEFAULT);

	return ports.bad || ports.value < 0 ? PORTS_DEFAULT : ports.value;
}

static bool is_virtio(const struct sc_xml_node *node)
{
	return strcmp(sc_xml_node_name(node), "channel") == 0 && sc_text_is(sc_xml_get(sc_xml_child(node, "target"), "type"), "virtio");
}

static void channel_address(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const attrs[] = {"controller", "bus", "port", NULL};
	SC_TABLE controllers = SC_TABLE_INIT;

	read_serial(in->domain, &controllers);
	for (size_t i = 0; i < in->domain->chars.count; i++) {
		const struct sc_xml_node *channel = in->domain->chars.items[i], *node = sc_xml_child(channel, "address");

		if (!node || !sc_text_is(sc_xml_get(node, "type"), "virtio-serial"))
			continue;
		for (const char *const *attr = attrs; *attr; attr++)
			check_number(rule, node, *attr, UINT32_MAX, out);
		struct sc_number port = sc_number_uint(sc_xml_get(node, "port"), 10, 0);
		struct sc_number controller = sc_number_uint(sc_xml_get(node, "controller"), 10, 0);
		if (is_virtio(channel) && !port.bad && !controller.bad && port.value >= serial_ports(&controllers, controller.value))
			sc_find(out, rule, SC_ALWAYS, node, "port", "virtio-serial controller %lld has no port %lld", controller.value,
				port.value);
	}
	sc_findings_fail(out, controllers.failed);
}

/* How often each boot order occurs. */
static void count_orders(const struct sc_domain *domain, struct sc_table *out)
{
	for (struct sc_xml_node *node = sc_xml_child(domain->devices, NULL); node; node = sc_xml_next(node, NULL)) {
		struct sc_number order = sc_number_uint(sc_xml_get(sc_xml_child(node, "boot"), "order"), 10, 0);
		struct sc_table_entry *entry = order.text && !order.bad ? sc_table_add_number(out, order.value) : NULL;

		if (entry)
			entry->times++;
	}
}

static void boot_order(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_nodes *redirdevs = &in->domain->redirdevs;
	bool of_os = redirdevs->count && sc_xml_child(sc_xml_child(in->domain->root, "os"), "boot");
	SC_TABLE orders = SC_TABLE_INIT;

	if (redirdevs->count)
		count_orders(in->domain, &orders);
	for (size_t i = 0; i < redirdevs->count; i++) {
		const struct sc_xml_node *node = sc_xml_child(redirdevs->items[i], "boot");
		struct sc_number order = sc_number_uint(sc_xml_get(node, "order"), 10, 0);

		if (!node)
			continue;
		if (!order.text || order.bad || !order.value) {
			sc_find(out, rule, SC_ALWAYS, node, order.text ? "order" : NULL, "boot order '%s' is not a number above 0",
				order.text ? order.text : "");
			continue;
		}
		const struct sc_table_entry *entry = sc_table_find_number(&orders, order.value);
		if (entry && entry->times > (sc_xml_parent(redirdevs->items[i]) == in->domain->devices))
			sc_find(out, rule, SC_ALWAYS, node, "order", "boot order %lld is set twice", order.value);
		if (of_os)
			sc_find(out, rule, SC_ALWAYS, node, NULL, "a device has a boot order, but <os> has <boot> too");
	}
	sc_findings_fail(out, orders.failed);
}

/* "JJ.M": two numbers below 100. */
static bool is_usb_version(const char *text)
{
	char major[16];
	size_t len = strcspn(text, ".");

	if (strcmp(text, "-1") == 0)
		return true;
	if (!text[len] || len >= sizeof(major))
		return false;
	memcpy(major, text, len);
	major[len] = '\0';
	struct sc_number first = sc_number_int(major, 10, 0), second = sc_number_int(text + len + 1, 10, 0);
	return !first.bad && !second.bad && first.value >= 0 && first.value < 100 && second.value >= 0 && second.value < 100;
}

static void check_usbdev(const struct sc_rule *rule, const struct sc_xml_node *node, struct sc_findings *out)
{
	static const char *const attrs[] = {"class", "vendor", "product", NULL};
	const char *version = sc_xml_get(node, "version"), *allow = sc_xml_get(node, "allow");

	for (const char *const *attr = attrs; *attr; attr++) {
		struct sc_number number = sc_number_int(sc_xml_get(node, *attr), 0, -1);
		bool beyond = strcmp(*attr, "class") == 0 && (number.value < -1 || number.value > 0xff);

		if (number.bad || beyond)
			sc_find(out, rule, SC_ALWAYS, node, *attr, "%s '%s' is not a number in the allowed range", *attr, number.text);
	}
	if (version && !is_usb_version(version))
		sc_find(out, rule, SC_ALWAYS, node, "version", "'%s' is not a USB version", version);
	if (!allow || sc_word_find(sc_yes_no_words, allow) <= 0)
		sc_find(out, rule, SC_ALWAYS, node, allow ? "allow" : NULL, "allow is '%s', neither 'yes' nor 'no'", allow ? allow : "");
}

static void redirfilter(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_nodes *filters = &in->domain->redirfilters;

	if (filters->count > 1)
		sc_find(out, rule, SC_ALWAYS, filters->items[1], NULL, "the domain has %zu redirection filters, not one", filters->count);
	else if (filters->count)
		for (struct sc_xml_node *node = sc_xml_child(filters->items[0], "usbdev"); node; node = sc_xml_next(node, "usbdev"))
			check_usbdev(rule, node, out);
}

/* The name that the user gave a device; NULL: none, or none that libvirt keeps. */
static const char *user_alias(const struct sc_xml_node *device)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	const char *name = sc_xml_get(sc_xml_child(device, "alias"), "name");

	return name && strncmp(name, "ua-", 3) == 0 && strspn(name, allowed) == strlen(name) ? name : NULL;
}

static bool is_of_console(const struct sc_xml_node *device)
{
	static const char *const names[] = {"video", "channel", "redirdev", "smartcard", "sound", NULL};

	return sc_word_find(names, sc_xml_node_name(device)) >= 0;
}

static void alias_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	SC_TABLE names = SC_TABLE_INIT;

	for (struct sc_xml_node *node = sc_xml_child(in->domain->devices, NULL); node; node = sc_xml_next(node, NULL)) {
		const char *name = user_alias(node);
		struct sc_table_entry *entry = name ? sc_table_add_text(&names, name) : NULL;

		if (entry)
			entry->times++;
	}
	for (struct sc_xml_node *node = sc_xml_child(in->domain->devices, NULL); node; node = sc_xml_next(node, NULL)) {
		const char *name = is_of_console(node) ? user_alias(node) : NULL;
		const struct sc_table_entry *entry = name ? sc_table_find_text(&names, name) : NULL;

		if (entry && entry->times > 1)
			sc_find(out, rule, SC_ALWAYS, sc_xml_child(node, "alias"), "name", "alias '%s' is used by another device too",
				name);
	}
	sc_findings_fail(out, names.failed);
}

static void check_acpi(const struct sc_rule *rule, const struct sc_xml_node *device, struct sc_findings *out)
{
	const struct sc_xml_node *node = sc_xml_child(device, "acpi");
	struct sc_number index = sc_number_uint(sc_xml_get(node, "index"), 10, 1);

	if (node && (index.bad || !index.value))
		sc_find(out, rule, SC_ALWAYS, node, "index", "ACPI index '%s' is not a number above 0", index.text);
}

static void acpi_index(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++)
		check_acpi(rule, in->domain->videos[i].node, out);
	for (size_t i = 0; i < in->domain->sounds.count; i++)
		check_acpi(rule, in->domain->sounds.items[i], out);
}

const struct sc_rule sc_rules_attached[] = {
    {"char-target", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "Unknown target of a character device",
     "For QEMU, the target type of a channel is virtio or guestfwd, that of a console serial or virtio, on s390x also sclp or sclplm; "
     "ports are numbers.",
     "libvirt conf/domain_conf.c virDomainChrDefParseTargetXML; measured", "spicecfg set TARGET 'ELEMENT=default'", target_type},
    {"redirdev-address", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A malformed address of a redirected USB device",
     "The port in the address of a <redirdev> has up to four numbers separated by dots, and must be one of its USB controller or of a hub.",
     "libvirt conf/domain_conf.c virDomainRedirdevDefParseXML; measured", "spicecfg set TARGET 'ELEMENT=default'", redirdev_address},
    {"smartcard-address", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A smart card at another address",
     "QEMU has one smart card, at controller 0, slot 0.", "libvirt qemu/qemu_validate.c qemuValidateDomainSmartcardDef; measured",
     "spicecfg set TARGET 'ELEMENT=default'", smartcard_address},
    {"channel-address", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES,
     "A port that its virtio-serial controller does not have",
     "A virtio-serial controller has 31 ports unless it sets another number; they are counted from 0.",
     "libvirt conf/domain_addr.c virDomainVirtioSerialAddrReserve; measured", "spicecfg set TARGET 'ELEMENT=default'", channel_address},
    {"boot-order", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "An invalid boot order of a redirected device",
     "A boot order is a number above 0, is used only once, and excludes <boot> in <os>.",
     "libvirt conf/domain_postparse.c virDomainDefBootOrderPostParse; measured", "spicecfg set TARGET 'ELEMENT=default'", boot_order},
    {"redirfilter", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A malformed USB redirection filter",
     "A domain has one <redirfilter>; its rules have allow='yes' or 'no', classes up to 0xff and versions such as 1.10.",
     "libvirt conf/domain_conf.c virDomainRedirFilterUSBDevDefParseXML; measured", "spicecfg set TARGET 'ELEMENT=default'", redirfilter},
    {"alias-twice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES | SC_HAS_VIDEO, "One alias for two devices",
     "An alias that begins with ua- names exactly one device.", "libvirt conf/domain_validate.c virDomainDefValidateAliases; measured",
     "spicecfg set TARGET 'ELEMENT=default'", alias_twice},
    {"acpi-index", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES | SC_HAS_VIDEO, "A malformed ACPI index",
     "The index of <acpi> is a number above 0.", "libvirt conf/domain_conf.c virDomainDeviceInfoParseXML; measured",
     "spicecfg set TARGET 'ELEMENT=default'", acpi_index},
    {0},
};

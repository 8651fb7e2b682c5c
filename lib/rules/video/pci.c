/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The place of a video device on PCI: buses that accept it, slots, functions, and other devices at the same place. */
#include "model/pci.h"

#include <string.h>

#include "base/table.h"
#include "rules/tables.h"

enum { BUS_MAX = 0xff, SLOT_MAX = 0x1f, FUNCTION_MAX = 7 };

/* A PCI address that libvirt will use unchanged. */
static bool used_pci(const struct sc_video *video, struct sc_pci *pci)
{
	if (!video->address || video->kind == SC_VIDEO_NONE || video->kind == SC_VIDEO_BAD || video->kind == SC_VIDEO_RAMFB)
		return false;
	*pci = sc_pci_read(video->address);
	return pci->is_pci && !pci->bad && !pci->empty && pci->bus.value <= BUS_MAX && pci->slot.value <= SLOT_MAX &&
	       pci->function.value <= FUNCTION_MAX;
}

static bool is_modelled(const struct sc_domain *domain)
{
	return sc_domain_is_pc(domain) || sc_domain_is_q35(domain);
}

/* libvirt qemu/qemu_domain_address.c, qemuDomainDeviceCalculatePCIConnectFlags. */
static bool prefers_express(enum sc_video_type kind)
{
	return kind == SC_VIDEO_VIRTIO || kind == SC_VIDEO_BOCHS;
}

static void pci_domain(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		struct sc_pci pci;

		if (used_pci(&in->domain->videos[i], &pci) && pci.domain.value)
			sc_find(out, rule, SC_ALWAYS, in->domain->videos[i].address, "domain",
				"PCI domain 0x%llx is set, but QEMU has only domain 0", pci.domain.value);
	}
}

static void check_bus(const struct sc_rule *rule, const struct sc_video *video, const struct sc_pci *pci, struct sc_pci_board *board,
		      struct sc_findings *out)
{
	unsigned bus = (unsigned)pci->bus.value;

	sc_pci_board_grow(board, prefers_express(video->kind), &bus);
	const struct sc_pci_bus *place = &board->buses[bus];
	if (!place->endpoints)
		sc_find(out, rule, SC_ALWAYS, video->address, "bus", "PCI bus 0x%x accepts no video device", bus);
	else if (pci->slot.value < place->first || pci->slot.value > place->last)
		sc_find(out, rule, SC_ALWAYS, video->address, "slot", "PCI bus 0x%x has slots 0x%x to 0x%x, not 0x%llx", bus, place->first,
			place->last, pci->slot.value);
}

static void pci_bus(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct sc_pci_board board = {0};

	for (size_t i = 0; i < in->domain->n_videos; i++) {
		struct sc_pci pci;

		if (!used_pci(&in->domain->videos[i], &pci) || pci.domain.value || !pci.bus.value || !is_modelled(in->domain))
			continue;
		if (!board.count)
			sc_pci_board_read(in->domain, &board);
		check_bus(rule, &in->domain->videos[i], &pci, &board, out);
	}
}

/* One number for a place; a function below 0 means the whole slot. */
static long long key_of(const struct sc_pci *pci, long long function)
{
	return (pci->bus.value << 16) | (pci->slot.value << 8) | (function < 0 ? 0x80 : function);
}

typedef void taker(struct sc_table *table, const struct sc_xml_node *address, const struct sc_pci *pci);

/* Calls back for the address of each device that libvirt uses unchanged. */
static void each_address(const struct sc_domain *domain, struct sc_table *table, taker *take)
{
	for (struct sc_xml_node *node = sc_xml_child(domain->devices, NULL); node; node = sc_xml_next(node, NULL)) {
		const struct sc_xml_node *address = sc_xml_child(node, "address");
		struct sc_pci pci = sc_pci_read(address);

		if (pci.is_pci && !pci.bad && !pci.empty && pci.bus.value <= BUS_MAX && pci.slot.value <= SLOT_MAX &&
		    pci.function.value <= FUNCTION_MAX)
			take(table, address, &pci);
	}
}

static void count_place(struct sc_table *table, const struct sc_xml_node *address, const struct sc_pci *pci)
{
	struct sc_table_entry *entry = sc_table_add_number(table, key_of(pci, pci->function.value));

	(void)address;
	if (entry)
		entry->times++;
}

/* 1.2 is the default USB controller, unless the domain names another one or none. */
static bool has_other_usb(const struct sc_domain *domain)
{
	for (size_t i = 0; i < domain->controllers.count; i++) {
		const char *type = sc_xml_get(domain->controllers.items[i], "type");
		const char *model = sc_xml_get(domain->controllers.items[i], "model");

		if (type && strcmp(type, "usb") == 0 && model && strcmp(model, "piix3-uhci") != 0)
			return true;
	}
	return false;
}

/* Devices on the main board that QEMU creates by itself (qemu/qemu_domain_address.c qemuDomainValidateDevicePCISlots*). */
static bool on_board(const struct sc_domain *domain, const struct sc_pci *pci, bool other_usb)
{
	if (pci->bus.value)
		return false;
	if (sc_domain_is_q35(domain))
		return pci->slot.value == 0x1f && (pci->function.value == 0 || pci->function.value == 2 || pci->function.value == 3);
	if (!sc_domain_is_pc(domain) || pci->slot.value != 1)
		return false;
	if (pci->function.value != 2)
		return pci->function.value == 0 || pci->function.value == 1 || pci->function.value == 3;
	return !other_usb;
}

/*
 * How many of the addresses counted are the device's own, 0 or 1: libvirt reads the devices of every <devices>, but the first one was
 * counted.
 */
static size_t is_among(const struct sc_domain *domain, const struct sc_video *video)
{
	return sc_xml_parent(video->node) == domain->devices;
}

static void pci_taken(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	bool other_usb = has_other_usb(in->domain);
	SC_TABLE taken = SC_TABLE_INIT;

	each_address(in->domain, &taken, count_place);
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		struct sc_pci pci;

		if (!used_pci(video, &pci))
			continue;
		const struct sc_table_entry *place = sc_table_find_number(&taken, key_of(&pci, pci.function.value));
		if (on_board(in->domain, &pci, other_usb))
			sc_find(out, rule, SC_ALWAYS, video->address, NULL, "PCI address 00:%02llx.%llx belongs to the machine's own chips",
				pci.slot.value, pci.function.value);
		else if (place && place->times > is_among(in->domain, video))
			sc_find(out, rule, SC_ALWAYS, video->address, NULL, "PCI address %02llx:%02llx.%llx is used by another device too",
				pci.bus.value, pci.slot.value, pci.function.value);
	}
	sc_findings_fail(out, taken.failed);
}

/* Whether the board can have such a controller; libvirt chooses the place. */
static bool has_place(const struct sc_domain *domain, const char *model)
{
	static const char *const express[] = {
	    "pcie-root",         "pcie-root-port",     "pcie-switch-upstream-port", "pcie-switch-downstream-port",
	    "pcie-expander-bus", "pcie-to-pci-bridge", "dmi-to-pci-bridge",         NULL};
	static const char *const plain[] = {"pci-root", "pci-expander-bus", NULL};

	return sc_word_find(sc_domain_is_q35(domain) ? plain : express, model) < 0;
}

static void pci_root(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const char *root = sc_domain_is_q35(in->domain) ? "pcie-root" : "pci-root";
	bool zero = false;

	if (!is_modelled(in->domain))
		return;
	for (size_t i = 0; i < in->domain->controllers.count; i++) {
		const struct sc_xml_node *node = in->domain->controllers.items[i];

		zero |=
		    sc_pci_is_controller(node) && sc_xml_get(node, "index") && sc_number_uint(sc_xml_get(node, "index"), 10, 0).value == 0;
	}
	for (size_t i = 0; i < in->domain->controllers.count; i++) {
		const struct sc_xml_node *node = in->domain->controllers.items[i];
		const char *model = sc_xml_get(node, "model"), *index = sc_xml_get(node, "index");

		if (!sc_pci_is_controller(node) || !model)
			continue;
		/* Without an index, the first one becomes the root. */
		bool is_zero = index ? sc_number_uint(index, 10, 1).value == 0 : !zero;
		zero |= !index;
		if (is_zero && strcmp(model, root) != 0)
			sc_find(out, rule, SC_ALWAYS, node, "model", "the PCI controller at index 0 must be %s here, not %s", root, model);
		else if (!is_zero && !has_place(in->domain, model))
			sc_find(out, rule, SC_ALWAYS, node, "model", "machine type '%s' has no place for a %s",
				in->domain->machine ? in->domain->machine : "pc", model);
		else
			continue;
		sc_find_fix_asks(out);
	}
}

/* What the definition says about function 0 of a slot: whether multifunction is off; and how many other functions the slot has. */
static void take_slot(struct sc_table *table, const struct sc_xml_node *address, const struct sc_pci *pci)
{
	struct sc_table_entry *slot = sc_table_add_number(table, key_of(pci, -1));
	const char *multi = sc_xml_get(address, "multifunction");

	if (!slot)
		return;
	if (pci->function.value)
		slot->times++;
	else if (multi && strcmp(multi, "off") == 0)
		slot->value = address;
}

/* The device at function 0 of a slot must announce the others; libvirt sets that unless the definition says otherwise. */
static void pci_multifunction(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	SC_TABLE slots = SC_TABLE_INIT;

	each_address(in->domain, &slots, take_slot);
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		struct sc_pci pci;

		if (!used_pci(video, &pci))
			continue;
		const struct sc_table_entry *slot = sc_table_find_number(&slots, key_of(&pci, -1));
		const char *own = sc_xml_get(video->address, "multifunction");
		bool off = own && strcmp(own, "off") == 0;
		if (slot && (pci.function.value ? slot->value != NULL : off && slot->times))
			sc_find(out, rule, SC_ALWAYS, video->address, NULL,
				"multifunction is off at function 0 of PCI slot 0x%llx, which has another device", pci.slot.value);
	}
	sc_findings_fail(out, slots.failed);
}

const struct sc_rule sc_rules_pci[] = {
    {"pci-domain", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A PCI domain that QEMU does not have",
     "QEMU has only PCI domain 0.", "libvirt conf/domain_addr.c virDomainPCIAddressValidate; measured",
     "spicecfg set TARGET 'ELEMENT=default'", pci_domain},
    {"pci-bus", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A PCI slot that its bus does not have",
     "Bridges count their slots from 1, root ports have only slot 0, and expander buses of PCI Express accept no devices. Where the "
     "definition has no such bus, libvirt adds a bridge for qxl and vga, and a root port for virtio and bochs on q35. Let libvirt choose "
     "addresses.",
     "libvirt conf/domain_addr.c virDomainPCIAddressValidate, virDomainPCIAddressSetGrow; measured",
     "spicecfg set TARGET 'ELEMENT=default'", pci_bus},
    {"pci-taken", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A PCI address that is taken",
     "Two devices can't have the same PCI address; some addresses belong to the machine's own chips (pc: slot 1, q35: slot 0x1f).",
     "libvirt conf/domain_addr.c virDomainPCIAddressReserveAddr; measured", "spicecfg set TARGET 'ELEMENT=default'", pci_taken},
    {"pci-root", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A PCI controller of another machine type",
     "The root controller at index 0 is pci-root on pc and pcie-root on q35; a controller without an index gets index 0 when no other has "
     "it. Root ports need q35.",
     "libvirt qemu/qemu_domain.c qemuDomainDefAddDefaultDevices, conf/domain_addr.c virDomainPCIAddressFlagsCompatible; measured",
     "spicecfg set TARGET 'ELEMENT=default'", pci_root},
    {"pci-multifunction", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Several functions in a slot without multifunction",
     "multifunction='off' at function 0 forbids devices at the other functions of the slot; without the attribute, libvirt turns it on.",
     "QEMU hw/pci/pci.c pci_init_multifunction; measured", "spicecfg set TARGET 'ELEMENT=default'", pci_multifunction},
    {0},
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <driver> and <address> of video devices. */
#include <string.h>

#include "rules/mend.h"
#include "rules/tables.h"

static const char *const virtio_attrs[] = {"iommu", "ats", "packed", "page_per_vq", NULL};

static bool is_on_off(const char *text)
{
	return strcmp(text, "on") == 0 || strcmp(text, "off") == 0;
}

static void driver_name(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_xml_node *node = in->domain->videos[i].driver;
		const char *name = sc_xml_get(node, "name");

		if (name && strcmp(name, "qemu") != 0 && strcmp(name, "vhostuser") != 0)
			sc_find(out, rule, SC_ALWAYS, node, "name", "libvirt knows no video driver '%s'", name);
	}
}

static const char *const on_off_words[] = {"on", "off", NULL};

static void driver_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_xml_node *node = in->domain->videos[i].driver;

		for (const char *const *attr = virtio_attrs; node && *attr; attr++) {
			const char *value = sc_xml_get(node, *attr);

			if (!value || is_on_off(value))
				continue;
			sc_find(out, rule, SC_ALWAYS, node, *attr, "%s is '%s', neither 'on' nor 'off'", *attr, value);
			if (in->domain->videos[i].kind == SC_VIDEO_VIRTIO)
				sc_mend_word(out, on_off_words, value);
		}
	}
}

/* libvirt's first release that reads the attribute; up to 7.1 it is QEMU that refuses then. */
static unsigned read_since(const char *attr)
{
	if (strcmp(attr, "page_per_vq") == 0)
		return SC_VERSION(7, 9);
	return strcmp(attr, "packed") == 0 ? SC_VERSION(6, 3) : SC_VERSION(3, 5);
}

static void driver_virtio_only(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind == SC_VIDEO_VIRTIO || video->kind == SC_VIDEO_NONE || video->kind == SC_VIDEO_BAD)
			continue;
		for (const char *const *attr = virtio_attrs; video->driver && *attr; attr++) {
			const char *value = sc_xml_get(video->driver, *attr);

			if (value && is_on_off(value) && sc_host_libvirt(in->host) >= read_since(*attr))
				sc_find(out, rule, SC_ALWAYS, video->driver, *attr, "%s is for virtio, not for video model '%s'", *attr,
					sc_video_words[video->kind]);
		}
	}
}

struct pci {
	struct sc_number domain, bus, slot, function;
	bool is_pci, bad, empty;
};

static struct pci read_pci(const struct sc_xml_node *node)
{
	const char *type = sc_xml_get(node, "type");
	struct pci pci = {.is_pci = type && strcmp(type, "pci") == 0};

	if (!pci.is_pci)
		return pci;
	pci.domain = sc_number_uint(sc_xml_get(node, "domain"), 0, 0);
	pci.bus = sc_number_uint(sc_xml_get(node, "bus"), 0, 0);
	pci.slot = sc_number_uint(sc_xml_get(node, "slot"), 0, 0);
	pci.function = sc_number_uint(sc_xml_get(node, "function"), 0, 0);
	pci.bad = pci.domain.bad || pci.bus.bad || pci.slot.bad || pci.function.bad;
	/* libvirt takes an address without domain, bus and slot for none at all. */
	pci.empty = !pci.domain.value && !pci.bus.value && !pci.slot.value;
	return pci;
}

static void check_address(const struct sc_rule *rule, const struct sc_xml_node *node, struct sc_findings *out)
{
	static const char *const types[] = {"pci", "drive",       "virtio-serial", "ccid", "usb",        "spapr-vio",
					    "ccw", "virtio-mmio", "isa",           "dimm", "unassigned", NULL};
	const char *type = sc_xml_get(node, "type");
	const char *multi = sc_xml_get(node, "multifunction");

	if (!type)
		sc_find(out, rule, SC_ALWAYS, node, NULL, "the address has no type");
	else if (sc_word_find(types, type) < 0)
		sc_find(out, rule, SC_ALWAYS, node, "type", "libvirt knows no address of type '%s'", type);
	struct pci pci = read_pci(node);
	if (!pci.is_pci)
		return;
	if (pci.bad)
		sc_find(out, rule, SC_ALWAYS, node, NULL, "the PCI address holds something that is no number");
	else if (!pci.empty && (pci.bus.value > 0xff || pci.slot.value > 0x1f || pci.function.value > 7))
		sc_find(out, rule, SC_ALWAYS, node, NULL, "PCI bus 0x%llx, slot 0x%llx, function 0x%llx are beyond 0xff, 0x1f and 7",
			pci.bus.value, pci.slot.value, pci.function.value);
	if (multi && !is_on_off(multi))
		sc_find(out, rule, SC_ALWAYS, node, "multifunction", "multifunction is '%s', neither 'on' nor 'off'", multi);
}

static void address_values(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++)
		if (in->domain->videos[i].address)
			check_address(rule, in->domain->videos[i].address, out);
}

/* A PCI address that libvirt will use as it is written. */
static bool used_pci(const struct sc_video *video, struct pci *pci)
{
	if (!video->address || video->kind == SC_VIDEO_NONE || video->kind == SC_VIDEO_BAD || video->kind == SC_VIDEO_RAMFB)
		return false;
	*pci = read_pci(video->address);
	return pci->is_pci && !pci->bad && !pci->empty && pci->bus.value <= 0xff && pci->slot.value <= 0x1f && pci->function.value <= 7;
}

static void ramfb_address(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind == SC_VIDEO_RAMFB && video->address)
			sc_find(out, rule, SC_ALWAYS, video->address, NULL, "video model 'ramfb' is no PCI device and takes no address");
	}
}

static void address_kind(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const other[] = {"drive", "virtio-serial", "ccid",        "usb",        "spapr-vio", "isa",
					    "dimm",  "ccw",           "virtio-mmio", "unassigned", NULL};

	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		const char *type = sc_xml_get(video->address, "type");

		if (type && video->kind != SC_VIDEO_NONE && video->kind != SC_VIDEO_RAMFB && sc_domain_is_x86(in->domain) &&
		    sc_word_find(other, type) >= 0)
			sc_find(out, rule, SC_ALWAYS, video->address, "type", "a video device has no address of type '%s'", type);
	}
}

static void pci_domain(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		struct pci pci;

		if (used_pci(&in->domain->videos[i], &pci) && pci.domain.value)
			sc_find(out, rule, SC_ALWAYS, in->domain->videos[i].address, "domain", "PCI domain 0x%llx: QEMU has domain 0 only",
				pci.domain.value);
		else if (used_pci(&in->domain->videos[i], &pci) && pci.bus.value && !pci.slot.value && sc_domain_is_pc(in->domain))
			sc_find(out, rule, SC_ALWAYS, in->domain->videos[i].address, "slot", "slot 0 of PCI bus 0x%llx is the bridge's own",
				pci.bus.value);
	}
}

static bool same_place(const struct pci *a, const struct pci *b)
{
	return a->bus.value == b->bus.value && a->slot.value == b->slot.value && a->function.value == b->function.value;
}

/* Any other device of the domain with the same address; of two videos the later one is told. */
static bool is_shared(const struct sc_rule_input *in, const struct sc_video *video, const struct pci *own)
{
	for (struct sc_xml_node *node = sc_xml_child(in->domain->devices, NULL); node; node = sc_xml_next(node, NULL)) {
		struct sc_xml_node *address = sc_xml_child(node, "address");

		if (node == video->node && strcmp(sc_xml_node_name(node), "video") == 0)
			continue;
		if (!address)
			continue;
		struct pci pci = read_pci(address);
		if (pci.is_pci && !pci.bad && !pci.empty && same_place(&pci, own))
			return true;
	}
	return false;
}

/* Devices on the main board that QEMU makes by itself (qemu/qemu_domain_address.c qemuDomainValidateDevicePCISlots*). */
static bool on_board(const struct sc_domain *domain, const struct pci *pci)
{
	if (pci->bus.value)
		return false;
	if (sc_domain_is_q35(domain))
		return pci->slot.value == 0x1f && (pci->function.value == 0 || pci->function.value == 2 || pci->function.value == 3);
	if (!sc_domain_is_pc(domain) || pci->slot.value != 1)
		return false;
	if (pci->function.value != 2)
		return pci->function.value == 0 || pci->function.value == 1 || pci->function.value == 3;
	/* 1.2 is the default USB controller, unless the domain names another one or none. */
	for (size_t i = 0; i < domain->controllers.count; i++) {
		const char *type = sc_xml_get(domain->controllers.items[i], "type");
		const char *model = sc_xml_get(domain->controllers.items[i], "model");

		if (type && strcmp(type, "usb") == 0 && model && strcmp(model, "piix3-uhci") != 0)
			return false;
	}
	return true;
}

static void pci_taken(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		struct pci pci;

		if (!used_pci(video, &pci))
			continue;
		if (on_board(in->domain, &pci))
			sc_find(out, rule, SC_ALWAYS, video->address, NULL, "PCI address 00:%02llx.%llx belongs to the machine's own chips",
				pci.slot.value, pci.function.value);
		else if (is_shared(in, video, &pci))
			sc_find(out, rule, SC_ALWAYS, video->address, NULL, "PCI address %02llx:%02llx.%llx is that of another device",
				pci.bus.value, pci.slot.value, pci.function.value);
	}
}

const struct sc_rule sc_rules_driver[] = {
    {"driver-name", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Unknown video driver",
     "The driver of a video device is qemu or vhostuser.", "libvirt conf/domain_conf.c virDomainVideoDefParseXML; measured",
     "spicecfg set TARGET 'PATH=default'", driver_name},
    {"driver-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Unknown setting of a video driver",
     "iommu, ats, packed and page_per_vq are on or off.", "libvirt conf/domain_conf.c virDomainVirtioOptionsParseXML; measured",
     "spicecfg set TARGET 'PATH=default'", driver_word},
    {"driver-virtio-only", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A virtio setting on another model",
     "iommu, ats, packed and page_per_vq are for video model virtio, whatever their value.",
     "libvirt conf/domain_validate.c virDomainVideoDefValidate; measured", "spicecfg set TARGET 'PATH=default'", driver_virtio_only},
    {"video-address", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A malformed address of a video device",
     "A PCI address has numbers up to bus 0xff, slot 0x1f and function 7. Leave addresses to libvirt.",
     "libvirt conf/device_conf.c virPCIDeviceAddressParseXML; measured", "spicecfg set TARGET 'ELEMENT=default'", address_values},
    {"video-address-kind", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "An address of another kind of device",
     "Video devices sit on PCI.", "libvirt qemu/qemu_command.c qemuBuildDeviceAddressProps", "spicecfg set TARGET 'ELEMENT=default'",
     address_kind},
    {"ramfb-address", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "An address for ramfb",
     "ramfb is no PCI device and takes no address.", "libvirt conf/domain_validate.c virDomainVideoDefValidate; measured",
     "spicecfg set TARGET 'ELEMENT=default'", ramfb_address},
    {"pci-domain", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A PCI place that QEMU does not have",
     "QEMU has PCI domain 0 only, and slot 0 of a bridge's bus is its own.", "libvirt conf/domain_addr.c virDomainPCIAddressValidate",
     "spicecfg set TARGET 'ELEMENT=default'", pci_domain},
    {"pci-taken", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A PCI address that is taken",
     "Two devices can't have one PCI address; some belong to the machine's own chips (pc: slot 1, q35: slot 0x1f).",
     "libvirt conf/domain_addr.c virDomainPCIAddressReserveAddr; measured", "spicecfg set TARGET 'ELEMENT=default'", pci_taken},
    {0},
};

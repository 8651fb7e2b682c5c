/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <driver> and <address> of video devices. */
#include "model/pci.h"

#include <string.h>

#include "rules/fixes.h"
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
			sc_find(out, rule, SC_ALWAYS, node, "name", "libvirt does not know the video driver '%s'", name);
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
				sc_find_fix_word(out, on_off_words, value);
		}
	}
}

/* libvirt's first release that reads the attribute; up to 7.1, QEMU is what refuses it then. */
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
				sc_find(out, rule, SC_ALWAYS, video->driver, *attr, "%s is for video model virtio, not '%s'", *attr,
					sc_video_words[video->kind]);
		}
	}
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
		sc_find(out, rule, SC_ALWAYS, node, "type", "libvirt does not know the address type '%s'", type);
	struct sc_pci pci = sc_pci_read(node);
	if (!pci.is_pci)
		return;
	if (pci.bad)
		sc_find(out, rule, SC_ALWAYS, node, NULL, "the PCI address contains something that is not a number");
	else if (!pci.empty && (pci.bus.value > 0xff || pci.slot.value > 0x1f || pci.function.value > 7))
		sc_find(out, rule, SC_ALWAYS, node, NULL, "PCI bus 0x%llx, slot 0x%llx, function 0x%llx are not within 0xff, 0x1f and 7",
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

static void ramfb_address(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind == SC_VIDEO_RAMFB && video->address)
			sc_find(out, rule, SC_ALWAYS, video->address, NULL,
				"video model 'ramfb' is not a PCI device and can't have an address");
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
			sc_find(out, rule, SC_ALWAYS, video->address, "type", "a video device can't have an address of type '%s'", type);
	}
}

const struct sc_rule sc_rules_driver[] = {
    {"driver-name", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Unknown video driver",
     "The driver of a video device is qemu or vhostuser.", "libvirt conf/domain_conf.c virDomainVideoDefParseXML; measured",
     "spicecfg set TARGET 'PATH=default'", driver_name},
    {"driver-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Unknown setting of a video driver",
     "iommu, ats, packed and page_per_vq are on or off.", "libvirt conf/domain_conf.c virDomainVirtioOptionsParseXML; measured",
     "spicecfg set TARGET 'PATH=default'", driver_word},
    {"driver-virtio-only", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A virtio setting on another video model",
     "iommu, ats, packed and page_per_vq are for video model virtio only, whatever their value.",
     "libvirt conf/domain_validate.c virDomainVideoDefValidate; measured", "spicecfg set TARGET 'PATH=default'", driver_virtio_only},
    {"video-address", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A malformed address of a video device",
     "The numbers of a PCI address go up to bus 0xff, slot 0x1f and function 7. Let libvirt choose addresses.",
     "libvirt conf/device_conf.c virPCIDeviceAddressParseXML; measured", "spicecfg set TARGET 'ELEMENT=default'", address_values},
    {"video-address-kind", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "An address type that video devices can't have",
     "Video devices are on PCI.", "libvirt qemu/qemu_command.c qemuBuildDeviceAddressProps", "spicecfg set TARGET 'ELEMENT=default'",
     address_kind},
    {"ramfb-address", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "An address for ramfb",
     "ramfb is not a PCI device and can't have an address.", "libvirt conf/domain_validate.c virDomainVideoDefValidate; measured",
     "spicecfg set TARGET 'ELEMENT=default'", ramfb_address},
    {0},
};

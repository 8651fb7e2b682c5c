/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Architectures other than x86: which devices QEMU has there, and what libvirt adds by itself. */
#include <string.h>

#include "base/text.h"
#include "rules/tables.h"

#define MODEL(kind) (1U << (kind))

static const char *const isa_sounds[] = {"sb16", "pcspk", NULL};
static const char *const all_sounds[] = {"sb16", "pcspk", "es1370", "ac97", "ich6", "ich9", NULL};

/* An architecture and the machine type that the rules know. */
struct arch {
	const char *name;         /* the beginning of its name */
	const char *machine;      /* the beginning of the type that the rules know */
	bool is_default;          /* libvirt chooses that one where the domain names none */
	unsigned missing;         /* video models that QEMU lacks, MODEL() */
	bool usb;                 /* libvirt adds a USB controller */
	const char *const *mutes; /* sound models that QEMU lacks */
};

static const struct arch archs[] = {
    {"aarch64", "virt", false, MODEL(SC_VIDEO_QXL), false, isa_sounds},
    {"armv", "virt", false, MODEL(SC_VIDEO_QXL), false, isa_sounds},
    {"riscv64", "virt", false, MODEL(SC_VIDEO_QXL) | MODEL(SC_VIDEO_RAMFB), false, isa_sounds},
    {"ppc64", "pseries", true, MODEL(SC_VIDEO_QXL) | MODEL(SC_VIDEO_RAMFB), true, isa_sounds},
    {"s390x", "s390-ccw-virtio", true,
     MODEL(SC_VIDEO_QXL) | MODEL(SC_VIDEO_RAMFB) | MODEL(SC_VIDEO_VGA) | MODEL(SC_VIDEO_CIRRUS) | MODEL(SC_VIDEO_VMVGA) |
	 MODEL(SC_VIDEO_BOCHS),
     false, all_sounds},
};

/*
 * The row for the domain's architecture and machine type; NULL: x86, or nothing is known about them. From 9.3 on, libvirt chooses virt on
 * ARM and RISC-V (NEWS.rst).
 */
static const struct arch *arch_of(const struct sc_rule_input *in)
{
	const struct sc_domain *domain = in->domain;

	for (size_t i = 0; domain->arch && i < sizeof(archs) / sizeof(archs[0]); i++) {
		if (!sc_text_begins(domain->arch, archs[i].name))
			continue;
		if (domain->machine ? sc_text_begins(domain->machine, archs[i].machine)
				    : archs[i].is_default || sc_host_libvirt(in->host) >= SC_VERSION(9, 3))
			return &archs[i];
		return NULL;
	}
	return NULL;
}

static void arch_unknown(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_xml_node *type = sc_xml_child(sc_xml_child(in->domain->root, "os"), "type");

	if (sc_domain_is_x86(in->domain) || arch_of(in))
		return;
	sc_find(out, rule, SC_ALWAYS, type, "machine", "nothing is known about machine type '%s' of architecture %s",
		in->domain->machine ? in->domain->machine : "(libvirt's choice)", in->domain->arch);
	sc_doubt(out, rule, "the rules know x86, and virt, pseries and s390-ccw-virtio of other architectures");
}

/* integratorcp, which libvirt before 9.3 chooses on ARM when the domain names no machine type, has no PCI bus. */
static bool is_arm_default(const struct sc_domain *domain)
{
	return !domain->machine && domain->arch && (sc_text_begins(domain->arch, "aarch64") || sc_text_begins(domain->arch, "armv7"));
}

static void arch_machine(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	bool on_pci = !in->domain->n_videos;

	for (size_t i = 0; i < in->domain->n_videos; i++)
		on_pci |= in->domain->videos[i].kind != SC_VIDEO_NONE && in->domain->videos[i].kind != SC_VIDEO_RAMFB;
	if (on_pci && is_arm_default(in->domain))
		sc_find(out, rule, SC_ALWAYS, sc_xml_child(sc_xml_child(in->domain->root, "os"), "type"), NULL,
			"without a machine type, libvirt chooses integratorcp, which has no PCI bus for a video device");
}

static void arch_video(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct arch *arch = arch_of(in);

	for (size_t i = 0; arch && i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind == SC_VIDEO_BAD)
			continue;
		if (video->kind == SC_VIDEO_RAMFB && sc_text_begins(in->domain->arch, "riscv") &&
		    sc_host_qemu(in->host) >= SC_VERSION(8, 0))
			sc_doubt(out, rule, "QEMU 7.2 refuses ramfb on RISC-V; later releases were not tested");
		else if (arch->missing & MODEL(video->kind))
			sc_find(out, rule, SC_ALWAYS, video->model ? video->model : video->node, video->type ? "type" : NULL,
				"QEMU for %s has no video model '%s'", in->domain->arch, sc_video_words[video->kind]);
	}
}

static bool has_usb(const struct sc_domain *domain)
{
	for (size_t i = 0; i < domain->controllers.count; i++) {
		const char *type = sc_xml_get(domain->controllers.items[i], "type");

		if (type && strcmp(type, "usb") == 0)
			return true;
	}
	return false;
}

static void report_usb(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_xml_node *node, struct sc_findings *out)
{
	sc_find(out, rule, SC_ALWAYS, node, NULL, "<%s> needs USB, but libvirt adds no USB controller on %s", sc_xml_node_name(node),
		in->domain->arch);
	sc_find_fix_asks(out);
}

static void arch_usb(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct arch *arch = arch_of(in);

	if (!arch || arch->usb || has_usb(in->domain))
		return;
	for (size_t i = 0; i < in->domain->redirdevs.count; i++)
		report_usb(rule, in, in->domain->redirdevs.items[i], out);
	for (size_t i = 0; i < in->domain->smartcards.count; i++)
		report_usb(rule, in, in->domain->smartcards.items[i], out);
	for (size_t i = 0; i < in->domain->sounds.count; i++) {
		const char *model = sc_xml_get(in->domain->sounds.items[i], "model");

		if (model && strcmp(model, "usb") == 0)
			report_usb(rule, in, in->domain->sounds.items[i], out);
	}
}

static void arch_sound(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct arch *arch = arch_of(in);
	bool usb = arch && (arch->usb || has_usb(in->domain));

	for (size_t i = 0; arch && i < in->domain->sounds.count; i++) {
		const char *model = sc_xml_get(in->domain->sounds.items[i], "model");

		if (!model || sc_word_find(arch->mutes, model) < 0)
			continue;
		sc_find(out, rule, SC_ALWAYS, in->domain->sounds.items[i], "model", "QEMU for %s has no sound card '%s'", in->domain->arch,
			model);
		if (!usb)
			sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
		sc_find_fix_asks(out);
	}
}

static bool is_ccw(const struct sc_domain *domain)
{
	return domain->arch && sc_text_begins(domain->arch, "s390");
}

/* The address types that a video device can't have on this architecture. */
static bool address_fits(const struct sc_domain *domain, const struct sc_video *video, const char *type)
{
	if (strcmp(type, "ccw") == 0)
		return is_ccw(domain);
	if (strcmp(type, "virtio-mmio") == 0)
		return video->kind != SC_VIDEO_VIRTIO || (!is_ccw(domain) && !sc_text_begins(domain->arch, "ppc64"));
	return strcmp(type, "pci") == 0 || strcmp(type, "none") == 0;
}

static void arch_address(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct arch *arch = arch_of(in);

	for (size_t i = 0; arch && i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		const char *type = sc_xml_get(video->address, "type");

		if (type && video->kind != SC_VIDEO_NONE && video->kind != SC_VIDEO_RAMFB && video->kind != SC_VIDEO_BAD &&
		    !address_fits(in->domain, video, type))
			sc_find(out, rule, SC_ALWAYS, video->address, "type", "a video device can't have an address of type '%s' on %s",
				type, in->domain->arch);
	}
}

static void arch_accel(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; is_ccw(in->domain) && i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		const char *accel = sc_xml_get(video->acceleration, "accel3d");

		if (video->kind == SC_VIDEO_VIRTIO && accel && strcmp(accel, "yes") == 0)
			sc_find(out, rule, SC_ALWAYS, video->acceleration, "accel3d", "QEMU has no virtio-gpu-gl-ccw");
	}
}

const struct sc_rule sc_rules_arch[] = {
    {"arch-unknown", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_HAS_GRAPHICS | SC_HAS_VIDEO,
     "A machine type that the rules do not know",
     "The rules know x86 (pc, q35), virt of ARM and RISC-V, pseries of ppc64 and s390-ccw-virtio of s390x. For others, they can't give a "
     "verdict.",
     "libvirt qemu/qemu_domain.c; measured", NULL, arch_unknown},
    {"arch-machine", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS | SC_HAS_VIDEO | SC_SPAN(SC_SPAN_ARM_MACHINE),
     "An ARM machine without PCI",
     "Without a machine type, libvirt before 9.3 chooses integratorcp on ARM, which has no PCI bus. Set machine='virt' in <type>.",
     "libvirt qemu/qemu_capabilities.c preferredMachines, NEWS.rst 9.3.0; measured on 9.0", "spicecfg set TARGET 'ELEMENT/@machine=virt'",
     arch_machine},
    {"arch-video", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A video model of another architecture",
     "qxl exists on x86 only, ramfb works on x86 and ARM, s390x has virtio only.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo, tests/qemucapabilitiesdata; measured on QEMU 7.2",
     "spicecfg set-heads TARGET 1 --model virtio", arch_video},
    {"arch-usb", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A USB device without a USB controller",
     "On ARM, RISC-V and s390x, libvirt adds no USB controller by itself; redirected USB, smart cards and USB sound need one: <controller "
     "type='usb' model='qemu-xhci'/>.",
     "libvirt qemu/qemu_domain.c qemuDomainDefAddDefaultDevices; measured", "spicecfg set TARGET 'ELEMENT=default'", arch_usb},
    {"arch-sound", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "A sound card of another architecture",
     "sb16 and pcspk are on the ISA bus of x86; s390x has usb only.", "QEMU hw/audio/Kconfig; measured on QEMU 7.2",
     "spicecfg set TARGET 'PATH=usb'", arch_sound},
    {"arch-address", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "An address that this architecture does not have",
     "Video devices are on PCI; on s390x, virtio is on ccw, and on ARM and RISC-V, virtio may be virtio-mmio.",
     "libvirt qemu/qemu_command.c qemuBuildDeviceAddressProps; measured", "spicecfg set TARGET 'ELEMENT=default'", arch_address},
    {"arch-accel", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "3D acceleration on s390x",
     "QEMU has 3D acceleration on PCI only.", "QEMU hw/s390x/virtio-ccw-gpu.c; measured on QEMU 7.2", "spicecfg set TARGET 'PATH=no'",
     arch_accel},
    {0},
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a <video> element like libvirt's virDomainVideoDefParseXML and the post-parse function of its QEMU driver. */
#include <string.h>

#include "model/domain.h"

const char *const sc_video_words[] = {"default",   "vga",    "cirrus", "vmvga", "xen",   "vbox",  "qxl",
				      "parallels", "virtio", "gop",    "none",  "bochs", "ramfb", NULL};

/* The value in the first <model> that has the attribute: XPath string(./model/@attr). */
static const char *model_get(const struct sc_video *video, const char *attr)
{
	const char *value = sc_xml_get(video->model, attr);

	for (struct sc_xml_node *model = video->model; !value && model; model = sc_xml_next(model, "model"))
		value = sc_xml_get(model, attr);
	return value;
}

static const struct sc_xml_node *model_child(const struct sc_video *video, const char *name)
{
	for (struct sc_xml_node *model = video->model; model; model = sc_xml_next(model, "model")) {
		struct sc_xml_node *child = sc_xml_child(model, name);

		if (child)
			return child;
	}
	return NULL;
}

/* libvirt qemu/qemu_domain.c, qemuDomainDefaultVideoDevice. */
static enum sc_video_type default_kind(const struct sc_domain *domain)
{
	const char *arch = domain->arch ? domain->arch : "x86_64";
	const char *machine = domain->machine ? domain->machine : "";

	if (strncmp(arch, "ppc64", 5) == 0)
		return SC_VIDEO_VGA;
	if (strncmp(arch, "s390", 4) == 0)
		return SC_VIDEO_VIRTIO;
	bool virt = strcmp(machine, "virt") == 0 || strncmp(machine, "virt-", 5) == 0;
	if (virt && (strcmp(arch, "aarch64") == 0 || strncmp(arch, "arm", 3) == 0 || strncmp(arch, "riscv", 5) == 0))
		return SC_VIDEO_VIRTIO;
	return SC_VIDEO_CIRRUS;
}

void sc_video_read(const struct sc_domain *domain, struct sc_xml_node *node, struct sc_video *out)
{
	*out = (struct sc_video){.node = node, .model = sc_xml_child(node, "model")};
	out->type = model_get(out, "type");
	/* XPath's string() does not distinguish '' and a missing attribute */
	out->kind = out->type && *out->type ? (enum sc_video_type)sc_word_find(sc_video_words, out->type) : SC_VIDEO_DEFAULT;
	if (out->kind == SC_VIDEO_DEFAULT)
		out->kind = default_kind(domain);
	const char *primary = model_get(out, "primary");
	out->primary = primary && strcmp(primary, "yes") == 0;
	out->heads = sc_number_size(model_get(out, "heads"), 1);
	out->ram = sc_number_size(model_get(out, "ram"), 0);
	out->vram = sc_number_size(model_get(out, "vram"), 0);
	out->vram64 = sc_number_size(model_get(out, "vram64"), 0);
	out->vgamem = sc_number_size(model_get(out, "vgamem"), 0);
	out->acceleration = model_child(out, "acceleration");
	out->resolution = model_child(out, "resolution");
	out->driver = sc_xml_child(node, "driver");
	out->address = sc_xml_child(node, "address");
}

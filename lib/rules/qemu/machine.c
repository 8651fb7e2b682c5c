/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machine types of x86 on which a video device can't exist. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rules/tables.h"

static bool has_controller(const struct sc_domain *domain, const char *type, const char *model)
{
	for (size_t i = 0; i < domain->controllers.count; i++)
		if (sc_text_is(sc_xml_get(domain->controllers.items[i], "type"), type) &&
		    sc_text_is(sc_xml_get(domain->controllers.items[i], "model"), model))
			return true;
	return false;
}

static const char *pci_user(const struct sc_domain *domain)
{
	const struct sc_xml_node *balloon = sc_xml_child(domain->devices, "memballoon");

	for (size_t i = 0; i < domain->n_videos; i++)
		if (domain->videos[i].kind != SC_VIDEO_NONE && domain->videos[i].kind != SC_VIDEO_RAMFB)
			return "its video device";
	if (!domain->n_videos && domain->n_graphics)
		return "the video device that libvirt adds";
	if (!sc_text_is(sc_xml_get(balloon, "model"), "none"))
		return "the memory balloon that libvirt adds";
	if (!sc_text_is(domain->machine, "isapc") && !has_controller(domain, "usb", "none"))
		return "the USB controller that libvirt adds";
	return NULL;
}

static void no_pci(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const machines[] = {"isapc", "microvm", "none", NULL};

	if (!in->domain->machine || sc_word_find(machines, in->domain->machine) < 0 || !sc_domain_is_x86(in->domain))
		return;
	const char *user = pci_user(in->domain);
	if (!user)
		return;
	sc_find(out, rule, SC_ALWAYS, sc_xml_child(sc_xml_child(in->domain->root, "os"), "type"), "machine",
		"machine type '%s' has no PCI bus for %s", in->domain->machine, user);
	sc_find_fix_asks(out);
}

/* The version of pc-i440fx-2.4 as 204; 0: the type has none. */
static long version_of(const char *machine)
{
	const char *dash = machine ? strrchr(machine, '-') : NULL;
	char *end;

	if (!dash)
		return 0;
	long major = strtol(dash + 1, &end, 10);
	return *end == '.' ? major * 100 + strtol(end + 1, NULL, 10) : 0;
}

static void ramfb_machine(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	enum { FW_CFG_DMA = 205 };
	long version = version_of(in->domain->machine);
	bool old = (sc_domain_is_pc(in->domain) || sc_domain_is_q35(in->domain)) && version && version < FW_CFG_DMA;

	for (size_t i = 0; i < in->domain->n_videos; i++)
		if (in->domain->videos[i].kind == SC_VIDEO_RAMFB && (old || sc_text_is(in->domain->machine, "isapc")))
			sc_find(out, rule, SC_ALWAYS, in->domain->videos[i].model, "type", "machine type '%s' does not support ramfb",
				in->domain->machine);
}

const struct sc_rule sc_rules_machine[] = {
    {"no-pci", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS | SC_HAS_VIDEO, "A machine type without PCI",
     "isapc, microvm and none have no PCI bus: they can't have a video device (except model none), a memory balloon or a USB controller.",
     "libvirt conf/domain_addr.c virDomainPCIAddressValidate; measured", "spicecfg set TARGET 'PATH=pc'", no_pci},
    {"ramfb-machine", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "ramfb on a machine type without fw_cfg DMA",
     "ramfb needs fw_cfg with DMA, which pc and q35 have from version 2.5 on.", "QEMU hw/display/ramfb.c ramfb_setup; measured",
     "spicecfg set-heads TARGET 1 --model qxl", ramfb_machine},
    {0},
};

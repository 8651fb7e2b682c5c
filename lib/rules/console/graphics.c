/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words and numbers of <graphics> that libvirt's parser refuses, and devices that its QEMU driver does not support. */
#include <string.h>

#include "base/text.h"
#include "rules/fixes.h"
#include "rules/tables.h"

static bool is_spice(const struct sc_graphics *graphics)
{
	return graphics->kind == SC_GRAPHICS_SPICE;
}

/* A device that QEMU can't have becomes the Spice console if the domain has none, else it is removed. */
static void fix_type(const struct sc_rule_input *in, const struct sc_graphics *graphics, struct sc_findings *out)
{
	static const char *const types[] = {"sdl", "vnc", "spice", "egl-headless", "dbus", NULL};
	int guess = graphics->kind == SC_GRAPHICS_BAD && graphics->type ? sc_word_guess(types, graphics->type) : -1;

	if (guess >= 0 && (guess != 2 || !in->domain->n_spice)) {
		sc_find_fix(out, "spicecfg set TARGET 'ELEMENT/@type=%s'", types[guess]);
		return;
	}
	sc_find_fix(out, in->domain->n_spice ? "spicecfg set TARGET 'ELEMENT=default'" : "spicecfg set TARGET 'ELEMENT/@type=spice'");
	sc_find_fix_asks(out);
}

static void graphics_type(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->type && graphics->kind == SC_GRAPHICS_BAD)
			sc_find(out, rule, SC_ALWAYS, graphics->node, "type", "libvirt does not know the graphics type '%s'",
				graphics->type);
		else if (!graphics->type)
			sc_find(out, rule, SC_ALWAYS, graphics->node, NULL, "<graphics> has no type");
		else
			continue;
		fix_type(in, graphics, out);
	}
}

static void graphics_unsupported(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->kind != SC_GRAPHICS_RDP && graphics->kind != SC_GRAPHICS_DESKTOP)
			continue;
		if (graphics->kind == SC_GRAPHICS_RDP && sc_host_libvirt(in->host) >= SC_VERSION(11, 1)) {
			sc_doubt(out, rule, "RDP needs the program qemu-rdp and a graphics device of type dbus");
			continue;
		}
		sc_find(out, rule, SC_ALWAYS, graphics->node, "type", "QEMU has no graphics of type '%s'", graphics->type);
		fix_type(in, graphics, out);
	}
}

static void graphics_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	bool seen[SC_GRAPHICS_DBUS + 1] = {false};

	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->kind == SC_GRAPHICS_BAD || graphics->kind == SC_GRAPHICS_RDP || graphics->kind == SC_GRAPHICS_DESKTOP)
			continue;
		if (seen[graphics->kind]) {
			sc_find(out, rule, SC_ALWAYS, graphics->node, NULL, "a second graphics device has type '%s'", graphics->type);
			sc_find_fix_asks(out);
		}
		seen[graphics->kind] = true;
	}
}

static void spice_missing(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	if (!in->domain->spice)
		return;
	if (in->host->qemu.spice == SC_FALSE) {
		sc_find(out, rule, SC_HOST, in->domain->spice->node, "type", "this host's QEMU is built without Spice");
		for (size_t i = 0; i < in->domain->n_graphics; i++)
			if (in->domain->graphics[i].kind == SC_GRAPHICS_SPICE && &in->domain->graphics[i] != in->domain->spice)
				sc_find_fix_more(out, "%s=default", sc_find_fix_element(out, in->domain->graphics[i].node));
		sc_find_fix_spice_devices(out, in->domain);
		const struct sc_graphics *spice = in->domain->spice;
		if (spice->port.value < 5900 && sc_text_is(sc_xml_get(spice->node, "autoport"), "no"))
			sc_find_fix_more(out, "%s=default %s=yes", sc_find_fix_path(out, spice->node, "port"),
					 sc_find_fix_path(out, spice->node, "autoport"));
		/* VNC has 8 bytes for it */
		if (spice->passwd && strlen(spice->passwd) > 8)
			sc_find_fix_more(out, "%s=default", sc_find_fix_path(out, spice->node, "passwd"));
		sc_find_fix_asks(out);
	} else if (in->host->qemu.spice == SC_UNKNOWN)
		sc_doubt(out, rule, "it is not known whether QEMU has Spice");
}

static void sdl_missing(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->kind != SC_GRAPHICS_SDL)
			continue;
		if (in->host->qemu.sdl == SC_FALSE) {
			sc_find(out, rule, SC_HOST, graphics->node, "type", "this host's QEMU has no SDL module");
			sc_find_fix_asks(out);
		} else if (in->host->qemu.sdl == SC_UNKNOWN)
			sc_doubt(out, rule, "SDL needs QEMU's module and a display of the host");
	}
}

static void port_number(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->port.bad) {
			sc_find(out, rule, SC_ALWAYS, graphics->node, "port", "port '%s' is not a number", graphics->port.text);
			sc_find_fix_port_auto(out, graphics, "port");
		}
		if (graphics->tls_port.bad)
			sc_find(out, rule, SC_ALWAYS, graphics->node, "tlsPort", "tlsPort '%s' is not a number", graphics->tls_port.text);
		if (graphics->websocket.bad)
			sc_find(out, rule, SC_ALWAYS, graphics->node, "websocket", "websocket '%s' is not a number",
				graphics->websocket.text);
	}
}

static void autoport_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (!is_spice(graphics) || graphics->autoport.value >= 0)
			continue;
		sc_find(out, rule, SC_ALWAYS, graphics->node, "autoport", "autoport is '%s', neither 'yes' nor 'no'",
			graphics->autoport.text);
		sc_find_fix(out, "spicecfg set TARGET 'PATH=%s'", graphics->port.value > 0 || graphics->tls_port.value > 0 ? "no" : "yes");
		sc_find_fix_word(out, sc_yes_no_words, graphics->autoport.text);
	}
}

static void mode_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (!is_spice(graphics) || graphics->mode.value >= 0)
			continue;
		sc_find(out, rule, SC_ALWAYS, graphics->node, "defaultMode", "defaultMode is '%s', not any, secure or insecure",
			graphics->mode.text);
		if (sc_word_guess(sc_mode_words, graphics->mode.text) < 0)
			sc_find_fix_asks(out);
		sc_find_fix_word(out, sc_mode_words, graphics->mode.text);
	}
}

static void channel_name(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		for (size_t j = 0; j < in->domain->graphics[i].n_channels && is_spice(&in->domain->graphics[i]); j++) {
			const struct sc_spice_channel *channel = &in->domain->graphics[i].channels[j];

			if (channel->name >= 0)
				continue;
			if (channel->name_text)
				sc_find(out, rule, SC_ALWAYS, channel->node, "name",
					"'%s' is not a Spice channel that libvirt can configure", channel->name_text);
			else
				sc_find(out, rule, SC_ALWAYS, channel->node, NULL, "<channel> has no name");
			sc_find_fix_word(out, sc_channel_words, channel->name_text);
		}
	}
}

static void channel_mode(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		for (size_t j = 0; j < in->domain->graphics[i].n_channels && is_spice(&in->domain->graphics[i]); j++) {
			const struct sc_spice_channel *channel = &in->domain->graphics[i].channels[j];

			if (channel->mode != SC_MODE_BAD)
				continue;
			if (channel->mode_text)
				sc_find(out, rule, SC_ALWAYS, channel->node, "mode", "channel mode is '%s', not any, secure or insecure",
					channel->mode_text);
			else
				sc_find(out, rule, SC_ALWAYS, channel->node, NULL, "<channel> has no mode");
			if (!channel->mode_text || sc_word_guess(sc_mode_words, channel->mode_text) < 0)
				sc_find_fix_asks(out);
			sc_find_fix_word(out, sc_mode_words, channel->mode_text);
		}
	}
}

static void domain_type(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const types[] = {"none",   "qemu",   "kqemu", "kvm",  "xen",       "lxc",   "uml", "openvz", "test",
					    "vmware", "hyperv", "vbox",  "phyp", "parallels", "bhyve", "vz",  "hvf",    NULL};
	const char *type = in->domain->type;

	if (!type)
		sc_find(out, rule, SC_ALWAYS, in->domain->root, NULL, "<domain> has no type");
	else if (sc_word_find(types, type) < 0)
		sc_find(out, rule, SC_ALWAYS, in->domain->root, "type", "libvirt does not know the domain type '%s'", type);
	else
		return;
	if (!type || sc_word_guess(types, type) < 0)
		sc_find_fix_asks(out);
	sc_find_fix_word(out, types, type);
}

static void no_domain_of_qemu(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	sc_find(out, rule, SC_ALWAYS, in->domain->root, "type", "domain type '%s' does not belong to libvirt's QEMU driver",
		in->domain->type ? in->domain->type : "");
	sc_doubt(out, rule, "the rules are for QEMU and do not apply to other hypervisors");
}

const struct sc_rule sc_rules_graphics[] = {
    {"graphics-type", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "Unknown graphics type",
     "libvirt accepts only sdl, vnc, rdp, desktop, spice, egl-headless and dbus, in lower case; a <graphics> without a type is refused "
     "too.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXML; measured", "spicecfg set TARGET 'ELEMENT/@type=spice'", graphics_type},
    {"graphics-unsupported", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "A graphics type that QEMU does not have",
     "The types rdp and desktop belong to other hypervisors (VirtualBox); libvirt's QEMU driver refuses the definition. From libvirt 11.1 "
     "on, rdp works next to dbus, with the program qemu-rdp.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefGraphics; measured", "spicecfg set TARGET 'PATH=spice'",
     graphics_unsupported},
    {"graphics-twice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "Two graphics devices of one type",
     "A VM has at most one graphics device of each type. libvirt stores the definition, but refuses to start the VM. Remove one of the "
     "two; several heads are set on the video device (spicecfg set-heads).",
     "libvirt qemu/qemu_command.c qemuBuildCommandLineValidate; A1; measured", "spicecfg set TARGET 'ELEMENT=default'", graphics_twice},
    {"spice-missing", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "QEMU without Spice",
     "Some distributions (RHEL 9 and later) ship QEMU without Spice. Use another host, or VNC with virtio video.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefGraphics", "spicecfg set TARGET 'PATH=vnc'", spice_missing},
    {"sdl-missing", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "QEMU without SDL",
     "A graphics device of type sdl needs QEMU's SDL module (Debian: qemu-system-gui) and a display that QEMU's account may open.",
     "QEMU ui/console.c qemu_display_early_init; measured", "spicecfg set TARGET 'PATH=vnc'", sdl_missing},
    {"port-number", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "A port that is not a number",
     "port, tlsPort and websocket must be decimal 32-bit numbers: leading blanks and a sign are accepted, anything after the digits is "
     "refused.",
     "libvirt util/virxml.c virXMLPropInt; measured", "spicecfg set TARGET 'PATH=default'", port_number},
    {"autoport-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE | SC_SPAN(SC_SPAN_WORDS), "autoport is neither yes nor no",
     "libvirt compares the word exactly: 'on', 'true', '1' and 'YES' are refused.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured", "spicecfg set TARGET 'PATH=yes'", autoport_word},
    {"mode-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "Unknown defaultMode",
     "defaultMode is any, secure or insecure, in lower case.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; A12; measured", "spicecfg set-mode TARGET any", mode_word},
    {"channel-name", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "Unknown Spice channel",
     "A channel is one of main, display, inputs, cursor, playback, record, smartcard and usbredir.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured", "spicecfg set TARGET 'ELEMENT=default'", channel_name},
    {"channel-mode", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "Unknown mode of a Spice channel",
     "The mode of a channel is any, secure or insecure.", "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured",
     "spicecfg set TARGET 'ELEMENT=default'", channel_mode},
    {"domain-type", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_IS_FOREIGN, "Unknown domain type",
     "For QEMU, the type of a domain is kvm or qemu; libvirt refuses unknown words, and a <domain> without a type.",
     "libvirt conf/domain_conf.c virDomainDefParseCaps; measured", "spicecfg set TARGET 'ELEMENT/@type=kvm'", domain_type},
    {"not-qemu", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_IS_FOREIGN, "A domain of another hypervisor",
     "The rules describe libvirt's QEMU driver (domain types qemu, kvm, hvf). For this domain they can't give a verdict.",
     "libvirt qemu/qemu_domain.c", NULL, no_domain_of_qemu},
    {0},
};

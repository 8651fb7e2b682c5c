/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the sound goes: what QEMU needs for each backend, and devices that have no backend. */
#include <string.h>

#include "base/text.h"
#include "rules/tables.h"

/* QEMU exits when /dev/dsp, or the named device, is missing; libvirt gives QEMU a /dev of its own without it. */
static bool oss_opens(const struct sc_rule_input *in, const struct sc_xml_node *node, const char *side)
{
	const char *dev = sc_xml_get(sc_xml_child(node, side), "dev");

	return dev && *dev == '/' && sc_host_file(in->host, dev).type == SC_PATH_FILE;
}

static void check_backend(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_xml_node *node,
			  struct sc_findings *out)
{
	static const char *const of_gui[] = {"jack", "pulseaudio", "sdl", NULL};
	const char *type = sc_xml_get(node, "type");

	if (sc_text_is(type, "coreaudio"))
		sc_find(out, rule, SC_ALWAYS, node, "type", "QEMU has coreaudio on macOS only");
	else if (sc_text_is(type, "oss") && !(oss_opens(in, node, "input") && oss_opens(in, node, "output")))
		sc_find(out, rule, SC_HOST, node, "type", "QEMU opens /dev/dsp for oss, which does not exist");
	else if (sc_text_is(type, "pulseaudio") && !sc_xml_get(node, "serverName"))
		sc_find(out, rule, SC_HOST, node, "type",
			"pulseaudio has no serverName: QEMU looks in XDG_RUNTIME_DIR, which libvirt unsets");
	if (!type || sc_word_find(of_gui, type) < 0)
		return;
	/* In the same package as QEMU's SDL. */
	if (in->host->qemu.sdl == SC_FALSE)
		sc_find(out, rule, SC_HOST, node, "type", "this host's QEMU lacks the module for audio of type '%s'", type);
	else if (!sc_text_is(type, "pulseaudio") || sc_xml_get(node, "serverName"))
		sc_doubt(out, rule, "audio of type '%s' needs a QEMU module and a sound server that QEMU's account can reach", type);
}

static void audio_backend(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->audios.count; i++)
		check_backend(rule, in, in->domain->audios.items[i], out);
}

/* libvirt qemu/qemu_domain.c, qemuDomainDefSuggestDefaultAudioBackend, for a libvirtd without QEMU_AUDIO_DRV in its environment. */
bool sc_audio_added(const struct sc_domain *domain, const struct sc_host *host)
{
	bool wanted = !domain->n_graphics, passed_on = !domain->n_graphics && host->conf.nographics_host_audio;

	for (size_t i = 0; i < domain->n_graphics; i++) {
		enum sc_graphics_kind kind = domain->graphics[i].kind;

		if (kind != SC_GRAPHICS_VNC && kind != SC_GRAPHICS_SPICE && kind != SC_GRAPHICS_SDL)
			continue;
		wanted = true;
		passed_on = kind == SC_GRAPHICS_SDL || (kind == SC_GRAPHICS_VNC && host->conf.vnc_host_audio);
	}
	return wanted && !passed_on;
}

static void audio_none(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_domain *domain = in->domain;

	if (domain->audios.count || sc_audio_added(domain, in->host))
		return;
	for (size_t i = 0; i < domain->n_graphics; i++)
		if (domain->graphics[i].kind == SC_GRAPHICS_VNC) {
			sc_find(out, rule, SC_HOST, domain->graphics[i].node, NULL, "VNC has no audio backend (vnc_allow_host_audio)");
			sc_find_fix(out, "spicecfg host unset vnc_allow_host_audio");
		}
	for (size_t i = 0; i < domain->sounds.count; i++)
		if (!sc_text_is(sc_xml_get(domain->sounds.items[i], "model"), "pcspk")) {
			sc_find(out, rule, SC_ALWAYS, domain->sounds.items[i], NULL,
				"the sound card has no <audio>, and libvirt adds none for this kind of graphics");
			sc_find_fix_asks(out);
		}
}

static void pc_speaker(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->sounds.count; i++)
		if (sc_text_is(sc_xml_get(in->domain->sounds.items[i], "model"), "pcspk") && sc_host_qemu(in->host) >= SC_VERSION(7, 1))
			sc_find(out, rule, SC_HOST, in->domain->sounds.items[i], "model", "QEMU has no -soundhw pcspk since 7.1");
}

const struct sc_rule sc_rules_backend[] = {
    {"audio-backend", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "An audio backend that QEMU can't open",
     "QEMU on Linux has no coreaudio; oss opens /dev/dsp, which is missing in QEMU's own /dev; pulseaudio needs a serverName; jack, "
     "pulseaudio and sdl need a module (Debian: qemu-system-gui) and a sound server that QEMU's account can reach.",
     "A14; QEMU audio/audio.c audio_init; measured", "spicecfg set TARGET 'PATH=none'", audio_backend},
    {"audio-none", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES | SC_HAS_VNC, "A sound device without an audio backend",
     "Without <audio>, libvirt adds one for Spice, for VNC, or for a domain without graphics; not for D-Bus or egl-headless alone, not for "
     "SDL, nor where vnc_allow_host_audio or nographics_allow_host_audio is 1. Sound cards and VNC then fail. Add an <audio> to the "
     "domain, or remove the key from qemu.conf.",
     "libvirt qemu/qemu_domain.c qemuDomainDefSuggestDefaultAudioBackend; measured", "spicecfg set TARGET 'ELEMENT=default'", audio_none},
    {"sound-pcspk", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "The PC speaker on a QEMU without -soundhw",
     "libvirt 9 passes the PC speaker as -soundhw, which QEMU 7.1 removed.",
     "libvirt qemu/qemu_command.c qemuBuildSoundCommandLine; measured", "spicecfg set TARGET 'PATH=ich9'", pc_speaker},
    {0},
};

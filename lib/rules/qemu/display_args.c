/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options of qemu:commandline other than -spice that add or use displays: -display, -vga, -device. */
#include "model/pci.h"

#include <string.h>

#include "doc/mask.h"
#include "doc/mask_args.h"
#include "rules/fixes.h"
#include "rules/tables.h"

/* True for "-option" and "--option". */
static bool is_option(const char *word, const char *option)
{
	if (!word || *word != '-')
		return false;
	word += word[1] == '-' ? 2 : 1;
	return strcmp(word, option) == 0;
}

/* The value of the next such option from *index on, up to its first comma. */
static const struct sc_qemu_word *next_value(const struct sc_domain *domain, const char *option, size_t *index, char *value, size_t size)
{
	for (; *index + 1 < domain->n_args; ++*index) {
		const struct sc_qemu_word *word = &domain->args[*index + 1];

		if (!is_option(domain->args[*index].value, option) || !word->value)
			continue;
		size_t len = strcspn(word->value, ",");
		if (len >= size)
			len = size - 1;
		memcpy(value, word->value, len);
		value[len] = '\0';
		*index += 2;
		return word;
	}
	return NULL;
}

enum { WORD_MAX = 32 };

/* kind as a message may show it: masked unless it has a plain shape. */
static const char *shown(const char *kind)
{
	return sc_mask_has_plain_shape((struct sc_piece){kind, strlen(kind)}) ? kind : SC_MASK;
}

static void check_display(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_qemu_word *word, const char *kind,
			  struct sc_findings *out)
{
	static const char *const fine[] = {"none", "dbus", NULL}, *const gui[] = {"gtk", "sdl", NULL};
	bool egl = strcmp(kind, "egl-headless") == 0;
	const char *node = strstr(word->value, "rendernode=");

	if (sc_word_find(fine, kind) >= 0 || (egl && node))
		return;
	if (sc_word_find(gui, kind) >= 0 || egl || strcmp(kind, "curses") == 0) {
		enum sc_known known = egl ? in->host->qemu.render_node : strcmp(kind, "curses") == 0 ? SC_UNKNOWN : in->host->qemu.sdl;

		if (known == SC_FALSE) {
			sc_find(out, rule, SC_HOST, word->node, "value", "-display %s is not available on this host", kind);
			sc_find_fix_arg(out, in->domain, word->node);
		} else if (known == SC_UNKNOWN)
			sc_doubt(out, rule, "it is not known whether QEMU can open -display %s", kind);
		return;
	}
	sc_find(out, rule, SC_ALWAYS, word->node, "value", "-display %s: %s", shown(kind),
		strcmp(kind, "spice-app") == 0 ? "QEMU as a service can't start a viewer" : "QEMU does not know this display");
	sc_find_fix_arg(out, in->domain, word->node);
}

static void display_arg(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_qemu_word *word;
	char kind[WORD_MAX];
	size_t i = 0;

	while ((word = next_value(in->domain, "display", &i, kind, sizeof(kind))))
		check_display(rule, in, word, kind, out);
}

/* A device that QEMU creates before libvirt's own gets the first free slot, which libvirt gives to the video device. */
static bool slot_is_used(const struct sc_domain *domain)
{
	long long slot = sc_domain_is_q35(domain) ? 1 : 2;

	for (size_t i = 0; i < domain->n_videos; i++) {
		const struct sc_video *video = &domain->videos[i];
		struct sc_pci pci = sc_pci_read(video->address);

		if (video->kind == SC_VIDEO_NONE || video->kind == SC_VIDEO_RAMFB)
			continue;
		if (!pci.is_pci || pci.empty ? video->first : !pci.bus.value && pci.slot.value == slot)
			return true;
	}
	return !domain->n_videos && domain->n_graphics;
}

static void vga_arg(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const kinds[] = {"none", "std", "cirrus", "vmware", "qxl", "virtio", "xenfb", NULL};
	static const char *const devices[] = {"qxl",
					      "qxl-vga",
					      "virtio-gpu-pci",
					      "virtio-vga",
					      "VGA",
					      "secondary-vga",
					      "bochs-display",
					      "cirrus-vga",
					      "vmware-svga",
					      "virtio-serial",
					      "ati-vga",
					      "virtio-serial-pci",
					      "virtio-rng-pci",
					      "virtio-net-pci",
					      "virtio-balloon-pci",
					      "virtio-keyboard-pci",
					      "virtio-mouse-pci",
					      "virtio-tablet-pci",
					      "virtio-scsi-pci",
					      "e1000",
					      "e1000e",
					      "rtl8139",
					      "ne2k_pci",
					      "pcnet",
					      "vmxnet3",
					      "AC97",
					      "ES1370",
					      "intel-hda",
					      "ich9-intel-hda",
					      "qemu-xhci",
					      "nec-usb-xhci",
					      "usb-ehci",
					      "ich9-usb-ehci1",
					      "piix3-usb-uhci",
					      "pci-serial",
					      "edu",
					      "i6300esb",
					      "ahci",
					      "virtio-vga-gl",
					      "virtio-gpu-gl-pci",
					      NULL};
	const struct sc_qemu_word *word;
	bool used = slot_is_used(in->domain);
	char kind[WORD_MAX];
	size_t i = 0;

	while ((word = next_value(in->domain, "vga", &i, kind, sizeof(kind)))) {
		if (sc_word_find(kinds, kind) < 0)
			sc_find(out, rule, SC_ALWAYS, word->node, "value", "-vga %s: QEMU does not know this device", shown(kind));
		else if (strcmp(kind, "none") != 0 && used)
			sc_find(out, rule, SC_ALWAYS, word->node, "value", "-vga %s takes the slot of the domain's video device", kind);
		else
			continue;
		sc_find_fix_arg(out, in->domain, word->node);
	}
	i = 0;
	while ((word = next_value(in->domain, "device", &i, kind, sizeof(kind))))
		if (sc_word_find(devices, kind) >= 0 && !strstr(word->value, "addr=") && !strstr(word->value, "bus=") && used) {
			sc_find(out, rule, SC_ALWAYS, word->node, "value", "-device %s takes the slot of the domain's video device", kind);
			sc_find_fix_arg(out, in->domain, word->node);
		}
}

/* The <video> that an id of QEMU refers to: libvirt calls them video0, video1, …, the primary first. */
static const struct sc_video *video_of(const struct sc_domain *domain, const char *id)
{
	size_t next = 1;

	for (size_t i = 0; i < domain->n_videos; i++) {
		const struct sc_video *video = &domain->videos[i];
		const char *alias = sc_xml_get(sc_xml_child(video->node, "alias"), "name");
		struct sc_number number = sc_number_uint(strncmp(id, "video", 5) == 0 ? id + 5 : "x", 10, 0);
		size_t own = video->first ? 0 : next++;

		if (video->kind == SC_VIDEO_NONE)
			continue;
		if (alias && strncmp(alias, "ua-", 3) == 0 ? strcmp(alias, id) == 0 : !number.bad && (size_t)number.value == own)
			return video;
	}
	return NULL;
}

static void spice_display(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_spice_arg *display = sc_spice_args_find(&in->launch->args, "display");
	const struct sc_spice_arg *head = sc_spice_args_find(&in->launch->args, "head");
	struct sc_number number = sc_number_uint(head ? head->value : NULL, 0, 0);

	if (!display || (!in->domain->n_videos && in->domain->n_graphics))
		return;
	const struct sc_video *video = video_of(in->domain, display->value);
	long long heads = video && video->kind == SC_VIDEO_VIRTIO && !video->heads.bad && video->heads.value ? video->heads.value : 1;
	if (!video)
		sc_find(out, rule, SC_ALWAYS, display->node, NULL, "-spice: display '%s' is not a video device of the domain",
			sc_spice_arg_shown(display));
	else if (!number.bad && number.value >= heads)
		sc_find(out, rule, SC_ALWAYS, head->node, NULL, "-spice: display '%s' has no head %lld", sc_spice_arg_shown(display),
			number.value);
	else
		return;
	sc_find_fix_arg(out, in->domain, video ? head->node : display->node);
}

static void video_set(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_qemu_word *word;
	char value[WORD_MAX];
	size_t i = 0;

	while ((word = next_value(in->domain, "set", &i, value, sizeof(value))))
		if (strncmp(value, "device.video", 12) == 0 && sc_host_libvirt(in->host) >= SC_VERSION(7, 9) &&
		    sc_host_qemu(in->host) >= SC_VERSION(6, 2)) {
			sc_find(out, rule, SC_HOST, word->node, "value", "-set does not find libvirt's video devices");
			sc_find_fix_arg(out, in->domain, word->node);
		}
}

static bool has_secret(const struct sc_domain *domain, const char *id)
{
	for (size_t i = 0; i + 1 < domain->n_args; i++) {
		const char *text = domain->args[i + 1].value;
		const char *at = is_option(domain->args[i].value, "object") && text ? strstr(text, "id=") : NULL;
		size_t len = strlen(id);

		if (at && strncmp(at + 3, id, len) == 0 && (!at[3 + len] || at[3 + len] == ','))
			return true;
	}
	return false;
}

static void spice_secret(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_spice_arg *secret = sc_spice_args_find(&in->launch->args, "password-secret");

	if (!secret || has_secret(in->domain, secret->value))
		return;
	sc_find(out, rule, SC_ALWAYS, secret->node, NULL, "-spice: no -object has the id '%s'", sc_spice_arg_shown(secret));
	sc_find_fix_arg(out, in->domain, secret->node);
}

const struct sc_rule sc_rules_display_args[] = {
    {"display-arg", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS, "A display that QEMU can't open",
     "For -display of qemu:commandline: a QEMU that libvirt starts has no desktop; none and dbus work, egl-headless needs a render node.",
     "QEMU ui/console.c qemu_display_early_init; measured", "spicecfg set TARGET 'ELEMENT=default'", display_arg},
    {"video-arg", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS, "A video device on QEMU's command line in libvirt's slot",
     "-vga, and -device without addr=, use the first free PCI slot before libvirt's devices are created: the one that libvirt gives to "
     "<video>.",
     "QEMU softmmu/vl.c qemu_create_cli_devices; measured", "spicecfg set TARGET 'ELEMENT=default'", vga_arg},
    {"spice-display", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS, "-spice for a display that does not exist",
     "display= of -spice names a video device (video0 is the primary one), head= one of its heads.",
     "QEMU ui/spice-display.c qemu_spice_display_init; measured", "spicecfg set TARGET 'ELEMENT=default'", spice_display},
    {"video-set", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS, "-set on a video device",
     "Since libvirt 7.9, devices are passed to QEMU as JSON, and -set device.video0… does not find any: QEMU exits. Use the attributes of "
     "<model>, or qemu:override.",
     "QEMU softmmu/vl.c qemu_set_option; measured", "spicecfg set TARGET 'ELEMENT=default'", video_set},
    {"spice-ticket-object", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS, "A password object that is missing",
     "The object from which -spice gets the password must be on the same command line (-object).",
     "QEMU ui/spice-core.c qemu_spice_init; measured", "spicecfg set TARGET 'ELEMENT=default'", spice_secret},
    {0},
};

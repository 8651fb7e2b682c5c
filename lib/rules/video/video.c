/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Video models and heads. */
#include <string.h>

#include "rules/fixes.h"
#include "rules/tables.h"

enum { HEADS_MAX = 16 }; /* QEMU virtio-gpu VIRTIO_GPU_MAX_SCANOUTS, spice-server MAX_MONITORS_COUNT */

static const char *word(const struct sc_video *video)
{
	return video->kind == SC_VIDEO_BAD ? video->type : sc_video_words[video->kind];
}

/* set-heads makes one QXL device out of all; with several devices, only the wrong one is changed. */
static void fix_model(const struct sc_rule_input *in, struct sc_findings *out)
{
	if (in->domain->n_videos > 1)
		sc_find_fix(out, "spicecfg set TARGET 'PATH=qxl'");
}

static void model_unknown(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind != SC_VIDEO_BAD)
			continue;
		sc_find(out, rule, SC_ALWAYS, video->model, "type", "libvirt does not know the video model '%s'", video->type);
		fix_model(in, out);
		sc_find_fix_asks(out);
	}
}

static void model_unsupported(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind == SC_VIDEO_XEN || video->kind == SC_VIDEO_VBOX || video->kind == SC_VIDEO_PARALLELS ||
		    video->kind == SC_VIDEO_GOP) {
			sc_find(out, rule, SC_ALWAYS, video->model, "type", "QEMU has no video model '%s'", video->type);
			fix_model(in, out);
		}
	}
}

static void qxl_missing(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind != SC_VIDEO_QXL)
			continue;
		if (in->host->qemu.qxl == SC_FALSE) {
			sc_find(out, rule, SC_HOST, video->model, "type", "this host's QEMU has no QXL device");
			if (video->heads.value > 1)
				sc_find_fix(out, "spicecfg set-heads TARGET %lld --model virtio", video->heads.value);
		} else if (in->host->qemu.qxl == SC_UNKNOWN)
			sc_doubt(out, rule, "it is not known whether QEMU has QXL");
	}
}

static void heads_number(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (!video->heads.bad)
			continue;
		sc_find(out, rule, SC_ALWAYS, video->model, "heads", "heads '%s' is not a number", video->heads.text);
		if (video->kind != SC_VIDEO_QXL || in->domain->n_videos > 1)
			sc_find_fix(out, "spicecfg set TARGET 'PATH=default'");
	}
}

static bool has_heads(const struct sc_video *video)
{
	return video->kind == SC_VIDEO_QXL || video->kind == SC_VIDEO_VIRTIO;
}

/* Several heads need a model that has them; set-heads would merge several devices into one. */
static void fix_single(const struct sc_rule_input *in, const struct sc_video *video, struct sc_findings *out)
{
	if (video->heads.value < 1 || in->domain->n_videos > 1)
		sc_find_fix(out, "spicecfg set TARGET 'PATH=default'");
	else
		sc_find_fix(out, "spicecfg set-heads TARGET %lld --model qxl", video->heads.value > 4 ? 4 : video->heads.value);
}

static void heads_single(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (has_heads(video) || video->kind == SC_VIDEO_NONE || video->kind == SC_VIDEO_BAD || video->heads.bad ||
		    video->heads.value == 1)
			continue;
		sc_find(out, rule, SC_ALWAYS, video->model, "heads", "video model '%s' has one head, not %lld", word(video),
			video->heads.value);
		fix_single(in, video, out);
		sc_find_fix_asks(out);
	}
}

static void heads_limit(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (!has_heads(video) || video->heads.bad || video->heads.value <= HEADS_MAX)
			continue;
		sc_find(out, rule, SC_ALWAYS, video->model, "heads", "%lld heads are more than %d", video->heads.value, (int)HEADS_MAX);
		if (in->domain->n_videos > 1)
			sc_find_fix(out, "spicecfg set TARGET 'PATH=default'");
	}
}

static void primary_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	bool seen = false;

	for (size_t i = 0; i < in->domain->n_videos; i++) {
		if (in->domain->videos[i].primary && seen)
			sc_find(out, rule, SC_ALWAYS, in->domain->videos[i].model, "primary", "a second video device is primary");
		seen |= in->domain->videos[i].primary;
	}
}

static void fix_secondary(const struct sc_video *video, struct sc_findings *out)
{
	sc_find_fix(out, "spicecfg set TARGET '%s=default'", sc_find_fix_element(out, video->node));
	sc_find_fix_asks(out);
}

static void secondary_model(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->first || video->primary || has_heads(video) || video->kind == SC_VIDEO_NONE || video->kind == SC_VIDEO_BAD)
			continue;
		sc_find(out, rule, SC_ALWAYS, video->model ? video->model : video->node, video->type ? "type" : NULL,
			"video model '%s' can only be the primary device", word(video));
		fix_secondary(video, out);
	}
}

static void none_alone(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos && in->domain->n_videos > 1; i++)
		if (in->domain->videos[i].kind == SC_VIDEO_NONE) {
			sc_find(out, rule, SC_ALWAYS, in->domain->videos[i].model, "type",
				"video model 'none' is used together with %zu other video device(s)", in->domain->n_videos - 1);
			sc_find_fix(out, "spicecfg set TARGET '%s=default'", sc_find_fix_element(out, in->domain->videos[i].node));
		}
}

static void resolution_number(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const attrs[] = {"x", "y"};

	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_xml_node *node = in->domain->videos[i].resolution;

		for (int j = 0; node && j < 2; j++) {
			struct sc_number number = sc_number_uint(sc_xml_get(node, attrs[j]), 10, 0);

			if (!number.text)
				sc_find(out, rule, SC_ALWAYS, node, NULL, "<resolution> has no %s", attrs[j]);
			else if (number.bad)
				sc_find(out, rule, SC_ALWAYS, node, attrs[j], "resolution %s '%s' is not a number", attrs[j], number.text);
		}
	}
}

static void resolution_zero(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_xml_node *node = in->domain->videos[i].resolution;
		struct sc_number x = sc_number_uint(sc_xml_get(node, "x"), 10, 0);
		struct sc_number y = sc_number_uint(sc_xml_get(node, "y"), 10, 0);

		/* libvirt has dropped the settings of model none by then, when it comes first. */
		if (!node || !x.text || !y.text || x.bad || y.bad || (x.value && y.value) || in->domain->videos[i].kind == SC_VIDEO_NONE)
			continue;
		sc_find(out, rule, SC_ALWAYS, node, x.value ? "y" : "x", "the resolution %lldx%lld is empty", x.value, y.value);
	}
}

static void resolution_model(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		enum sc_video_type kind = video->kind;

		if (video->resolution && (kind == SC_VIDEO_CIRRUS || kind == SC_VIDEO_VMVGA || kind == SC_VIDEO_RAMFB))
			sc_find(out, rule, SC_ALWAYS, video->resolution, NULL, "video model '%s' does not support a resolution",
				word(video));
	}
}

const struct sc_rule sc_rules_video[] = {
    {"video-model-unknown", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Unknown video model",
     "libvirt compares the word exactly, in lower case; it does not know QEMU's own names such as virtio-gpu.",
     "libvirt conf/domain_conf.c virDomainVideoDefParseXML; measured", "spicecfg set-heads TARGET 1 --model qxl", model_unknown},
    {"video-model-unsupported", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A video model that QEMU does not have",
     "xen, vbox, parallels and gop belong to other hypervisors.", "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo; measured",
     "spicecfg set-heads TARGET 1 --model qxl", model_unsupported},
    {"qxl-missing", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "QEMU without QXL",
     "Some distributions (RHEL 9 and later) ship QEMU without QXL. Use virtio video.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo", "spicecfg set-heads TARGET 1 --model virtio", qxl_missing},
    {"heads-number", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "heads is not a number",
     "heads must be a number without a sign.", "libvirt conf/domain_conf.c virDomainVideoDefParseXML; measured",
     "spicecfg set-heads TARGET 1", heads_number},
    {"heads-single", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO | SC_SPAN(SC_SPAN_HEADS),
     "Heads on a model that has only one",
     "Only qxl and virtio have several heads; for other models, heads must be 1 or omitted, and 0 is refused too.",
     "A4; libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo; measured", "spicecfg set-heads TARGET 2 --model qxl",
     heads_single},
    {"heads-limit", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "More than 16 heads",
     "QEMU and spice-server support up to 16 heads per device.",
     "QEMU hw/display/virtio-gpu-base.c; spice-server server/red-qxl.cpp spice_qxl_set_device_info; measured",
     "spicecfg set-heads TARGET 4", heads_limit},
    {"primary-twice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Two primary video devices",
     "At most one video device has primary='yes'.", "libvirt conf/domain_validate.c virDomainDefVideoValidate; measured",
     "spicecfg set TARGET 'PATH=default'", primary_twice},
    {"video-secondary-model", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A second video device that can't be second",
     "Next to the primary device, only qxl and virtio are possible. The primary is the one with primary='yes', else the first.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo; measured", "spicecfg set TARGET 'ELEMENT=default'", secondary_model},
    {"video-none-alone", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Model none together with others",
     "A <video> of model none must be the only one.", "libvirt conf/domain_validate.c virDomainVideoDefValidate; measured",
     "spicecfg set TARGET 'ELEMENT=default'", none_alone},
    {"resolution-number", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A resolution that is not a number",
     "<resolution> needs x and y, both 32-bit numbers.", "libvirt conf/domain_conf.c virDomainVideoResolutionDefParseXML; measured",
     "spicecfg set TARGET 'ELEMENT=default'", resolution_number},
    {"resolution-zero", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "An empty resolution", "x and y must be greater than 0.",
     "libvirt conf/domain_validate.c virDomainVideoDefValidate; measured", "spicecfg set TARGET 'ELEMENT=default'", resolution_zero},
    {"resolution-model", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A resolution on a model that does not support one",
     "Only vga, qxl, virtio and bochs support a resolution.", "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo; measured",
     "spicecfg set TARGET 'ELEMENT=default'", resolution_model},
    {0},
};

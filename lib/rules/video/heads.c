/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Heads and memory with which a VM starts, but does not do what was asked for. */
#include "rules/fixes.h"
#include "rules/tables.h"

enum {
	CLIENT_HEADS = 4,             /* remote-viewer */
	HEAD_KIB = 1920 * 1080 / 256, /* one head of 1920x1080 with 4 bytes per pixel */
	VGAMEM_DEFAULT = 16384,
	QXL_DEFAULT = 65536,
};

static long long heads_of(const struct sc_video *video)
{
	bool several = video->kind == SC_VIDEO_QXL || video->kind == SC_VIDEO_VIRTIO;

	return several && !video->heads.bad ? video->heads.value : 1;
}

static void heads_clients(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	long long heads = 0;

	for (size_t i = 0; i < in->domain->n_videos; i++)
		heads += in->domain->videos[i].kind == SC_VIDEO_NONE ? 0 : heads_of(&in->domain->videos[i]);
	if (heads > CLIENT_HEADS && in->launch->spice)
		sc_find(out, rule, SC_ALWAYS, in->domain->videos[0].node, NULL, "%lld heads are more than the %d that clients show", heads,
			(int)CLIENT_HEADS);
}

static void heads_memory(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		long long vgamem = video->vgamem.value ? video->vgamem.value : VGAMEM_DEFAULT;
		long long heads = heads_of(video);

		if (video->kind != SC_VIDEO_QXL || video->vgamem.bad || heads < 2 || heads > 16)
			continue;
		if (vgamem >= heads * HEAD_KIB)
			continue;
		sc_find(out, rule, SC_ALWAYS, video->model, "vgamem",
			"vgamem %lld KiB is too little for %lld heads of 1920x1080 (%lld KiB)", vgamem, heads, heads * HEAD_KIB);
		if (in->domain->n_videos == 1)
			sc_find_fix(out, "spicecfg set-heads TARGET %lld", heads);
		else
			sc_find_fix(out, "spicecfg set TARGET 'ELEMENT/@vgamem=%u'",
				    sc_round_up_power_of_two((unsigned)(heads * HEAD_KIB)));
	}
}

static void ram_raised(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		long long vgamem = video->vgamem.value ? video->vgamem.value : VGAMEM_DEFAULT;
		long long ram = video->ram.value ? video->ram.value : QXL_DEFAULT;

		if (video->kind != SC_VIDEO_QXL || video->vgamem.bad || video->ram.bad)
			continue;
		if (vgamem <= 262144 && ram < 2 * vgamem) {
			sc_find(out, rule, SC_ALWAYS, video->model, video->ram.text ? "ram" : "vgamem",
				"QEMU raises ram from %lld KiB to %lld KiB, twice vgamem", ram, 2 * vgamem);
			/* enough for vgamem as vgamem-power sets it, too */
			sc_find_fix(out, "spicecfg set TARGET 'ELEMENT/@ram=%u'", 2 * sc_round_up_power_of_two((unsigned)vgamem));
		}
	}
}

static void vram64_raised(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		long long vram = video->vram.value ? video->vram.value : QXL_DEFAULT;

		if (video->kind == SC_VIDEO_QXL && !video->vram.bad && !video->vram64.bad && video->vram64.value &&
		    video->vram64.value < vram)
			sc_find(out, rule, SC_ALWAYS, video->model, "vram64",
				"vram64 %lld KiB is less than vram %lld KiB: it has no effect", video->vram64.value, vram);
	}
}

static void windows_heads(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	bool windows = sc_domain_is_windows(in->domain);

	for (size_t i = 0; windows && i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind == SC_VIDEO_QXL && heads_of(video) > 1) {
			sc_find(out, rule, SC_ALWAYS, video->model, "heads", "a Windows guest uses one head of this QXL device, not %lld",
				heads_of(video));
			sc_find_fix(out, "spicecfg set-heads TARGET %lld --guest windows", heads_of(video));
		}
	}
}

const struct sc_rule sc_rules_heads[] = {
    {"heads-clients", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_VIDEO, "More heads than clients show",
     "remote-viewer opens up to 4 displays; for these, the guest needs its video driver and spice-vdagent.", "A6",
     "spicecfg set-heads TARGET 4", heads_clients},
    {"heads-memory", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_VIDEO, "Too little video memory for the heads",
     "All heads of a QXL device share its vgamem: width x height x 4 bytes each. With too little, the guest offers only small resolutions.",
     "A4, A5", "spicecfg set-heads TARGET 4", heads_memory},
    {"ram-raised", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_HAS_VIDEO, "ram that QEMU raises",
     "QEMU gives QXL at least twice vgamem as ram.", "QEMU hw/display/qxl.c qxl_init_ramsize", "spicecfg set-heads TARGET 1", ram_raised},
    {"vram64-raised", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_HAS_VIDEO, "vram64 below vram",
     "QEMU makes the 64-bit video memory at least as large as vram.", "A5; QEMU hw/display/qxl.c qxl_init_ramsize",
     "spicecfg set TARGET 'PATH=default'", vram64_raised},
    {"windows-heads", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_VIDEO, "Several heads on one QXL device of a Windows guest",
     "Windows guests need one QXL device per head; Linux guests need one device with several heads.", "A5; measured",
     "spicecfg set-heads TARGET 2 --guest windows", windows_heads},
    {0},
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Video memory: numbers in KiB, as libvirt rounds and QEMU limits them. */
#include <limits.h>

#include "rules/fixes.h"
#include "rules/tables.h"

enum {
	KIB_MAX = 4194303,           /* UINT_MAX / 1024 */
	SURE_KIB = 32 * 1024 * 1024, /* overcommitted on any host without a check */
	VGAMEM_MIN = 1024,           /* KiB */
	VGAMEM_USED_MAX = 262144,    /* QEMU hw/display/qxl.c qxl_init_ramsize */
	QXL_DEFAULT = 65536,
	BOCHS_DEFAULT = 16384,
	BOCHS_MIN = 4096, /* hw/display/bochs-display.c */
	BOCHS_MAX = 262144,
};

#define NEVER_KIB (1LL << 30) /* a TiB: more than the RAM and swap of a host where it would matter */

static void memory_number(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		const struct {
			const char *attr;
			const struct sc_number *number;
		} all[] = {{"ram", &video->ram}, {"vram", &video->vram}, {"vram64", &video->vram64}, {"vgamem", &video->vgamem}};

		for (size_t j = 0; j < sizeof(all) / sizeof(all[0]); j++)
			if (all[j].number->bad) {
				sc_find(out, rule, SC_ALWAYS, video->model, all[j].attr, "%s '%s' is not a number", all[j].attr,
					all[j].number->text);
				sc_find_fix_heads(out, in->domain, video);
			}
	}
}

/* What libvirt makes of a size in the definition: it rounds up, and uses its default for 0 and for what does not fit. */
static unsigned rounded(const struct sc_number *number, unsigned fallback)
{
	unsigned value = sc_round_up_power_of_two((unsigned)number->value);

	return value ? value : fallback;
}

static void qxl_limit(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind != SC_VIDEO_QXL)
			continue;
		if (!video->ram.bad && rounded(&video->ram, QXL_DEFAULT) > KIB_MAX)
			sc_find(out, rule, SC_ALWAYS, video->model, "ram", "ram %lld KiB is rounded up to more than 2097152 KiB",
				video->ram.value);
		if (!video->vram.bad && rounded(&video->vram, QXL_DEFAULT) > KIB_MAX)
			sc_find(out, rule, SC_ALWAYS, video->model, "vram", "vram %lld KiB is rounded up to more than 2097152 KiB",
				video->vram.value);
	}
}

static void qxl_lost(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const long long limit = 1LL << 31;

	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind == SC_VIDEO_QXL && video->ram.value > limit)
			sc_find(out, rule, SC_ALWAYS, video->model, "ram", "ram %lld KiB becomes 65536 KiB", video->ram.value);
		if (video->kind == SC_VIDEO_QXL && video->vram.value > limit)
			sc_find(out, rule, SC_ALWAYS, video->model, "vram", "vram %lld KiB becomes 65536 KiB", video->vram.value);
	}
}

static void vgamem_minimum(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind != SC_VIDEO_QXL || video->vgamem.bad || !video->vgamem.value || video->vgamem.value >= VGAMEM_MIN)
			continue;
		sc_find(out, rule, SC_ALWAYS, video->model, "vgamem", "vgamem %lld KiB is less than 1024 KiB", video->vgamem.value);
		sc_find_fix_heads(out, in->domain, video);
	}
}

static void vgamem_power(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind != SC_VIDEO_QXL || video->vgamem.bad || video->vgamem.value < VGAMEM_MIN)
			continue;
		if (sc_round_up_power_of_two((unsigned)video->vgamem.value) == (unsigned)video->vgamem.value)
			continue;
		sc_find(out, rule, SC_ALWAYS, video->model, "vgamem", "vgamem %lld KiB is not a power of two", video->vgamem.value);
		unsigned power = sc_round_up_power_of_two((unsigned)video->vgamem.value);
		sc_find_fix(out, "spicecfg set TARGET 'PATH=%u'", power && power < VGAMEM_USED_MAX ? power : (unsigned)VGAMEM_USED_MAX);
	}
}

static void vgamem_cut(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind == SC_VIDEO_QXL && !video->vgamem.bad && video->vgamem.value > VGAMEM_USED_MAX)
			sc_find(out, rule, SC_ALWAYS, video->model, "vgamem", "vgamem %lld KiB is reduced to 262144 KiB",
				video->vgamem.value);
	}
}

static void qxl_only(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		const struct {
			const char *attr;
			const struct sc_number *number;
		} all[] = {{"ram", &video->ram}, {"vram64", &video->vram64}, {"vgamem", &video->vgamem}};

		if (video->kind == SC_VIDEO_QXL || video->kind == SC_VIDEO_NONE || video->kind == SC_VIDEO_BAD)
			continue;
		for (size_t j = 0; j < sizeof(all) / sizeof(all[0]); j++) {
			long long value = all[j].number->value;

			/* ram is rounded first: a value that does not fit is 0 by then. */
			if (all[j].number->bad || !value || (j == 0 && !sc_round_up_power_of_two((unsigned)value)))
				continue;
			sc_find(out, rule, SC_ALWAYS, video->model, all[j].attr, "%s is for video model qxl, not '%s'", all[j].attr,
				sc_video_words[video->kind]);
		}
	}
}

/* QEMU hw/display/qxl.c: vram64 in MiB, at least vram, rounded up; KiB here. */
static long long qxl_allocation(const struct sc_video *video)
{
	long long mib = video->vram64.value / 1024, power = 1;
	long long vram = rounded(&video->vram, QXL_DEFAULT) / 1024;

	mib = mib > vram ? mib : vram;
	while (power < mib)
		power *= 2;
	return power * 1024;
}

static void qxl_host_memory(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind != SC_VIDEO_QXL || video->vram.bad || video->vram64.bad)
			continue;
		long long kib = qxl_allocation(video);
		if (kib <= SURE_KIB || (in->host->machine.memory_kib && kib <= in->host->machine.memory_kib))
			continue;
		if (in->host->machine.memory_kib || kib >= NEVER_KIB)
			sc_find(out, rule, SC_HOST, video->model, "vram64", "QEMU requests %lld KiB at once, more than the host has", kib);
		else
			sc_doubt(out, rule, "it is not known whether the host has %lld KiB for a QXL device", kib);
	}
}

static void vga_minimum(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind != SC_VIDEO_VGA && video->kind != SC_VIDEO_VMVGA)
			continue;
		if (!video->vram.bad && rounded(&video->vram, VGAMEM_MIN) < VGAMEM_MIN)
			sc_find(out, rule, SC_ALWAYS, video->model, "vram", "vram %lld KiB is less than 1024 KiB", video->vram.value);
	}
}

static void bochs_range(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (video->kind != SC_VIDEO_BOCHS || video->vram.bad)
			continue;
		/* libvirt multiplies in 32 bits; QEMU uses its default for 0. */
		unsigned bytes = rounded(&video->vram, BOCHS_DEFAULT) * 1024U;
		if (bytes && (bytes < BOCHS_MIN * 1024U || bytes > BOCHS_MAX * 1024U))
			sc_find(out, rule, SC_ALWAYS, video->model, "vram", "vram %lld KiB is not between 2049 and 262144 KiB",
				video->vram.value);
	}
}

const struct sc_rule sc_rules_memory[] = {
    {"video-memory-number", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Video memory that is not a number",
     "ram, vram, vram64 and vgamem are in KiB: 32-bit numbers without a sign or unit. Empty means the default.",
     "libvirt conf/domain_conf.c virDomainVideoDefParseXML; measured", "spicecfg set-heads TARGET 1", memory_number},
    {"qxl-memory-limit", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "More QXL memory than libvirt allows",
     "libvirt rounds ram and vram up to a power of two, and allows at most 2097152 KiB.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo; measured", "spicecfg set TARGET 'PATH=default'", qxl_limit},
    {"qxl-memory-lost", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_VIDEO, "QXL memory that is replaced by the default",
     "Above 2147483648 KiB, libvirt's rounding gives 0, and the default of 64 MiB is used silently.",
     "libvirt internal.h VIR_ROUND_UP_POWER_OF_TWO; measured", "spicecfg set TARGET 'PATH=default'", qxl_lost},
    {"vgamem-minimum", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Too little vgamem", "vgamem is at least 1024 KiB.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo; measured", "spicecfg set-heads TARGET 1", vgamem_minimum},
    {"vgamem-power", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "vgamem is not a power of two",
     "Unlike ram and vram, vgamem is not rounded by libvirt: it must be a power of two.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo; measured", "spicecfg set-heads TARGET 1", vgamem_power},
    {"vgamem-cut", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_VIDEO, "More vgamem than QEMU uses",
     "The VM starts, but QEMU limits vgamem to 256 MiB.", "QEMU hw/display/qxl.c qxl_init_ramsize; measured",
     "spicecfg set TARGET 'PATH=262144'", vgamem_cut},
    {"qxl-memory-only", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "QXL memory on another model",
     "ram, vram64 and vgamem are for qxl; libvirt refuses them on other models unless they are 0.",
     "A7; libvirt conf/domain_validate.c virDomainVideoDefValidate; measured", "spicecfg set TARGET 'PATH=default'", qxl_only},
    {"qxl-memory-host", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "More QXL memory than the host has",
     "QEMU maps the whole video memory at once; the kernel refuses a single mapping of more than RAM and swap.",
     "QEMU hw/display/qxl.c qxl_realize_common; measured", "spicecfg set TARGET 'ELEMENT/@vram64=default' 'ELEMENT/@vram=default'",
     qxl_host_memory},
    {"vga-memory-minimum", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Too little vram for vga or vmvga",
     "vram is at least 1024 KiB after rounding up to a power of two.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo; measured", "spicecfg set TARGET 'PATH=default'", vga_minimum},
    {"bochs-memory-range", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "vram that bochs does not accept",
     "QEMU's bochs-display accepts 4 to 256 MiB, after libvirt's rounding.",
     "QEMU hw/display/bochs-display.c bochs_display_realize; measured", "spicecfg set TARGET 'PATH=default'", bochs_range},
    {0},
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set-heads: heads and video memory in one step. Sizes in KiB. Sources: articles A4-A7; oVirt "Video RAM"; QEMU hw/display/qxl.c. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/sizing.h"
#include "plan/edit.h"
#include "plan/families.h"

enum { NUMBER_MAX = 2147483647 };

static bool accept_heads(const char *value)
{
	unsigned number;

	return sc_parse_number(value, NUMBER_MAX, &number) && number > 0;
}

static bool accept_size(const char *value)
{
	unsigned number;

	return sc_parse_number(value, NUMBER_MAX, &number);
}

static bool parse_resolution(const char *value, unsigned *width, unsigned *height)
{
	char left[16];
	const char *x = strchr(value, 'x');

	if (!x || (size_t)(x - value) >= sizeof(left))
		return false;
	snprintf(left, sizeof(left), "%.*s", (int)(x - value), value);
	return sc_parse_number(left, SC_SIDE_MAX, width) && sc_parse_number(x + 1, SC_SIDE_MAX, height) && *width && *height;
}

static bool accept_resolution(const char *value)
{
	unsigned width, height;

	return parse_resolution(value, &width, &height);
}

/* The device that shows the primary display. */
static const struct sc_video *main_video(const struct sc_domain *domain)
{
	for (size_t i = 0; i < domain->n_videos; i++)
		if (domain->videos[i].primary)
			return &domain->videos[i];
	return domain->n_videos ? domain->videos : NULL;
}

static const char *show_number(const struct sc_domain *domain, const struct sc_number *number, const char **origin)
{
	if (number->text)
		*origin = "XML";
	return number->text ? number->text : sc_arena_printf(domain->memory, "%lld", number->value);
}

static const char *show_size(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	const struct sc_video *video = main_video(domain);
	const char *text = video ? sc_xml_get(video->model, setting->key) : NULL;

	if (text)
		*origin = "XML";
	return text;
}

static const char *show_heads(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	const struct sc_video *video = main_video(domain);
	size_t devices = 0;

	(void)setting;
	for (size_t i = 0; i < domain->n_videos; i++)
		devices += domain->videos[i].kind == SC_VIDEO_QXL;
	if (devices > 1) {
		*origin = "XML";
		return sc_arena_printf(domain->memory, "%zu (devices)", devices);
	}
	return video ? show_number(domain, &video->heads, origin) : NULL;
}

static const char *show_model(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	const struct sc_video *video = main_video(domain);

	(void)setting;
	if (video && video->type)
		*origin = "XML";
	return video ? video->type : NULL;
}

static const struct sc_setting settings[] = {
    {"heads", "N", "number of heads, 1 to 16", .argument = true, .accept = accept_heads, .noun = "a number of heads: 1 to 16",
     .show = show_heads},
    {"resolution", "WxH", "size of each head (default: 2560x1600)", .accept = accept_resolution,
     .noun = "a size in pixels such as 1920x1080"},
    {"model", "qxl|virtio", "the video model (default: the one the VM has)", .show = show_model},
    {"guest", "linux|windows", "the guest's OS (default: from libosinfo metadata, else linux)", .show = NULL},
    {"ram", "KIB", "QXL ram in KiB, instead of the computed size", .accept = accept_size, .noun = "a number of KiB", .show = show_size},
    {"vram", "KIB", "QXL vram in KiB, instead of the computed size", .accept = accept_size, .noun = "a number of KiB", .show = show_size},
    {"vgamem", "KIB", "QXL vgamem in KiB, instead of the computed size", .accept = accept_size, .noun = "a number of KiB",
     .show = show_size},
    {"vram64", "KIB", "QXL vram64 in KiB", .accept = accept_size, .noun = "a number of KiB", .show = show_size},
    {"shrink", "on", "lower memory that is larger than needed; it is kept otherwise", .show = NULL},
    {.key = NULL},
};

/* The state that set-heads is to reach. */
struct goal {
	enum sc_video_type kind;
	bool windows;
	bool unset;      /* heads default */
	bool only_sizes; /* heads are not requested: single sizes are written, nothing is computed */
	bool shrink;     /* lower memory that is larger */
	bool kept;       /* result: some was larger, and is kept */
	struct sc_sizing sizing;
	unsigned heads; /* of all devices together */
};

static unsigned asked_size(const struct sc_vm_edit *edit, const char *key)
{
	const char *value = sc_want(edit, key);
	unsigned size = 0;

	if (value && !sc_is_default(value))
		(void)sc_parse_number(value, NUMBER_MAX, &size);
	return size;
}

static enum spicecfg_status choose_model(struct sc_vm_edit *edit, const struct sc_video *video, struct goal *goal)
{
	const char *model = sc_want(edit, "model");

	if (model && !sc_is_default(model))
		goal->kind = strcmp(model, "qxl") == 0 ? SC_VIDEO_QXL : SC_VIDEO_VIRTIO;
	else
		goal->kind = video ? video->kind : SC_VIDEO_QXL;
	if (goal->kind == SC_VIDEO_QXL || goal->kind == SC_VIDEO_VIRTIO)
		return SPICECFG_OK;
	return sc_fail_at(edit->ctx, SPICECFG_USAGE, sc_xml_where(edit->domain->doc, video->model ? video->model : video->node, NULL),
			  "Name a model that has several heads: --model qxl or --model virtio.",
			  "the video model is '%s', which set-heads can't size", video->type ? video->type : "default");
}

static enum spicecfg_status refuse_count(struct sc_vm_edit *edit, unsigned heads)
{
	return sc_fail(edit->ctx, SPICECFG_FINDINGS, "Ask for fewer; Spice clients show up to 4.", "%u heads exceed QEMU's limit of %d",
		       heads, SC_HEADS_MAX);
}

static enum spicecfg_status refuse_size(struct sc_vm_edit *edit, const struct goal *goal)
{
	const struct sc_sizing *sizing = &goal->sizing;
	unsigned width = 0, height = 0;
	enum spicecfg_status status =
	    sc_fail(edit->ctx, SPICECFG_FINDINGS, NULL, "%u head%s of %ux%u need %u KiB of vgamem, but QEMU's limit is %d", sizing->heads,
		    sizing->heads == 1 ? "" : "s", sizing->width, sizing->height, sizing->needed, SC_VGAMEM_MAX);

	if (sc_sizing_largest(sizing->heads, &width, &height))
		sc_fail_fixf(edit->ctx, "For %u heads, use at most %ux%u; at %ux%u, use at most %u heads.", sizing->heads, width, height,
			     sizing->width, sizing->height, sc_sizing_most_heads(sizing->width, sizing->height));
	return status;
}

static enum spicecfg_status refuse_vgamem(struct sc_vm_edit *edit, unsigned vgamem)
{
	enum spicecfg_status status =
	    sc_fail(edit->ctx, SPICECFG_FINDINGS, NULL,
		    "vgamem of %u KiB exceeds QEMU's limit of %d, to which QEMU would silently reduce it", vgamem, SC_VGAMEM_MAX);

	sc_fail_fixf(edit->ctx, "Use at most %d.", SC_VGAMEM_MAX);
	return status;
}

/* The present number of heads: the number of devices for a Windows guest, else the attribute. */
static unsigned present_heads(const struct sc_domain *domain, const struct sc_video *video)
{
	unsigned devices = 0;

	for (size_t i = 0; i < domain->n_videos; i++)
		devices += domain->videos[i].kind == SC_VIDEO_QXL;
	if (devices > 1)
		return devices;
	return video && !video->heads.bad && video->heads.value > 0 ? (unsigned)video->heads.value : 1;
}

static enum spicecfg_status set_goal(struct sc_vm_edit *edit, const struct sc_video *video, struct goal *goal)
{
	const char *heads = sc_want(edit, "heads"), *guest = sc_want(edit, "guest"), *resolution = sc_want(edit, "resolution");
	enum spicecfg_status status = choose_model(edit, video, goal);

	if (status)
		return status;
	goal->windows = guest && !sc_is_default(guest) ? strcmp(guest, "windows") == 0 : sc_domain_is_windows(edit->domain);
	goal->unset = heads && sc_is_default(heads);
	goal->shrink = sc_want(edit, "shrink") && !sc_is_default(sc_want(edit, "shrink"));
	goal->only_sizes = !heads && !resolution && !guest && !sc_want(edit, "model") && !goal->shrink;
	goal->heads = present_heads(edit->domain, video);
	if (heads && !goal->unset)
		(void)sc_parse_number(heads, NUMBER_MAX, &goal->heads);
	if (goal->heads > SC_HEADS_MAX && !edit->ctx->force)
		return refuse_count(edit, goal->heads);
	goal->sizing = (struct sc_sizing){.heads = goal->windows ? 1 : goal->heads,
					  .width = SC_WIDTH_DEFAULT,
					  .height = SC_HEIGHT_DEFAULT,
					  .windows = goal->windows,
					  .vgamem = asked_size(edit, "vgamem"),
					  .ram = asked_size(edit, "ram"),
					  .vram = asked_size(edit, "vram")};
	if (resolution && !sc_is_default(resolution))
		(void)parse_resolution(resolution, &goal->sizing.width, &goal->sizing.height);
	if (goal->kind == SC_VIDEO_QXL && !goal->unset && !goal->only_sizes && !sc_sizing_compute(&goal->sizing) && !edit->ctx->force)
		return refuse_size(edit, goal);
	if (goal->kind == SC_VIDEO_QXL && goal->sizing.vgamem > SC_VGAMEM_MAX && !edit->ctx->force)
		return refuse_vgamem(edit, goal->sizing.vgamem);
	return SPICECFG_OK;
}

/* libvirt writes its defaults into every definition: they are treated as unset, so that a second run changes nothing. */
static void unset_size(struct sc_xml_node *model, const char *key, long long default_value)
{
	struct sc_number present = sc_number_size(sc_xml_get(model, key), default_value);

	if (present.bad || present.value != default_value)
		sc_xml_unset(model, key);
}

static void unset_sizes(struct sc_xml_node *model)
{
	unset_size(model, "ram", 65536);
	unset_size(model, "vram", 65536);
	unset_size(model, "vgamem", 16384);
	unset_size(model, "heads", 1);
}

/* libvirt rounds ram and vram up to a power of two when it reads a definition: the rounded value is the requested one. */
static bool is_rounded(const struct sc_xml_node *model, const char *key, unsigned asked)
{
	struct sc_number present = sc_number_size(sc_xml_get(model, key), 0);

	return strcmp(key, "vram64") != 0 && strcmp(key, "vgamem") != 0 && present.text && !present.bad && present.value &&
	       present.value == (long long)sc_round_up_power_of_two(asked);
}

static enum spicecfg_status put_size(struct sc_vm_edit *edit, struct sc_xml_node *model, const char *key, unsigned computed)
{
	const char *value = sc_want(edit, key);

	if (value && sc_is_default(value))
		sc_xml_unset(model, key);
	else if (value && !is_rounded(model, key, asked_size(edit, key)))
		return sc_edit_set_number(edit, model, key, asked_size(edit, key));
	else if (!value && computed)
		return sc_edit_set_number(edit, model, key, computed);
	return SPICECFG_OK;
}

/* The larger of what a size is computed to be and what a QXL device has, if QEMU takes that. */
static unsigned larger(const struct sc_xml_node *model, const char *key, unsigned computed, unsigned max)
{
	const struct sc_number present = sc_number_size(sc_xml_get(model, key), 0);

	if (present.bad || present.value <= computed || present.value > max ||
	    present.value != (long long)sc_round_up_power_of_two((unsigned)present.value))
		return computed;
	return (unsigned)present.value;
}

/* Computed sizes become those that the device has already, if they are larger. */
static void keep_larger(const struct sc_vm_edit *edit, const struct sc_xml_node *model, struct sc_sizing *sizes)
{
	if (!sc_want(edit, "vgamem"))
		sizes->vgamem = larger(model, "vgamem", sizes->vgamem, SC_VGAMEM_MAX);
	if (!sc_want(edit, "ram"))
		sizes->ram = larger(model, "ram", sizes->ram, SC_RAM_MAX);
	if (!sc_want(edit, "vram"))
		sizes->vram = larger(model, "vram", sizes->vram, SC_RAM_MAX);
	/* QEMU hw/display/qxl.c, qxl_init_ramsize: less than twice as much does not do */
	if (!sc_want(edit, "ram") && sizes->ram < 2 * sizes->vgamem)
		sizes->ram = 4 * sizes->vgamem;
}

/* What a device gets; 0: nothing is computed. */
static struct sc_sizing sizes_of(const struct sc_vm_edit *edit, const struct sc_xml_node *model, struct goal *goal)
{
	struct sc_sizing sizes = goal->sizing;

	if (goal->unset || goal->only_sizes)
		sizes.vgamem = sizes.ram = sizes.vram = 0;
	else if (!goal->shrink && sc_text_is(sc_xml_get(model, "type"), "qxl"))
		keep_larger(edit, model, &sizes);
	goal->kept |= sizes.vgamem > goal->sizing.vgamem || sizes.vram > goal->sizing.vram || sizes.ram > goal->sizing.ram;
	return sizes;
}

static enum spicecfg_status write_qxl(struct sc_vm_edit *edit, struct sc_xml_node *model, struct goal *goal, bool primary)
{
	const struct sc_sizing sizes = sizes_of(edit, model, goal), *sizing = &sizes;
	enum spicecfg_status status = sc_edit_set(edit, model, "type", "qxl");

	if (!status)
		status = put_size(edit, model, "ram", sizes.ram);
	if (!status)
		status = put_size(edit, model, "vram", sizes.vram);
	if (!status)
		status = put_size(edit, model, "vram64", 0);
	if (!status)
		status = put_size(edit, model, "vgamem", sizes.vgamem);
	if (status || goal->only_sizes)
		return status;
	sc_edit_remove(model, "acceleration"); /* virtio's only */
	if (goal->unset)
		unset_sizes(model);
	else
		status = sc_edit_set_number(edit, model, "heads", sizing->heads);
	if (primary)
		return status ? status : sc_edit_set(edit, model, "primary", "yes");
	if (!status && sc_xml_get(model, "primary"))
		status = sc_edit_set(edit, model, "primary", "no");
	return status;
}

static enum spicecfg_status write_virtio(struct sc_vm_edit *edit, struct sc_xml_node *model, const struct goal *goal)
{
	static const char *const sizes[] = {"ram", "vram", "vram64", "vgamem"};
	enum spicecfg_status status = sc_edit_set(edit, model, "type", "virtio");

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		const char *value = sc_want(edit, sizes[i]);

		if (value && !sc_is_default(value))
			return sc_fail(edit->ctx, SPICECFG_USAGE, "Omit it, or use --model qxl.", "virtio video has no '%s'", sizes[i]);
		sc_xml_unset(model, sizes[i]);
	}
	if (goal->unset)
		unset_size(model, "heads", 1);
	return status || goal->unset || goal->only_sizes ? status : sc_edit_set_number(edit, model, "heads", goal->heads);
}

/* The <model> of a device, added if missing. */
static struct sc_xml_node *model_of(struct sc_vm_edit *edit, struct sc_xml_node *video)
{
	struct sc_xml_node *model = video ? sc_xml_child(video, "model") : NULL;

	return model || !video ? model : sc_xml_add(edit->ctx, edit->domain->doc, video, NULL, "model");
}

/* Windows has one QXL device for each monitor, Linux a single one: others of the kind are left over from an earlier number of heads. */
static enum spicecfg_status write_others(struct sc_vm_edit *edit, struct goal *goal, const struct sc_xml_node *main)
{
	unsigned wanted = goal->windows && goal->kind == SC_VIDEO_QXL && !goal->unset ? goal->heads - 1 : 0, seen = 0;

	for (size_t i = 0; i < edit->domain->n_videos; i++) {
		const struct sc_video *video = &edit->domain->videos[i];

		if (video->node == main || video->kind != SC_VIDEO_QXL)
			continue;
		if (seen++ < wanted) {
			struct sc_xml_node *model = model_of(edit, video->node);
			enum spicecfg_status status = model ? write_qxl(edit, model, goal, false) : SPICECFG_SYSTEM;

			if (status)
				return status;
			continue;
		}
		sc_xml_remove(video->node);
	}
	for (; seen < wanted; seen++) {
		/* No address: libvirt assigns the PCI slots. */
		struct sc_xml_node *video = sc_edit_device(edit, "video", NULL);
		struct sc_xml_node *model = model_of(edit, video);
		enum spicecfg_status status = model ? write_qxl(edit, model, goal, false) : SPICECFG_SYSTEM;

		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status tell(struct sc_vm_edit *edit, const struct goal *goal)
{
	const struct sc_sizing *sizing = &goal->sizing;

	if (goal->unset || goal->only_sizes)
		return SPICECFG_OK;
	if (goal->kind == SC_VIDEO_VIRTIO)
		return sc_plan_note(edit->plan, "virtio video needs no memory settings");
	return sc_plan_note(edit->plan, "%ux%u x 4 bytes x %u head%s = %u KiB: vgamem %u, ram %u, vram %u%s%s", sizing->width,
			    sizing->height, sizing->heads, sizing->heads == 1 ? "" : "s", sizing->needed, sizing->vgamem, sizing->ram,
			    sizing->vram, goal->windows ? " for each device" : "", goal->kept ? "; what is larger is kept (--shrink)" : "");
}

static enum spicecfg_status apply(struct sc_vm_edit *edit, const struct sc_family *family)
{
	const struct sc_video *video = main_video(edit->domain);
	struct goal goal = {.windows = false};
	enum spicecfg_status status = set_goal(edit, video, &goal);

	(void)family;
	if (status)
		return status;
	struct sc_xml_node *node = video ? video->node : sc_edit_device(edit, "video", NULL);
	struct sc_xml_node *model = model_of(edit, node);
	if (!model)
		return SPICECFG_SYSTEM;
	status = goal.kind == SC_VIDEO_QXL ? write_qxl(edit, model, &goal, true) : write_virtio(edit, model, &goal);
	if (!status && !goal.only_sizes)
		status = write_others(edit, &goal, node);
	return status ? status : tell(edit, &goal);
}

const struct sc_family sc_family_heads = {"set-heads", settings, apply, false};

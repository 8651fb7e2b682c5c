/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set-compression: images, sound, video streams (libvirt conf/domain_conf.c; articles A10, A11). */
#include <string.h>

#include "plan/choice.h"
#include "plan/families.h"

static const char *const images[] = {"auto_glz", "auto_lz", "quic", "glz", "lz", "off", NULL};
static const char *const wan[] = {"auto", "never", "always", NULL};
static const char *const on_off[] = {"on", "off", NULL};
static const char *const streaming[] = {"filter", "all", "off", NULL};

static const struct {
	const char *key;
	enum sc_spice_option option;
} options[] = {
    {"compression", SC_OPTION_IMAGE}, {"jpeg", SC_OPTION_JPEG},           {"zlib", SC_OPTION_ZLIB},
    {"playback", SC_OPTION_PLAYBACK}, {"streaming", SC_OPTION_STREAMING},
};

static const char *show(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (strcmp(options[i].key, setting->key) == 0)
			return sc_choice_show(domain, options[i].option, origin);
	return NULL;
}

static const struct sc_setting settings[] = {
    {"compression", "set-compression", "auto_glz|auto_lz|quic|glz|lz|off", "compression of images", true, images, NULL, show},
    {"jpeg", "set-compression", "auto|never|always", "JPEG compression of images over a WAN", false, wan, NULL, show},
    {"zlib", "set-compression", "auto|never|always", "zlib compression over a WAN", false, wan, NULL, show},
    {"playback", "set-compression", "on|off", "compression of sound", false, on_off, NULL, show},
    {"streaming", "set-compression", "filter|all|off", "detection of video streams", false, streaming, NULL, show},
    {NULL, NULL, NULL, NULL, false, NULL, NULL, NULL},
};

static bool is_socket(const struct sc_graphics *graphics)
{
	return graphics->n_listens && graphics->listens[0].type == SC_LISTEN_SOCKET;
}

static enum spicecfg_status refuse_on_socket(struct sc_vm_edit *edit, const struct sc_graphics *graphics, const char *word)
{
	return sc_fail_at(edit->ctx, SPICECFG_FINDINGS, sc_xml_where(edit->domain->doc, graphics->node, NULL),
			  "Leave it off there, or listen on an address: `spicecfg set-listen TARGET address ADDR`",
			  "image compression '%s' does not go with a Unix socket: older libvirt refuses it, and nothing crosses a network",
			  word);
}

static enum spicecfg_status apply(struct sc_vm_edit *edit, const struct sc_family *family)
{
	const char *image = sc_want(edit, "compression");
	struct sc_graphics *graphics;
	enum spicecfg_status status = sc_edit_spice(edit, family, &graphics);

	if (status || !graphics)
		return status;
	if (image && !sc_is_default(image) && strcmp(image, "off") != 0 && is_socket(graphics) && !edit->ctx->force)
		return refuse_on_socket(edit, graphics, image);
	for (size_t i = 0; !status && i < sizeof(options) / sizeof(*options); i++) {
		const char *word = sc_want(edit, options[i].key);

		if (word)
			status = sc_choice_put(edit, graphics, options[i].option, word);
	}
	return status;
}

const struct sc_family sc_family_compression = {"compression", settings, apply, false};

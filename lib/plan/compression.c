/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set-compression: images, audio, video streams (libvirt conf/domain_conf.c; articles A10, A11). */
#include <string.h>

#include "plan/choice.h"
#include "plan/families.h"

static const struct sc_setting settings[] = {
    {"compression", "auto_glz|auto_lz|quic|glz|lz|off", "compression of images", .argument = true,
     .option = &sc_option_specs[SC_OPTION_IMAGE], .show = sc_choice_show},
    {"jpeg", "auto|never|always", "JPEG compression of images over a WAN", .option = &sc_option_specs[SC_OPTION_JPEG],
     .show = sc_choice_show},
    {"zlib", "auto|never|always", "zlib compression over a WAN", .option = &sc_option_specs[SC_OPTION_ZLIB], .show = sc_choice_show},
    {"playback", "on|off", "compression of audio", .option = &sc_option_specs[SC_OPTION_PLAYBACK], .show = sc_choice_show},
    {"streaming", "filter|all|off", "detection of video streams", .option = &sc_option_specs[SC_OPTION_STREAMING], .show = sc_choice_show},
    {.key = NULL},
};

static bool is_socket(const struct sc_graphics *graphics)
{
	return graphics->n_listens && graphics->listens[0].type == SC_LISTEN_SOCKET;
}

static enum spicecfg_status refuse_on_socket(struct sc_vm_edit *edit, const struct sc_graphics *graphics, const char *word)
{
	return sc_fail_at(edit->ctx, SPICECFG_FINDINGS, sc_xml_where(edit->domain->doc, graphics->node, NULL),
			  "Leave it off there, or listen on an address: `spicecfg set-listen TARGET address ADDR`",
			  "image compression '%s' is of no use on a Unix socket: nothing crosses a network", word);
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
	return sc_choice_put(edit, family, graphics);
}

const struct sc_family sc_family_compression = {"set-compression", settings, apply, false};

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

static enum spicecfg_status apply(struct sc_vm_edit *edit, const struct sc_family *family)
{
	struct sc_graphics *graphics;
	enum spicecfg_status status = sc_edit_spice(edit, family, &graphics);

	if (status || !graphics)
		return status;
	return sc_choice_put(edit, family, graphics);
}

const struct sc_family sc_family_compression = {"set-compression", settings, apply, false};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set, set-heads, set-mode, set-compression, set-options: arguments and options become settings of one request. */
#include "commands/vm_edit.h"
#include "error.h"

static enum spicecfg_status fill_set(struct cli *cli, struct spicecfg_request *request)
{
	for (int i = 0; i < cli->n_args; i++) {
		enum spicecfg_status status = cli_vm_pair(cli, request, "", cli->args[i]);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status run_set(struct cli *cli)
{
	return cli_vm_edit(cli, fill_set);
}

const struct cli_verb cli_verb_set = {
    .name = "set",
    .synopsis = "TARGET KEY=VALUE...",
    .summary = "Change several settings of a VM in one edit",
    .help = "Keys are the arguments and options of the set-* verbs. The value 'default' unsets a setting. Use set-password for\n"
	    "passwords. A key that begins with / is a path from a finding: of an attribute, or, with the value 'default', of a whole\n"
	    "element.",
    .example = "  spicecfg set debianx heads=2 listen='address 0.0.0.0' tls-port=20002\n"
	       "  spicecfg set debianx '/domain/devices/graphics[2]=default'",
    .flags = CLI_TARGET | CLI_CHANGES | CLI_KEYS,
    .min_args = 1,
    .max_args = -1,
    .run = run_set,
    .fill = fill_set,
};

static enum spicecfg_status fill_settings(struct cli *cli, struct spicecfg_request *request)
{
	if (!cli->n_args && !cli_has_own(cli))
		return cli_usage(cli, "'%s' needs %s", cli->verb->name, cli->verb->max_args ? "an argument or an option" : "an option");
	return cli_vm_settings(cli, request);
}

static enum spicecfg_status run_settings(struct cli *cli)
{
	return cli_vm_edit(cli, fill_settings);
}

const struct cli_verb cli_verb_set_heads = {
    .name = "set-heads",
    .summary = "Set the number of heads, and size video memory to match",
    .help = "QXL with a Linux guest: one device with N heads, vgamem = width x height x 4 x heads rounded up to a power of two,\n"
	    "ram = 4 x vgamem, vram = 2 x vgamem. Windows guests: N QXL devices with one head each. virtio: heads only. The arithmetic\n"
	    "is shown; memory that is larger already is kept, unless --shrink. Spice clients show up to 4 heads; QEMU allows up to 16.",
    .example = "  spicecfg set-heads debianx 4\n  spicecfg set-heads vm.xml 2 --resolution 1920x1080 --diff\n  spicecfg set-heads --all 2 "
	       "--dry-run",
    .flags = CLI_TARGET | CLI_CHANGES | CLI_SETTINGS,
    .min_args = 1,
    .max_args = 1,
    .run = run_settings,
    .fill = fill_settings,
};

const struct cli_verb cli_verb_set_mode = {
    .name = "set-mode",
    .summary = "Set defaultMode, and the modes of single channels",
    .help = "secure: channels open on the TLS port only; insecure: on the plain port only; any: on either. 'default' unsets.",
    .example = "  spicecfg set-mode debianx secure\n  spicecfg set-mode debianx any --channel main=secure --channel playback=default",
    .flags = CLI_TARGET | CLI_CHANGES | CLI_SETTINGS,
    .min_args = 1,
    .max_args = 1,
    .run = run_settings,
    .fill = fill_settings,
};

const struct cli_verb cli_verb_set_compression = {
    .name = "set-compression",
    .summary = "Set the compression of images, sound and video",
    .help = "On a Unix socket, image compression is off: nothing crosses a network. On a network, auto_glz saves most of the traffic.",
    .example = "  spicecfg set-compression debianx auto_glz --streaming filter",
    .flags = CLI_TARGET | CLI_CHANGES | CLI_SETTINGS,
    .min_args = 0,
    .max_args = 1,
    .run = run_settings,
    .fill = fill_settings,
};

const struct cli_verb cli_verb_set_options = {
    .name = "set-options",
    .summary = "Set keyboard, clipboard, file transfer, mouse, OpenGL and the agent's channel",
    .example = "  spicecfg set-options debianx --clipboard off --filetransfer off",
    .flags = CLI_TARGET | CLI_CHANGES | CLI_SETTINGS,
    .run = run_settings,
    .fill = fill_settings,
};

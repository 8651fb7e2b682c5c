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
    .help = "Keys are the names of the arguments and options of the set-* verbs: heads, resolution, model, guest, ram, vram, vgamem, "
	    "vram64, listen,\n"
	    "port, tls-port, mode, channel.NAME, compression, jpeg, zlib, playback, streaming, keymap, clipboard, filetransfer, mouse, gl, "
	    "rendernode,\n"
	    "accel3d, agent. The value 'default' unsets a setting. Passwords are set with set-password.\n"
	    "A key that begins with / is a place as findings name it: an attribute, or with 'default' a whole element.",
    .example = "  spicecfg set debianx heads=2 listen='address 0.0.0.0' tls-port=20002 mode=secure\n"
	       "  spicecfg set debianx '/domain/devices/graphics[2]=default'",
    .flags = CLI_TARGET | CLI_CHANGES,
    .min_args = 1,
    .max_args = -1,
    .run = run_set,
    .fill = fill_set,
};

static enum spicecfg_status fill_named(struct cli *cli, struct spicecfg_request *request, const char *key)
{
	enum spicecfg_status status = cli->n_args ? spicecfg_request_set(request, key, cli->args[0]) : SPICECFG_OK;

	return status ? status : cli_vm_options(cli, request);
}

static enum spicecfg_status fill_heads(struct cli *cli, struct spicecfg_request *request)
{
	return fill_named(cli, request, "heads");
}

static enum spicecfg_status run_heads(struct cli *cli)
{
	return cli_vm_edit(cli, fill_heads);
}

static const struct cli_option heads_options[] = {
    {"resolution", 0, "WxH", "size of each head (default: 2560x1600)", false},
    {"model", 0, "qxl|virtio", "the video model (default: the one the VM has)", false},
    {"guest", 0, "linux|windows", "the guest (default: from libosinfo metadata, else linux)", false},
    {"ram", 0, "KIB", "QXL ram in KiB, in place of the computed size", false},
    {"vram", 0, "KIB", "QXL vram in KiB, in place of the computed size", false},
    {"vgamem", 0, "KIB", "QXL vgamem in KiB, in place of the computed size", false},
    {"vram64", 0, "KIB", "QXL vram64 in KiB", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_set_heads = {
    .name = "set-heads",
    .synopsis = "TARGET N [--resolution WxH] [--model qxl|virtio] [--guest linux|windows] [--ram K] [--vram K] [--vgamem K] [--vram64 K]",
    .summary = "Set the number of heads, and video memory that fits them",
    .help = "QXL with a Linux guest: one device with N heads, vgamem = width x height x 4 x heads rounded up to a power of two, ram = 4 x "
	    "vgamem,\n"
	    "vram = 2 x vgamem. Windows guests: N QXL devices with one head each. virtio: heads only. The arithmetic is shown.\n"
	    "Spice clients show up to 4 heads; QEMU takes up to 16.",
    .example = "  spicecfg set-heads debianx 4\n  spicecfg set-heads vm.xml 2 --resolution 1920x1080 --diff\n  spicecfg set-heads --all 2 "
	       "--dry-run",
    .flags = CLI_TARGET | CLI_CHANGES,
    .min_args = 1,
    .max_args = 1,
    .options = heads_options,
    .run = run_heads,
    .fill = fill_heads,
};

static enum spicecfg_status fill_mode(struct cli *cli, struct spicecfg_request *request)
{
	enum spicecfg_status status = fill_named(cli, request, "mode");
	const char *pair;

	for (size_t i = 0; !status && (pair = cli_get_nth(cli, "channel", i)); i++)
		status = cli_vm_pair(cli, request, "channel.", pair);
	return status;
}

static enum spicecfg_status run_mode(struct cli *cli)
{
	return cli_vm_edit(cli, fill_mode);
}

static const struct cli_option mode_options[] = {
    {"channel", 0, "NAME=MODE", "mode of one channel: main, display, inputs, cursor, playback, record, smartcard, usbredir", true},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_set_mode = {
    .name = "set-mode",
    .synopsis = "TARGET any|secure|insecure [--channel NAME=MODE]...",
    .summary = "Set defaultMode, and modes of single channels",
    .help = "secure: channels open on the TLS port only; insecure: on the plain port only; any: on either. 'default' unsets.",
    .example = "  spicecfg set-mode debianx secure\n  spicecfg set-mode debianx any --channel main=secure --channel playback=default",
    .flags = CLI_TARGET | CLI_CHANGES,
    .min_args = 1,
    .max_args = 1,
    .options = mode_options,
    .run = run_mode,
    .fill = fill_mode,
};

static enum spicecfg_status fill_compression(struct cli *cli, struct spicecfg_request *request)
{
	if (!cli->n_args && !cli->n_given)
		return cli_usage(cli, "'set-compression' needs an image compression or an option");
	return fill_named(cli, request, "compression");
}

static enum spicecfg_status run_compression(struct cli *cli)
{
	return cli_vm_edit(cli, fill_compression);
}

static const struct cli_option compression_options[] = {
    {"jpeg", 0, "auto|never|always", "JPEG compression of images over a WAN", false},
    {"zlib", 0, "auto|never|always", "zlib compression over a WAN", false},
    {"playback", 0, "on|off", "compression of sound", false},
    {"streaming", 0, "filter|all|off", "detection of video streams", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_set_compression = {
    .name = "set-compression",
    .synopsis = "TARGET [auto_glz|auto_lz|quic|glz|lz|off] [--jpeg M] [--zlib M] [--playback on|off] [--streaming M]",
    .summary = "Set the compression of images, sound and video",
    .help = "On a Unix socket image compression is off: nothing crosses a network there. On a network auto_glz saves most of the traffic.",
    .example = "  spicecfg set-compression debianx auto_glz --streaming filter",
    .flags = CLI_TARGET | CLI_CHANGES,
    .min_args = 0,
    .max_args = 1,
    .options = compression_options,
    .run = run_compression,
    .fill = fill_compression,
};

static enum spicecfg_status fill_options(struct cli *cli, struct spicecfg_request *request)
{
	return cli_vm_options(cli, request);
}

static enum spicecfg_status run_options(struct cli *cli)
{
	if (!cli->n_given)
		return cli_usage(cli, "'set-options' needs an option");
	return cli_vm_edit(cli, fill_options);
}

static const struct cli_option option_options[] = {
    {"keymap", 0, "K", "keyboard layout, such as de or en-us", false},
    {"clipboard", 0, "on|off", "copy and paste between client and guest", false},
    {"filetransfer", 0, "on|off", "file transfer from client to guest", false},
    {"mouse", 0, "client|server", "who draws the pointer", false},
    {"gl", 0, "on|off", "OpenGL: only for local clients on a Unix socket", false},
    {"rendernode", 0, "P", "render node for OpenGL, such as /dev/dri/renderD128", false},
    {"accel3d", 0, "on|off", "3D acceleration of a virtio video device", false},
    {"agent", 0, "on|off", "the com.redhat.spice.0 channel of spice-vdagent", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_set_options = {
    .name = "set-options",
    .synopsis = "TARGET [--keymap K] [--clipboard on|off] [--filetransfer on|off] [--mouse client|server] [--gl on|off] [--rendernode P]\n"
		"       [--accel3d on|off] [--agent on|off]",
    .summary = "Set keyboard, clipboard, file transfer, mouse, OpenGL and the agent's channel",
    .example = "  spicecfg set-options debianx --clipboard off --filetransfer off",
    .flags = CLI_TARGET | CLI_CHANGES,
    .options = option_options,
    .run = run_options,
    .fill = fill_options,
};

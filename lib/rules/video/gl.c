/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OpenGL: acceleration of video devices, gl of consoles, render nodes. */
#include <string.h>

#include "rules/fixes.h"
#include "rules/tables.h"

static struct sc_choice yes_no(const struct sc_xml_node *node, const char *attr)
{
	struct sc_choice choice = {.node = node, .text = sc_xml_get(node, attr)};

	if (!choice.text)
		return choice;
	choice.value = sc_word_find(sc_yes_no_words, choice.text);
	if (choice.value == 0)
		choice.value = -1;
	return choice;
}

/* libvirt drops the settings of a video device of model none before it checks them. */
static const struct sc_xml_node *acceleration(const struct sc_video *video)
{
	return video->kind == SC_VIDEO_NONE || video->kind == SC_VIDEO_BAD ? NULL : video->acceleration;
}

static bool is_vhost_user(const struct sc_video *video)
{
	const char *name = sc_xml_get(video->driver, "name");

	return name && strcmp(name, "vhostuser") == 0;
}

static void accel_empty(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_xml_node *node = in->domain->videos[i].acceleration;

		if (node && !sc_xml_get(node, "rendernode") && !sc_xml_get(node, "accel3d") && !sc_xml_get(node, "accel2d"))
			sc_find(out, rule, SC_ALWAYS, node, NULL, "<acceleration> has no attribute");
	}
}

/* 'yes' only where it has an effect. */
static void fix_word(const struct sc_rule_input *in, size_t video, int attr, const char *text, struct sc_findings *out)
{
	if (attr == 0 && in->domain->videos[video].kind == SC_VIDEO_VIRTIO)
		sc_find_fix_word(out, sc_yes_no_words, text);
}

static void accel_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const attrs[] = {"accel3d", "accel2d"};

	for (size_t i = 0; i < in->domain->n_videos; i++) {
		for (int j = 0; j < 2; j++) {
			struct sc_choice choice = yes_no(in->domain->videos[i].acceleration, attrs[j]);

			if (choice.value < 0) {
				sc_find(out, rule, SC_ALWAYS, choice.node, attrs[j], "%s is '%s', neither 'yes' nor 'no'", attrs[j],
					choice.text);
				fix_word(in, i, j, choice.text, out);
			}
		}
	}
}

static void accel_2d(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_xml_node *node = acceleration(&in->domain->videos[i]);

		if (yes_no(node, "accel2d").value == SC_YES)
			sc_find(out, rule, SC_ALWAYS, node, "accel2d", "QEMU has no 2D acceleration");
	}
}

static bool wants_3d(const struct sc_video *video)
{
	return yes_no(acceleration(video), "accel3d").value == SC_YES;
}

static void accel_3d_model(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (wants_3d(video) && video->kind != SC_VIDEO_VIRTIO && !is_vhost_user(video))
			sc_find(out, rule, SC_ALWAYS, video->acceleration, "accel3d", "video model '%s' has no 3D acceleration",
				sc_video_words[video->kind]);
	}
}

static bool is_virgl(const struct sc_video *video)
{
	return video->kind == SC_VIDEO_VIRTIO && wants_3d(video) && !is_vhost_user(video);
}

static void accel_3d_module(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (!is_virgl(video))
			continue;
		if (in->host->qemu.virtio_gpu_gl == SC_FALSE)
			sc_find(out, rule, SC_HOST, video->acceleration, "accel3d",
				"this host's QEMU lacks the OpenGL module of virtio-gpu");
		else if (in->host->qemu.virtio_gpu_gl == SC_UNKNOWN)
			sc_doubt(out, rule, "it is not known whether QEMU has the OpenGL module of virtio-gpu");
	}
}

static bool offers_gl(const struct sc_graphics *graphics)
{
	if (graphics->kind == SC_GRAPHICS_EGL_HEADLESS)
		return true;
	return (graphics->kind == SC_GRAPHICS_SPICE || graphics->kind == SC_GRAPHICS_SDL || graphics->kind == SC_GRAPHICS_DBUS) &&
	       graphics->options[SC_OPTION_GL].value == SC_YES;
}

/* libvirt chooses a node where OpenGL is requested and none is named (conf/domain_conf.c virDomainGraphicsNeedsAutoRenderNode). */
static bool picks_node(const struct sc_graphics *graphics)
{
	if (graphics->rendernode)
		return false;
	if (graphics->kind == SC_GRAPHICS_EGL_HEADLESS)
		return true;
	return (graphics->kind == SC_GRAPHICS_SPICE || graphics->kind == SC_GRAPHICS_DBUS) &&
	       graphics->options[SC_OPTION_GL].value == SC_YES;
}

/* A display that offers QEMU an OpenGL context. */
static bool has_gl_display(const struct sc_rule_input *in)
{
	if (in->launch->spice && in->launch->spice->gl)
		return true;
	for (size_t i = 0; i < in->domain->n_graphics; i++)
		if (in->domain->graphics[i].kind != SC_GRAPHICS_SPICE && offers_gl(&in->domain->graphics[i]))
			return true;
	return false;
}

static void accel_3d_display(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	bool has_display = has_gl_display(in);

	for (size_t i = 0; i < in->domain->n_videos; i++)
		if (is_virgl(&in->domain->videos[i]) && !has_display)
			sc_find(out, rule, SC_ALWAYS, in->domain->videos[i].acceleration, "accel3d",
				"accel3d is on, but no display has OpenGL");
}

static void accel_3d_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	size_t seen = 0;

	for (size_t i = 0; i < in->domain->n_videos; i++)
		if (is_virgl(&in->domain->videos[i]) && seen++)
			sc_find(out, rule, SC_ALWAYS, in->domain->videos[i].acceleration, "accel3d",
				"accel3d is on for a second virtio device");
}

static void accel_rendernode(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_xml_node *node = acceleration(&in->domain->videos[i]);

		if (!node || !sc_xml_get(node, "rendernode") || is_vhost_user(&in->domain->videos[i]))
			continue;
		sc_find(out, rule, SC_ALWAYS, node, "rendernode", "a rendernode in <acceleration> needs <driver name='vhostuser'/>");
		/* An empty element is refused as well. */
		if (!sc_xml_get(node, "accel3d") && !sc_xml_get(node, "accel2d"))
			sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
	}
}

/* Without its last display with OpenGL, a virtio device with accel3d would be refused. graphics: the one that loses it. */
static void fix_accel3d(const struct sc_rule_input *in, const struct sc_graphics *graphics, struct sc_findings *out)
{
	bool node = in->host->qemu.render_node != SC_FALSE, other = false;

	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *display = &in->domain->graphics[i];

		other |= display != graphics && offers_gl(display) && (node || !picks_node(display));
	}
	for (size_t i = 0; i < in->domain->n_videos && !other; i++)
		if (is_virgl(&in->domain->videos[i]))
			sc_find_fix_more(out, "'%s=no'", sc_find_fix_path(out, in->domain->videos[i].acceleration, "accel3d"));
}

static void gl_with_port(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = in->launch->spice;

	if (!console || console->broken || !console->gl || !sc_console_on_tcp(console))
		return;
	sc_find(out, rule, console->origin == SC_FROM_CONF ? SC_HOST : SC_ALWAYS, console->node, NULL,
		"gl is on, but the console opens a TCP port: OpenGL works on sockets and listen type none");
	const struct sc_spice_arg *arg = sc_spice_args_find(&in->launch->args, "gl");
	if (arg && !(console->graphics && console->graphics->options[SC_OPTION_GL].value == SC_YES))
		sc_find_fix_arg(out, in->domain, arg->node);
	fix_accel3d(in, console->graphics, out);
}

static void gl_two_displays(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	bool headless = false;

	for (size_t i = 0; i < in->domain->n_graphics; i++)
		headless |= in->domain->graphics[i].kind == SC_GRAPHICS_EGL_HEADLESS;
	for (size_t i = 0; headless && i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->kind == SC_GRAPHICS_SPICE && graphics->options[SC_OPTION_GL].value == SC_YES)
			sc_find(out, rule, SC_ALWAYS, graphics->options[SC_OPTION_GL].node, "enable",
				"gl is on for Spice, but the domain has egl-headless too");
	}
}

/* QEMU ui/dbus.c dbus_is_compatible_dcl: with an OpenGL context of D-Bus, Spice is refused on the same screen. QXL shows its own. */
static void dbus_gl_spice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	bool screen = !in->domain->n_videos;

	for (size_t i = 0; i < in->domain->n_videos; i++)
		screen |= in->domain->videos[i].kind != SC_VIDEO_NONE && in->domain->videos[i].kind != SC_VIDEO_QXL;
	for (size_t i = 0; screen && in->domain->n_spice && i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->kind != SC_GRAPHICS_DBUS || graphics->options[SC_OPTION_GL].value != SC_YES)
			continue;
		sc_find(out, rule, SC_ALWAYS, graphics->options[SC_OPTION_GL].node, "enable",
			"OpenGL is on for a D-Bus display next to a Spice console");
		fix_accel3d(in, graphics, out);
	}
}

static void egl_headless_partner(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	bool headless = false;

	for (size_t i = 0; i < in->domain->n_graphics; i++)
		headless |= in->domain->graphics[i].kind == SC_GRAPHICS_EGL_HEADLESS;
	for (size_t i = 0; headless && i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->kind == SC_GRAPHICS_SDL || graphics->kind == SC_GRAPHICS_DBUS) {
			sc_find(out, rule, SC_ALWAYS, graphics->node, "type",
				"graphics of type '%s' can't be used together with egl-headless", graphics->type);
			sc_find_fix_asks(out);
		}
	}
}

/* Turns OpenGL off where it was turned on; an egl-headless device has no other use and is removed. */
static void fix_gl(const struct sc_rule_input *in, const struct sc_graphics *graphics, struct sc_findings *out)
{
	const struct sc_spice_arg *arg = sc_spice_args_find(&in->launch->args, "gl");

	if (graphics->kind == SC_GRAPHICS_EGL_HEADLESS) {
		sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
		sc_find_fix_asks(out);
	} else if (graphics->kind == SC_GRAPHICS_SPICE && arg && graphics->options[SC_OPTION_GL].value != SC_YES) {
		sc_find_fix_arg(out, in->domain, arg->node);
	} else if (graphics->kind == SC_GRAPHICS_SPICE) {
		sc_find_fix(out, "spicecfg set TARGET gl=off");
	} else {
		sc_find_fix(out, "spicecfg set TARGET '%s=no'", sc_find_fix_path(out, graphics->options[SC_OPTION_GL].node, "enable"));
	}
	fix_accel3d(in, graphics, out);
}

static void gl_no_node(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = in->launch->spice;
	bool by_args = console && console->gl && !sc_spice_args_find(&in->launch->args, "rendernode") &&
		       !(console->graphics && console->graphics->rendernode);

	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (!picks_node(graphics) && !(by_args && console->graphics == graphics))
			continue;
		if (in->host->qemu.render_node == SC_FALSE) {
			sc_find(out, rule, SC_HOST, graphics->node, NULL,
				"the console needs OpenGL, but this host has no /dev/dri/renderD*");
			fix_gl(in, graphics, out);
		} else if (in->host->qemu.render_node == SC_UNKNOWN)
			sc_doubt(out, rule, "it is not known whether the host has a render node");
	}
}

/* libvirt looks for a node where none is named; on a host without any, OpenGL is turned off. */
static void fix_no_gpu(const struct sc_rule_input *in, const struct sc_graphics *graphics, struct sc_findings *out)
{
	if (in->host->qemu.render_node == SC_FALSE && (graphics->kind == SC_GRAPHICS_EGL_HEADLESS || offers_gl(graphics))) {
		fix_gl(in, graphics, out);
		if (graphics->kind != SC_GRAPHICS_EGL_HEADLESS)
			sc_find_fix_more(out, "%s=default", sc_find_fix_path(out, sc_xml_child(graphics->node, "gl"), "rendernode"));
	} else if (graphics->kind != SC_GRAPHICS_SPICE) {
		sc_find_fix(out, "spicecfg set TARGET '%s=default'",
			    sc_find_fix_path(out, sc_xml_child(graphics->node, "gl"), "rendernode"));
	}
}

static void tell_node(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_graphics *graphics, const char *path,
		      struct sc_findings *out)
{
	sc_find(out, rule, *path == '/' ? SC_HOST : SC_ALWAYS, graphics->node, NULL, "render node '%s' does not exist", path);
	fix_no_gpu(in, graphics, out);
}

static void rendernode_missing(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];
		const char *path = graphics->rendernode;

		if (!path || graphics->kind == SC_GRAPHICS_SDL)
			continue;
		struct sc_path_fact fact = sc_host_file(in->host, path);
		if (fact.type != SC_PATH_MISSING)
			continue;
		if (strncmp(path, "/dev/dri/", 9) == 0 && in->host->qemu.render_node != SC_FALSE)
			sc_doubt(out, rule, "nothing is known about '%s'", path);
		else
			tell_node(rule, in, graphics, path, out);
	}
}

/* QEMU opens the node when it has OpenGL, which is built in up to 6.0 and a module since. */
static void rendernode_no_gpu(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	enum sc_known opengl = sc_host_qemu(in->host) < SC_VERSION(6, 1) ? SC_TRUE : in->host->qemu.virtio_gpu_gl;

	for (size_t i = 0; i < in->domain->n_graphics && opengl != SC_FALSE; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];
		const char *path = graphics->rendernode;
		bool gl = graphics->options[SC_OPTION_GL].value == SC_YES;
		bool used = graphics->kind == SC_GRAPHICS_EGL_HEADLESS ||
			    (gl && (graphics->kind == SC_GRAPHICS_SPICE || graphics->kind == SC_GRAPHICS_DBUS));

		if (!used || !path || strncmp(path, "/dev/dri/", 9) == 0)
			continue;
		if (opengl == SC_TRUE) {
			sc_find(out, rule, SC_HOST, graphics->node, NULL, "'%s' is not a render node", path);
			fix_no_gpu(in, graphics, out);
		} else
			sc_doubt(out, rule, "it is not known whether QEMU has OpenGL, which needs a render node, not '%s'", path);
	}
}

static void vhost_user_model(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (is_vhost_user(video) && video->kind != SC_VIDEO_VIRTIO && video->kind != SC_VIDEO_NONE && video->kind != SC_VIDEO_BAD)
			sc_find(out, rule, SC_ALWAYS, video->driver, "name", "driver vhostuser needs video model virtio, not '%s'",
				sc_video_words[video->kind]);
	}
}

static void vhost_user_missing(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];

		if (!is_vhost_user(video) || video->kind != SC_VIDEO_VIRTIO)
			continue;
		if (in->host->qemu.vhost_user_gpu == SC_FALSE)
			sc_find(out, rule, SC_HOST, video->driver, "name", "this host has no vhost-user-gpu program");
		else
			sc_doubt(out, rule, "it is not known whether this host has a suitable vhost-user-gpu program");
	}
}

const struct sc_rule sc_rules_gl[] = {
    {"accel-empty", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "An empty <acceleration>",
     "<acceleration> needs accel3d, accel2d or rendernode.", "libvirt conf/domain_conf.c virDomainVideoAccelDefParseXML; measured",
     "spicecfg set TARGET 'ELEMENT=default'", accel_empty},
    {"accel-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Unknown acceleration setting",
     "accel3d and accel2d are yes or no.", "libvirt conf/domain_conf.c virDomainVideoAccelDefParseXML; measured",
     "spicecfg set TARGET 'PATH=no'", accel_word},
    {"accel-2d", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "2D acceleration", "accel2d='yes' is for other hypervisors.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo; measured", "spicecfg set TARGET 'PATH=no'", accel_2d},
    {"accel-3d-model", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "3D acceleration on a model without it",
     "Only video model virtio has 3D acceleration.", "A7; libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo; measured",
     "spicecfg set TARGET 'PATH=no'", accel_3d_model},
    {"accel-3d-module", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO | SC_SPAN(SC_SPAN_GL_DEVICE),
     "3D acceleration without QEMU's module",
     "accel3d needs QEMU's device virtio-gpu-gl (Debian: qemu-system-modules-opengl). Without it, the VM does not start. With --no-host, "
     "OpenGL is assumed to be missing.",
     "A7; QEMU hw/display/virtio-gpu-pci-gl.c; measured", "spicecfg set-options TARGET --accel3d off", accel_3d_module},
    {"accel-3d-display", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO | SC_SPAN(SC_SPAN_GL_DEVICE),
     "3D acceleration without an OpenGL display",
     "accel3d works only when a display has OpenGL: gl of Spice (on a socket or listen type none) or egl-headless. Older releases started "
     "the VM without acceleration (A7); QEMU refuses since 6.1.",
     "A7; QEMU hw/display/virtio-gpu-gl.c virtio_gpu_gl_device_realize", "spicecfg set-options TARGET --accel3d off", accel_3d_display},
    {"accel-3d-twice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO | SC_SPAN(SC_SPAN_GL_DEVICE),
     "3D acceleration on two devices", "QEMU allows only one virtio-gpu-gl device.",
     "QEMU hw/display/virtio-gpu-gl.c virtio_gpu_gl_device_realize", "spicecfg set TARGET 'PATH=no'", accel_3d_twice},
    {"accel-rendernode", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "A render node of a video device",
     "A rendernode in <acceleration> is for the driver vhostuser; that of the console belongs in <gl rendernode='…'/>.",
     "libvirt conf/domain_validate.c virDomainVideoDefValidate; measured", "spicecfg set TARGET 'PATH=default'", accel_rendernode},
    {"gl-with-port", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "OpenGL on a TCP port",
     "QEMU's OpenGL for Spice is local only: it needs a Unix socket or listen type none.", "QEMU ui/spice-core.c qemu_spice_init; measured",
     "spicecfg set TARGET gl=off", gl_with_port},
    {"gl-two-displays", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "Two OpenGL displays",
     "gl of Spice and a graphics device of type egl-headless exclude each other.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefGraphics; measured", "spicecfg set-options TARGET --gl off", gl_two_displays},
    {"dbus-gl-spice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "OpenGL of D-Bus next to Spice",
     "A D-Bus display with gl uses the OpenGL context of the screen, which Spice then refuses.",
     "QEMU ui/console.c console_compatible_with; measured", "spicecfg set TARGET 'PATH=no'", dbus_gl_spice},
    {"egl-headless-partner", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "egl-headless together with SDL or D-Bus",
     "egl-headless works only together with vnc or spice.", "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefGraphics",
     "spicecfg set TARGET 'ELEMENT=default'", egl_headless_partner},
    {"gl-no-node", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "OpenGL without a render node",
     "gl of Spice and egl-headless need /dev/dri/renderD*, which libvirt looks for when the VM starts. With --no-host, OpenGL is assumed "
     "to be "
     "missing.",
     "libvirt util/virutil.c virHostGetDRMRenderNode; measured", "spicecfg set TARGET gl=off", gl_no_node},
    {"rendernode-missing", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "A render node that does not exist",
     "libvirt prepares the named render node for QEMU, even with enable='no': the path must exist, be absolute and not be empty.",
     "libvirt qemu/qemu_namespace.c; measured", "spicecfg set-options TARGET --rendernode default", rendernode_missing},
    {"rendernode-no-gpu", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "A path that is not a render node",
     "A QEMU with OpenGL opens the node of gl and of egl-headless when it starts: render nodes are below /dev/dri.",
     "QEMU ui/egl-helpers.c egl_rendernode_init; measured", "spicecfg set-options TARGET --rendernode default", rendernode_no_gpu},
    {"vhostuser-model", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "Driver vhostuser on another model",
     "The driver vhostuser works only with video model virtio.", "libvirt conf/domain_validate.c virDomainVideoDefValidate; measured",
     "spicecfg set TARGET 'PATH=default'", vhost_user_model},
    {"vhostuser-missing", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "No vhost-user-gpu program",
     "The driver vhostuser needs a vhost-user-gpu program with a description in /usr/share/qemu/vhost-user.",
     "libvirt qemu/qemu_vhost_user.c qemuVhostUserFillDomainGPU; measured", "spicecfg set TARGET 'PATH=default'", vhost_user_missing},
    {0},
};

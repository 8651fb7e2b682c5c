/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set-options: keyboard, clipboard, file transfer, mouse, OpenGL, 3D acceleration, the agent's channel (articles A6, A7). */
#include <string.h>

#include "model/agent.h"
#include "plan/choice.h"
#include "plan/families.h"

static const char *show_keymap(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	(void)setting;
	if (domain->spice && domain->spice->keymap)
		*origin = "XML";
	return domain->spice ? domain->spice->keymap : NULL;
}

static const char *show_rendernode(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	(void)setting;
	if (domain->spice && domain->spice->rendernode)
		*origin = "XML";
	return domain->spice ? domain->spice->rendernode : NULL;
}

static const struct sc_video *virtio_video(const struct sc_domain *domain)
{
	for (size_t i = 0; i < domain->n_videos; i++)
		if (domain->videos[i].kind == SC_VIDEO_VIRTIO)
			return &domain->videos[i];
	return NULL;
}

static const char *show_accel3d(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	const struct sc_video *video = virtio_video(domain);
	const char *text = video ? sc_xml_get(video->acceleration, "accel3d") : NULL;

	(void)setting;
	if (text)
		*origin = "XML";
	return sc_choice_on(text);
}

static const char *show_agent(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	const struct sc_xml_node *channel = sc_agent_channel(domain);

	(void)setting;
	if (!channel)
		return "off";
	*origin = "XML";
	/* another type than spicevmc is named: a Spice client does not reach the agent by it */
	const char *type = sc_xml_get(channel, "type");
	return sc_agent_served(channel) ? "on" : type ? type : "off";
}

static bool accept_keymap(const char *value)
{
	size_t len = strlen(value);

	return len && len < 32 && strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == len;
}

static bool accept_path(const char *value)
{
	return value[0] == '/';
}

static const struct sc_setting settings[] = {
    {"keymap", "K", "keyboard layout, such as de or en-us", .accept = accept_keymap, .noun = "the name of a keymap", .show = show_keymap},
    {"clipboard", "on|off", "copy and paste between client and guest", .option = &sc_option_specs[SC_OPTION_CLIPBOARD],
     .show = sc_choice_show},
    {"filetransfer", "on|off", "file transfer from client to guest", .option = &sc_option_specs[SC_OPTION_FILETRANSFER],
     .show = sc_choice_show},
    {"mouse", "client|server", "who draws the pointer", .option = &sc_option_specs[SC_OPTION_MOUSE], .show = sc_choice_show},
    {"gl", "on|off", "OpenGL: only for local clients on a Unix socket", .option = &sc_option_specs[SC_OPTION_GL], .show = sc_choice_show},
    {"rendernode", "/dev/dri/NODE", "render node for OpenGL, such as /dev/dri/renderD128", .accept = accept_path,
     .noun = "an absolute path", .show = show_rendernode},
    {"accel3d", "on|off", "3D acceleration of a virtio video device", .show = show_accel3d},
    {"agent", "on|off", "the com.redhat.spice.0 channel of spice-vdagent", .show = show_agent},
    {.key = NULL},
};

static enum spicecfg_status put_rendernode(struct sc_vm_edit *edit, struct sc_graphics *graphics, const char *path)
{
	struct sc_xml_node *gl = sc_xml_child(graphics->node, "gl");

	if (sc_is_default(path)) {
		if (gl)
			sc_xml_unset(gl, "rendernode");
		return SPICECFG_OK;
	}
	if (!gl)
		return sc_fail(edit->ctx, SPICECFG_USAGE, "Add --gl on.", "a render node has no effect without OpenGL");
	return sc_edit_set(edit, gl, "rendernode", path);
}

static enum spicecfg_status put_graphics(struct sc_vm_edit *edit, const struct sc_family *family, struct sc_graphics *graphics)
{
	const char *keymap = sc_want(edit, "keymap"), *rendernode = sc_want(edit, "rendernode");
	enum spicecfg_status status = SPICECFG_OK;

	if (keymap && sc_is_default(keymap))
		sc_xml_unset(graphics->node, "keymap");
	else if (keymap)
		status = sc_edit_set(edit, graphics->node, "keymap", keymap);
	if (!status)
		status = sc_choice_put(edit, family, graphics);
	return status || !rendernode ? status : put_rendernode(edit, graphics, rendernode);
}

static enum spicecfg_status put_accel3d(struct sc_vm_edit *edit, const char *word)
{
	const struct sc_video *video = virtio_video(edit->domain);
	struct sc_xml_node *acceleration = video ? sc_xml_child(video->model, "acceleration") : NULL;

	if (sc_is_default(word)) {
		if (acceleration)
			sc_xml_remove(acceleration);
		return SPICECFG_OK;
	}
	if (!acceleration && strcmp(word, "off") == 0)
		return SPICECFG_OK;
	if (!video)
		return sc_fail(edit->ctx, SPICECFG_USAGE, "Change the model: `spicecfg set-heads TARGET N --model virtio`",
			       "accel3d is for virtio video devices, and the domain has none");
	/* a device without <model> has the model that libvirt chooses for its machine: virtio, if it is here */
	struct sc_xml_node *model = video->model ? video->model : sc_edit_child(edit, video->node, "model");
	enum spicecfg_status status = !model ? SPICECFG_SYSTEM : video->model ? SPICECFG_OK : sc_edit_set(edit, model, "type", "virtio");
	if (status)
		return status;
	if (!acceleration)
		acceleration = sc_xml_add(edit->ctx, edit->domain->doc, model, NULL, "acceleration");
	return acceleration ? sc_edit_set(edit, acceleration, "accel3d", sc_choice_yes(word)) : SPICECFG_SYSTEM;
}

/* QEMU accepts a name once only, so a channel of another type gets the right one; what belongs to the other type is removed. */
static enum spicecfg_status correct_agent(struct sc_vm_edit *edit, struct sc_xml_node *channel)
{
	static const char *const parts[] = {"source", "protocol"};
	struct sc_xml_node *part;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		while ((part = sc_xml_child(channel, parts[i])))
			sc_xml_remove(part);
	return sc_edit_set(edit, channel, "type", "spicevmc");
}

static enum spicecfg_status put_agent(struct sc_vm_edit *edit, const char *word)
{
	struct sc_xml_node *channel = sc_agent_channel(edit->domain);

	if (strcmp(word, "on") != 0) {
		for (; channel; channel = sc_agent_channel(edit->domain))
			sc_xml_remove(channel);
		return SPICECFG_OK;
	}
	if (channel)
		return sc_agent_served(channel) ? SPICECFG_OK : correct_agent(edit, channel);
	channel = sc_edit_device(edit, "channel", NULL);
	if (!channel || sc_edit_set(edit, channel, "type", "spicevmc"))
		return SPICECFG_SYSTEM;
	struct sc_xml_node *target = sc_xml_add(edit->ctx, edit->domain->doc, channel, NULL, "target");
	if (!target || sc_edit_set(edit, target, "type", "virtio"))
		return SPICECFG_SYSTEM;
	return sc_edit_set(edit, target, "name", SC_AGENT_CHANNEL);
}

static bool asks_graphics(const struct sc_vm_edit *edit)
{
	for (const struct sc_setting *setting = settings; setting->key; setting++)
		if (sc_want(edit, setting->key) && strcmp(setting->key, "accel3d") != 0)
			return true;
	return false;
}

static enum spicecfg_status apply(struct sc_vm_edit *edit, const struct sc_family *family)
{
	const char *accel3d = sc_want(edit, "accel3d"), *agent = sc_want(edit, "agent");
	struct sc_graphics *graphics = NULL;
	enum spicecfg_status status = asks_graphics(edit) ? sc_edit_spice(edit, family, &graphics) : SPICECFG_OK;

	if (!status && graphics)
		status = put_graphics(edit, family, graphics);
	if (!status && accel3d)
		status = put_accel3d(edit, accel3d);
	return status || !agent ? status : put_agent(edit, agent);
}

const struct sc_family sc_family_options = {"set-options", settings, apply, false};

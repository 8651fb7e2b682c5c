/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set-mode: defaultMode and the modes of single channels (libvirt conf/domain_conf.c; articles A12, A16, A17). */
#include <string.h>

#include "plan/edit.h"
#include "plan/families.h"

static const char *show_mode(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	(void)setting;
	if (!domain->spice)
		return NULL;
	if (domain->spice->mode.text)
		*origin = "XML";
	return domain->spice->mode.text ? domain->spice->mode.text : "any";
}

static const char *show_channels(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	SC_BUF text = SC_BUF_INIT;

	(void)setting;
	for (size_t i = 0; domain->spice && i < domain->spice->n_channels; i++) {
		const struct sc_spice_channel *channel = &domain->spice->channels[i];

		sc_buf_addf(&text, "%s%s=%s", text.len ? " " : "", channel->name_text ? channel->name_text : "",
			    channel->mode_text ? channel->mode_text : "any");
	}
	if (text.len)
		*origin = "XML";
	return text.len ? sc_arena_strdup(domain->memory, sc_buf_text(&text)) : NULL;
}

static const struct sc_setting settings[] = {
    {"mode", "any|secure|insecure", "which ports channels may use", .argument = true, .show = show_mode},
    {"channel.NAME", "any|secure|insecure", "the mode of one channel: main, display, inputs, cursor, playback, record, smartcard, usbredir",
     .show = show_channels},
    {.key = NULL},
};

/* libvirt drops an explicit 'any' when it writes a definition: it is treated as unset. */
static enum spicecfg_status put_mode(struct sc_vm_edit *edit, struct sc_xml_node *node, const char *attr, const char *mode)
{
	if (sc_is_default(mode)) {
		sc_xml_unset(node, attr);
		return SPICECFG_OK;
	}
	if (strcmp(mode, "any") == 0 && !sc_xml_get(node, attr))
		return SPICECFG_OK;
	return sc_edit_set(edit, node, attr, mode);
}

/* libvirt uses the last one of repeated channels. */
static struct sc_xml_node *find_channel(struct sc_xml_node *graphics, const char *name)
{
	struct sc_xml_node *found = NULL;

	for (struct sc_xml_node *channel = sc_xml_child(graphics, "channel"); channel; channel = sc_xml_next(channel, "channel")) {
		const char *own = sc_xml_get(channel, "name");

		if (own && strcmp(own, name) == 0)
			found = channel;
	}
	return found;
}

static struct sc_xml_node *add_channel(struct sc_vm_edit *edit, struct sc_xml_node *graphics, const char *name)
{
	struct sc_xml_node *last = NULL, *channel;

	for (channel = sc_xml_child(graphics, "channel"); channel; channel = sc_xml_next(channel, "channel"))
		last = channel;
	if (last)
		channel = sc_xml_add(edit->ctx, edit->domain->doc, graphics, last, "channel");
	else
		channel = sc_edit_child(edit, graphics, "channel");
	return channel && !sc_edit_set(edit, channel, "name", name) ? channel : NULL;
}

static enum spicecfg_status put_channel(struct sc_vm_edit *edit, struct sc_xml_node *graphics, const char *name, const char *mode)
{
	struct sc_xml_node *channel = find_channel(graphics, name);

	if (sc_is_default(mode)) {
		for (; channel; channel = find_channel(graphics, name))
			sc_xml_remove(channel);
		return SPICECFG_OK;
	}
	/* As for defaultMode: libvirt writes no channel of mode 'any'. */
	if (!channel && strcmp(mode, "any") == 0)
		return SPICECFG_OK;
	if (!channel && !(channel = add_channel(edit, graphics, name)))
		return SPICECFG_SYSTEM;
	return sc_edit_set(edit, channel, "mode", mode);
}

static enum spicecfg_status apply(struct sc_vm_edit *edit, const struct sc_family *family)
{
	const char *mode = sc_want(edit, "mode");
	struct sc_graphics *graphics;
	enum spicecfg_status status = sc_edit_spice(edit, family, &graphics);

	if (status || !graphics)
		return status;
	if (mode)
		status = put_mode(edit, graphics->node, "defaultMode", mode);
	for (size_t i = 0; !status && i < edit->request->n_asked; i++) {
		const struct sc_asked *asked = &edit->request->asked[i];

		if (strncmp(asked->key, "channel.", 8) == 0)
			status = put_channel(edit, graphics->node, asked->key + 8, asked->value);
	}
	return status;
}

const struct sc_family sc_family_mode = {"set-mode", settings, apply, false};

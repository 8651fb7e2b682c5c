/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a <graphics> element like libvirt's virDomainGraphicsDefParseXML. */
#include <string.h>

#include "model/domain.h"

const char *const sc_graphics_words[] = {"sdl", "vnc", "rdp", "desktop", "spice", "egl-headless", "dbus", NULL};
const char *const sc_listen_words[] = {"none", "address", "network", "socket", NULL};
const char *const sc_mode_words[] = {"any", "secure", "insecure", NULL};
const char *const sc_channel_words[] = {"main", "display", "inputs", "cursor", "playback", "record", "smartcard", "usbredir", NULL};
const char *const sc_char_words[] = {"null", "vc",   "pty",      "dev",       "file", "pipe",         "stdio", "udp",
				     "tcp",  "unix", "spicevmc", "spiceport", "nmdm", "qemu-vdagent", "dbus",  NULL};
const char *const sc_yes_no_words[] = {"", "yes", "no", NULL};

static const char *const on_off_words[] = {"", "on", "off", NULL};
static const char *const image_words[] = {"default", "auto_glz", "auto_lz", "quic", "glz", "lz", "off", NULL};
static const char *const wan_words[] = {"default", "auto", "never", "always", NULL};
static const char *const streaming_words[] = {"default", "filter", "all", "off", NULL};
static const char *const mouse_words[] = {"default", "server", "client", NULL};

const struct sc_option_spec sc_option_specs[SC_OPTION_COUNT] = {
    [SC_OPTION_IMAGE] = {"image", "compression", image_words},
    [SC_OPTION_JPEG] = {"jpeg", "compression", wan_words},
    [SC_OPTION_ZLIB] = {"zlib", "compression", wan_words},
    [SC_OPTION_PLAYBACK] = {"playback", "compression", on_off_words},
    [SC_OPTION_STREAMING] = {"streaming", "mode", streaming_words},
    [SC_OPTION_CLIPBOARD] = {"clipboard", "copypaste", sc_yes_no_words},
    [SC_OPTION_FILETRANSFER] = {"filetransfer", "enable", sc_yes_no_words},
    [SC_OPTION_MOUSE] = {"mouse", "mode", mouse_words},
    [SC_OPTION_GL] = {"gl", "enable", sc_yes_no_words},
};

/* An attribute of an existing node. value is 0 when it is missing, -1 for an unknown word, and with zero_is_bad for index 0. */
static struct sc_choice choice(const struct sc_xml_node *node, const char *attr, const char *const *words, bool zero_is_bad)
{
	struct sc_choice out = {.node = node, .text = sc_xml_get(node, attr)};

	if (!out.text)
		return out;
	out.value = sc_word_find(words, out.text);
	if (zero_is_bad && out.value == 0)
		out.value = -1;
	return out;
}

static void read_options(struct sc_xml_node *node, struct sc_graphics *out)
{
	for (struct sc_xml_node *child = sc_xml_child(node, NULL); child; child = sc_xml_next(child, NULL)) {
		const char *name = sc_xml_node_name(child);

		for (int i = 0; i < SC_OPTION_COUNT; i++) {
			const struct sc_option_spec *spec = &sc_option_specs[i];

			if (out->options[i].node || strcmp(name, spec->element) != 0)
				continue;
			out->options[i] = choice(child, spec->attr, spec->words, true);
			if (!out->options[i].text)
				out->options[i].value = -1;
			if (i == SC_OPTION_GL)
				out->rendernode = sc_xml_get(child, "rendernode");
			break;
		}
	}
}

static void read_listen(struct sc_xml_node *node, struct sc_listen *out)
{
	out->node = node;
	out->type_text = sc_xml_get(node, "type");
	out->type = out->type_text ? (enum sc_listen_type)sc_word_find(sc_listen_words, out->type_text) : SC_LISTEN_BAD;
	out->address = sc_xml_get(node, "address");
	out->network = sc_xml_get(node, "network");
	out->socket = sc_xml_get(node, "socket");
}

static void read_channel(struct sc_xml_node *node, struct sc_spice_channel *out)
{
	out->node = node;
	out->name_text = sc_xml_get(node, "name");
	out->mode_text = sc_xml_get(node, "mode");
	out->name = out->name_text ? sc_word_find(sc_channel_words, out->name_text) : -1;
	out->mode = out->mode_text ? (enum sc_mode)sc_word_find(sc_mode_words, out->mode_text) : SC_MODE_BAD;
}

static enum spicecfg_status read_children(struct spicecfg_ctx *ctx, struct sc_domain *domain, struct sc_xml_node *node,
					  struct sc_graphics *out)
{
	size_t listens = 0, channels = 0;

	for (struct sc_xml_node *child = sc_xml_child(node, NULL); child; child = sc_xml_next(child, NULL)) {
		listens += strcmp(sc_xml_node_name(child), "listen") == 0;
		channels += strcmp(sc_xml_node_name(child), "channel") == 0;
	}
	if (listens && !(out->listens = sc_arena_alloc(domain->memory, listens * sizeof(*out->listens))))
		return sc_fail_memory(ctx);
	if (channels && !(out->channels = sc_arena_alloc(domain->memory, channels * sizeof(*out->channels))))
		return sc_fail_memory(ctx);
	for (struct sc_xml_node *child = listens ? sc_xml_child(node, "listen") : NULL; child; child = sc_xml_next(child, "listen"))
		read_listen(child, &out->listens[out->n_listens++]);
	for (struct sc_xml_node *child = channels ? sc_xml_child(node, "channel") : NULL; child; child = sc_xml_next(child, "channel"))
		read_channel(child, &out->channels[out->n_channels++]);
	return SPICECFG_OK;
}

static enum spicecfg_status read_network(struct spicecfg_ctx *ctx, struct sc_domain *domain, struct sc_xml_node *node,
					 struct sc_graphics *out)
{
	out->port = sc_number_int(sc_xml_get(node, "port"), 10, 0);
	out->autoport = choice(node, "autoport", sc_yes_no_words, true);
	out->listen_attr = sc_xml_get(node, "listen");
	out->socket_attr = sc_xml_get(node, "socket");
	out->keymap = sc_xml_get(node, "keymap");
	out->passwd = sc_xml_get(node, "passwd");
	out->valid_to = sc_xml_get(node, "passwdValidTo");
	out->connected = sc_xml_get(node, "connected");
	return read_children(ctx, domain, node, out);
}

enum spicecfg_status sc_graphics_read(struct spicecfg_ctx *ctx, struct sc_domain *domain, struct sc_xml_node *node, struct sc_graphics *out)
{
	*out = (struct sc_graphics){.node = node, .type = sc_xml_get(node, "type"), .kind = SC_GRAPHICS_BAD};
	if (out->type)
		out->kind = (enum sc_graphics_kind)sc_word_find(sc_graphics_words, out->type);
	switch (out->kind) {
	case SC_GRAPHICS_SPICE:
		out->tls_port = sc_number_int(sc_xml_get(node, "tlsPort"), 10, 0);
		out->mode = choice(node, "defaultMode", sc_mode_words, false);
		read_options(node, out);
		return read_network(ctx, domain, node, out);
	case SC_GRAPHICS_VNC:
		out->websocket = sc_number_int(sc_xml_get(node, "websocket"), 10, 0);
		return read_network(ctx, domain, node, out);
	case SC_GRAPHICS_RDP:
		return read_network(ctx, domain, node, out);
	case SC_GRAPHICS_SDL:
	case SC_GRAPHICS_EGL_HEADLESS:
	case SC_GRAPHICS_DBUS: {
		struct sc_xml_node *gl = sc_xml_child(node, "gl");

		if (gl) {
			out->options[SC_OPTION_GL] = choice(gl, "enable", sc_yes_no_words, true);
			if (!out->options[SC_OPTION_GL].text)
				out->options[SC_OPTION_GL].value = -1;
			out->rendernode = sc_xml_get(gl, "rendernode");
		}
		return SPICECFG_OK;
	}
	case SC_GRAPHICS_DESKTOP:
	case SC_GRAPHICS_BAD:
		break;
	}
	return SPICECFG_OK;
}

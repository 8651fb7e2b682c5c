/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The account that QEMU runs as: asked for, not guessed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc/qemuconf.h"
#include "doc/xml.h"
#include "model/libvirt.h"
#include "system/libvirt/virt.h"
#include "system/os/file.h"
#include "system/os/look.h"
#include "system/os/names.h"

/* "+64055:+64055" of the DAC security model in libvirt's capabilities. */
static bool from_capabilities(struct spicecfg_ctx *ctx, const char *xml, struct sc_qemu_account *out)
{
	SC_XML *doc = NULL;
	bool found = false;

	if (sc_xml_parse(ctx, "capabilities", xml, strlen(xml), &doc))
		return false;
	const struct sc_xml_node *host = sc_xml_child(sc_xml_root(doc), "host");
	for (const struct sc_xml_node *model = sc_xml_child(host, "secmodel"); model && !found; model = sc_xml_next(model, "secmodel")) {
		const char *name = sc_xml_text(doc, sc_xml_child(model, "model"));
		const char *label = sc_xml_text(doc, sc_xml_child(model, "baselabel"));
		unsigned uid, gid;

		if (!name || strcmp(name, "dac") != 0 || !label || sscanf(label, "+%u:+%u", &uid, &gid) != 2)
			continue;
		out->uid = uid;
		out->gid = gid;
		found = true;
	}
	return found;
}

static bool ask_libvirt(struct spicecfg_ctx *ctx, struct sc_qemu_account *out)
{
	struct spicecfg_ctx *scratch = spicecfg_ctx_new();
	bool found = false;

	if (!scratch || spicecfg_ctx_set_uri(scratch, ctx->uri)) {
		spicecfg_ctx_free(scratch);
		return false;
	}
	/* In a context of its own: no answer from libvirt is not an error here. */
	void *conn = sc_virt_connection(scratch, true);
	char *xml = conn ? sc_virt(scratch)->capabilities(conn) : NULL;
	if (xml)
		found = from_capabilities(scratch, xml, out);
	free(xml);
	spicecfg_ctx_free(scratch);
	return found;
}

/* A name from qemu.conf, in arena; NULL: not set, or the file can't be read. */
static const char *configured(const struct sc_qemuconf *conf, const char *key, struct sc_arena *arena)
{
	const char *name = sc_qemuconf_text(conf, key, "");

	return *name ? sc_arena_strdup(arena, name) : NULL;
}

/* user and group from qemu.conf; NULL if not set there. */
static void read_conf(struct spicecfg_ctx *ctx, struct sc_arena *arena, const char **user, const char **group)
{
	SC_BUF bytes = SC_BUF_INIT;
	SC_QEMUCONF *conf = NULL;

	*user = *group = NULL;
	if (sc_look_read(ctx, SC_QEMU_CONF, SC_QEMUCONF_SIZE_MAX, &bytes) != SC_LOOK_OK)
		return;
	if (sc_qemuconf_parse(ctx, SC_QEMU_CONF, sc_buf_text(&bytes), bytes.len, &conf))
		sc_look_error(ctx, SC_QEMU_CONF);
	*user = configured(conf, "user", arena);
	*group = configured(conf, "group", arena);
}

/* The account according to libvirt, else to the passwd file. */
static const char *find_account(struct spicecfg_ctx *ctx, struct sc_qemu_account *out)
{
	static const char *const accounts[][2] = {{"libvirt-qemu", "libvirt-qemu"}, {"qemu", "qemu"}};
	gid_t unused;

	if (!ctx->root && ask_libvirt(ctx, out))
		return "libvirt";
	for (size_t i = 0; i < 2; i++)
		if (sc_names_user(ctx, accounts[i][0], &out->uid, &unused) == 0 && sc_names_group(ctx, accounts[i][1], &out->gid) == 0)
			return "passwd";
	return NULL;
}

static enum spicecfg_status fail_conf(struct spicecfg_ctx *ctx, const char *key, const char *value)
{
	return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){.file = SC_QEMU_CONF}, "Create the account, or remove the line.",
			  "the %s '%s' that QEMU is to run as does not exist", key, value);
}

enum spicecfg_status sc_names_qemu(struct spicecfg_ctx *ctx, struct sc_arena *arena, struct sc_qemu_account *out)
{
	const char *user, *group;
	gid_t unused;

	*out = (struct sc_qemu_account){0};
	read_conf(ctx, arena, &user, &group);
	/* each of the two may be set alone: libvirt's default applies to the other */
	if (!user || !group)
		out->origin = find_account(ctx, out);
	if (user && sc_names_user(ctx, user, &out->uid, &unused) < 0)
		return fail_conf(ctx, "user", user);
	if (group && sc_names_group(ctx, group, &out->gid) < 0)
		return fail_conf(ctx, "group", group);
	if (user && group)
		out->origin = "qemu.conf";
	if (!out->origin)
		return sc_fail(ctx, SPICECFG_INPUT, "Install libvirt's QEMU driver, or set user and group in qemu.conf.",
			       "can't determine the account that QEMU runs as: neither libvirt-qemu nor qemu exists");
	out->user = sc_names_of_user(ctx, out->uid, arena);
	out->group = sc_names_of_group(ctx, out->gid, arena);
	return out->user && out->group ? SPICECFG_OK : sc_fail_memory(ctx);
}

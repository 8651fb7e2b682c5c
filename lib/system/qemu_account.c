/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who QEMU runs as: asked, not guessed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc/xml.h"
#include "system/names.h"
#include "system/virt.h"

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
	/* Of a context of its own: whether libvirt answers is no error here. */
	void *conn = sc_virt_connection(scratch, true);
	char *xml = conn ? sc_virt(scratch)->capabilities(conn) : NULL;
	if (xml)
		found = from_capabilities(scratch, xml, out);
	free(xml);
	spicecfg_ctx_free(scratch);
	return found;
}

enum spicecfg_status sc_names_qemu(struct spicecfg_ctx *ctx, struct sc_arena *arena, struct sc_qemu_account *out)
{
	static const char *const accounts[][2] = {{"libvirt-qemu", "libvirt-qemu"}, {"qemu", "qemu"}};
	gid_t unused;

	*out = (struct sc_qemu_account){0};
	if (!ctx->root && ask_libvirt(ctx, out)) {
		out->origin = "libvirt";
	} else {
		for (size_t i = 0; i < 2 && !out->origin; i++)
			if (sc_names_user(ctx, accounts[i][0], &out->uid, &unused) == 0 &&
			    sc_names_group(ctx, accounts[i][1], &out->gid) == 0)
				out->origin = "passwd";
	}
	if (!out->origin)
		return sc_fail(ctx, SPICECFG_INPUT, "Install libvirt's QEMU driver, or set user and group in qemu.conf.",
			       "the account that QEMU runs as is not known: there is neither libvirt-qemu nor qemu");
	out->user = sc_names_of_user(ctx, out->uid, arena);
	out->group = sc_names_of_group(ctx, out->gid, arena);
	return out->user && out->group ? SPICECFG_OK : sc_fail_memory(ctx);
}

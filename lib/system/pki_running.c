/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The running VMs that have read the certificate: QEMU loads it once, at its start. */
#include <stdlib.h>
#include <string.h>

#include "model/domain.h"
#include "system/pki.h"
#include "system/virt.h"

static bool has_tls(struct spicecfg_ctx *ctx, const char *xml)
{
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;

	if (sc_xml_parse(ctx, "running", xml, strlen(xml), &doc) || sc_domain_read(ctx, doc, &domain) || !domain->spice)
		return false;
	const char *port = sc_xml_get(domain->spice->node, "tlsPort");
	return port && atoi(port) > 0;
}

static bool is_affected(struct spicecfg_ctx *ctx, const struct sc_virt_ops *virt, void *conn, const char *name)
{
	bool missing, affected = false;
	void *domain = virt->lookup(conn, name, &missing);

	if (!domain)
		return false;
	if (virt->is_active(domain) == 1) {
		char *xml = virt->xml(domain, false, false);

		affected = xml && has_tls(ctx, xml);
		free(xml);
	}
	virt->domain_free(domain);
	return affected;
}

const char *sc_pki_running(const struct spicecfg_ctx *ctx, struct sc_arena *memory)
{
	/* Of a context of its own: whether libvirt answers is no error here. */
	struct spicecfg_ctx *scratch = ctx->root ? NULL : spicecfg_ctx_new();
	const char *list = NULL;

	if (!scratch || spicecfg_ctx_set_uri(scratch, ctx->uri)) {
		spicecfg_ctx_free(scratch);
		return NULL;
	}
	void *conn = sc_virt_connection(scratch, true);
	const struct sc_virt_ops *virt = conn ? sc_virt(scratch) : NULL;
	char **names = virt ? virt->list(conn) : NULL;
	for (char **name = names; name && *name; name++) {
		if (is_affected(scratch, virt, conn, *name))
			list = sc_arena_printf(memory, "%s%s%s", list ? list : "", list ? ", " : "", *name);
		free(*name);
	}
	free(names);
	spicecfg_ctx_free(scratch);
	return list;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The running VMs that have loaded the certificate: QEMU reads it once, when it starts. */
#include <stdlib.h>
#include <string.h>

#include "model/domain.h"
#include "system/libvirt/virt.h"
#include "system/pki/pki.h"

static bool has_tls(struct spicecfg_ctx *ctx, const char *xml)
{
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;

	if (sc_xml_parse(ctx, "running", xml, strlen(xml), &doc) || sc_domain_read(ctx, doc, &domain) || !domain->spice)
		return false;
	const char *port = sc_xml_get(domain->spice->node, "tlsPort");
	return port && atoi(port) > 0;
}

static bool is_affected(struct spicecfg_ctx *ctx, const struct sc_virt_ops *virt, void *domain)
{
	char *xml = virt->was_active(domain) ? virt->xml(domain, false, false) : NULL;
	bool affected = xml && has_tls(ctx, xml);

	free(xml);
	return affected;
}

const char *sc_pki_running(const struct spicecfg_ctx *ctx, struct sc_arena *memory)
{
	/* In a context of its own: no answer from libvirt is not an error here. */
	struct spicecfg_ctx *scratch = ctx->root ? NULL : spicecfg_ctx_new();
	const char *list = NULL;

	if (!scratch || spicecfg_ctx_set_uri(scratch, ctx->uri)) {
		spicecfg_ctx_free(scratch);
		return NULL;
	}
	void *conn = sc_virt_connection(scratch, true);
	const struct sc_virt_ops *virt = conn ? sc_virt(scratch) : NULL;
	void **domains = virt ? virt->list(conn) : NULL;
	for (void **domain = domains; domain && *domain; domain++) {
		if (is_affected(scratch, virt, *domain))
			list = sc_arena_printf(memory, "%s%s%s", list ? list : "", list ? ", " : "", virt->name(*domain));
		virt->domain_free(*domain);
	}
	free(domains);
	spicecfg_ctx_free(scratch);
	return list;
}

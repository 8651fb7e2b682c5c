/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What setters know about the host: enough to report a setting that conflicts with qemu.conf, too little to slow down an edit. */
#include "system/facts/hostgather.h"

static void host_free(void *opaque)
{
	sc_host_free(opaque);
}

const struct sc_host *sc_host_own(struct spicecfg_ctx *ctx)
{
	struct sc_host *host;

	if (ctx->host || ctx->has_error || !sc_host_gather_possible(ctx) || !(host = sc_host_new(ctx)))
		return ctx->host;
	enum spicecfg_status status = sc_host_gather_settings(ctx, true, host);
	if (!status)
		status = sc_host_gather_machine(ctx, host);
	if (status) {
		/* a broken qemu.conf is libvirt's problem and 'check' reports it; it doesn't prevent editing a VM */
		sc_let_go(ctx);
		sc_host_free(host);
		return NULL;
	}
	ctx->host = host;
	ctx->host_free = host_free;
	return host;
}

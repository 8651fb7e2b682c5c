/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What decides who can open a domain's console. */
#include "model/launch.h"
#include "model/sasl.h"
#include "system/facts/hostgather.h"

enum spicecfg_status sc_host_gather_access(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_domain *domain)
{
	enum spicecfg_status status = sc_host_gather_logins(ctx, host);
	struct sc_arena *scratch = sc_arena_new();
	const struct sc_launch *launch = scratch ? sc_launch_plan(domain, host, scratch) : NULL;
	const struct sc_console *console = launch ? launch->spice : NULL;
	bool own;

	if (!status && !launch)
		status = sc_fail_memory(ctx);
	if (!status)
		(void)sc_host_gather_account(ctx, host);
	if (!status && console && console->unix_socket && console->socket)
		status = sc_host_gather_door(ctx, host, console->socket);
	if (!status && console && console->sasl) {
		const char *directory = sc_sasl_directory(domain, host, &own);

		status = sc_host_gather_sasl(ctx, host, directory, true);
		const struct sc_sasl_fact *fact = status ? NULL : sc_host_sasl(host, directory);
		if (fact && fact->pam)
			status = sc_host_gather_pam(ctx, host, fact->pam);
	}
	if (!status)
		status = sc_host_gather_firewall(ctx, host);
	sc_arena_free(scratch);
	return status;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pam check: the findings about a service, and what could not be checked. */
#include <spicecfg/pam.h>
#include <stdlib.h>

#include "base/buf.h"
#include "plan/plan.h"
#include "system/login/pam_look.h"
#include "system/os/look.h"
#include "system/os/unread.h"

struct target {
	struct spicecfg_report *report;
	enum spicecfg_status status;
};

static void add(void *opaque, const struct spicecfg_finding *finding)
{
	struct target *target = opaque;

	if (!target->status)
		target->status = sc_report_add(target->report, finding);
}

static enum spicecfg_status check(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *name, struct target *target)
{
	sc_unread_clear(ctx->unread);
	enum spicecfg_status status = sc_pam_look(ctx, vm, name, add, target);
	size_t count;
	const struct sc_unread_row *rows = sc_unread_rows(ctx->unread, &count);

	for (size_t i = 0; i < count; i++) {
		SC_BUF message = SC_BUF_INIT;

		sc_buf_addf(&message, "not checked: %s", rows[i].why);
		sc_unread_find(sc_buf_text(&message), rows[i].path, add, target);
	}
	return target->status ? target->status : status;
}

enum spicecfg_status spicecfg_pam_check(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *name, struct spicecfg_report **out)
{
	sc_ctx_enter(ctx);
	struct target target = {.report = sc_report_new(ctx)};
	enum spicecfg_status status = target.report ? check(ctx, vm, name, &target) : SPICECFG_SYSTEM;

	*out = NULL;
	if (status && status != SPICECFG_FINDINGS)
		spicecfg_report_free(target.report);
	else
		*out = target.report;
	return status;
}

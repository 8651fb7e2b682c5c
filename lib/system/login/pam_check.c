/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pam check: the findings about a service, and what could not be checked. */
#include <spicecfg/pam.h>

#include "base/buf.h"
#include "system/login/pam_look.h"
#include "system/os/look.h"
#include "system/os/unread.h"

enum spicecfg_status spicecfg_pam_check(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *name, spicecfg_finding_fn fn,
					void *opaque)
{
	sc_ctx_enter(ctx);
	sc_unread_clear(ctx->unread);
	enum spicecfg_status status = sc_pam_look(ctx, vm, name, fn, opaque);
	size_t count;
	const struct sc_unread_row *rows = sc_unread_rows(ctx->unread, &count);

	for (size_t i = 0; i < count; i++) {
		SC_BUF message = SC_BUF_INIT;

		sc_buf_addf(&message, "not checked: %s", rows[i].why);
		sc_unread_find(sc_buf_text(&message), rows[i].path, fn, opaque);
	}
	return status;
}

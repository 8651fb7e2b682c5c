/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/unread.h"

void sc_unread_find(const char *message, const char *file, sc_finding_fn fn, void *opaque)
{
	struct spicecfg_finding finding = {.rule = "not-readable",
					   .level = SPICECFG_LEVEL_WARNING,
					   .cls = SPICECFG_CLASS_EFFECT,
					   .message = message ? message : "out of memory",
					   .file = file};

	fn(opaque, &finding);
}

void sc_unread_tell(struct spicecfg_ctx *ctx, const char *what, struct sc_arena *memory, sc_finding_fn fn, void *opaque)
{
	const struct spicecfg_error *error = spicecfg_ctx_error(ctx);

	if (error && error->file)
		sc_unread_find(sc_arena_printf(memory, "not checked: %s", error->message), sc_arena_strdup(memory, error->file), fn,
			       opaque);
	else if (error)
		sc_unread_find(sc_arena_printf(memory, "%s: not checked: %s", what, error->message), NULL, fn, opaque);
	sc_let_go(ctx);
}

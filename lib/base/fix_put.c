/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes a fix on one line. */
#include <string.h>

#include "base/fix.h"
#include "base/shell.h"

/* The separator between two parts. */
static const char *gap(const struct spicecfg_fix_part *before, const struct spicecfg_fix_part *part)
{
	if (!before || part->kind == SPICECFG_FIX_TEXT || before->kind == SPICECFG_FIX_TEXT)
		return "";
	if (part->kind == SPICECFG_FIX_SHELL)
		return strcmp(part->text, ";") == 0 ? "" : " ";
	return before->kind == SPICECFG_FIX_SHELL && strcmp(before->text, ">>") == 0 ? "" : " ";
}

void sc_fix_put(struct sc_buf *out, const struct spicecfg_fix *fix)
{
	for (size_t i = 0; i < fix->n_parts; i++) {
		const struct spicecfg_fix_part *part = &fix->parts[i];

		sc_buf_adds(out, gap(i ? part - 1 : NULL, part));
		if (part->kind == SPICECFG_FIX_PROGRAM || part->kind == SPICECFG_FIX_WORD || part->kind == SPICECFG_FIX_BLANK)
			sc_shell_add(out, part->text);
		else
			sc_buf_adds(out, part->kind == SPICECFG_FIX_TARGET ? "TARGET" : part->text);
	}
}

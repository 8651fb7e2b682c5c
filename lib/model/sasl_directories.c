/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/sasl_directories.h"

#include <string.h>

#include "base/buf.h"

const char *sc_sasl_directories(struct sc_arena *memory, const char *value)
{
	SC_BUF text = SC_BUF_INIT;

	for (const char *at = value ? value : ""; at;) {
		size_t len = strcspn(at, ":");

		sc_buf_addf(&text, "%s%s%.*s", at == value || !value ? "" : ":", *at == '/' ? "" : "/", (int)len, at);
		at = at[len] ? at + len + 1 : NULL;
	}
	return text.failed ? NULL : sc_arena_strdup(memory, sc_buf_text(&text));
}

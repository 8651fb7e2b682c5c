/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/keyfile.h"

#include <stdlib.h>
#include <string.h>

enum spicecfg_status sc_keyfile_begin(struct spicecfg_ctx *ctx, struct sc_keyfile *file, const char *name, const char *bytes, size_t len)
{
	file->name = strdup(name);
	sc_buf_add(&file->text, bytes, len);
	return file->name && !file->text.failed ? SPICECFG_OK : sc_fail_memory(ctx);
}

enum spicecfg_status sc_keyfile_forget(struct spicecfg_ctx *ctx, struct sc_keyfile *file, size_t count)
{
	if (file->text.failed)
		return sc_fail_memory(ctx);
	sc_arena_free(file->memory);
	file->memory = sc_arena_new();
	file->n_entries = 0;
	file->entries = file->memory ? sc_arena_alloc(file->memory, (count + 1) * sizeof(*file->entries)) : NULL;
	return file->entries ? SPICECFG_OK : sc_fail_memory(ctx);
}

void sc_keyfile_end(struct sc_keyfile *file)
{
	sc_buf_free(&file->text);
	sc_arena_free(file->memory);
	free(file->name);
}

const char *sc_keyfile_value(const struct sc_keyfile_entry *entry, unsigned *line)
{
	if (line)
		*line = entry ? entry->line : 0;
	return entry ? entry->value : NULL;
}

void sc_keyfile_replace(struct sc_keyfile *file, const struct sc_keyfile_entry *entry, const char *value, size_t len)
{
	sc_lines_splice(&file->text, entry->value_start, entry->value_end - entry->value_start, value, len);
}

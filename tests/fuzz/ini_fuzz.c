/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/doc/ini.c lib/system/os/ini.c
 * An INI file. Promises: what is accepted is what iniparser reads from the same bytes; positions are right; sections and keys are unique;
 * the entries, written again, read back.
 */
#include <strings.h>

#include "fuzz.h"
#include "system/modules/ini.h"

static void check_places(const struct sc_ini *ini, const char *bytes, size_t len)
{
	for (size_t i = 0; i < ini->count; i++) {
		const struct sc_ini_entry *entry = &ini->entries[i];
		size_t start = line_start(bytes, len, entry->line), next = line_next(bytes, len, start);

		must(entry->column && start + entry->column - 1 < next, "the key is in the line");
		must(strncasecmp(bytes + start + entry->column - 1, entry->key, strlen(entry->key)) == 0, "the key is at its position");
		must(entry->value_column > entry->column && start + entry->value_column - 1 <= next, "the value is in the line");
		must(strlen(entry->value) <= len - (start + entry->value_column - 1) &&
			 memcmp(bytes + start + entry->value_column - 1, entry->value, strlen(entry->value)) == 0,
		     "the value is at its position");
		must(sc_ini_find(ini, entry->section, entry->key) == entry, "a key is unique");
		must(!i || entry[-1].line < entry->line, "entries are in order");
	}
}

static void write_again(struct spicecfg_ctx *ctx, const struct sc_ini *ini, struct sc_arena *memory)
{
	SC_BUF text = SC_BUF_INIT;
	const char *section = NULL;
	struct sc_ini again;

	for (size_t i = 0; i < ini->count; i++) {
		const struct sc_ini_entry *entry = &ini->entries[i];
		char quote = strchr(entry->value, '"') ? '\'' : '"';

		if (quote == '\'' && strchr(entry->value, quote))
			return;
		if (section != entry->section)
			sc_buf_addf(&text, "[%s]\n", section = entry->section);
		sc_buf_addf(&text, "%s = %c%s%c\n", entry->key, quote, entry->value, quote);
	}
	enum spicecfg_status status = sc_ini_scan(ctx, "again", sc_buf_text(&text), text.len, memory, &again);
	if (status) { /* the line may have become too long */
		must(strstr(spicecfg_ctx_error(ctx)->message, "longer") != NULL, "what is written is read");
		return;
	}
	must(again.count == ini->count, "all entries read back");
	for (size_t i = 0; i < ini->count; i++)
		must(strcmp(again.entries[i].key, ini->entries[i].key) == 0 && strcmp(again.entries[i].value, ini->entries[i].value) == 0 &&
			 strcmp(again.entries[i].section, ini->entries[i].section) == 0,
		     "entries read back");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_arena *memory = sc_arena_new();
	struct sc_ini ini;
	enum spicecfg_status status = sc_ini_parse(ctx, "fuzz", (const char *)data, size, memory, &ini);

	if (status) {
		must_say_why(ctx, status, SPICECFG_INPUT);
	} else {
		check_places(&ini, (const char *)data, size);
		write_again(ctx, &ini, memory);
	}
	sc_arena_free(memory);
	spicecfg_ctx_free(ctx);
	return 0;
}

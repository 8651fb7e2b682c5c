/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text of fixes, and the words for targets. */
#include <stdlib.h>
#include <string.h>

#include "base/fix.h"
#include "base/shell.h"
#include "base/text.h"

bool sc_fix_place_take(struct spicecfg_fix_place *own, const struct spicecfg_fix_place *given)
{
	*own = (struct spicecfg_fix_place){0};
	memcpy(own, given, given->size < sizeof(*own) ? given->size : sizeof(*own));
	return given->size >= sizeof(given->size);
}

char *spicecfg_fix_text(const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place)
{
	SC_BUF text = SC_BUF_INIT;
	struct spicecfg_fix_place own;
	struct sc_arena *arena = fix && place && sc_fix_place_take(&own, place) ? sc_arena_new() : NULL;

	if (arena)
		fix = sc_fix_resolve(arena, fix, &own);
	if (fix && (arena || !place))
		sc_fix_put(&text, fix);
	else
		text.failed = true;
	sc_arena_free(arena);
	return sc_buf_steal(&text, NULL);
}

enum sc_target sc_target_read(const char *word, const char **name)
{
	bool file = sc_text_begins(word, "file:"), domain = sc_text_begins(word, "domain:");

	*name = word + (file ? 5 : domain ? 7 : 0);
	if (file || domain)
		return file ? SC_TARGET_FILE : SC_TARGET_DOMAIN;
	if (strcmp(word, "-") == 0)
		return SC_TARGET_STDIN;
	return strchr(word, '/') || sc_text_ends(word, ".xml") ? SC_TARGET_FILE : SC_TARGET_DOMAIN;
}

char *spicecfg_target_word(const char *target)
{
	SC_BUF word = SC_BUF_INIT;
	const char *name, *rest;

	if (!target)
		return NULL;
	enum sc_target kind = sc_target_read(target, &name), alone = sc_target_read(name, &rest);
	bool option = *name == '-', same = alone == kind && rest == name && *name && !option;

	if (kind == SC_TARGET_FILE && option && alone == SC_TARGET_FILE)
		sc_buf_adds(&word, "./");
	else if (kind != SC_TARGET_STDIN && !same)
		sc_buf_adds(&word, kind == SC_TARGET_FILE ? "file:" : "domain:");
	sc_buf_adds(&word, name);
	return sc_buf_steal(&word, NULL);
}

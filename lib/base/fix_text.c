/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text of fixes, and the words for targets. */
#include <stdlib.h>
#include <string.h>

#include "base/fix.h"
#include "base/shell.h"
#include "base/text.h"

char *spicecfg_fix_text(const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place)
{
	SC_BUF text = SC_BUF_INIT;
	struct sc_arena *arena = fix && place ? sc_arena_new() : NULL;

	if (arena)
		fix = sc_fix_resolve(arena, fix, place);
	if (fix && (arena || !place))
		sc_fix_put(&text, fix);
	else
		text.failed = true;
	sc_arena_free(arena);
	return sc_buf_steal(&text, NULL);
}

bool sc_target_is_file(const char *word)
{
	return strchr(word, '/') || sc_text_ends(word, ".xml");
}

static bool has_prefix(const char *word)
{
	return strncmp(word, "file:", 5) == 0 || strncmp(word, "domain:", 7) == 0;
}

char *spicecfg_target_word(const char *target)
{
	SC_BUF word = SC_BUF_INIT;

	if (!target)
		return NULL;
	bool file = strncmp(target, "file:", 5) == 0, domain = strncmp(target, "domain:", 7) == 0;
	const char *name = target + (file ? 5 : domain ? 7 : 0);
	bool like_file = sc_target_is_file(name), odd = !*name || *name == '-' || has_prefix(name);

	if (!file && !domain && strcmp(name, "-") == 0)
		; /* stdin */
	else if (like_file && !domain && *name == '-')
		sc_buf_adds(&word, "./");
	else if (domain || (!file && !like_file))
		sc_buf_adds(&word, like_file || odd ? "domain:" : "");
	else
		sc_buf_adds(&word, !like_file || odd ? "file:" : "");
	sc_buf_adds(&word, name);
	return sc_buf_steal(&word, NULL);
}

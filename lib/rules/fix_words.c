/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules/fix_words.h"

#include <string.h>

bool sc_fix_sets_console(const struct spicecfg_fix *fix)
{
	for (size_t i = 0; fix && i + 1 < fix->n_parts; i++) {
		const char *verb = fix->parts[i].kind == SPICECFG_FIX_PROGRAM ? fix->parts[i + 1].text : NULL;

		if (!verb || fix->parts[i + 1].kind != SPICECFG_FIX_WORD || strcmp(fix->parts[i].text, "spicecfg") != 0)
			continue;
		if ((strncmp(verb, "set-", 4) == 0 && strcmp(verb, "set-heads") != 0) || strcmp(verb, "clear-password") == 0)
			return true;
		for (size_t k = i + 2; strcmp(verb, "set") == 0 && k < fix->n_parts && fix->parts[k].kind != SPICECFG_FIX_SHELL; k++)
			if (fix->parts[k].kind == SPICECFG_FIX_WORD && *fix->parts[k].text != '/')
				return true;
	}
	return false;
}

bool sc_fix_removes(const struct spicecfg_fix *fix, const char *prefix)
{
	bool removes = false;

	for (size_t i = 0; fix && i < fix->n_parts; i++) {
		const char *word = fix->parts[i].kind == SPICECFG_FIX_WORD ? fix->parts[i].text : "";

		removes |= strncmp(word, prefix, strlen(prefix)) == 0 && !strchr(word, '@') && strstr(word, "=default");
	}
	return removes;
}

bool sc_fix_has(const struct spicecfg_fix *fix, const char *a, const char *b)
{
	for (size_t i = 0; fix && i + 1 < fix->n_parts; i++) {
		const struct spicecfg_fix_part *part = &fix->parts[i];

		if (part[0].kind == SPICECFG_FIX_WORD && part[1].kind == SPICECFG_FIX_WORD && strcmp(part[0].text, a) == 0 &&
		    strcmp(part[1].text, b) == 0)
			return true;
	}
	return false;
}

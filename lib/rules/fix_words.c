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

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs that set settings of a VM: argument, options and synopsis are generated from the library's rows (spicecfg_setting_get()). */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "verb.h"

/* The completed verbs, for struct cli. */
struct cli_verb_table {
	const struct cli_verb **verbs; /* NULL-terminated */
	struct spicecfg_setting *settings;
	size_t n_settings;
	void **owned; /* all allocations, including the above */
	size_t n_owned;
};

/*
 * Completes the rows (NULL-terminated) that have CLI_SETTINGS; the others are used as they are. Returns false when out of memory. In
 * both cases the caller releases out with cli_verb_table_free().
 */
bool cli_verb_table_make(const struct cli_verb *const *rows, struct cli_verb_table *out);
void cli_verb_table_free(struct cli_verb_table *table);

#endif

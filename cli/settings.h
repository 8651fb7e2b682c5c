/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs that set settings of a VM: argument, options and synopsis are made of the library's rows (spicecfg_setting_get()). */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "verb.h"

/* The verbs, complete: what struct cli has as verbs. */
struct cli_verb_table {
	const struct cli_verb **verbs; /* NULL-terminated */
	struct spicecfg_setting *settings;
	size_t n_settings;
	void **owned; /* what was allocated, the above too */
	size_t n_owned;
};

/*
 * Completes those of the rows (NULL-terminated) that have CLI_SETTINGS; the others are taken as they are. False when memory is short.
 * In both cases out is for cli_verb_table_free().
 */
bool cli_verb_table_make(const struct cli_verb *const *rows, struct cli_verb_table *out);
void cli_verb_table_free(struct cli_verb_table *table);

#endif

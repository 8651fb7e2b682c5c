/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables for people. libsmartcols is loaded with the first one: most runs print none. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdio.h>

#include "verb.h"

struct cli_table;

/* Makes a table with these columns, which end with NULL. NULL, with the error recorded, without memory or libsmartcols. */
struct cli_table *cli_table_new(struct cli *cli, const char *const *columns);

/* Adds a row of foreign text, printed as by cli_say(). The cells end with NULL; the last ones may be missing. */
void cli_table_add(struct cli_table *table, const char *const *cells);

void cli_table_print(struct cli_table *table, FILE *out);

/* NULL is allowed. */
void cli_table_free(struct cli_table *table);

#endif

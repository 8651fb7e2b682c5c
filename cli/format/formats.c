/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of formats. */
#include "format.h"

#include <string.h>

static const struct cli_format *const formats[] = {
    &cli_format_text, &cli_format_json, &cli_format_sarif, &cli_format_junit, &cli_format_github,
};

const struct cli_format *cli_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

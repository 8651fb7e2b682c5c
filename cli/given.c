/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options that were given. */
#include <stdlib.h>
#include <string.h>

#include "verb.h"

const char *cli_get(const struct cli *cli, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < cli->n_given; i++)
		if (strcmp(cli->given[i].option->name, name) == 0)
			value = cli->given[i].value;
	return value;
}

bool cli_has(const struct cli *cli, const char *name)
{
	return cli_get(cli, name) != NULL;
}

bool cli_has_own(const struct cli *cli)
{
	for (size_t i = 0; i < cli->n_given; i++)
		for (const struct cli_option *own = cli->verb->options; own && own->name; own++)
			if (cli->given[i].option == own)
				return true;
	return false;
}

const char *cli_get_nth(const struct cli *cli, const char *name, size_t index)
{
	for (size_t i = 0; i < cli->n_given; i++)
		if (strcmp(cli->given[i].option->name, name) == 0 && !index--)
			return cli->given[i].value;
	return NULL;
}

bool cli_duration(const char *text, int64_t *milliseconds)
{
	int64_t total = 0;

	if (!*text)
		return false;
	while (*text) {
		char *end;
		long long count = *text >= '0' && *text <= '9' ? strtoll(text, &end, 10) : -1;
		const char *units = "smhd";
		static const int64_t seconds[] = {1, 60, 3600, 86400};

		if (count < 0 || count > 1000000000 || !*end)
			return false;
		const char *unit = strchr(units, *end);
		if (!unit)
			return false;
		total += count * seconds[unit - units] * 1000;
		if (total > INT64_MAX / 4)
			return false;
		text = end + 1;
	}
	*milliseconds = total;
	return true;
}

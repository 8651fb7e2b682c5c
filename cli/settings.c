/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

static void *keep(struct cli_verb_table *table, void *memory)
{
	void **owned = memory ? reallocarray(table->owned, table->n_owned + 1, sizeof(*owned)) : NULL;

	if (!owned) {
		free(memory);
		return NULL;
	}
	table->owned = owned;
	return table->owned[table->n_owned++] = memory;
}

/* "channel.NAME" becomes --channel NAME=VALUE, which may be repeated. */
static bool make_option(struct cli_verb_table *table, const struct spicecfg_setting *setting, struct cli_option *out)
{
	const char *dot = strchr(setting->key, '.');
	char *metavar;

	*out = (struct cli_option){.name = setting->key, .metavar = setting->metavar, .help = setting->help, .repeat = dot != NULL};
	if (strcmp(setting->metavar, "on") == 0)
		out->metavar = NULL; /* a flag */
	if (!dot)
		return true;
	if (asprintf(&metavar, "%s=%s", dot + 1, setting->metavar) < 0)
		metavar = NULL;
	out->metavar = keep(table, metavar);
	out->name = keep(table, strndup(setting->key, (size_t)(dot - setting->key)));
	return out->metavar && out->name;
}

/* The options of the verb's settings, then its own. *count: the number of the former. */
static struct cli_option *make_options(struct cli_verb_table *table, const struct cli_verb *row, size_t *count)
{
	size_t own = 0;

	while (row->options && row->options[own].name)
		own++;
	struct cli_option *options = keep(table, calloc(table->n_settings + own + 1, sizeof(*options)));
	for (size_t i = 0; options && i < table->n_settings; i++) {
		const struct spicecfg_setting *setting = &table->settings[i];

		if (!setting->argument && strcmp(setting->verb, row->name) == 0 && !make_option(table, setting, &options[(*count)++]))
			return NULL;
	}
	if (options && own)
		memcpy(options + *count, row->options, own * sizeof(*options));
	return options;
}

/* "TARGET N [--resolution WxH]…", then the row's own synopsis. */
static char *make_synopsis(struct cli_verb_table *table, const struct cli_verb *row, const struct cli_option *options, size_t count)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("TARGET", out);
	for (size_t i = 0; row->max_args && i < table->n_settings; i++) {
		const struct spicecfg_setting *setting = &table->settings[i];

		if (setting->argument && strcmp(setting->verb, row->name) == 0)
			fprintf(out, !row->min_args ? " [%s]" : strchr(setting->metavar, ' ') ? " (%s)" : " %s", setting->metavar);
	}
	for (size_t i = 0; i < count; i++)
		fprintf(out, " [--%s%s%s]%s", options[i].name, options[i].metavar ? " " : "", options[i].metavar ? options[i].metavar : "",
			options[i].repeat ? "..." : "");
	if (row->synopsis)
		fprintf(out, " %s", row->synopsis);
	return keep(table, fclose(out) == 0 ? text : NULL);
}

static const struct cli_verb *complete(struct cli_verb_table *table, const struct cli_verb *row)
{
	size_t count = 0;
	struct cli_verb *verb = keep(table, malloc(sizeof(*verb)));
	const struct cli_option *options = verb ? make_options(table, row, &count) : NULL;
	const char *synopsis = options ? make_synopsis(table, row, options, count) : NULL;

	if (!synopsis)
		return NULL;
	*verb = *row;
	verb->options = options;
	verb->synopsis = synopsis;
	return verb;
}

/* Read once for all verbs, because each call of the library walks its tables. */
static bool read_settings(struct cli_verb_table *table)
{
	struct spicecfg_setting setting = {.size = sizeof(setting)};
	size_t count = 0;

	while (spicecfg_setting_get(count, &setting))
		count++;
	if (!(table->settings = keep(table, calloc(count + 1, sizeof(*table->settings)))))
		return false;
	for (size_t i = 0; i < count; i++)
		table->settings[i].size = sizeof(*table->settings);
	while (table->n_settings < count && spicecfg_setting_get(table->n_settings, &table->settings[table->n_settings]))
		table->n_settings++;
	return true;
}

bool cli_verb_table_make(const struct cli_verb *const *rows, struct cli_verb_table *out)
{
	size_t count = 0;

	*out = (struct cli_verb_table){.verbs = NULL};
	while (rows[count])
		count++;
	if (!read_settings(out) || !(out->verbs = keep(out, calloc(count + 1, sizeof(*out->verbs)))))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!(out->verbs[i] = rows[i]->flags & CLI_SETTINGS ? complete(out, rows[i]) : rows[i]))
			return false;
	return true;
}

void cli_verb_table_free(struct cli_verb_table *table)
{
	for (size_t i = 0; i < table->n_owned; i++)
		free(table->owned[i]);
	free(table->owned);
}

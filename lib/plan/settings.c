/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings by key, checked against the families' tables when they are set. */
#include <string.h>

#include "base/grow.h"
#include "base/text.h"
#include "plan/vm.h"

/* *verb: its family's; may be NULL. */
static const struct sc_setting *row(size_t index, const char **verb)
{
	for (const struct sc_family *const *family = sc_families; *family; family++)
		for (const struct sc_setting *setting = (*family)->settings; setting->key; setting++)
			if (!index--) {
				if (verb)
					*verb = (*family)->verb;
				return setting;
			}
	return NULL;
}

/* The row "channel.NAME" matches "channel.main", the row "/PATH" any path. */
static bool row_has(const struct sc_setting *setting, const char *key)
{
	const char *dot = strchr(setting->key, '.'), *attr;
	struct sc_xml_node *node;

	if (*setting->key == '/')
		return *key == '/' && sc_xml_place(NULL, key, &node, &attr);
	if (!dot)
		return strcmp(setting->key, key) == 0;
	size_t head = (size_t)(dot - setting->key) + 1;
	return strncmp(setting->key, key, head) == 0 && sc_word_find(sc_channel_words, key + head) >= 0;
}

static const struct sc_setting *find(const char *key)
{
	const struct sc_setting *setting;

	for (size_t i = 0; (setting = row(i, NULL)); i++)
		if (row_has(setting, key))
			return setting;
	return NULL;
}

bool spicecfg_setting_get(size_t index, struct spicecfg_setting *out)
{
	const char *verb;
	const struct sc_setting *setting = row(index, &verb);

	if (!setting)
		return false;
	const struct spicecfg_setting own = {sizeof(own), setting->key, verb, setting->metavar, setting->help, setting->argument};
	sc_ctx_give(out, &own, sizeof(own));
	return true;
}

static const char *nearest(const char *key)
{
	const struct sc_setting *setting, *best = NULL;
	size_t best_distance = strlen(key) / 3 + 2;

	if (strlen(key) >= SPICECFG_DISTANCE_FAR)
		return NULL;

	for (size_t i = 0; (setting = row(i, NULL)); i++) {
		size_t d = spicecfg_text_distance(key, setting->key);

		if (d < best_distance) {
			best = setting;
			best_distance = d;
		}
	}
	return best ? best->key : NULL;
}

static enum spicecfg_status fail_unknown(struct spicecfg_ctx *ctx, const char *key)
{
	const char *known = nearest(key);

	if (strncmp(key, "channel.", 8) == 0)
		return sc_fail(ctx, SPICECFG_USAGE, "Use main, display, inputs, cursor, playback, record, smartcard or usbredir.",
			       "there is no Spice channel '%s'", key + 8);
	if (!known)
		return sc_fail(ctx, SPICECFG_USAGE, "See '`spicecfg help set`' for the settings.", "there is no setting '%s'", key);
	enum spicecfg_status status = sc_fail(ctx, SPICECFG_USAGE, NULL, "there is no setting '%s'", key);
	sc_fail_fixf(ctx, "Did you mean '%s'?", known);
	return status;
}

bool sc_is_word_of(const char *words, const char *value)
{
	size_t len = strlen(value);

	for (size_t n; *words; words += n + (words[n] == '|')) {
		n = strcspn(words, "|");
		if (n == len && memcmp(words, value, n) == 0)
			return true;
	}
	return false;
}

static bool takes(const struct sc_setting *setting, const char *value)
{
	if (sc_is_default(value))
		return true;
	return setting->accept ? setting->accept(value) : sc_is_word_of(setting->metavar, value);
}

static enum spicecfg_status fail_value(struct spicecfg_ctx *ctx, const struct sc_setting *setting, const char *key, const char *value)
{
	if (!sc_text_is_printable(value, strlen(value)))
		return sc_fail(ctx, SPICECFG_USAGE, "Use printable characters.", "the value of '%s' is not printable UTF-8 text", key);
	/* a number reads better without quotes */
	const char *quote = *value && !value[strspn(value, "0123456789")] ? "" : "'";
	enum spicecfg_status status =
	    setting->noun ? sc_fail(ctx, SPICECFG_USAGE, NULL, "%s: %s%s%s is not %s", key, quote, value, quote, setting->noun)
			  : sc_fail(ctx, SPICECFG_USAGE, NULL, "'%s' does not take the value '%s'", key, value);

	if (setting->noun && !strchr(setting->metavar, '|'))
		sc_fail_fixf(ctx, "%s", "'default' unsets it.");
	else
		sc_fail_fixf(ctx, "Use %s, or 'default'.", setting->metavar);
	if (setting->advise)
		setting->advise(ctx, value);
	return status;
}

static enum spicecfg_status remember(struct spicecfg_request *request, const struct sc_setting *setting, const char *key, const char *value)
{
	const char *copy = sc_arena_strdup(request->memory, value);

	if (!copy)
		return sc_fail_memory(request->ctx);
	const struct sc_table_entry *known = sc_table_find_text(&request->keys, key);
	if (known) {
		request->asked[known->times].value = copy;
		return SPICECFG_OK;
	}
	struct sc_asked *asked = sc_arena_grow(request->memory, request->asked, request->n_asked, sizeof(*asked));
	if (!asked)
		return sc_fail_memory(request->ctx);
	request->asked = asked;
	key = sc_arena_strdup(request->memory, key);
	struct sc_table_entry *entry = key ? sc_table_add_text(&request->keys, key) : NULL;
	if (!entry)
		return sc_fail_memory(request->ctx);
	entry->times = request->n_asked;
	request->asked[request->n_asked++] = (struct sc_asked){key, copy, setting};
	return SPICECFG_OK;
}

enum spicecfg_status spicecfg_request_set(struct spicecfg_request *request, const char *key, const char *value)
{
	sc_ctx_enter(request->ctx);
	if (strcmp(key, "password") == 0 || strcmp(key, "passwd") == 0) {
		/* The value may be the password: it is not repeated. */
		if (!sc_is_default(value))
			return sc_fail(request->ctx, SPICECFG_USAGE,
				       "Use set-password, which reads it from a file, stdin or the terminal: arguments are visible in the "
				       "process list.",
				       "a password can't be given as an argument");
		request->clear_password = true;
		request->has_password = false;
		sc_secret_free(&request->password);
		return SPICECFG_OK;
	}
	const struct sc_setting *setting = find(key);
	if (!setting)
		return fail_unknown(request->ctx, key);
	if (!sc_text_is_printable(value, strlen(value)) || !takes(setting, value))
		return fail_value(request->ctx, setting, key, value);
	return remember(request, setting, key, value);
}

enum spicecfg_status spicecfg_request_clear_password(struct spicecfg_request *request)
{
	sc_ctx_enter(request->ctx);
	return spicecfg_request_set(request, "password", "default");
}

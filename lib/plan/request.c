/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wanted: settings by key, checked against the families' tables as they come in. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/vm.h"

/* spice-server's server/reds.cpp takes 60 bytes, and copies 59 of them. */
enum { PASSWORD_MAX = 59 };

enum spicecfg_status spicecfg_request_new(struct spicecfg_ctx *ctx, struct spicecfg_request **out)
{
	struct spicecfg_request *request = calloc(1, sizeof(*request));

	*out = NULL;
	if (!request || !(request->memory = sc_arena_new())) {
		free(request);
		return sc_fail_memory(ctx);
	}
	request->ctx = ctx;
	*out = request;
	return SPICECFG_OK;
}

void spicecfg_request_free(struct spicecfg_request *request)
{
	if (!request)
		return;
	sc_secret_free(&request->password);
	sc_arena_free(request->memory);
	free(request);
}

void spicecfg_request_create_group(struct spicecfg_request *request)
{
	request->create_group = true;
}

bool sc_is_default(const char *value)
{
	return strcmp(value, "default") == 0;
}

const char *sc_asked(const struct spicecfg_request *request, const char *key)
{
	for (size_t i = 0; i < request->n_asked; i++)
		if (strcmp(request->asked[i].key, key) == 0)
			return request->asked[i].value;
	return NULL;
}

static const struct sc_setting *row(size_t index)
{
	for (const struct sc_family *const *family = sc_families; *family; family++)
		for (const struct sc_setting *setting = (*family)->settings; setting->key; setting++)
			if (!index--)
				return setting;
	return NULL;
}

/* "channel.main" for the row "channel.NAME", any path for "/PATH". */
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

const struct sc_setting *sc_setting_find(const char *key)
{
	const struct sc_setting *setting;

	for (size_t i = 0; (setting = row(i)); i++)
		if (row_has(setting, key))
			return setting;
	return NULL;
}

bool spicecfg_setting_get(size_t index, struct spicecfg_setting *out)
{
	const struct sc_setting *setting = row(index);

	if (!setting)
		return false;
	*out = (struct spicecfg_setting){setting->key, setting->verb, setting->metavar, setting->help, setting->argument};
	return true;
}

enum { WORD_MAX = 64 };

/* Levenshtein's distance of two short words. */
static size_t distance(const char *a, const char *b)
{
	size_t row_before[WORD_MAX + 1], n = strlen(b);

	if (n > WORD_MAX || strlen(a) > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= n; j++)
		row_before[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row_before[0];

		row_before[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t above = row_before[j], best = diagonal + (a[i - 1] != b[j - 1]);

			if (above + 1 < best)
				best = above + 1;
			if (row_before[j - 1] + 1 < best)
				best = row_before[j - 1] + 1;
			row_before[j] = best;
			diagonal = above;
		}
	}
	return row_before[n];
}

static const char *nearest(const char *key)
{
	const struct sc_setting *setting, *best = NULL;
	size_t best_distance = strlen(key) / 3 + 2;

	for (size_t i = 0; (setting = row(i)); i++) {
		size_t d = distance(key, setting->key);

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
		return sc_fail(ctx, SPICECFG_USAGE, "Channels are main, display, inputs, cursor, playback, record, smartcard and usbredir.",
			       "there is no Spice channel '%s'", key + 8);
	if (!known)
		return sc_fail(ctx, SPICECFG_USAGE, "Run '`spicecfg help set`' for the list of settings.", "there is no setting '%s'", key);
	enum spicecfg_status status = sc_fail(ctx, SPICECFG_USAGE, NULL, "there is no setting '%s'", key);
	sc_fail_mend(ctx, "The nearest one is '%s'.", known);
	return status;
}

static bool takes(const struct sc_setting *setting, const char *value)
{
	if (sc_is_default(value))
		return true;
	if (setting->values)
		return sc_word_find(setting->values, value) >= 0;
	return !setting->accept || setting->accept(value);
}

static enum spicecfg_status fail_value(struct spicecfg_ctx *ctx, const struct sc_setting *setting, const char *key, const char *value)
{
	if (!sc_text_is_printable(value, strlen(value)))
		return sc_fail(ctx, SPICECFG_USAGE, NULL, "the value of '%s' is not printable UTF-8 text", key);
	enum spicecfg_status status = sc_fail(ctx, SPICECFG_USAGE, NULL, "'%s' does not take the value '%s'", key, value);
	sc_fail_mend(ctx, "It takes %s, or 'default'.", setting->metavar);
	return status;
}

static enum spicecfg_status remember(struct spicecfg_request *request, const char *key, const char *value)
{
	const char *copy = sc_arena_strdup(request->memory, value);

	if (!copy)
		return sc_fail_memory(request->ctx);
	for (size_t i = 0; i < request->n_asked; i++)
		if (strcmp(request->asked[i].key, key) == 0) {
			request->asked[i].value = copy;
			return SPICECFG_OK;
		}
	if (request->n_asked == request->size_asked) {
		size_t size = request->size_asked ? request->size_asked * 2 : 8;
		struct sc_asked *asked = sc_arena_alloc(request->memory, size * sizeof(*asked));

		if (!asked)
			return sc_fail_memory(request->ctx);
		if (request->n_asked)
			memcpy(asked, request->asked, request->n_asked * sizeof(*asked));
		request->asked = asked;
		request->size_asked = size;
	}
	key = sc_arena_strdup(request->memory, key);
	if (!key)
		return sc_fail_memory(request->ctx);
	request->asked[request->n_asked++] = (struct sc_asked){key, copy};
	return SPICECFG_OK;
}

enum spicecfg_status spicecfg_request_set(struct spicecfg_request *request, const char *key, const char *value)
{
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
	const struct sc_setting *setting = sc_setting_find(key);
	if (!setting)
		return fail_unknown(request->ctx, key);
	if (!sc_text_is_printable(value, strlen(value)) || !takes(setting, value))
		return fail_value(request->ctx, setting, key, value);
	return remember(request, key, value);
}

enum spicecfg_status spicecfg_request_password(struct spicecfg_request *request, const char *text, size_t len)
{
	if (!len)
		return sc_fail(request->ctx, SPICECFG_INPUT, "Use clear-password to remove a password.", "the password is empty");
	if (!sc_text_is_printable(text, len))
		return sc_fail(request->ctx, SPICECFG_INPUT, "Take printable characters.", "the password is not printable UTF-8 text");
	if (len > PASSWORD_MAX)
		return sc_fail(request->ctx, SPICECFG_INPUT,
			       "Take a shorter one: spice-server keeps no more than 59 bytes, so a longer one lets nobody in.",
			       "the password has %zu bytes, and 59 is the most", len);
	if (sc_secret_set(&request->password, text, len))
		return sc_fail_memory(request->ctx);
	request->has_password = true;
	request->clear_password = false;
	return SPICECFG_OK;
}

const char *spicecfg_request_generated(const struct spicecfg_request *request)
{
	return request->generated ? request->password.text : NULL;
}

void spicecfg_request_live(struct spicecfg_request *request)
{
	request->live = true;
}

enum spicecfg_status spicecfg_request_clear_password(struct spicecfg_request *request)
{
	return spicecfg_request_set(request, "password", "default");
}

enum spicecfg_status spicecfg_request_allow(struct spicecfg_request *request, const char *who)
{
	if (request->n_allow == SC_ALLOW_MAX)
		return sc_fail(request->ctx, SPICECFG_USAGE, "Grant the others with '`spicecfg acl grant`'.",
			       "more than %d accounts are allowed at once", SC_ALLOW_MAX);
	request->allow[request->n_allow] = sc_arena_strdup(request->memory, who);
	return request->allow[request->n_allow++] ? SPICECFG_OK : sc_fail_memory(request->ctx);
}

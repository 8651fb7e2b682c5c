/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of host facts as JSON, and back. */
#include "system/facts/hostfacts_impl.h"

const char *const sc_hostfacts_cert_words[] = {"unknown", "ok", "missing", "unreadable", "invalid", "encrypted", "mismatch", "weak", NULL};

enum spicecfg_status sc_hostfacts_wrong(const struct sc_hostfacts_reader *r, const char *key, const char *expected)
{
	return sc_fail_at(r->ctx, SPICECFG_INPUT, (struct sc_where){.file = r->name}, "See docs/host-facts.md.", "'%s' is not %s", key,
			  expected);
}

enum spicecfg_status sc_hostfacts_unknown(const struct sc_hostfacts_reader *r, const char *key)
{
	SC_BUF path = SC_BUF_INIT;

	sc_buf_addf(&path, "%s, '%s'", r->name, key);
	if (path.failed)
		return sc_fail_memory(r->ctx);
	sc_unread_add(r->ctx->unread, sc_buf_text(&path), "not a fact that this version of spicecfg knows");
	return SPICECFG_OK;
}

enum spicecfg_status sc_hostfacts_known(const struct sc_hostfacts_reader *r, const char *key, const json_t *value, enum sc_known *out)
{
	if (json_is_null(value)) {
		*out = SC_UNKNOWN;
		return SPICECFG_OK;
	}
	if (!json_is_boolean(value))
		return sc_hostfacts_wrong(r, key, "true, false or null");
	*out = json_is_true(value) ? SC_TRUE : SC_FALSE;
	return SPICECFG_OK;
}

char *sc_hostfacts_copy(const struct sc_hostfacts_reader *r, const json_t *value)
{
	return sc_arena_strndup(r->host->memory, json_string_value(value), json_string_length(value));
}

enum spicecfg_status sc_hostfacts_strings(const struct sc_hostfacts_reader *r, const char *key, const json_t *value,
					  const char *const **out, size_t *count)
{
	size_t n = json_array_size(value);

	if (!json_is_array(value))
		return sc_hostfacts_wrong(r, key, "a list of strings");
	const char **list = sc_arena_alloc(r->host->memory, (n + 1) * sizeof(*list));
	if (!list)
		return sc_fail_memory(r->ctx);
	for (size_t i = 0; i < n; i++) {
		if (!json_is_string(json_array_get(value, i)))
			return sc_hostfacts_wrong(r, key, "a list of strings");
		if (!(list[i] = sc_hostfacts_copy(r, json_array_get(value, i))))
			return sc_fail_memory(r->ctx);
	}
	*out = list;
	*count = n;
	return SPICECFG_OK;
}

json_t *sc_hostfacts_from_known(enum sc_known fact)
{
	return fact == SC_UNKNOWN ? json_null() : json_boolean(fact == SC_TRUE);
}

json_t *sc_hostfacts_from_strings(const char *const *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_string(list[i]));
	return array;
}

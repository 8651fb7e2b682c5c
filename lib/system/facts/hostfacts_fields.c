/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Members of structs as members of JSON objects. */
#include <string.h>

#include "system/facts/hostfacts_impl.h"

static enum spicecfg_status read_word(const struct sc_hostfacts_reader *r, const struct sc_hostfacts_field *field, const json_t *value,
				      unsigned *out)
{
	const char *text = json_is_string(value) ? json_string_value(value) : "";

	for (*out = 0; field->words[*out]; ++*out)
		if (strcmp(field->words[*out], text) == 0)
			return SPICECFG_OK;
	return sc_hostfacts_wrong(r, field->key, "one of the words listed in docs/host-facts.md");
}

static enum spicecfg_status read_value(const struct sc_hostfacts_reader *r, const struct sc_hostfacts_field *field, const json_t *value,
				       char *place)
{
	enum spicecfg_status status = SPICECFG_OK;
	enum sc_known known = SC_UNKNOWN;
	const char *text = NULL;
	unsigned number = 0;

	switch (field->kind) {
	case SC_FIELD_KNOWN:
		status = sc_hostfacts_known(r, field->key, value, &known);
		memcpy(place, &known, sizeof(known));
		break;
	case SC_FIELD_TEXT:
		if (!json_is_string(value))
			return sc_hostfacts_wrong(r, field->key, "a string");
		text = sc_hostfacts_copy(r, value);
		memcpy(place, &text, sizeof(text));
		status = text ? SPICECFG_OK : sc_fail_memory(r->ctx);
		break;
	case SC_FIELD_COUNT:
		if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > 0x7fffffff)
			return sc_hostfacts_wrong(r, field->key, "a number");
		number = (unsigned)json_integer_value(value);
		memcpy(place, &number, sizeof(number));
		break;
	case SC_FIELD_WORD:
		status = read_word(r, field, value, &number);
		memcpy(place, &number, sizeof(number));
		break;
	}
	return status;
}

enum spicecfg_status sc_hostfacts_read_field(const struct sc_hostfacts_reader *r, const struct sc_hostfacts_field *fields, const char *key,
					     const json_t *value, void *place, bool *known)
{
	*known = true;
	for (const struct sc_hostfacts_field *field = fields; field->key; field++)
		if (strcmp(field->key, key) == 0)
			return read_value(r, field, value, (char *)place + field->offset);
	*known = false;
	return SPICECFG_OK;
}

void sc_hostfacts_write_fields(json_t *object, const struct sc_hostfacts_field *fields, const void *place)
{
	for (const struct sc_hostfacts_field *field = fields; field->key; field++) {
		const char *from = (const char *)place + field->offset, *text;
		enum sc_known known;
		unsigned number;

		memcpy(&number, from, sizeof(number));
		if (field->kind == SC_FIELD_TEXT) {
			memcpy(&text, from, sizeof(text));
			if (text)
				json_object_set_new(object, field->key, json_string(text));
		} else if (field->kind == SC_FIELD_KNOWN) {
			memcpy(&known, from, sizeof(known));
			json_object_set_new(object, field->key, sc_hostfacts_from_known(known));
		} else if (field->kind == SC_FIELD_WORD) {
			json_object_set_new(object, field->key, json_string(field->words[number]));
		} else if (number) {
			json_object_set_new(object, field->key, json_integer(number));
		}
	}
}

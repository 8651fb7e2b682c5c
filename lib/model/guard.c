/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/guard.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"

bool sc_object_option(const char *word)
{
	return word && (strcmp(word, "-object") == 0 || strcmp(word, "--object") == 0);
}

static const char **field_of(struct sc_object *object, const char *name, size_t len)
{
	static const char *const names[] = {"qom-type", "id", "file"};
	const char **fields[] = {&object->type, &object->id, &object->file};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return fields[i];
	return NULL;
}

static bool read_json(struct sc_arena *memory, const char *text, struct sc_object *out)
{
	json_t *object = json_loads(text, 0, NULL), *value;
	const char *key;
	bool fine = true;

	json_object_foreach(object, key, value)
	{
		const char **field = json_is_string(value) ? field_of(out, key, strlen(key)) : NULL;

		if (field)
			fine = (*field = sc_arena_strdup(memory, json_string_value(value))) && fine;
	}
	json_decref(object);
	return fine;
}

/* The end of the option that starts here: a single comma. Two commas are one that belongs to the value. */
static const char *end_of(const char *at)
{
	while (*at && (*at != ',' || at[1] == ','))
		at += *at == ',' ? 2 : 1;
	return at;
}

static bool take(struct sc_arena *memory, const char *from, const char *end, const char **out)
{
	char *value = sc_arena_alloc(memory, (size_t)(end - from) + 1);

	*out = value;
	for (; value && from < end; from += *from == ',' ? 2 : 1)
		*value++ = *from;
	return *out;
}

bool sc_object_read(struct sc_arena *memory, const char *text, struct sc_object *out)
{
	*out = (struct sc_object){0};
	if (*text == '{')
		return read_json(memory, text, out);
	for (const char *at = text, *end; *at; at = end + (*end == ',')) {
		const char *equals = at + strcspn(at, "=,");
		const char **field = &out->type; /* the first one needs no key */

		end = end_of(at);
		if (*equals == '=')
			field = field_of(out, at, (size_t)(equals - at));
		else if (at != text)
			field = NULL;
		/* of a repeated key the last one is effective */
		if (field && !take(memory, *equals == '=' ? equals + 1 : at, end, field))
			return false;
	}
	return true;
}

char *sc_guard_text(struct sc_arena *memory, const char *file)
{
	SC_BUF text = SC_BUF_INIT;

	sc_buf_adds(&text, "secret,id=" SC_GUARD_ID ",file=");
	for (const char *c = file; *c; c++)
		sc_buf_addf(&text, "%s%c", *c == ',' ? "," : "", *c);
	sc_buf_adds(&text, ",format=raw");
	return text.failed ? NULL : sc_arena_strdup(memory, sc_buf_text(&text));
}

bool sc_guards_read(const struct sc_domain *domain, struct sc_arena *memory, struct sc_guard **out, size_t *count)
{
	size_t room = 0;

	*count = 0;
	for (size_t i = 0; i < domain->n_args; i++)
		room += sc_object_option(domain->args[i].value);
	*out = room ? sc_arena_alloc(memory, room * sizeof(**out)) : NULL;
	if (room && !*out)
		return false;
	/* When another option takes the word as its value, what follows is not an option, and QEMU exits. */
	for (size_t i = 0; i + 1 < domain->n_args; i++) {
		struct sc_object object;

		if (!sc_object_option(domain->args[i].value))
			continue;
		const struct sc_qemu_word *word = &domain->args[++i];
		if (!word->value)
			continue;
		if (!sc_object_read(memory, word->value, &object))
			return false;
		if (object.type && strcmp(object.type, "secret") == 0 && object.id && object.file)
			(*out)[(*count)++] = (struct sc_guard){word->node, object.file};
	}
	return true;
}

bool sc_guard_same_file(const char *a, const char *b)
{
	SC_BUF left = SC_BUF_INIT;
	SC_BUF right = SC_BUF_INIT;

	if (*a != '/' || *b != '/' || !sc_path_normal(a, &left) || !sc_path_normal(b, &right) || left.failed || right.failed)
		return strcmp(a, b) == 0;
	return strcmp(sc_buf_text(&left), sc_buf_text(&right)) == 0;
}

bool sc_guard_is_in(const char *directories, const char *file)
{
	for (const char *at = directories; at;) {
		size_t len = strcspn(at, ":");
		SC_BUF path = SC_BUF_INIT;

		sc_buf_addf(&path, "%.*s/qemu.conf", (int)len, at);
		if (!path.failed && sc_guard_same_file(sc_buf_text(&path), file))
			return true;
		at = at[len] ? at + len + 1 : NULL;
	}
	return false;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SASL folders among the facts about a host. */
#include <stddef.h>
#include <string.h>

#include "model/sasl.h"
#include "system/hostfacts_impl.h"

static const char *const file_words[] = {"unknown", "ok", "missing", "unreadable", "broken", NULL};
static const char *const db_words[] = {"unknown", "ok", "missing", "unreadable", "damaged", NULL};
static const char *const distributions[] = {"debian", "suse", "redhat", NULL};

enum kind { TEXT, KNOWN };

/* Members of a folder's row that are strings, or true, false and null. */
static const struct {
	const char *key;
	enum kind kind;
	size_t offset;
} members[] = {
    {"exists", KNOWN, offsetof(struct sc_sasl_fact, exists)},
    {"path", TEXT, offsetof(struct sc_sasl_fact, file)},
    {"closed", TEXT, offsetof(struct sc_sasl_fact, closed)},
    {"misnamed", TEXT, offsetof(struct sc_sasl_fact, misnamed)},
    {"others_may_write", KNOWN, offsetof(struct sc_sasl_fact, others_may)},
    {"mech_list", TEXT, offsetof(struct sc_sasl_fact, mech_list)},
    {"pwcheck_method", TEXT, offsetof(struct sc_sasl_fact, method)},
    {"saslauthd", TEXT, offsetof(struct sc_sasl_fact, mux)},
    {"saslauthd_listens", KNOWN, offsetof(struct sc_sasl_fact, mux_listens)},
    {"saslauthd_closed", TEXT, offsetof(struct sc_sasl_fact, mux_closed)},
    {"database", TEXT, offsetof(struct sc_sasl_fact, database)},
    {"database_closed", TEXT, offsetof(struct sc_sasl_fact, db_closed)},
    {"database_open", KNOWN, offsetof(struct sc_sasl_fact, db_open)},
    {"database_owner", TEXT, offsetof(struct sc_sasl_fact, db_owner)},
    {"readers_group", TEXT, offsetof(struct sc_sasl_fact, readers_group)},
    {"a_user", TEXT, offsetof(struct sc_sasl_fact, a_user)},
    {"realm", KNOWN, offsetof(struct sc_sasl_fact, realm)},
};

enum { N_MEMBERS = sizeof(members) / sizeof(*members) };

static enum spicecfg_status read_word(const struct sc_hostfacts_reader *r, const char *key, const json_t *value, const char *const *words,
				      unsigned *out)
{
	const char *text = json_is_string(value) ? json_string_value(value) : "";

	for (*out = 0; words[*out]; ++*out)
		if (strcmp(words[*out], text) == 0)
			return SPICECFG_OK;
	return sc_hostfacts_wrong(r, key, "a word of docs/host-facts.md");
}

static enum spicecfg_status read_number(const struct sc_hostfacts_reader *r, const char *key, const json_t *value, long long *out)
{
	*out = json_integer_value(value);
	return json_is_integer(value) && *out >= 0 ? SPICECFG_OK : sc_hostfacts_wrong(r, key, "a number");
}

static enum spicecfg_status read_member(const struct sc_hostfacts_reader *r, const char *key, json_t *value, struct sc_sasl_fact *fact)
{
	enum spicecfg_status status;
	unsigned word = 0;
	long long number = 0;

	for (size_t i = 0; i < N_MEMBERS; i++) {
		char *place = (char *)fact + members[i].offset;

		if (strcmp(members[i].key, key) != 0)
			continue;
		if (members[i].kind == KNOWN)
			return sc_hostfacts_known(r, key, value, (enum sc_known *)(void *)place);
		if (!json_is_string(value))
			return sc_hostfacts_wrong(r, key, "a string");
		const char *text = sc_hostfacts_copy(r, value);
		memcpy(place, &text, sizeof(text));
		return text ? SPICECFG_OK : sc_fail_memory(r->ctx);
	}
	if (strcmp(key, "file") == 0) {
		status = read_word(r, key, value, file_words, &word);
		fact->state = (enum sc_sasl_file)word;
	} else if (strcmp(key, "database_state") == 0) {
		status = read_word(r, key, value, db_words, &word);
		fact->db_state = (enum sc_sasl_db)word;
	} else if (strcmp(key, "line") == 0) {
		status = read_number(r, key, value, &number);
		fact->line = (unsigned)number;
	} else if (strcmp(key, "users") == 0) {
		status = read_number(r, key, value, &number);
		fact->users = (long)number;
	} else if (strcmp(key, "readers") == 0) {
		status = sc_hostfacts_strings(r, key, value, &fact->readers, &fact->n_readers);
	} else {
		status = sc_hostfacts_wrong(r, key, "a fact about a SASL folder");
	}
	return status;
}

static enum spicecfg_status read_folders(const struct sc_hostfacts_reader *r, json_t *object)
{
	struct sc_host *host = r->host;
	const char *folder, *key;
	json_t *row, *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "folders", "an object");
	host->sasl = sc_arena_alloc(host->memory, (json_object_size(object) + 1) * sizeof(*host->sasl));
	if (!host->sasl)
		return sc_fail_memory(r->ctx);
	json_object_foreach(object, folder, row)
	{
		struct sc_sasl_fact *fact = &host->sasl[host->n_sasl++];

		if (!json_is_object(row))
			return sc_hostfacts_wrong(r, folder, "an object");
		*fact = (struct sc_sasl_fact){.folder = sc_arena_strdup(host->memory, folder), .deep = true, .users = -1};
		if (!fact->folder)
			return sc_fail_memory(r->ctx);
		json_object_foreach(row, key, value)
		{
			enum spicecfg_status status = read_member(r, key, value, fact);

			if (status)
				return status;
		}
	}
	return SPICECFG_OK;
}

enum spicecfg_status sc_hostfacts_read_sasl(const struct sc_hostfacts_reader *r, json_t *object)
{
	enum spicecfg_status status = SPICECFG_OK;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "sasl", "an object");
	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "plugins") == 0)
			status = sc_hostfacts_strings(r, key, value, &r->host->sasl_plugins, &r->host->n_sasl_plugins);
		else if (strcmp(key, "distribution") == 0)
			status = read_word(r, key, value, distributions, &r->host->distribution);
		else if (strcmp(key, "folders") == 0)
			status = read_folders(r, value);
		else
			status = sc_hostfacts_wrong(r, key, "a fact about SASL");
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static json_t *write_folder(const struct sc_sasl_fact *fact)
{
	json_t *row = json_pack("{s:s, s:s}", "file", file_words[fact->state], "database_state", db_words[fact->db_state]);

	for (size_t i = 0; i < N_MEMBERS; i++) {
		const char *place = (const char *)fact + members[i].offset, *text;

		if (members[i].kind == KNOWN) {
			json_object_set_new(row, members[i].key, sc_hostfacts_from_known(*(const enum sc_known *)(const void *)place));
			continue;
		}
		memcpy(&text, place, sizeof(text));
		if (text)
			json_object_set_new(row, members[i].key, json_string(text));
	}
	if (fact->line)
		json_object_set_new(row, "line", json_integer(fact->line));
	if (fact->users >= 0)
		json_object_set_new(row, "users", json_integer(fact->users));
	if (fact->n_readers)
		json_object_set_new(row, "readers", sc_hostfacts_from_strings(fact->readers, fact->n_readers));
	return row;
}

json_t *sc_hostfacts_write_sasl(const struct sc_host *host)
{
	json_t *folders = json_object(), *object = json_pack("{s:o}", "folders", folders);

	for (size_t i = 0; i < host->n_sasl; i++)
		json_object_set_new(folders, host->sasl[i].folder, write_folder(&host->sasl[i]));
	if (host->sasl_plugins) {
		json_object_set_new(object, "plugins", sc_hostfacts_from_strings(host->sasl_plugins, host->n_sasl_plugins));
		json_object_set_new(object, "distribution", json_string(distributions[host->distribution % 3]));
	}
	return object;
}

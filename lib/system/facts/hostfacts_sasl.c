/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SASL directories among the facts about a host. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "model/sasl.h"
#include "system/facts/hostfacts_impl.h"

static const char *const file_words[] = {"unknown", "ok", "missing", "unreadable", "broken", NULL};
static const char *const db_words[] = {"unknown", "ok", "missing", "unreadable", "damaged", NULL};
static const char *const distributions[] = {"debian", "suse", "redhat", NULL};

#define FIELD(member) offsetof(struct sc_sasl_fact, member)

static const struct sc_hostfacts_field fields[] = {
    {"file", SC_FIELD_WORD, FIELD(state), file_words},
    {"database_state", SC_FIELD_WORD, FIELD(db_state), db_words},
    {"line", SC_FIELD_COUNT, FIELD(line), NULL},
    {"path", SC_FIELD_TEXT, FIELD(file), NULL},
    {"closed", SC_FIELD_TEXT, FIELD(closed), NULL},
    {"confined", SC_FIELD_TEXT, FIELD(confined), NULL},
    {"site_rules", SC_FIELD_TEXT, FIELD(site_rules), NULL},
    {"misnamed", SC_FIELD_TEXT, FIELD(misnamed), NULL},
    {"misnamed_ok", SC_FIELD_KNOWN, FIELD(misnamed_ok), NULL},
    {"mech_list", SC_FIELD_TEXT, FIELD(mech_list), NULL},
    {"pwcheck_method", SC_FIELD_TEXT, FIELD(method), NULL},
    {"saslauthd", SC_FIELD_TEXT, FIELD(mux), NULL},
    {"saslauthd_cache_file", SC_FIELD_TEXT, FIELD(cache_file), NULL},
    {"saslauthd_cache_line", SC_FIELD_COUNT, FIELD(cache_line), NULL},
    {"saslauthd_caches", SC_FIELD_KNOWN, FIELD(caches), NULL},
    {"saslauthd_closed", SC_FIELD_TEXT, FIELD(mux_closed), NULL},
    {"saslauthd_reads", SC_FIELD_KNOWN, FIELD(mux_reads), NULL},
    {"saslauthd_starts", SC_FIELD_KNOWN, FIELD(starts), NULL},
    {"saslauthd_backend", SC_FIELD_TEXT, FIELD(backend), NULL},
    {"saslauthd_joins", SC_FIELD_KNOWN, FIELD(joins), NULL},
    {"saslauthd_pam", SC_FIELD_TEXT, FIELD(pam), NULL},
    {"reads", SC_FIELD_KNOWN, FIELD(reads), NULL},
    {"database_reads", SC_FIELD_KNOWN, FIELD(db_reads), NULL},
    {"database", SC_FIELD_TEXT, FIELD(database), NULL},
    {"database_closed", SC_FIELD_TEXT, FIELD(db_closed), NULL},
    {"database_owner", SC_FIELD_TEXT, FIELD(db_owner), NULL},
    {"readers_group", SC_FIELD_TEXT, FIELD(readers_group), NULL},
    {"a_user", SC_FIELD_TEXT, FIELD(a_user), NULL},
    {"exists", SC_FIELD_KNOWN, FIELD(exists), NULL},
    {"others_may_write", SC_FIELD_KNOWN, FIELD(others_may), NULL},
    {"saslauthd_listens", SC_FIELD_KNOWN, FIELD(mux_listens), NULL},
    {"database_open", SC_FIELD_KNOWN, FIELD(db_open), NULL},
    {"realm", SC_FIELD_KNOWN, FIELD(realm), NULL},
    {NULL, SC_FIELD_TEXT, 0, NULL},
};

static int by_name(const void *a, const void *b)
{
	const struct sc_sasl_user *x = a, *y = b;
	int order = strcmp(x->user, y->user);

	return order ? order : strcmp(x->realm, y->realm);
}

/* "NAME@REALM"; a name can contain '@', a realm can't. */
static enum spicecfg_status read_logins(const struct sc_hostfacts_reader *r, const char *key, json_t *value, struct sc_sasl_fact *fact)
{
	const char *const *texts;
	size_t n;
	enum spicecfg_status status = sc_hostfacts_strings(r, key, value, &texts, &n);
	struct sc_sasl_user *users = status ? NULL : sc_arena_alloc(r->host->memory, (n + 1) * sizeof(*users));

	if (!users)
		return status ? status : sc_fail_memory(r->ctx);
	for (size_t i = 0; i < n; i++) {
		const char *at = strrchr(texts[i], '@');

		if (!at)
			return sc_hostfacts_wrong(r, key, "a list of NAME@REALM");
		users[i] = (struct sc_sasl_user){sc_arena_strndup(r->host->memory, texts[i], (size_t)(at - texts[i])), at + 1};
		if (!users[i].user)
			return sc_fail_memory(r->ctx);
	}
	if (n)
		qsort(users, n, sizeof(*users), by_name);
	fact->entries = users;
	fact->users = (long)n;
	return SPICECFG_OK;
}

static enum spicecfg_status read_member(const struct sc_hostfacts_reader *r, const char *key, json_t *value, struct sc_sasl_fact *fact)
{
	bool known;
	enum spicecfg_status status = sc_hostfacts_read_field(r, fields, key, value, fact, &known);

	if (known)
		return status;
	if (strcmp(key, "users") == 0) {
		/* the list itself counts, where there is one */
		if (!fact->entries)
			fact->users = (long)json_integer_value(value);
		return json_is_integer(value) && json_integer_value(value) >= 0 ? SPICECFG_OK : sc_hostfacts_wrong(r, key, "a number");
	}
	if (strcmp(key, "logins") == 0)
		return read_logins(r, key, value, fact);
	if (strcmp(key, "readers") == 0)
		return sc_hostfacts_strings(r, key, value, &fact->readers, &fact->n_readers);
	return sc_hostfacts_unknown(r, key);
}

static enum spicecfg_status read_directories(const struct sc_hostfacts_reader *r, json_t *object)
{
	struct sc_host *host = r->host;
	const char *directory, *key;
	json_t *row, *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "folders", "an object");
	host->sasl.facts = sc_arena_alloc(host->memory, (json_object_size(object) + 1) * sizeof(*host->sasl.facts));
	if (!host->sasl.facts)
		return sc_fail_memory(r->ctx);
	json_object_foreach(object, directory, row)
	{
		struct sc_sasl_fact *fact = &host->sasl.facts[host->sasl.n_facts++];

		if (!json_is_object(row))
			return sc_hostfacts_wrong(r, directory, "an object");
		*fact = (struct sc_sasl_fact){.directory = sc_arena_strdup(host->memory, directory), .deep = true, .users = -1};
		if (!fact->directory)
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

static const struct sc_hostfacts_field host_fields[] = {
    {"distribution", SC_FIELD_WORD, offsetof(struct sc_host, sasl.distribution), distributions},
    {"server_realm", SC_FIELD_TEXT, offsetof(struct sc_host, sasl.realm), NULL},
    {NULL, SC_FIELD_TEXT, 0, NULL},
};

enum spicecfg_status sc_hostfacts_read_sasl(const struct sc_hostfacts_reader *r, json_t *object)
{
	enum spicecfg_status status = SPICECFG_OK;
	bool known;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "sasl", "an object");
	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "plugins") == 0)
			status = sc_hostfacts_strings(r, key, value, &r->host->sasl.plugins, &r->host->sasl.n_plugins);
		else if (strcmp(key, "distribution") == 0 || strcmp(key, "server_realm") == 0)
			status = sc_hostfacts_read_field(r, host_fields, key, value, r->host, &known);
		else if (strcmp(key, "folders") == 0)
			status = read_directories(r, value);
		else
			status = sc_hostfacts_unknown(r, key);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static json_t *write_logins(const struct sc_sasl_fact *fact)
{
	json_t *list = json_array();

	for (long i = 0; i < fact->users; i++)
		json_array_append_new(list, json_sprintf("%s@%s", fact->entries[i].user, fact->entries[i].realm));
	return list;
}

static json_t *write_directory(const struct sc_sasl_fact *fact)
{
	json_t *row = json_object();

	sc_hostfacts_write_fields(row, fields, fact);
	if (fact->users >= 0)
		json_object_set_new(row, "users", json_integer(fact->users));
	if (fact->users > 0 && fact->entries)
		json_object_set_new(row, "logins", write_logins(fact));
	if (fact->n_readers)
		json_object_set_new(row, "readers", sc_hostfacts_from_strings(fact->readers, fact->n_readers));
	return row;
}

json_t *sc_hostfacts_write_sasl(const struct sc_host *host)
{
	json_t *directories = json_object(), *object = json_pack("{s:o}", "folders", directories);

	for (size_t i = 0; i < host->sasl.n_facts; i++)
		json_object_set_new(directories, host->sasl.facts[i].directory, write_directory(&host->sasl.facts[i]));
	if (host->sasl.plugins) {
		json_object_set_new(object, "plugins", sc_hostfacts_from_strings(host->sasl.plugins, host->sasl.n_plugins));
		json_object_set_new(object, "distribution", json_string(distributions[host->sasl.distribution % 3]));
	}
	if (host->sasl.realm)
		json_object_set_new(object, "server_realm", json_string(host->sasl.realm));
	return object;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ways into libvirt, and the ports open to everybody, among the facts about a host. */
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "model/libvirt.h"
#include "model/ways.h"
#include "system/facts/hostfacts_impl.h"

#define FIELD(member) offsetof(struct sc_daemon_fact, member)

static const struct sc_hostfacts_field daemon_fields[] = {
    {"file", SC_FIELD_TEXT, FIELD(file), NULL},
    {"tcp", SC_FIELD_KNOWN, FIELD(tcp), NULL},
    {"tls", SC_FIELD_KNOWN, FIELD(tls), NULL},
    {"local", SC_FIELD_KNOWN, FIELD(local), NULL},
    {"tcp_unit", SC_FIELD_TEXT, FIELD(tcp_unit), NULL},
    {"tls_unit", SC_FIELD_TEXT, FIELD(tls_unit), NULL},
    {"auth_tcp", SC_FIELD_TEXT, FIELD(auth_tcp), NULL},
    {"auth_tls", SC_FIELD_TEXT, FIELD(auth_tls), NULL},
    {"auth_unix", SC_FIELD_TEXT, FIELD(auth_unix), NULL},
    {"verifies_clients", SC_FIELD_KNOWN, FIELD(verifies), NULL},
    {"names_clients", SC_FIELD_KNOWN, FIELD(names), NULL},
    {"asks_by_call", SC_FIELD_KNOWN, FIELD(by_call), NULL},
    {"socket_mode", SC_FIELD_COUNT, FIELD(mode), NULL},
    {"socket_group", SC_FIELD_TEXT, FIELD(group), NULL},
    {"socket_unit", SC_FIELD_TEXT, FIELD(socket_unit), NULL},
    {"listen_tcp_line", SC_FIELD_COUNT, FIELD(listen_tcp_line), NULL},
    {"auth_tcp_line", SC_FIELD_COUNT, FIELD(auth_tcp_line), NULL},
    {"auth_tls_line", SC_FIELD_COUNT, FIELD(auth_tls_line), NULL},
    {"auth_unix_line", SC_FIELD_COUNT, FIELD(auth_unix_line), NULL},
    {"verify_line", SC_FIELD_COUNT, FIELD(verify_line), NULL},
    {NULL, SC_FIELD_TEXT, 0, NULL},
};

static const char *const who_words[] = {"all", "group", "user", "condition", NULL};

static const struct sc_hostfacts_field polkit_fields[] = {
    {"file", SC_FIELD_TEXT, offsetof(struct sc_polkit_fact, file), NULL},
    {"line", SC_FIELD_COUNT, offsetof(struct sc_polkit_fact, line), NULL},
    {"who", SC_FIELD_WORD, offsetof(struct sc_polkit_fact, who), who_words},
    {"name", SC_FIELD_TEXT, offsetof(struct sc_polkit_fact, name), NULL},
    {NULL, SC_FIELD_TEXT, 0, NULL},
};

/* One object of fields, and its list of members. */
static enum spicecfg_status read_object(const struct sc_hostfacts_reader *r, const char *name, json_t *object,
					const struct sc_hostfacts_field *fields, void *place, const char *const **members, size_t *n)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, name, "an object");
	json_object_foreach(object, key, value)
	{
		bool known;
		enum spicecfg_status status = sc_hostfacts_read_field(r, fields, key, value, place, &known);

		if (!known)
			status =
			    strcmp(key, "members") == 0 ? sc_hostfacts_strings(r, key, value, members, n) : sc_hostfacts_unknown(r, key);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

enum spicecfg_status sc_hostfacts_read_daemons(const struct sc_hostfacts_reader *r, json_t *object)
{
	struct sc_host *host = r->host;
	const char *name;
	json_t *row;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "daemons", "an object");
	host->ways.daemons = sc_arena_alloc(host->memory, (json_object_size(object) + 1) * sizeof(*host->ways.daemons));
	if (!host->ways.daemons)
		return sc_fail_memory(r->ctx);
	json_object_foreach(object, name, row)
	{
		struct sc_daemon_fact *fact = &host->ways.daemons[host->ways.n_daemons++];

		/* libvirt's defaults */
		*fact = (struct sc_daemon_fact){
		    .name = sc_arena_strdup(host->memory, name), .auth_tcp = "sasl", .auth_tls = "none", .auth_unix = "polkit"};
		fact->file = fact->name ? sc_arena_printf(host->memory, SC_LIBVIRT_DIR "/%s.conf", name) : NULL;
		if (!fact->file)
			return sc_fail_memory(r->ctx);
		enum spicecfg_status status = read_object(r, name, row, daemon_fields, fact, &fact->members, &fact->n_members);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

/* The members of a group are listed only with the first entry that names it: a rules file may name a large group many times. */
static void share_members(struct sc_table *groups, struct sc_polkit_fact *fact)
{
	struct sc_table_entry *entry = sc_table_add_text(groups, fact->name);
	const struct sc_polkit_fact *first = entry ? entry->value : NULL;

	if (entry && !(first && first->n_members))
		entry->value = fact;
	if (first && !fact->n_members) {
		fact->members = first->members;
		fact->n_members = first->n_members;
	}
}

enum spicecfg_status sc_hostfacts_read_polkit(const struct sc_hostfacts_reader *r, json_t *array)
{
	struct sc_host *host = r->host;
	size_t n = json_array_size(array);
	SC_TABLE groups = SC_TABLE_INIT;

	if (!json_is_array(array))
		return sc_hostfacts_wrong(r, "polkit", "a list of objects");
	host->ways.polkit = sc_arena_alloc(host->memory, (n + 1) * sizeof(*host->ways.polkit));
	if (!host->ways.polkit)
		return sc_fail_memory(r->ctx);
	for (size_t i = 0; i < n; i++) {
		struct sc_polkit_fact *fact = &host->ways.polkit[host->ways.n_polkit++];
		enum spicecfg_status status =
		    read_object(r, "polkit", json_array_get(array, i), polkit_fields, fact, &fact->members, &fact->n_members);

		if (status)
			return status;
		if ((fact->who == SC_POLKIT_GROUP || fact->who == SC_POLKIT_USER) && !fact->name)
			return sc_hostfacts_wrong(r, "polkit", "a list of objects with a name");
		if (fact->who == SC_POLKIT_GROUP)
			share_members(&groups, fact);
	}
	return groups.failed ? sc_fail_memory(r->ctx) : SPICECFG_OK;
}

static json_t *write_object(const struct sc_hostfacts_field *fields, const void *place, const char *const *members, size_t n)
{
	json_t *row = json_object();

	sc_hostfacts_write_fields(row, fields, place);
	if (n)
		json_object_set_new(row, "members", sc_hostfacts_from_strings(members, n));
	return row;
}

json_t *sc_hostfacts_write_daemons(const struct sc_host *host)
{
	json_t *object = json_object();

	for (size_t i = 0; i < host->ways.n_daemons; i++) {
		const struct sc_daemon_fact *fact = &host->ways.daemons[i];

		json_object_set_new(object, fact->name, write_object(daemon_fields, fact, fact->members, fact->n_members));
	}
	return object;
}

json_t *sc_hostfacts_write_polkit(const struct sc_host *host)
{
	json_t *array = json_array(), *file = NULL;
	SC_TABLE groups = SC_TABLE_INIT;

	for (size_t i = 0; i < host->ways.n_polkit; i++) {
		const struct sc_polkit_fact *fact = &host->ways.polkit[i];
		struct sc_table_entry *entry = fact->n_members ? sc_table_add_text(&groups, fact->name) : NULL;

		json_t *row = write_object(polkit_fields + 1, fact, fact->members, entry && !entry->times++ ? fact->n_members : 0);

		/* Facts from one file share the string of its name. */
		if (!i || fact->file != host->ways.polkit[i - 1].file) {
			json_decref(file);
			file = fact->file ? json_string(fact->file) : NULL;
		}
		if (file)
			json_object_set(row, polkit_fields[0].key, file);
		json_array_append_new(array, row);
	}
	json_decref(file);
	return array;
}

static enum spicecfg_status read_ranges(const struct sc_hostfacts_reader *r, const char *key, const json_t *array,
					struct sc_port_range **out, size_t *count)
{
	size_t n = json_array_size(array);

	*out = sc_arena_alloc(r->host->memory, (n + 1) * sizeof(**out));
	if (!*out)
		return sc_fail_memory(r->ctx);
	for (*count = 0; *count < n; ++*count) {
		const char *text = json_string_value(json_array_get(array, *count));
		struct sc_port_range *range = &(*out)[*count];
		char *end = NULL;

		range->first = range->last = text ? (unsigned)strtoul(text, &end, 10) : 0;
		if (end && *end == '-')
			range->last = (unsigned)strtoul(end + 1, &end, 10);
		if (!end || *end || !range->first || range->last < range->first || range->last > 65535)
			return sc_hostfacts_wrong(r, key, "a list of PORT and FIRST-LAST");
	}
	return json_is_array(array) ? SPICECFG_OK : sc_hostfacts_wrong(r, key, "a list of PORT and FIRST-LAST");
}

enum spicecfg_status sc_hostfacts_read_ports(const struct sc_hostfacts_reader *r, json_t *object)
{
	enum spicecfg_status status = SPICECFG_OK;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "open_ports", "an object");
	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "ipv4") == 0)
			status = read_ranges(r, key, value, &r->host->firewall.open4, &r->host->firewall.n_open4);
		else if (strcmp(key, "ipv6") == 0)
			status = read_ranges(r, key, value, &r->host->firewall.open6, &r->host->firewall.n_open6);
		else
			status = sc_hostfacts_unknown(r, key);
		if (status)
			return status;
	}
	return status;
}

static json_t *write_ranges(const struct sc_port_range *ranges, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, ranges[i].first == ranges[i].last ? json_sprintf("%u", ranges[i].first)
									       : json_sprintf("%u-%u", ranges[i].first, ranges[i].last));
	return array;
}

json_t *sc_hostfacts_write_ports(const struct sc_host *host)
{
	return json_pack("{s:o, s:o}", "ipv4", write_ranges(host->firewall.open4, host->firewall.n_open4), "ipv6",
			 write_ranges(host->firewall.open6, host->firewall.n_open6));
}

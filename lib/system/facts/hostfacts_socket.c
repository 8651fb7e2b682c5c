/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "system/facts/hostfacts_impl.h"

#define FIELD(member) offsetof(struct sc_socket_fact, member)

static const struct sc_hostfacts_field fields[] = {
    {"heir", SC_FIELD_TEXT, FIELD(heir), NULL},           {"barred", SC_FIELD_TEXT, FIELD(barred), NULL},
    {"barred_at", SC_FIELD_TEXT, FIELD(barred_at), NULL}, {"masked", SC_FIELD_TEXT, FIELD(masked), NULL},
    {"nobody", SC_FIELD_TEXT, FIELD(nobody), NULL},       {"replaceable", SC_FIELD_KNOWN, FIELD(replaceable), NULL},
    {"beyond", SC_FIELD_TEXT, FIELD(beyond), NULL},       {NULL, SC_FIELD_TEXT, 0, NULL},
};

static enum spicecfg_status read_socket(const struct sc_hostfacts_reader *r, const char *path, json_t *object)
{
	struct sc_socket_fact fact = {.path = path};
	const char *key;
	json_t *value;

	if (!json_is_object(object) || *path != '/')
		return sc_hostfacts_wrong(r, path, "an absolute path with an object of facts");
	json_object_foreach(object, key, value)
	{
		bool known;
		enum spicecfg_status status = sc_hostfacts_read_field(r, fields, key, value, &fact, &known);

		if (!status && !known)
			status = sc_hostfacts_unknown(r, key);
		if (status)
			return status;
	}
	if (!fact.barred != !fact.barred_at)
		return sc_hostfacts_wrong(r, path, "an object with both or neither of 'barred' and 'barred_at'");
	return sc_host_add_socket(r->host, &fact) ? SPICECFG_OK : sc_fail_memory(r->ctx);
}

enum spicecfg_status sc_hostfacts_read_sockets(const struct sc_hostfacts_reader *r, json_t *object)
{
	enum spicecfg_status status = SPICECFG_OK;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "sockets", "an object");
	json_object_foreach(object, key, value)
	{
		if (!status)
			status = read_socket(r, key, value);
	}
	return status;
}

json_t *sc_hostfacts_write_sockets(const struct sc_host *host)
{
	json_t *object = json_object();

	for (size_t i = 0; i < host->files.n_sockets; i++) {
		json_t *row = json_object();

		sc_hostfacts_write_fields(row, fields, &host->files.sockets[i]);
		json_object_set_new(object, host->files.sockets[i].path, row);
	}
	return object;
}

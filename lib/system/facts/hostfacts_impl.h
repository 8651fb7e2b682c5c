/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the files that read and write host facts. */
#ifndef SC_SYSTEM_HOSTFACTS_IMPL_H
#define SC_SYSTEM_HOSTFACTS_IMPL_H

#include <jansson.h>
#include <stddef.h>

#include "system/facts/hostfacts.h"

struct sc_hostfacts_reader {
	struct spicecfg_ctx *ctx;
	const char *name;
	struct sc_host *host;
};

/* Fails with SPICECFG_INPUT: "'KEY' is not EXPECTED". */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_wrong(const struct sc_hostfacts_reader *r, const char *key, const char *expected);
/* A fact of a newer version is not an error: records the key as unread, so that `check` reports it as not-readable. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_unknown(const struct sc_hostfacts_reader *r, const char *key);
/* Reads true, false or null. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_known(const struct sc_hostfacts_reader *r, const char *key, const json_t *value,
							 enum sc_known *out);
/* A copy of the string in the host's memory; NULL if memory is short. */
char *sc_hostfacts_copy(const struct sc_hostfacts_reader *r, const json_t *value);
/* Reads a list of strings. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_strings(const struct sc_hostfacts_reader *r, const char *key, const json_t *value,
							   const char *const **out, size_t *count);

/* The reverse: make true, false or null; make a list. */
json_t *sc_hostfacts_from_known(enum sc_known fact);
json_t *sc_hostfacts_from_strings(const char *const *list, size_t count);

/* A member of a JSON object that corresponds to a member of a struct. */
struct sc_hostfacts_field {
	const char *key;
	enum {
		SC_FIELD_TEXT,  /* const char *; not written when NULL */
		SC_FIELD_KNOWN, /* enum sc_known */
		SC_FIELD_COUNT, /* unsigned; not written when 0 */
		SC_FIELD_WORD,  /* an enum, by words */
	} kind;
	size_t offset;
	const char *const *words; /* of SC_FIELD_WORD, NULL-terminated */
};

/* Reads value into the field with that key. If there is none, *known is false and nothing else happens. fields ends with a key of NULL. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_read_field(const struct sc_hostfacts_reader *r, const struct sc_hostfacts_field *fields,
							      const char *key, const json_t *value, void *place, bool *known);
/* Writes all fields of a struct into object. */
void sc_hostfacts_write_fields(json_t *object, const struct sc_hostfacts_field *fields, const void *place);

/* "daemons" and "polkit" of "libvirt". */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_read_daemons(const struct sc_hostfacts_reader *r, json_t *object);
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_read_polkit(const struct sc_hostfacts_reader *r, json_t *array);
json_t *sc_hostfacts_write_daemons(const struct sc_host *host);
json_t *sc_hostfacts_write_polkit(const struct sc_host *host);

/* "sockets". */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_read_sockets(const struct sc_hostfacts_reader *r, json_t *object);
json_t *sc_hostfacts_write_sockets(const struct sc_host *host);

/* "open_ports": for "ipv4" and "ipv6" a list of ports and ranges, such as "5900" and "5900-5999". */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_read_ports(const struct sc_hostfacts_reader *r, json_t *object);
json_t *sc_hostfacts_write_ports(const struct sc_host *host);

/* "sasl": plugins, the distribution, and a row per directory. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_read_sasl(const struct sc_hostfacts_reader *r, json_t *object);
json_t *sc_hostfacts_write_sasl(const struct sc_host *host);

#endif

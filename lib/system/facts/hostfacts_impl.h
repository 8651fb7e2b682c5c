/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that read and write host facts share. */
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

/* Fails: the key is not what is expected. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_wrong(const struct sc_hostfacts_reader *r, const char *key, const char *expected);
/* Facts of a newer version are no error: the key is reported as not readable. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_unknown(const struct sc_hostfacts_reader *r, const char *key);
/* true, false or null. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_known(const struct sc_hostfacts_reader *r, const char *key, const json_t *value,
							 enum sc_known *out);
/* The string in the host's memory; NULL when memory is short. */
char *sc_hostfacts_copy(const struct sc_hostfacts_reader *r, const json_t *value);
/* A list of strings. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_strings(const struct sc_hostfacts_reader *r, const char *key, const json_t *value,
							   const char *const **out, size_t *count);

/* The other way: true, false or null; a list. */
json_t *sc_hostfacts_from_known(enum sc_known fact);
json_t *sc_hostfacts_from_strings(const char *const *list, size_t count);

/* A member of an object that is a member of a struct. */
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

/* Reads value into the field that key names; *known is false, and nothing else happens, when none does. fields end with a key of NULL. */
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

/* "open_ports": a list of "5900" and "5900-5999" by "ipv4" and "ipv6". */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_read_ports(const struct sc_hostfacts_reader *r, json_t *object);
json_t *sc_hostfacts_write_ports(const struct sc_host *host);

/* "sasl": plugins, the distribution, and a row per directory. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_read_sasl(const struct sc_hostfacts_reader *r, json_t *object);
json_t *sc_hostfacts_write_sasl(const struct sc_host *host);

#endif

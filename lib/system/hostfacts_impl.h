/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that read and write host facts share. */
#ifndef SC_SYSTEM_HOSTFACTS_IMPL_H
#define SC_SYSTEM_HOSTFACTS_IMPL_H

#include <jansson.h>

#include "system/hostfacts.h"

struct sc_hostfacts_reader {
	struct spicecfg_ctx *ctx;
	const char *name;
	struct sc_host *host;
};

/* Fails: the key is not what is expected. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_wrong(const struct sc_hostfacts_reader *r, const char *key, const char *expected);
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

/* "sasl": plugins, the distribution, and a row per folder. */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_read_sasl(const struct sc_hostfacts_reader *r, json_t *object);
json_t *sc_hostfacts_write_sasl(const struct sc_host *host);

#endif

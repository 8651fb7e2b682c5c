/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cyrus SASL's configuration of one application ("key: value" lines), lossless. The language is that of cyrus-sasl's lib/config.c. */
#ifndef SC_DOC_SASLCONF_H
#define SC_DOC_SASLCONF_H

#include "base/buf.h"
#include "base/ctx.h"

struct sc_saslconf;

/* Longer lines are refused, because cyrus-sasl splits them (its buffer has 4096 bytes). */
enum { SC_SASLCONF_LINE_MAX = 4094, SC_SASLCONF_SIZE_MAX = 1024 * 1024 };

/*
 * Parses len bytes (copied); name is used in messages. SPICECFG_INPUT, with line and column, for what libsasl2 refuses: a line without a
 * colon, invalid characters in a key, an empty value. *out is NULL on failure; free it with sc_saslconf_free().
 */
SPICECFG_CHECKED enum spicecfg_status sc_saslconf_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
							struct sc_saslconf **out);
void sc_saslconf_free(struct sc_saslconf *conf);
static inline void sc_saslconf_freep(struct sc_saslconf **conf)
{
	sc_saslconf_free(*conf);
}
#define SC_SASLCONF __attribute__((cleanup(sc_saslconf_freep))) struct sc_saslconf

/*
 * Returns the effective value of key, which must be in lower case: that of the first assignment. NULL: not set. It is valid until the next
 * edit. *line, which can be NULL, is set to its line, 0 when not set.
 */
const char *sc_saslconf_get(const struct sc_saslconf *conf, const char *key, unsigned *line);

/* Returns the number of assignments of key. */
unsigned sc_saslconf_count(const struct sc_saslconf *conf, const char *key);

/*
 * Sets the effective value: replaces that of the first assignment, else adds a line after the commented-out one of the key, else at the
 * end. An equal value changes nothing. SPICECFG_USAGE when value is empty or too long, contains a newline, or begins or ends with a blank.
 */
SPICECFG_CHECKED enum spicecfg_status sc_saslconf_set(struct spicecfg_ctx *ctx, struct sc_saslconf *conf, const char *key,
						      const char *value);

/* Removes every assignment of key. */
SPICECFG_CHECKED enum spicecfg_status sc_saslconf_unset(struct spicecfg_ctx *ctx, struct sc_saslconf *conf, const char *key);

/* Returns the current bytes, which belong to the document. */
const struct sc_buf *sc_saslconf_bytes(const struct sc_saslconf *conf);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cyrus SASL's configuration of one application ("key: value" lines), lossless. The language is that of cyrus-sasl's lib/config.c. */
#ifndef SC_DOC_SASLCONF_H
#define SC_DOC_SASLCONF_H

#include "base/buf.h"
#include "base/ctx.h"

struct sc_saslconf;

/* Longer lines are cut in two by cyrus-sasl (its buffer of 4096 bytes), so they are refused. */
enum { SC_SASLCONF_LINE_MAX = 4094, SC_SASLCONF_SIZE_MAX = 1024 * 1024 };

/*
 * Parses len bytes (copied); name is used in messages. What libsasl2 refuses (a line without colon, a key of other characters, an empty
 * value) is refused with SPICECFG_INPUT and line:column. *out is NULL on failure; free it with sc_saslconf_free().
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
 * The value that counts: libsasl2 takes the first assignment. NULL: not set. Valid until the next edit. line (may be NULL) gets its
 * number, 0 when not set. Keys are given in lower case.
 */
const char *sc_saslconf_get(const struct sc_saslconf *conf, const char *key, unsigned *line);

/* How many assignments of key there are. */
unsigned sc_saslconf_count(const struct sc_saslconf *conf, const char *key);

/*
 * Sets the value that counts: in place of the live assignment, else behind the key's commented-out line, else at the end. An equal value
 * changes nothing. value: not empty, no line end, no blanks around (SPICECFG_USAGE).
 */
SPICECFG_CHECKED enum spicecfg_status sc_saslconf_set(struct spicecfg_ctx *ctx, struct sc_saslconf *conf, const char *key,
						      const char *value);

/* Removes every assignment of key. */
SPICECFG_CHECKED enum spicecfg_status sc_saslconf_unset(struct spicecfg_ctx *ctx, struct sc_saslconf *conf, const char *key);

/* The bytes as they are now; owned by the document. */
const struct sc_buf *sc_saslconf_bytes(const struct sc_saslconf *conf);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lossless files of KEY="value" lines, as in /etc/default and /etc/sysconfig. Shells and systemd use the last assignment of a key. */
#ifndef SC_DOC_SYSCONFIG_H
#define SC_DOC_SYSCONFIG_H

#include "base/buf.h"
#include "base/ctx.h"

struct sc_sysconfig;

/*
 * Parses len bytes (copied); name is used in messages. What is not an assignment is kept and ignored; quotes can span lines.
 * SPICECFG_INPUT, with line and column, when a quote is not closed. *out is NULL on failure; free it with sc_sysconfig_free().
 */
SPICECFG_CHECKED enum spicecfg_status sc_sysconfig_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
							 struct sc_sysconfig **out);
void sc_sysconfig_free(struct sc_sysconfig *conf);
static inline void sc_sysconfig_freep(struct sc_sysconfig **conf)
{
	sc_sysconfig_free(*conf);
}
#define SC_SYSCONFIG __attribute__((cleanup(sc_sysconfig_freep))) struct sc_sysconfig

/*
 * Returns the value of the last assignment of key, with quotes and escapes resolved; NULL: not set. It is valid until the next edit. *line,
 * which can be NULL, is set to its line, 0 when not set.
 */
const char *sc_sysconfig_get(const struct sc_sysconfig *conf, const char *key, unsigned *line);

/*
 * Returns an assignment by its position; false after the last. key, value and line can be NULL. The strings are valid until the next edit.
 */
bool sc_sysconfig_at(const struct sc_sysconfig *conf, size_t index, const char **key, const char **value, unsigned *line);

/*
 * Returns the line of the first command that is neither an assignment nor "export NAME", because the effect of such a file can't be
 * determined without running it; 0: there is none.
 */
unsigned sc_sysconfig_command(const struct sc_sysconfig *conf);

/*
 * Removes the characters that drop marks from the value of the assignment at index; quotes and escapes of the others are kept.
 * SPICECFG_INPUT when the others would be read differently; conf must not be used any more then, except to free it.
 */
SPICECFG_CHECKED enum spicecfg_status sc_sysconfig_cut(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, size_t index, const bool *drop);

/*
 * Sets the value of the last assignment of key, with its own quotes where possible; else adds a line after the commented-out one, else at
 * the end. An equal value changes nothing. SPICECFG_USAGE when value contains a newline.
 */
SPICECFG_CHECKED enum spicecfg_status sc_sysconfig_set(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, const char *key,
						       const char *value);

/* Returns the current bytes, which belong to the document. */
const struct sc_buf *sc_sysconfig_bytes(const struct sc_sysconfig *conf);

#endif

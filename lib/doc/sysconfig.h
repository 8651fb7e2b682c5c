/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of KEY="value" lines as /etc/default and /etc/sysconfig hold them, lossless. Read by a shell or by systemd: the last assignment
 * wins. */
#ifndef SC_DOC_SYSCONFIG_H
#define SC_DOC_SYSCONFIG_H

#include "base/buf.h"
#include "base/ctx.h"

struct sc_sysconfig;

/*
 * Parses len bytes (copied). What is no assignment is kept and ignored; quotes may reach over lines, and an assignment whose quote is never
 * closed is refused (SPICECFG_INPUT, line:column). *out is NULL on failure; free it with sc_sysconfig_free().
 */
SPICECFG_CHECKED enum spicecfg_status sc_sysconfig_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
							 struct sc_sysconfig **out);
void sc_sysconfig_free(struct sc_sysconfig *conf);
static inline void sc_sysconfig_freep(struct sc_sysconfig **conf)
{
	sc_sysconfig_free(*conf);
}
#define SC_SYSCONFIG __attribute__((cleanup(sc_sysconfig_freep))) struct sc_sysconfig

/* The value of the last assignment, quotes and escapes resolved; NULL: not set. line may be NULL. Valid until the next edit. */
const char *sc_sysconfig_get(const struct sc_sysconfig *conf, const char *key, unsigned *line);

/* The index-th assignment in the order of the file; false behind the last. key, value and line may be NULL. Valid until the next edit. */
bool sc_sysconfig_at(const struct sc_sysconfig *conf, size_t index, const char **key, const char **value, unsigned *line);

/*
 * The line of the first command that is neither an assignment nor "export NAME": what a shell makes of the file can't be told without
 * running it. 0: there is none.
 */
unsigned sc_sysconfig_command(const struct sc_sysconfig *conf);

/*
 * Takes out of the index-th assignment those characters of its value that drop marks; quotes and escapes of the others stay.
 * SPICECFG_INPUT: the others would not read as before then; conf is of no use any more.
 */
SPICECFG_CHECKED enum spicecfg_status sc_sysconfig_cut(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, size_t index, const bool *drop);

/*
 * Sets the last assignment, with its own quotes where they fit; else adds one behind the commented-out line, else at the end.
 * An equal value changes nothing. A value with a line end or a NUL: SPICECFG_USAGE.
 */
SPICECFG_CHECKED enum spicecfg_status sc_sysconfig_set(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, const char *key,
						       const char *value);

/* The bytes as they are now; owned by the document. */
const struct sc_buf *sc_sysconfig_bytes(const struct sc_sysconfig *conf);

#endif

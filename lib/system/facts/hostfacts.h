/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The facts about a host as a JSON document (docs/host-facts.md): check --host-facts reads it, host facts writes it. */
#ifndef SC_SYSTEM_HOSTFACTS_H
#define SC_SYSTEM_HOSTFACTS_H

#include "base/buf.h"
#include "model/host.h"

enum { SC_HOSTFACTS_VERSION = 1 };

/* The words for enum sc_cert_state, NULL-terminated. */
extern const char *const sc_hostfacts_cert_words[];

/*
 * Reads facts; name is used in messages. Facts that the document doesn't contain are unknown. An unknown key is recorded as unread.
 * SPICECFG_INPUT for malformed JSON (with line and column), a value of the wrong type, another version. *out is NULL on failure; free it
 * with sc_host_free().
 */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_read(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
							struct sc_host **out);

/* Writes the facts; passwords of qemu.conf are replaced by "***". */
SPICECFG_CHECKED enum spicecfg_status sc_hostfacts_write(struct spicecfg_ctx *ctx, const struct sc_host *host, struct sc_buf *out);

#endif

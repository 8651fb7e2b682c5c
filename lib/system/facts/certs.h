/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of certificates and keys, and what those in a directory say. */
#ifndef SC_SYSTEM_FACTS_CERTS_H
#define SC_SYSTEM_FACTS_CERTS_H

#include "model/host.h"
#include "plan/pki.h"

/* Reads one file; the path is kept, not copied. outside: the user's own path. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_file_read(struct spicecfg_ctx *ctx, const char *path, bool outside, bool optional,
						       struct sc_pki_file *out);

/* Adds what the files in fact->dir say to a fact whose files were looked at: whether they are certificates and the key's match, dates and
 * names. What can't be read, or the module's absence, leaves it as it is. */
void sc_pki_tell(struct spicecfg_ctx *ctx, struct sc_arena *memory, struct sc_cert_fact *fact);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads certificate and key files, and the facts about those in a directory. */
#ifndef SC_SYSTEM_FACTS_CERTS_H
#define SC_SYSTEM_FACTS_CERTS_H

#include "model/host.h"
#include "plan/pki.h"

/* Reads one file; the path is kept, not copied. outside: path is the user's own, not one below the root. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_file_read(struct spicecfg_ctx *ctx, const char *path, bool outside, bool optional,
						       struct sc_pki_file *out);

/* Completes a fact, whose files are known to exist, from the contents of the files in fact->dir: whether they are certificates, whether the
 * key matches, dates and names. Where a file can't be read, or the module is missing, the fact stays as it is. */
void sc_pki_tell(struct spicecfg_ctx *ctx, struct sc_arena *memory, struct sc_cert_fact *fact);

#endif

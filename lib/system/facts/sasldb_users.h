/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The users of a SASL database, which another process has to read: once for the same bytes, since a run with trials asks for each of them.
 */
#ifndef SC_SYSTEM_FACTS_SASLDB_USERS_H
#define SC_SYSTEM_FACTS_SASLDB_USERS_H

#include "system/modules/sasl.h"

/* Like sc_module_sasl.list. What was read is kept in the context, as names and a digest. */
SPICECFG_CHECKED enum spicecfg_status sc_sasldb_users(struct spicecfg_ctx *ctx, const struct sc_sasldb *db, struct sc_arena *memory,
						      struct sc_sasl_user **users, size_t *n);

#endif

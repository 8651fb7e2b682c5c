/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The file in which the system daemon of this host keeps a definition. It is only read and synced while the daemon runs; before it is up,
 * which is when a power cut is recovered, it is written.
 */
#ifndef SC_SYSTEM_DEFINITION_H
#define SC_SYSTEM_DEFINITION_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/sha256.h"
#include "system/commit/sync.h"

/* The directory of these files. */
const char *sc_definition_dir(void);

/* NULL: memory is short. */
const char *sc_definition_path(struct sc_arena *memory, const char *name);

/* The digest of the file; false: it can't be read, or the daemon keeps its definitions elsewhere. */
bool sc_definition_digest(const char *name, char digest[SC_SHA256_HEX]);

/* Syncs the file, if there is one, and its directory. Returns 0, or -1 with errno. */
int sc_definition_sync(const char *name, struct sc_synced *synced);

#endif

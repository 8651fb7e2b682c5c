/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directories in a value of SASL_CONF_PATH or of qemu.conf. */
#ifndef SC_MODEL_SASL_DIRECTORIES_H
#define SC_MODEL_SASL_DIRECTORIES_H

#include "base/arena.h"

/*
 * Converts a value of SASL_CONF_PATH, spice_sasl_dir or vnc_sasl_dir to what it means to libsasl2 in QEMU, whose working directory is "/":
 * each directory gets a leading slash; an empty one, or NULL, is "/" itself, not libsasl2's default (cyrus-sasl lib/server.c load_config;
 * measured). The result is allocated in memory; NULL when that runs out.
 */
const char *sc_sasl_directories(struct sc_arena *memory, const char *value);

#endif

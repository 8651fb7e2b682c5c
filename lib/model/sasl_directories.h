/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directories that a value of SASL_CONF_PATH or qemu.conf names. */
#ifndef SC_MODEL_SASL_DIRECTORIES_H
#define SC_MODEL_SASL_DIRECTORIES_H

#include "base/arena.h"

/*
 * A value of SASL_CONF_PATH, spice_sasl_dir or vnc_sasl_dir as libsasl2 takes it in QEMU, whose working directory is "/": each directory
 * with a slash ahead; an empty one, or none at all (NULL), is "/" itself, not libsasl2's default (cyrus-sasl lib/server.c load_config;
 * measured). In memory; NULL when that is short.
 */
const char *sc_sasl_directories(struct sc_arena *memory, const char *value);

#endif

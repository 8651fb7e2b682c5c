/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guard of a VM's own SASL. libsasl2 goes by its own defaults where the directory of SASL_CONF_PATH is missing, empty or closed to
 * QEMU's account: on TLS it offers ANONYMOUS then, and anybody gets in. An -object of type secret that names the SASL file keeps QEMU from
 * starting, and from being migrated to, where that file can't be read (QEMU crypto/secret.c qcrypto_secret_load_data; measured).
 */
#ifndef SC_MODEL_GUARD_H
#define SC_MODEL_GUARD_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/domain.h"

#define SC_GUARD_ID "spicecfg-sasl" /* of the object that spicecfg writes */

/* What an -object of QEMU says, as util/keyval.c or a JSON reader takes it apart; NULL: not said. */
struct sc_object {
	const char *type, *id, *file;
};

/* Reads the value of an -object into memory; false when memory is short. What is not an object leaves its fields NULL. */
bool sc_object_read(struct sc_arena *memory, const char *text, struct sc_object *out);

/* True for a word that is QEMU's option -object. */
bool sc_object_option(const char *word);

/* The value of the -object that guards file (commas doubled, as QEMU wants them); NULL when memory is short. */
char *sc_guard_text(struct sc_arena *memory, const char *file);

/* A secret of the domain's own qemu:commandline that QEMU reads from a file at its start. */
struct sc_guard {
	const struct sc_xml_node *node; /* the qemu:arg that holds it */
	const char *file;
};

/* All of them, in memory; false when it is short. */
bool sc_guards_read(const struct sc_domain *domain, struct sc_arena *memory, struct sc_guard **out, size_t *count);

/* True when both name the same file ("//" and "/./" are "/"; links are not followed). */
bool sc_guard_same_file(const char *a, const char *b);

/* True when file is qemu.conf in one of the directories of SASL_CONF_PATH (':' between them). */
bool sc_guard_is_in(const char *directories, const char *file);

#endif

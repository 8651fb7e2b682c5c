/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guard of a VM's own SASL settings. libsasl2 uses its defaults when the directory in SASL_CONF_PATH is missing, empty or inaccessible
 * to QEMU's account: on TLS it then offers ANONYMOUS, and anybody gets in. An -object of type secret that names the SASL file prevents QEMU
 * from starting, or accepting a migration, where that file can't be read (QEMU crypto/secret.c qcrypto_secret_load_data; measured).
 */
#ifndef SC_MODEL_GUARD_H
#define SC_MODEL_GUARD_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/domain.h"

#define SC_GUARD_ID "spicecfg-sasl" /* the ID of the object that spicecfg writes */

/* The properties of a QEMU -object, as parsed by util/keyval.c or as JSON; NULL: not set. */
struct sc_object {
	const char *type, *id, *file;
};

/* Parses the value of an -object into memory. Members that are not set are NULL. Returns false when memory runs out. */
bool sc_object_read(struct sc_arena *memory, const char *text, struct sc_object *out);

/* Returns true for a word that is QEMU's option -object. */
bool sc_object_option(const char *word);

/* Returns the value of the -object that guards file, in memory, with commas doubled as QEMU requires; NULL when memory runs out. */
char *sc_guard_text(struct sc_arena *memory, const char *file);

/* A secret in the domain's qemu:commandline that QEMU reads from a file when it starts. */
struct sc_guard {
	const struct sc_xml_node *node; /* the qemu:arg that contains it */
	const char *file;
};

/* Reads all of them into memory. Returns false when memory runs out. */
bool sc_guards_read(const struct sc_domain *domain, struct sc_arena *memory, struct sc_guard **out, size_t *count);

/* Returns true when both paths name the same file ("//" and "/./" are "/"; links are not followed). */
bool sc_guard_same_file(const char *a, const char *b);

/* Returns true when file is qemu.conf in one of the directories of SASL_CONF_PATH, which are separated by ':'. */
bool sc_guard_is_in(const char *directories, const char *file);

#endif

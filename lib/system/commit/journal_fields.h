/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of a step's lines, for writing and reading them. */
#ifndef SC_SYSTEM_JOURNAL_FIELDS_H
#define SC_SYSTEM_JOURNAL_FIELDS_H

#include "system/commit/journal_plan.h"

#define SC_TX_ABSENT "absent"
#define SC_TX_XATTR "xattr."

struct sc_tx_field {
	const char *key;
	size_t at; /* in the struct: a string or, with flag, a bool */
	bool flag;
};

/* Of a step, and of struct sc_tx_who. Each ends with a key of NULL. */
extern const struct sc_tx_field sc_tx_fields[];
extern const struct sc_tx_field sc_tx_who_fields[];

/* Where the field's value is in its struct; NULL: it is of the other kind. */
const char **sc_tx_text(void *of, const struct sc_tx_field *field);
bool *sc_tx_flag(void *of, const struct sc_tx_field *field);

/* Names of types of steps and of documents, and back; false: there is no such name. */
const char *sc_tx_step_name(enum sc_step_type type);
bool sc_tx_step_type(const char *name, enum sc_step_type *type);
const char *sc_tx_type_name(mode_t mode);
bool sc_tx_type(const char *name, mode_t *mode);

#endif

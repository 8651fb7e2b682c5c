/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Words of QEMU's command line, as in qemu:arg and qemu:env. What is not known to be harmless is treated as a secret. Known to be harmless
 * are the names of options (words that begin with '-'), and the values of certain keys when they look like a number, a word, an address or
 * a path.
 */
#ifndef SC_DOC_MASK_ARGS_H
#define SC_DOC_MASK_ARGS_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of text that need not be NUL-terminated; at NULL: unknown. */
struct sc_piece {
	const char *at;
	size_t len;
};

/*
 * Finds the first bytes of word, at or after from, that must be hidden: [*value, *stop), never empty. before: the previous word of the
 * command line. Returns false when there are none.
 */
bool sc_mask_word_find(struct sc_piece word, struct sc_piece before, const char *from, const char **value, const char **stop);

/* The same for the value of an environment variable. */
bool sc_mask_env_find(struct sc_piece value, struct sc_piece name, const char *from, const char **start, const char **stop);

/* The same for its name: what follows letters, digits and '_', as in "PASSWORD=x". */
bool sc_mask_env_name_find(struct sc_piece name, const char *from, const char **start, const char **stop);

/* Returns true for a number, a word, an address or a path without XML references, blanks, or an account as in a URL. */
bool sc_mask_has_plain_shape(struct sc_piece text);

/* Returns true when the value of a property (qemu:property in qemu:override) can be shown. */
bool sc_mask_property_is_plain(struct sc_piece name, struct sc_piece value);

#endif

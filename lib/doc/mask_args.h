/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Words of QEMU's command line, as qemu:arg and qemu:env hold them: what is not known to be harmless is a secret. Known are names of
 * options (a word that begins with '-'), and values of keys in a table, where they have the shape of a number, a word, an address or a
 * path.
 */
#ifndef SC_DOC_MASK_ARGS_H
#define SC_DOC_MASK_ARGS_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of text that need not end with NUL; at NULL: not known. */
struct sc_piece {
	const char *at;
	size_t len;
};

/*
 * The first bytes of word at or behind from that nobody may read: [*value, *stop), never empty. before: the word ahead of it on the command
 * line. False: there are none.
 */
bool sc_mask_word_find(struct sc_piece word, struct sc_piece before, const char *from, const char **value, const char **stop);

/* The same for the value of an environment variable. */
bool sc_mask_env_find(struct sc_piece value, struct sc_piece name, const char *from, const char **start, const char **stop);

/* The same for its name: what is behind letters, digits and '_', as in "PASSWORD=x". */
bool sc_mask_env_name_find(struct sc_piece name, const char *from, const char **start, const char **stop);

/* True for a number, a word, an address or a path: no reference of XML, no blank, and no account of a URL. */
bool sc_mask_has_plain_shape(struct sc_piece text);

/* True for the value of a property (qemu:property of qemu:override) that may be shown. */
bool sc_mask_property_is_plain(struct sc_piece name, struct sc_piece value);

#endif

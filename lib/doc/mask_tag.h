/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Secrets in single elements of a domain's XML. */
#ifndef SC_DOC_MASK_TAG_H
#define SC_DOC_MASK_TAG_H

#include "doc/mask_text.h"

/* An element and its surroundings. */
struct sc_mask_tag {
	struct sc_piece name;   /* with its prefix */
	struct sc_piece label;  /* the value of its attribute `name`, else `key`; at NULL: none */
	struct sc_piece before; /* of <qemu:arg>: the value of the previous one; at NULL: none */
	bool in_commandline;    /* below <qemu:commandline> */
	bool in_secret;         /* below an element whose text is a secret */
};

/*
 * Finds the first secret in an attribute's value that ends after from, a place within value. attr: the name with its prefix. value: as in
 * the file, or with references resolved. Returns false when there is none.
 */
bool sc_mask_attr_find(const struct sc_mask_tag *tag, struct sc_piece attr, struct sc_piece value, const char *from,
		       struct sc_mask_hit *out);

/* Returns true for an element whose text and contents are secret. */
bool sc_mask_tag_is_secret(const struct sc_mask_tag *tag);

/* Returns true when the name without its prefix is word. */
bool sc_mask_is_name(struct sc_piece name, const char *word);

#endif

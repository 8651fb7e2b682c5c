/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Secrets of single tags of a domain's XML, in text that need not be well-formed: of QEMU's command line, and of what a firmware is given.
 */
#ifndef SC_DOC_MASK_TAG_H
#define SC_DOC_MASK_TAG_H

#include <stdbool.h>

/* Bytes that nobody may read; from NULL: none. */
struct sc_mask_hit {
	const char *from, *to;
};

/* The first secret at or behind from of the tag that begins with the '<' at open, within the text [begin, end). */
void sc_mask_tag_find(const char *begin, const char *end, const char *open, const char *from, struct sc_mask_hit *out);

#endif

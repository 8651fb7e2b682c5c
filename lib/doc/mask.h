/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hiding passwords in the text of a domain's XML, wherever they stand: attributes, elements, comments, QEMU's command line. */
#ifndef SC_DOC_MASK_H
#define SC_DOC_MASK_H

#include "base/buf.h"

/* What stands for a secret in every output. */
#define SC_MASK "***"

/* Called with each secret, in their order: [from, to), never empty. */
typedef void (*sc_mask_fn)(void *opaque, const char *from, const char *to);

/*
 * Finds the secrets of a text: what attributes and elements hold whose names say so (passwd, x:token, apiKey), what follows such a word in
 * other values and in comments, passwords of URLs, and in QEMU's command line what is not known to be harmless (doc/mask_args.h). The text
 * need not be well-formed. One pass.
 */
void sc_mask_scan(const char *bytes, size_t len, sc_mask_fn fn, void *opaque);

/* Appends the text with its secrets replaced by ***; newlines inside them stay, so that lines keep their numbers. A failed allocation
 * sticks in out. */
void sc_mask_xml(const char *bytes, size_t len, struct sc_buf *out);

/* The same for a text that is no XML, such as a file of SASL or PAM: what follows a word like password, and passwords of URLs. */
void sc_mask_text(const char *bytes, size_t len, struct sc_buf *out);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hides passwords in the text of a domain's XML, wherever they are: in attributes, elements, comments, and QEMU's command line. */
#ifndef SC_DOC_MASK_H
#define SC_DOC_MASK_H

#include "base/buf.h"

/* What replaces a secret in every output. */
#define SC_MASK "***"

/* Receives each secret, in their order: the bytes [from, to), never empty. */
typedef void (*sc_mask_fn)(void *opaque, const char *from, const char *to);

/*
 * Calls fn for each secret of a text: the contents of attributes and elements whose names say so (passwd, x:token, apiKey), what follows
 * such a word in other values and in comments, passwords in URLs, and everything in QEMU's command line that is not known to be harmless
 * (doc/mask_args.h). The text need not be well-formed. It is read in one pass.
 */
void sc_mask_scan(const char *bytes, size_t len, sc_mask_fn fn, void *opaque);

/*
 * Appends the text with its secrets replaced by ***. Newlines inside them are kept, so that the lines keep their numbers. A failed
 * allocation sets out->failed.
 */
void sc_mask_xml(const char *bytes, size_t len, struct sc_buf *out);

/* The same for a text that is not XML, such as a file of SASL or PAM: hides what follows a word like password, and passwords in URLs. */
void sc_mask_text(const char *bytes, size_t len, struct sc_buf *out);

#endif

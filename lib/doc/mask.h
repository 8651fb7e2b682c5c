/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hiding passwords in the text of a domain's XML, wherever they stand: attributes, comments, QEMU arguments. */
#ifndef SC_DOC_MASK_H
#define SC_DOC_MASK_H

#include "base/buf.h"

/* What stands for a secret in every output. */
#define SC_MASK "***"

/*
 * Appends the bytes with every value of passwd="…" and password=… (also of QEMU's secret objects: data=…) replaced by ***.
 * The text need not be well-formed; newlines inside values stay, so that lines keep their numbers. A failed allocation sticks in out.
 */
void sc_mask_xml(const char *bytes, size_t len, struct sc_buf *out);

/* The first secret of the text [begin, end) whose word stands at or behind from: [*value, *stop), never empty. False: there is none. */
bool sc_mask_find(const char *begin, const char *end, const char *from, const char **value, const char **stop);

#endif

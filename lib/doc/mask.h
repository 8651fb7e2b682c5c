/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hiding passwords in the text of a domain's XML, wherever they stand: attributes, comments, QEMU arguments. */
#ifndef SC_DOC_MASK_H
#define SC_DOC_MASK_H

#include "base/buf.h"

/* What stands for a secret in every output. */
#define SC_MASK "***"

/*
 * Appends the bytes with their secrets replaced by ***: values of passwd="…", password=… and the like (of QEMU's secret objects too:
 * data=…), passwords of URLs, and in QEMU's command line what is not known to be harmless (doc/mask_args.h). The text need not be
 * well-formed; newlines inside values stay, so that lines keep their numbers. A failed allocation sticks in out.
 */
void sc_mask_xml(const char *bytes, size_t len, struct sc_buf *out);

/*
 * The first secret of the text [begin, end) that ends behind from: [*value, *stop), never empty. False: there is none. begin lies at or
 * ahead of the tag that holds from, and of the one before it.
 */
bool sc_mask_find(const char *begin, const char *end, const char *from, const char **value, const char **stop);

/* True for the name of an attribute or element whose value is a secret: passwd, vnc_password… */
bool sc_mask_is_secret(const char *name);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recognizes a file by its beginning, without parsing it. */
#ifndef SC_DOC_SNIFF_H
#define SC_DOC_SNIFF_H

#include <stddef.h>

enum sc_sniff {
	SC_SNIFF_DOMAIN,  /* the root element is domain */
	SC_SNIFF_OTHER,   /* it is another element */
	SC_SNIFF_UNCLEAR, /* no root element was found: empty, malformed, or another encoding */
};

/* Examines the root element of len bytes. Skips the XML declaration, comments, processing instructions and a document type. */
enum sc_sniff sc_sniff_xml(const char *bytes, size_t len);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A look at the start of a file, before the work of parsing it. */
#ifndef SC_DOC_SNIFF_H
#define SC_DOC_SNIFF_H

#include <stddef.h>

enum sc_sniff {
	SC_SNIFF_DOMAIN,  /* the root element is called domain */
	SC_SNIFF_OTHER,   /* it has another name */
	SC_SNIFF_UNCLEAR, /* no root element is seen: empty, malformed, another encoding */
};

/* Skips the XML declaration, comments, processing instructions and a document type. */
enum sc_sniff sc_sniff_xml(const char *bytes, size_t len);

#endif

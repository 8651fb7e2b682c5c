/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the parts of a document that a schema does not allow: libxml2 reports only that the document is not valid. */
#ifndef SC_SYSTEM_SCHEMA_SEARCH_H
#define SC_SYSTEM_SCHEMA_SEARCH_H

#include <libxml/relaxng.h>
#include <stdbool.h>

#include "base/arena.h"
#include "doc/xml.h"

enum sc_schema_kind {
	SC_SCHEMA_ATTRIBUTE,  /* the attribute, or its value, is not allowed there */
	SC_SCHEMA_ELEMENT,    /* the element is not allowed there */
	SC_SCHEMA_TEXT,       /* the element is not allowed there, or not with its text */
	SC_SCHEMA_LACKS,      /* the element lacks something */
	SC_SCHEMA_LACKS_WITH, /* the element lacks something that its attribute requires */
	SC_SCHEMA_UNCLEAR,    /* the element, or what it contains or lacks */
};

enum { SC_SCHEMA_FAULTS = 64 }; /* more would be of no use */

struct sc_schema_found {
	enum sc_schema_kind kind;
	const struct sc_xml_node *node;
	const char *attr;    /* in memory, or NULL */
	const void *section; /* used by the search */
};

struct sc_schema_search {
	/* Given: */
	xmlRelaxNGValidCtxtPtr strict;
	xmlRelaxNGValidCtxtPtr relaxed; /* of sc_schema_relax(); NULL: finds the first fault, and others only if that is easy */
	xmlDocPtr doc;                  /* each element's _private is its struct sc_xml_node */
	struct sc_arena *memory;
	xmlNodePtr first; /* the element of libxml2's first error, or NULL: blamed if nothing else is found */
	unsigned left;    /* the remaining number of validations, which limits the search in large documents */
	/* Found: */
	struct sc_schema_found found[SC_SCHEMA_FAULTS];
	size_t count;
	bool tired; /* the limit was reached: there may be more faults */
};

/* Finds the faults of a document that is not valid: at least one. The document is unusable afterwards. */
void sc_schema_search(struct sc_schema_search *search);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A RELAX NG schema in which nothing has to be there: what does not match it is not allowed, whatever else is missing. */
#ifndef SC_SYSTEM_SCHEMA_RELAX_H
#define SC_SYSTEM_SCHEMA_RELAX_H

#include <libxml/relaxng.h>

/*
 * Reads the schema at path with all that it includes, and makes every element (but root) and attribute optional; what stands in an
 * attribute, and text, stay as they are. Parts can then be added to a document one by one: the first that breaks it is at fault.
 * NULL when memory is short or the schema is written in a way that this does not know.
 */
xmlRelaxNGPtr sc_schema_relax(const char *path, const char *root);

#endif

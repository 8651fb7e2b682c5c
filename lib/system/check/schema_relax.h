/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A RELAX NG schema in which everything is optional: what does not match it is not allowed, whatever else is missing. */
#ifndef SC_SYSTEM_SCHEMA_RELAX_H
#define SC_SYSTEM_SCHEMA_RELAX_H

#include <libxml/relaxng.h>

/*
 * Reads the schema at path with everything that it includes, and makes every element (except root) and attribute optional; the contents of
 * attributes, and text, stay as they are. Parts can then be added to a document one by one: the first one that makes it invalid is at
 * fault. NULL: out of memory, or the schema uses constructs that this function does not support.
 */
xmlRelaxNGPtr sc_schema_relax(const char *path, const char *root);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A lossless XML document: libxml2 determines its meaning, byte offsets the places of its parts, and edits splice the original bytes.
 * Without an edit the bytes are the original ones.
 */
#ifndef SC_DOC_XML_H
#define SC_DOC_XML_H

#include <stdint.h>

#include "base/buf.h"
#include "base/ctx.h"
#include "base/table.h"

struct sc_xml;
struct sc_xml_node; /* an element */

/* Larger files are refused. It is the longest string in libvirt's RPC (VIR_NET_MESSAGE_STRING_MAX, 4 MiB). */
enum { SC_XML_SIZE_MAX = 4 * 1024 * 1024 };

/* The namespace of qemu:commandline. */
#define SC_XML_NS_QEMU "http://libvirt.org/schemas/domain/qemu/1.0"

/*
 * Parses len bytes (copied); name is used in messages and places. SPICECFG_INPUT, with line and column, for malformed XML, a DTD, entities
 * other than the five of XML, encodings other than UTF-8 and single-byte ones, more than SC_XML_SIZE_MAX bytes, more than 1000 attributes
 * of an element or namespaces in scope, and names of more than 1000 bytes. *out is NULL on failure; free it with sc_xml_free().
 */
SPICECFG_CHECKED enum spicecfg_status sc_xml_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
						   struct sc_xml **out);

/* Wipes and frees the document, which can be NULL. */
void sc_xml_free(struct sc_xml *doc);
static inline void sc_xml_freep(struct sc_xml **doc)
{
	sc_xml_free(*doc);
}
#define SC_XML __attribute__((cleanup(sc_xml_freep))) struct sc_xml

/* Returns the name that was given to sc_xml_parse(). */
const char *sc_xml_name(const struct sc_xml *doc);

/* Returns the 256 characters of the document's single-byte encoding, by byte; NULL: it is UTF-8. */
const uint32_t *sc_xml_table(const struct sc_xml *doc);

/*
 * Reading. Elements are referred to by their local name; ns NULL: no namespace. All calls take the edits made so far into account. Nodes
 * and strings belong to the document.
 */
struct sc_xml_node *sc_xml_root(const struct sc_xml *doc);
struct sc_xml_node *sc_xml_parent(const struct sc_xml_node *node);
/* Returns the first child element called name (NULL: any name) without a namespace, or NULL. node can be NULL. */
struct sc_xml_node *sc_xml_child(const struct sc_xml_node *node, const char *name);
/* Returns the next sibling element called name (NULL: any name) without a namespace, or NULL. */
struct sc_xml_node *sc_xml_next(const struct sc_xml_node *node, const char *name);
/* The same in a namespace; ns "*": any namespace, or none. */
struct sc_xml_node *sc_xml_child_ns(const struct sc_xml_node *node, const char *ns, const char *name);
struct sc_xml_node *sc_xml_next_ns(const struct sc_xml_node *node, const char *ns, const char *name);
/* Return the local name and the namespace (NULL: none) of an element. */
const char *sc_xml_node_name(const struct sc_xml_node *node);
const char *sc_xml_node_ns(const struct sc_xml_node *node);
/*
 * Returns the value of an attribute with entities resolved; NULL when it is missing. Of several attributes with the same local name and
 * different prefixes the first is returned, as in libvirt. node can be NULL.
 */
const char *sc_xml_get(const struct sc_xml_node *node, const char *attr);
/*
 * Returns the text directly within an element: character data and CDATA joined, with entities resolved; "" when there is none. NULL when
 * node is NULL or memory runs out.
 */
const char *sc_xml_text(struct sc_xml *doc, const struct sc_xml_node *node);
/* Returns the index of an element in an XPath: the number of preceding siblings with its name and namespace, plus one. */
unsigned sc_xml_index(const struct sc_xml_node *node);
/* Returns true when a precedes b in the parsed bytes; false when an edit added one of them. */
bool sc_xml_is_before(const struct sc_xml_node *a, const struct sc_xml_node *b);

/* Returns the place of the element's '<', or of the attribute's name, in the parsed bytes; line and column 0 when an edit added it. */
struct sc_where sc_xml_where(const struct sc_xml *doc, const struct sc_xml_node *node, const char *attr);

/*
 * Appends the path of a place: "/domain/devices/video[1]/model/@heads". Only elements with siblings of the same name have an index, and
 * graphics, video, listen and channel always. attr NULL: the path of the element.
 */
void sc_xml_path(const struct sc_xml_node *node, const char *attr, struct sc_buf *out);

/*
 * Appends the path of an element that is to be removed: "/domain/devices/video[2of3]", which names nothing in a document where the number
 * of such elements is another one, as after the removal. total: what sc_xml_total() returns for node.
 */
void sc_xml_path_exact(const struct sc_xml_node *node, unsigned total, struct sc_buf *out);
/* The number of the element and its siblings of the same name that are not removed. Visits all siblings. */
unsigned sc_xml_total(const struct sc_xml_node *node);
/* True when both are siblings of the same name. */
bool sc_xml_is_kin(const struct sc_xml_node *a, const struct sc_xml_node *b);

/*
 * Finds the place of a path. Returns false when path is not of that form; to check only that, doc can be NULL. *node: the element, NULL
 * when the document does not have it. *attr: the name of the attribute, a part of path; NULL: the path is that of an element.
 */
bool sc_xml_place(const struct sc_xml *doc, const char *path, struct sc_xml_node **node, const char **attr);

/*
 * The same for many paths of one document, whose elements are sorted once. To be initialized with {.doc = doc}. Elements must not be added
 * or removed between two calls.
 */
struct sc_xml_places {
	const struct sc_xml *doc;
	struct sc_table sorted; /* by first sibling */
	struct sc_xml_sorted *last;
};

bool sc_xml_places_find(struct sc_xml_places *places, const char *path, struct sc_xml_node **node, const char **attr);
void sc_xml_places_free(struct sc_xml_places *places);

/* Returns the *len bytes of an element as they were parsed (in UTF-8); NULL when an edit added it. */
const char *sc_xml_source(const struct sc_xml *doc, const struct sc_xml_node *node, size_t *len);

/*
 * Editing. Sets an attribute, with its value escaped as needed. SPICECFG_USAGE when XML can't contain the value (it has control characters,
 * or is not UTF-8), which is not repeated in the error; SPICECFG_SYSTEM when memory runs out.
 */
SPICECFG_CHECKED enum spicecfg_status sc_xml_set(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *node, const char *attr,
						 const char *value);
/* Removes an attribute. Does nothing when it is missing. */
void sc_xml_unset(struct sc_xml_node *node, const char *attr);
/* Sets an attribute, or removes it when value is NULL. The results are those of sc_xml_set(). */
SPICECFG_CHECKED enum spicecfg_status sc_xml_put(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *node, const char *attr,
						 const char *value);
/* Adds an empty element after the sibling `after`; NULL: as the last child of parent. NULL, with an error, when memory runs out. */
SPICECFG_CHECKED struct sc_xml_node *sc_xml_add(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *parent,
						struct sc_xml_node *after, const char *name);
/* The same for an element in a namespace, written with the namespace's prefix. When it has none, it is declared on the root as prefix. */
SPICECFG_CHECKED struct sc_xml_node *sc_xml_add_ns(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *parent,
						   struct sc_xml_node *after, const char *ns, const char *prefix, const char *name);
/* Removes an element, and its line when that becomes empty. The node must not be used afterwards. */
void sc_xml_remove(struct sc_xml_node *node);

/* Returns true when the edits change a byte. */
bool sc_xml_changed(const struct sc_xml *doc);
/* Appends the document with its edits, in its own encoding. SPICECFG_SYSTEM when memory runs out. */
SPICECFG_CHECKED enum spicecfg_status sc_xml_write(struct spicecfg_ctx *ctx, const struct sc_xml *doc, struct sc_buf *out);

/*
 * Receives a change: one call for each changed attribute (from NULL: added; to NULL: removed), and for each added or removed element
 * without attributes (attr NULL; from NULL and to "": added; from "" and to NULL: removed). The attr of a namespace declaration is
 * xmlns:prefix.
 */
typedef void (*sc_xml_change_fn)(void *opaque, const struct sc_xml_node *node, const char *attr, const char *from, const char *to);
void sc_xml_changes(const struct sc_xml *doc, sc_xml_change_fn fn, void *opaque);

/* Appends a value of an attribute of node (current, former or future) with its secrets replaced by *** (doc/mask.h). */
void sc_xml_shown(const struct sc_xml_node *node, const char *attr, const char *value, struct sc_buf *out);
/*
 * Appends a message about node, or about nothing in particular (NULL). *** replaces the passwords of accounts in it, and secrets of node's
 * attributes that it repeats.
 */
void sc_xml_message(const struct sc_xml_node *node, const char *message, struct sc_buf *out);

#endif

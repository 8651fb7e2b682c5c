/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A lossless XML document: libxml2 says what it means, byte offsets say where it stands, and edits are splices of the
 * original bytes. Zero edits give back the same bytes.
 */
#ifndef SC_DOC_XML_H
#define SC_DOC_XML_H

#include <stdint.h>

#include "base/buf.h"
#include "base/ctx.h"
#include "base/table.h"

struct sc_xml;
struct sc_xml_node; /* an element */

/* Larger files are refused: the longest string that libvirt's RPC carries (VIR_NET_MESSAGE_STRING_MAX, 4 MiB). */
enum { SC_XML_SIZE_MAX = 4 * 1024 * 1024 };

/* The namespace of qemu:commandline. */
#define SC_XML_NS_QEMU "http://libvirt.org/schemas/domain/qemu/1.0"

/*
 * Parses len bytes (copied); name is used in messages and positions.
 * Refuses with SPICECFG_INPUT and line:column: malformed XML, a DTD, entities other than the five of XML, encodings that are
 * not UTF-8 or single-byte, more than SC_XML_SIZE_MAX bytes, more than 1000 attributes of an element or namespaces in force, names of more
 * than 1000 bytes.
 * *out is NULL on failure; free it with sc_xml_free().
 */
SPICECFG_CHECKED enum spicecfg_status sc_xml_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
						   struct sc_xml **out);

/* Wipes and frees; takes NULL. */
void sc_xml_free(struct sc_xml *doc);
static inline void sc_xml_freep(struct sc_xml **doc)
{
	sc_xml_free(*doc);
}
#define SC_XML __attribute__((cleanup(sc_xml_freep))) struct sc_xml

/* The name given at parse time. */
const char *sc_xml_name(const struct sc_xml *doc);

/* Of a document in a single-byte encoding: 256 rows, byte to character. NULL: it is UTF-8. */
const uint32_t *sc_xml_table(const struct sc_xml *doc);

/* Reading. Elements are named by their local name; ns NULL: no namespace. They see the edits made so far. */
struct sc_xml_node *sc_xml_root(const struct sc_xml *doc);
struct sc_xml_node *sc_xml_parent(const struct sc_xml_node *node);
/* First child element called name (any name if NULL) without a namespace; NULL when there is none. node may be NULL. */
struct sc_xml_node *sc_xml_child(const struct sc_xml_node *node, const char *name);
/* The next sibling element called name (any if NULL). */
struct sc_xml_node *sc_xml_next(const struct sc_xml_node *node, const char *name);
/* The same for a namespace; ns "*" takes any namespace, none too. */
struct sc_xml_node *sc_xml_child_ns(const struct sc_xml_node *node, const char *ns, const char *name);
struct sc_xml_node *sc_xml_next_ns(const struct sc_xml_node *node, const char *ns, const char *name);
/* Local name, namespace (NULL: none). */
const char *sc_xml_node_name(const struct sc_xml_node *node);
const char *sc_xml_node_ns(const struct sc_xml_node *node);
/* The value of an attribute, entities resolved; NULL when it is not there. Of several with one
 * local name the first counts, whatever the prefix, as for libvirt. node may be NULL. Owned by the document. */
const char *sc_xml_get(const struct sc_xml_node *node, const char *attr);
/* Text directly in the element (character data and CDATA joined, entities resolved); "" when empty, NULL when memory is short
 * or node is NULL. Owned by the document. */
const char *sc_xml_text(struct sc_xml *doc, const struct sc_xml_node *node);
/* Counts elements with the same name (and namespace) before it, plus one: the index in an XPath. */
unsigned sc_xml_index(const struct sc_xml_node *node);
/* True when a stands before b in the parsed bytes; false where one was added by an edit. */
bool sc_xml_is_before(const struct sc_xml_node *a, const struct sc_xml_node *b);

/* Where the element's '<', or the attribute's name, stands in the parsed bytes; 0:0 for what was added by an edit. */
struct sc_where sc_xml_where(const struct sc_xml *doc, const struct sc_xml_node *node, const char *attr);

/* "/domain/devices/video[1]/model/@heads": indexes only where siblings share the name or for graphics, video, listen and channel.
 * attr may be NULL. */
void sc_xml_path(const struct sc_xml_node *node, const char *attr, struct sc_buf *out);

/* The other way round: false when path is not of that form (doc may be NULL for that question alone). *node: the element, NULL when the
 * document has none there; *attr: the attribute's name within path, NULL: the element itself is meant. */
bool sc_xml_place(const struct sc_xml *doc, const char *path, struct sc_xml_node **node, const char **attr);

/* The same for many paths of one document: the siblings are sorted once. Begin with {.doc = doc}; no element may come or go between two
 * questions. */
struct sc_xml_places {
	const struct sc_xml *doc;
	struct sc_table sorted; /* by first sibling */
	struct sc_xml_sorted *last;
};

bool sc_xml_places_find(struct sc_xml_places *places, const char *path, struct sc_xml_node **node, const char **attr);
void sc_xml_places_free(struct sc_xml_places *places);

/* The element's own bytes as they were parsed (UTF-8), NULL for one that an edit added. Owned by the document. */
const char *sc_xml_source(const struct sc_xml *doc, const struct sc_xml_node *node, size_t *len);

/* Editing. Values are escaped as needed. All return SPICECFG_OK, SPICECFG_USAGE for a value that XML can't hold (control characters,
 * no UTF-8; the value is not told), or SPICECFG_SYSTEM when memory is short. */
SPICECFG_CHECKED enum spicecfg_status sc_xml_set(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *node, const char *attr,
						 const char *value);
/* Removes an attribute; fine when it is not there. */
void sc_xml_unset(struct sc_xml_node *node, const char *attr);
/* set, or unset where value is NULL. */
SPICECFG_CHECKED enum spicecfg_status sc_xml_put(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *node, const char *attr,
						 const char *value);
/* Adds an empty element behind the sibling after, or as last child of parent when after is NULL. NULL when memory is short (recorded). */
SPICECFG_CHECKED struct sc_xml_node *sc_xml_add(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *parent,
						struct sc_xml_node *after, const char *name);
/* The same for an element in a namespace, written with that namespace's prefix (declared on the root when it is not yet, as prefix). */
SPICECFG_CHECKED struct sc_xml_node *sc_xml_add_ns(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *parent,
						   struct sc_xml_node *after, const char *ns, const char *prefix, const char *name);
/* Removes an element and the line that it leaves empty. The node must not be used afterwards. */
void sc_xml_remove(struct sc_xml_node *node);

/* True when an edit changes a byte. */
bool sc_xml_changed(const struct sc_xml *doc);
/* Appends the document with its edits, in its own encoding. */
SPICECFG_CHECKED enum spicecfg_status sc_xml_write(struct spicecfg_ctx *ctx, const struct sc_xml *doc, struct sc_buf *out);

/* One call per changed attribute (from NULL: added, to NULL: removed), or per added or removed element without attributes
 * (attr NULL; from NULL, to "" when added; from "", to NULL when removed). Declarations are called xmlns:prefix. */
typedef void (*sc_xml_change_fn)(void *opaque, const struct sc_xml_node *node, const char *attr, const char *from, const char *to);
void sc_xml_changes(const struct sc_xml *doc, sc_xml_change_fn fn, void *opaque);

/* Appends the value of an attribute of node (as it is, was or will be) as people and logs may see it: secrets are *** (doc/mask.h). */
void sc_xml_shown(const struct sc_xml_node *node, const char *attr, const char *value, struct sc_buf *out);
/* Appends a message about node (NULL: about none); passwords of accounts in it, and secrets of node's attributes that it repeats, are ***.
 */
void sc_xml_message(const struct sc_xml_node *node, const char *message, struct sc_buf *out);

#endif
